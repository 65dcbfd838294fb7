/** Records money that came in, in one transaction: as the payment of its code, as a late payment, or as unmatched. */
import type { Send } from '#messaging'
import type { Tx } from '#platform/database/database'
import { ChargeBatch } from '../charges/charge-batch.ts'
import { lockChargesNamed } from '../charges/charge-store.ts'
import type { Charge } from '../domain/charge.ts'
import { type Receipt, receive } from '../domain/receipt.ts'
import { paymentReply } from '../domain/replies.ts'
import { firstStatus, type Unmatched, type UnmatchedReason } from '../domain/unmatched.ts'
import { codesPaidBy, insertUnmatched } from './unmatched-store.ts'

export interface NamedReceipt extends Receipt {
  /** A payment code, or the txid that it has at its provider. */
  readonly name: string
}

export interface Taken {
  /** The charges, by the name in the receipt; absent when there is no such code. */
  readonly charges: ReadonlyMap<string, Charge>
  /** Whether money is to be given back once this has committed. */
  readonly hasErrand: boolean
}

/**
 * A receipt that comes again has no further effect. One that names no code of ours is parked if it has an amount. The purchases
 * of codes that were paid in time are told. Refunds are due as soon as this has committed.
 */
export async function takeReceipts(tx: Tx, send: Send, receipts: readonly NamedReceipt[], now: Date): Promise<Taken> {
  const locked = await lockChargesNamed(tx, [...new Set(receipts.map(({ name }) => name))])
  const charges = new Map(locked.flatMap((charge) => namesOf(charge).map((name) => [name, charge] as const)))
  const paidBefore = await codesByEndToEndId(tx, receipts)
  const batch = new ChargeBatch(locked)
  const unmatched = new Map<string, Unmatched>()
  const known = (name: string) => batch.get(charges.get(name)?.code.transaction_id ?? '')

  for (const receipt of receipts) {
    const { name, end_to_end_id } = receipt
    const charge = known(name)
    const paidCode = end_to_end_id && paidBefore.get(end_to_end_id)
    if (paidCode && paidCode !== charge?.code.code) {
      put(unmatchedOf('end_to_end_id_reused', receipt, charge))
    } else if (!charge) {
      put(unmatchedOf('unknown_code', receipt, charge))
    } else {
      const received = receive(charge, receipt, now)
      if (received.unmatched) {
        put(unmatchedOf(received.unmatched, receipt, charge))
        continue
      }
      batch.put(received.charge)
      if (end_to_end_id) paidBefore.set(end_to_end_id, received.charge.code.code)
    }
  }

  function put(found: Unmatched | undefined) {
    if (found) unmatched.set(found.end_to_end_id ?? found.payment_code ?? '', found)
  }

  insertUnmatched(tx, [...unmatched.values()], now)
  await batch.save(tx, now)
  for (const before of locked) {
    const after = batch.get(before.code.transaction_id)
    if (after) tellOfPayment(before, after, send)
  }
  const decided = new Map<string, Charge>()
  for (const name of charges.keys()) {
    const charge = known(name)
    if (charge) decided.set(name, charge)
  }
  const isDue = ({ payment }: Charge) => payment?.refund_due_at != null
  const hasErrand =
    [...decided.values()].some(isDue) || [...unmatched.values()].some(({ status }) => status === 'refunding')
  return { charges: decided, hasErrand }
}

/** Tells a purchase once that its code was decided. A purchase that is taking its charge back hears about that instead. */
function tellOfPayment(before: Charge, after: Charge, send: Send) {
  if (before.code.status !== 'pending' || before.code.task?.kind === 'void') return
  const reply = paymentReply(after)
  if (reply) send(reply)
}

const namesOf = ({ code }: Charge) => (code.txid ? [code.code, code.txid] : [code.code])

async function codesByEndToEndId(tx: Tx, receipts: readonly Receipt[]): Promise<Map<string, string>> {
  const ids = receipts.flatMap(({ end_to_end_id }) => end_to_end_id ?? [])
  if (ids.length === 0) return new Map()
  const paid = await codesPaidBy(tx, ids)
  return new Map(paid.map(({ end_to_end_id, payment_code }) => [end_to_end_id, payment_code]))
}

function unmatchedOf(reason: UnmatchedReason, receipt: NamedReceipt, charge: Charge | undefined) {
  const amount_cents = receipt.amount_cents ?? charge?.code.amount_cents
  if (!amount_cents) return undefined
  return {
    reason,
    status: firstStatus(reason),
    payment_code: charge?.code.code ?? null,
    transaction_id: charge?.code.transaction_id ?? null,
    txid: charge ? charge.code.txid : receipt.name,
    end_to_end_id: receipt.end_to_end_id,
    amount_cents,
    received_at: receipt.paid_at,
  }
}
