/** Notices to customers about their data: a row, and an event that names only the row. */
import { customerNotice } from '#contracts'
import { outgoing, type Send } from '#messaging'
import type { Ids } from '#platform/clock'
import type { Tx } from '#platform/database/database'
import type { Vault } from '#platform/vault/vault'
import { type CustomerNotice, insertCustomerNotice } from './notice-store.ts'

/** After this time it is of no use any more. */
const TELL_WITHIN_MS = 3 * 86_400_000

export async function tellCustomer(
  tx: Tx,
  send: Send,
  { vault, ids }: { readonly vault: Vault; readonly ids: Ids },
  notice: CustomerNotice,
  now: Date,
): Promise<void> {
  const handle = ids.uuid()
  const expires_at = new Date(now.getTime() + TELL_WITHIN_MS)
  if (await insertCustomerNotice(tx, vault, { ...notice, handle }, now, expires_at))
    send(outgoing(customerNotice, handle, { kind: notice.kind }))
}
