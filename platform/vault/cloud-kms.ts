/**
 * The key-encryption key in Google's Cloud KMS, by its REST API. The key never leaves KMS: data keys are sent there to be
 * wrapped and unwrapped, at a start and at a rotation. The token of this machine's service account proves who asks.
 * https://cloud.google.com/kms/docs/reference/rest/v1/projects.locations.keyRings.cryptoKeys/encrypt
 */
import { setTimeout as pause } from 'node:timers/promises'
import { googleToken } from '../google-token.ts'
import { type KeyWrapper, WrongKey } from './key-wrapper.ts'

export interface CloudKmsOptions {
  /** `projects/…/locations/…/keyRings/…/cryptoKeys/…` */
  readonly key: string
  /** `https://cloudkms.googleapis.com` */
  readonly url: string
  /** host:port of the metadata server. */
  readonly metadata: string
  /** The wait before the first retry; each further one is twice as long. */
  readonly firstPauseMs?: number
}

const TRIES = 6
const PATIENCE_MS = 5_000

export function cloudKms({ key, url, metadata, firstPauseMs = 250 }: CloudKmsOptions): KeyWrapper {
  const name = `the key-encryption key ${key} of Cloud KMS`

  async function ask(action: 'encrypt' | 'decrypt', context: string, body: Readonly<Record<string, string>>) {
    const additionalAuthenticatedData = Buffer.from(context).toString('base64')
    const payload = JSON.stringify({ ...body, additionalAuthenticatedData })
    let fault: unknown
    for (let tried = 0; tried < TRIES; tried += 1) {
      if (tried > 0) await pause(firstPauseMs * 2 ** (tried - 1))
      try {
        const answer = await fetch(`${url}/v1/${key}:${action}`, {
          method: 'POST',
          headers: { authorization: `Bearer ${await googleToken(metadata)}`, 'content-type': 'application/json' },
          body: payload,
          signal: AbortSignal.timeout(PATIENCE_MS),
        })
        if (answer.ok) return (await answer.json()) as Readonly<Record<string, string>>
        fault = await faultOf(answer)
        if (answer.status !== 429 && answer.status < 500) break
      } catch (error) {
        fault = error // no answer: try again
      }
    }
    const why = fault instanceof Error ? fault.message : 'no answer'
    throw new WrongKey(`${name} does not ${action}: ${why}`, { cause: fault })
  }

  async function unwrap(wrapped: string, context: string): Promise<Buffer> {
    const { plaintext = '' } = await ask('decrypt', context, { ciphertext: wrapped })
    return Buffer.from(plaintext, 'base64')
  }

  return {
    name,
    async wrap(data, context) {
      const { ciphertext = '' } = await ask('encrypt', context, { plaintext: data.toString('base64') })
      // if a wrapped key were damaged on its way, all data under it would be lost
      if (!(await unwrap(ciphertext, context)).equals(data)) throw new WrongKey(`${name} gave back another data key`)
      return ciphertext
    },
    unwrap,
  }
}

/** Google's own words; they name the key and the account, never what was sent. */
async function faultOf(answer: Response): Promise<Error> {
  const body = (await answer.json().catch(() => ({}))) as { error?: { message?: string } }
  return new Error(`${answer.status} ${body.error?.message ?? ''}`)
}
