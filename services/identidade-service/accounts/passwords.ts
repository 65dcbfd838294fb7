/** Hashing passwords as the library does (scrypt), two at a time: each takes 32 MB and a tenth of a second of a processor. */
import { hashPassword, verifyPassword } from 'better-auth/crypto'
import { Problem } from '#platform/problem'
import { faultOf } from '../domain/password.ts'

export interface Passwords {
  hash(password: string): Promise<string>
  verify(given: { hash: string; password: string }): Promise<boolean>
}

const AT_ONCE = 2
/** With more in the queue a caller would wait for seconds, so they are asked to come again. */
const WAITING_MAX = 60

export function passwords(atOnce = AT_ONCE, waitingMax = WAITING_MAX): Passwords {
  let running = 0
  const waiting: (() => void)[] = []

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (running >= atOnce) {
      if (waiting.length >= waitingMax) throw new Problem('overloaded', { retry_after: 2 })
      await new Promise<void>((resolve) => waiting.push(resolve)) // hands the turn on
    } else running += 1
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }

  return {
    hash: (password) => inTurn(() => hashPassword(password)),
    verify: (given) => inTurn(() => verifyPassword(given)),
  }
}

let common: Promise<ReadonlySet<string>> | undefined

/** Unpacked at the first password that somebody chooses: it takes a quarter of a second of a processor. */
async function unpacked(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common')
  return new Set(dictionary['passwords-common'].map(String))
}

/** Throws `validation_failed` at `path`. */
export async function expectGoodPassword(password: string, path = '/password'): Promise<void> {
  common ??= unpacked()
  const message = faultOf(password, await common)
  if (message !== undefined) throw new Problem('validation_failed', { errors: [{ path, message }] })
}
