/** Money that goes out by hand, for an owed item: one person within a limit a day and customer, beyond it with a second one. */
import { type Approval, type ApprovalKind, type Approvals, type Author, authorName, doOrAsk, writeJournal } from '#host'
import type { Send } from '#messaging'
import type { Clock } from '#platform/clock'
import type { Tx } from '#platform/database/database'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import { lockCharges } from '../charges/charge-store.ts'
import { decideCharge, untold } from '../charges/decide-charge.ts'
import { insertTillEntry } from '../closings/closing-store.ts'
import type { Charge } from '../domain/charge.ts'
import { handedBack } from '../domain/coming-back.ts'
import { dayBefore, isBeyond } from '../domain/second-person.ts'
import { findOwed, type OwedItem, settledAlone, settleOwed } from './owed-store.ts'

export interface SettlingParts {
  readonly vault: Vault
  readonly clock: Clock
  readonly approvals: Approvals
  /** What one person may give back to one customer in 24 hours. */
  readonly adjustmentLimit: number
}

interface How {
  readonly method: string
  readonly reference: string
}

const KIND = 'owed_settlement'

export async function settleOrAsk(
  tx: Tx,
  send: Send,
  parts: SettlingParts,
  by: Author,
  known: OwedItem,
  how: How,
): Promise<OwedItem | Approval> {
  const { clock, approvals, adjustmentLimit: limit_cents } = parts
  const { item, charge } = await locked(tx, known)
  const { customer_id, amount_cents, transaction_id } = item
  const settled_cents = await settledAlone(tx, customer_id, authorName(by), dayBefore(clock.now()))
  const wish = {
    ...({ kind: KIND, about: 'purchase', about_id: transaction_id, reason: null } as const),
    request: { owed_item: item.id, customer_id, amount_cents, ...how },
    rests_on: { limit_cents, settled_cents },
  }
  const asking = { approvals, by, wish, isBeyond: isBeyond(limit_cents, settled_cents, amount_cents) }
  return doOrAsk(tx, asking, (approval_id) => settle(tx, send, parts, by, item, charge, how, approval_id))
}

export const owedSettlementKind = (parts: SettlingParts): ApprovalKind => ({
  kind: KIND,
  async carryOut(tx, send, { id, request, asked }) {
    const { owed_item, method, reference } = request as unknown as How & { readonly owed_item: number }
    const known = await findOwed(tx, owed_item)
    if (!known) throw new Problem('owed_item_not_found')
    const { item, charge } = await locked(tx, known)
    await settle(tx, send, parts, asked, item, charge, { method, reference }, id)
  },
})

/** Locks the purchase's charge, and reads the item behind that lock. */
async function locked(
  tx: Tx,
  { id, transaction_id }: OwedItem,
): Promise<{ readonly item: OwedItem; readonly charge: Charge | undefined }> {
  const [charge] = await lockCharges(tx, [transaction_id])
  const item = await findOwed(tx, id)
  if (item?.status !== 'open') throw new Problem('owed_item_settled')
  return { item, charge }
}

async function settle(
  tx: Tx,
  send: Send,
  { vault, clock }: SettlingParts,
  by: Author,
  { id, source, transaction_id, amount_cents }: OwedItem,
  charge: Charge | undefined,
  { method, reference }: How,
  settled_approval_id: string | null,
): Promise<OwedItem> {
  const now = clock.now()
  const how = { settled_at: now, settled_by: authorName(by), settled_method: method, settled_reference: reference }
  const done = await settleOwed(tx, id, { ...how, settled_approval_id })
  if (!done) throw new Problem('owed_item_settled')
  // money that goes to an account never was in the till
  if (method !== 'balance') insertTillEntry(tx, { source: `owed ${id}`, method, amount_cents: -amount_cents }, now)
  if (charge) await decideCharge(tx, send, charge, (owed) => handedBack(owed, source, now), untold, now)
  const act = { by, at: now, act: 'owed_item_settled', about: 'purchase', about_id: transaction_id } as const
  const after = { owed_item: id, amount_cents, method }
  await writeJournal(tx, vault, [{ ...act, after, ...(settled_approval_id && { approval_id: settled_approval_id }) }])
  return done
}
