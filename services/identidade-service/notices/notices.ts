/** Notices about accounts: a row with address and words sealed, and an event that names only the row. */
import { identityNotice } from '#contracts'
import { outgoing, type Send } from '#messaging'
import type { Ids } from '#platform/clock'
import type { Tx } from '#platform/database/database'
import type { Vault } from '#platform/vault/vault'
import type { Fingerprints } from '../accounts/fingerprints.ts'
import type { Notice } from '../domain/notice.ts'
import { keepCode, newCode } from '../sign-up/code-store.ts'
import { countNotices, insertNotice } from './notice-store.ts'

export interface NoticeParts {
  readonly vault: Vault
  readonly prints: Fingerprints
  readonly ids: Ids
}

/** The most mails to one address in an hour; further ones are not sent, and the answer stays the same. */
const HOURLY = 8
const HOUR_MS = 3_600_000

/** False when the address gets no more mails for now: then no code is issued either, so that guesses cost mails. */
export async function tell(
  tx: Tx,
  send: Send,
  { vault, prints, ids }: NoticeParts,
  notice: Omit<Notice, 'handle'>,
  now: Date,
): Promise<boolean> {
  const address = prints.addressOf(notice.email)
  if ((await countNotices(tx, address, new Date(now.getTime() - HOUR_MS))) >= HOURLY) return false
  const handle = ids.uuid()
  await insertNotice(tx, vault, { ...notice, handle }, address, now)
  send(outgoing(identityNotice, handle, { kind: notice.kind }))
  return true
}

/** Sends a new code for `subject`, which replaces an earlier one. A code that is not sent is not issued. */
export async function tellCode(
  tx: Tx,
  send: Send,
  parts: NoticeParts,
  notice: Omit<Notice, 'handle'>,
  subject: string,
  now: Date,
): Promise<void> {
  const code = newCode()
  const content = { ...notice.content, code }
  if (await tell(tx, send, parts, { ...notice, content }, now)) await keepCode(tx, parts.vault, subject, code, now)
}
