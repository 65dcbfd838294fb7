/** The signature by which a receiver knows that a delivery is ours. The payment webhooks that we receive have the same form. */
import { createHmac, randomBytes } from 'node:crypto'

/** 256 bits. The key of the HMAC is this whole text, prefix included. */
export const newSecret = (): string => `whsec_${randomBytes(32).toString('base64url')}`

/** `t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`, with a `v1` for each secret that is valid now. */
export function signatureOf(secrets: readonly string[], at: Date, body: string): string {
  const t = Math.floor(at.getTime() / 1_000)
  const marks = secrets.map((secret) => createHmac('sha256', secret).update(`${t}.${body}`).digest('hex'))
  return [`t=${t}`, ...marks.map((mark) => `v1=${mark}`)].join(',')
}
