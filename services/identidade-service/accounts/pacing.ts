/**
 * How often somebody may guess. Wrong passwords and codes are counted by the network address that they come from, and by the
 * account that they are tried on. A stranger who tries too often does not lock the owner out: a browser that has signed in before
 * holds a cookie that proves it, and has a count of its own. Each process counts separately.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { addressKey } from '#platform/http/client-address'
import { paceOf } from '#platform/http/rate-limit-pace'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'

/** A minute. */
export interface PacingLimits {
  readonly guessesPerAddress: number
  readonly guessesPerAccount: number
  /** Requests that send a mail. */
  readonly mailsPerAddress: number
}

export interface Pacing {
  /** Throws `rate_limited` when the address or the account had too many wrong guesses. `account`: any string that stands for it. */
  expectFew(request: FastifyRequest, account: string): void
  /** Counts a wrong guess. */
  countWrong(request: FastifyRequest, account: string): void
  /** Counts a request that sends a mail; throws `rate_limited`. */
  countMail(request: FastifyRequest): void
  /** The account's owner has signed in: from now on this browser has a count of its own. */
  remember(request: FastifyRequest, reply: FastifyReply, account: string): void
}

const KNOWN_FOR_SECONDS = 365 * 86_400

export function pacing(limits: PacingLimits, vault: Vault, cookie: { name: string; isSecure: boolean }): Pacing {
  const addresses = paceOf(limits.guessesPerAddress)
  const accounts = paceOf(limits.guessesPerAccount)
  const mails = paceOf(limits.mailsPerAddress)

  const proofOf = (account: string, nonce: string) => vault.fingerprint('devices', `${account} ${nonce}`)

  /** All strangers of an account share one count; each browser of its owner has its own. */
  function keyOf(request: FastifyRequest, account: string): string {
    const [nonce = '', proof] = cookieOf(request, cookie.name)?.split('.') ?? []
    return proof === proofOf(account, nonce) ? `${account} ${nonce}` : account
  }

  function refuseUnless(standing: { allowed: boolean; retryAfterSeconds: number } | undefined) {
    if (standing && !standing.allowed) throw new Problem('rate_limited', { retry_after: standing.retryAfterSeconds })
  }

  return {
    expectFew(request, account) {
      const now = performance.now()
      refuseUnless(addresses.look(addressKey(request.ip), now))
      refuseUnless(accounts.look(keyOf(request, account), now))
    },
    countWrong(request, account) {
      const now = performance.now()
      addresses.take(addressKey(request.ip), now)
      accounts.take(keyOf(request, account), now)
    },
    countMail(request) {
      refuseUnless(mails.take(addressKey(request.ip), performance.now()))
    },
    remember(request, reply, account) {
      if (keyOf(request, account) !== account) return
      const nonce = crypto.randomUUID()
      const attributes = `Path=/; Max-Age=${KNOWN_FOR_SECONDS}; HttpOnly; SameSite=Lax${cookie.isSecure ? '; Secure' : ''}`
      reply.header('set-cookie', `${cookie.name}=${nonce}.${proofOf(account, nonce)}; ${attributes}`)
    },
  }
}

function cookieOf({ headers }: FastifyRequest, name: string): string | undefined {
  const found = headers.cookie?.split(/;\s*/).find((one) => one.startsWith(`${name}=`))
  return found?.slice(name.length + 1)
}
