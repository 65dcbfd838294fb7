/** Lines of a return: what the shop pays on top of the refund. One person enters them; above a limit a second person must approve. */
import { type Approval, type ApprovalKind, type Approvals, type Author, authorName, doOrAsk, writeJournal } from '#host'
import type { Clock, Ids } from '#platform/clock'
import type { Tx } from '#platform/database/database'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import { lockCharges } from '../charges/charge-store.ts'
import type { Charge } from '../domain/charge.ts'
import { cameBack, type Line } from '../domain/coming-back.ts'
import { dayBefore, isBeyond } from '../domain/second-person.ts'
import { enteredAlone, insertLine, type OwedItem } from './owed-store.ts'

export interface LineParts {
  readonly vault: Vault
  readonly clock: Clock
  readonly ids: Ids
  readonly approvals: Approvals
  /** What one person may enter for one customer in 24 hours. */
  readonly adjustmentLimit: number
}

export interface LineWish {
  readonly transaction_id: string
  readonly line: Line
  readonly amount_cents: number
  readonly reason: string
}

const KIND = 'return_line'

/** `expectNotOwn`: throws when the line would pay the person who enters it. */
export async function oweOrAsk(
  tx: Tx,
  parts: LineParts,
  by: Author,
  wish: LineWish,
  expectNotOwn: (customer_id: number) => void,
): Promise<OwedItem | Approval> {
  const { approvals, clock, ids, adjustmentLimit: limit_cents } = parts
  const { customer_id } = (await returnedCharge(tx, wish.transaction_id)).code
  expectNotOwn(customer_id)
  const { transaction_id, line, amount_cents, reason } = wish
  const entered_cents = await enteredAlone(tx, customer_id, authorName(by), dayBefore(clock.now()))
  const source = `line ${ids.uuid()}`
  const asked = {
    ...({ kind: KIND, about: 'purchase', about_id: transaction_id, reason } as const),
    request: { customer_id, line, amount_cents, source },
    rests_on: { limit_cents, entered_cents },
  }
  const asking = { approvals, by, wish: asked, isBeyond: isBeyond(limit_cents, entered_cents, amount_cents) }
  return doOrAsk(tx, asking, (approval_id) => owe(tx, parts, by, wish, source, approval_id))
}

export const lineKind = (parts: LineParts): ApprovalKind => ({
  kind: KIND,
  async carryOut(tx, _send, { id, about_id, request, reason, asked }) {
    const { line, amount_cents, source } = request as { line: Line; amount_cents: number; source: string }
    await owe(tx, parts, asked, { transaction_id: about_id, line, amount_cents, reason: reason ?? '' }, source, id)
  },
})

async function owe(
  tx: Tx,
  { vault, clock }: LineParts,
  by: Author,
  { transaction_id, line, amount_cents, reason }: LineWish,
  source: string,
  approval_id: string | null,
): Promise<OwedItem> {
  const { code, payment } = await returnedCharge(tx, transaction_id)
  const at = clock.now()
  const of = { transaction_id, return_id: payment?.return_id ?? null, customer_id: code.customer_id }
  const entered = { entered_by: authorName(by), entered_approval_id: approval_id }
  const item = await insertLine(tx, { source, ...of, amount_cents, reason: line, ...entered }, at)
  const act = { by, at, act: 'line_owed', about: 'purchase', about_id: transaction_id, reason } as const
  const after = { owed_item: item.id, line, amount_cents }
  await writeJournal(tx, vault, [{ ...act, after, ...(approval_id && { approval_id }) }])
  return item
}

async function returnedCharge(tx: Tx, transaction_id: string): Promise<Charge> {
  const [charge] = await lockCharges(tx, [transaction_id])
  if (!charge) throw new Problem('transaction_not_found')
  if (!cameBack(charge)) throw new Problem('vehicle_not_back')
  return charge
}
