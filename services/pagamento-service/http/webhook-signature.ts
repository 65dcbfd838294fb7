/**
 * The signature by which a payment webhook proves its origin: `X-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`.
 * Several secrets may be valid, so that they can be rotated. An old time is refused, so a recorded delivery is of no use.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { join } from 'node:path'
import type { Config } from '#platform/config'
import { type OwnFile, readOrMakeOwn } from '#platform/own-file'

/** How many seconds a delivery's time may be off, either way. */
const TOLERANCE_SECONDS = 300
/** The most signatures in one header; each is compared with every secret. */
const MOST_MARKS = 8

export function isSigned(header: unknown, body: Buffer, secrets: readonly string[], now: Date): boolean {
  if (typeof header !== 'string') return false
  const parts = header.split(',').map((part) => part.trim())
  const [t] = parts.flatMap((part) => /^t=(\d{1,12})$/.exec(part)?.[1] ?? [])
  if (t === undefined || Math.abs(now.getTime() / 1_000 - Number(t)) > TOLERANCE_SECONDS) return false
  const marks = parts.flatMap((part) => /^v1=([\da-f]{64})$/i.exec(part)?.[1] ?? []).slice(0, MOST_MARKS)
  const expected = secrets.map((secret) => createHmac('sha256', secret).update(`${t}.`).update(body).digest())
  let isRight = false
  // compares every pair, so that the time taken tells nothing
  for (const mark of marks) {
    for (const one of expected) if (timingSafeEqual(one, Buffer.from(mark, 'hex'))) isRight = true
  }
  return isRight
}

/** The configured secrets; in development, a secret that the first start makes and keeps in DATA_DIR. */
export function webhookSecrets({ PAYMENT_WEBHOOK_SECRETS, DATA_DIR }: Config): readonly string[] {
  if (PAYMENT_WEBHOOK_SECRETS) return PAYMENT_WEBHOOK_SECRETS.split(',')
  const file: OwnFile<string> = {
    path: join(DATA_DIR, 'payment-webhook.secret'),
    what: 'the secret of payment webhooks',
    advice: 'Put it back from a backup, or delete it: a new one is made then, which the sender must be told',
    parse: (text) => (/^\S{16,}$/.test(text.trim()) ? text.trim() : undefined),
  }
  return [readOrMakeOwn(file, () => randomBytes(32).toString('base64url'))]
}
