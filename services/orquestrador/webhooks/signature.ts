/**
 * The signatures by which a receiver knows that a delivery is ours, in two dialects: `X-Signature`, the form of the payment webhooks
 * that we receive, and the headers of Standard Webhooks (standardwebhooks.com), for which there are libraries in most languages.
 */
import { createHmac, randomBytes } from 'node:crypto'

const PREFIX = 'whsec_'

/** A new secret of 256 bits, as Standard Webhooks writes it: a prefix, and base64. */
export const newSecret = (): string => PREFIX + randomBytes(32).toString('base64')

const secondsOf = (at: Date) => Math.floor(at.getTime() / 1_000)

/** `t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`, with a `v1` for each secret that is valid now. The key is the whole text of the secret. */
export function signatureOf(secrets: readonly string[], at: Date, body: string): string {
  const t = secondsOf(at)
  const marks = secrets.map((secret) => createHmac('sha256', secret).update(`${t}.${body}`).digest('hex'))
  return [`t=${t}`, ...marks.map((mark) => `v1=${mark}`)].join(',')
}

/** `id` is the same each time the message is sent. The key is the bytes that the secret encodes, unlike in `signatureOf`. */
export function standardHeaders(secrets: readonly string[], id: string, at: Date, body: string) {
  const t = secondsOf(at)
  const marks = secrets.map((secret) => createHmac('sha256', keyOf(secret)).update(`${id}.${t}.${body}`))
  return {
    'webhook-id': id,
    'webhook-timestamp': String(t),
    'webhook-signature': marks.map((mark) => `v1,${mark.digest('base64')}`).join(' '),
  }
}

/** Older secrets are base64url, which Node reads too. */
const keyOf = (secret: string) => Buffer.from(secret.slice(PREFIX.length), 'base64')
