/** A buyer's debt that counts as paid: one person writes it down within the limit of payments, beyond it a second one approves. */
import { type Approval, type ApprovalKind, type Author, authorName, doOrAsk, writeJournal } from '#host'
import type { Send } from '#messaging'
import type { Tx } from '#platform/database/database'
import { Problem } from '#platform/problem'
import { lockCharges } from '../charges/charge-store.ts'
import { decideCharge, untold } from '../charges/decide-charge.ts'
import { insertTillEntry } from '../closings/closing-store.ts'
import type { Charge } from '../domain/charge.ts'
import { payDebt } from '../domain/parts.ts'
import { dayBefore, isBeyond } from '../domain/second-person.ts'
import { type Debt, findDebt, settleDebt, takenAlone } from './part-store.ts'
import type { PartParts } from './parts.ts'

type DebtParts = Pick<PartParts, 'vault' | 'clock' | 'approvals' | 'paymentLimit'>

interface How {
  readonly method: string
  readonly reference: string
}

const KIND = 'debt_payment'

export async function payDebtOrAsk(
  tx: Tx,
  send: Send,
  parts: DebtParts,
  by: Author,
  known: Debt,
  how: How,
): Promise<Debt | Approval> {
  const { clock, approvals, paymentLimit: limit_cents } = parts
  const { debt, charge } = await locked(tx, known)
  const { customer_id, amount_cents, transaction_id } = debt
  const taken_cents = await takenAlone(tx, customer_id, authorName(by), dayBefore(clock.now()))
  const wish = {
    ...({ kind: KIND, about: 'purchase', about_id: transaction_id, reason: null } as const),
    request: { debt: debt.id, customer_id, amount_cents, ...how },
    rests_on: { limit_cents, taken_cents },
  }
  const asking = { approvals, by, wish, isBeyond: isBeyond(limit_cents, taken_cents, amount_cents) }
  return doOrAsk(tx, asking, (approval_id) => settle(tx, send, parts, by, debt, charge, how, approval_id))
}

export const debtKind = (parts: DebtParts): ApprovalKind => ({
  kind: KIND,
  async carryOut(tx, send, { id, request, asked }) {
    const { debt: debt_id, method, reference } = request as unknown as How & { readonly debt: number }
    const known = await findDebt(tx, debt_id)
    if (!known) throw new Problem('debt_not_found')
    const { debt, charge } = await locked(tx, known)
    await settle(tx, send, parts, asked, debt, charge, { method, reference }, id)
  },
})

/** Locks the purchase's charge, and reads the debt behind that lock. */
async function locked(tx: Tx, { id, transaction_id }: Debt): Promise<{ readonly debt: Debt; readonly charge: Charge }> {
  const [charge] = await lockCharges(tx, [transaction_id])
  const debt = await findDebt(tx, id)
  if (debt?.status !== 'open' || !charge) throw new Problem('debt_settled')
  return { debt, charge }
}

async function settle(
  tx: Tx,
  send: Send,
  { vault, clock }: DebtParts,
  by: Author,
  { id, part_id, transaction_id, amount_cents }: Debt,
  charge: Charge,
  { method, reference }: How,
  approval_id: string | null,
): Promise<Debt> {
  const at = clock.now()
  const done = await settleDebt(tx, id, { at, by: authorName(by), method, reference, approval_id })
  if (!done) throw new Problem('debt_settled')
  if (part_id !== null) await countAsReceived(tx, send, charge, amount_cents, at)
  insertTillEntry(tx, { source: `debt ${id}`, method, amount_cents }, at)
  const act = { by, at, act: 'debt_paid', about: 'purchase', about_id: transaction_id } as const
  const after = { debt: id, amount_cents, method }
  await writeJournal(tx, vault, [{ ...act, after, ...(approval_id && { approval_id }) }])
  return done
}

/** For a part that failed: the money now paid was missing from the price. */
async function countAsReceived(tx: Tx, send: Send, charge: Charge, amount_cents: number, at: Date): Promise<void> {
  const after = payDebt(charge, amount_cents)
  if (typeof after === 'string') throw new Problem('debt_settled')
  await decideCharge(tx, send, charge, () => after, untold, at)
}
