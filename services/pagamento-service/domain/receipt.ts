/**
 * Decides a charge when money comes in, or when a provider says that none will. Money that does not pay the charge stays on
 * record, as late or as unmatched.
 */
import type { Cents } from '#contracts'
import { type Charge, expire, newPayment, type Payment } from './charge.ts'

export interface Receipt {
  /** Null when the provider names no amount: then the code's amount is assumed. */
  readonly amount_cents: Cents | null
  /** Null when the provider names none: then two payments of one code cannot be told apart. */
  readonly end_to_end_id: string | null
  readonly paid_at: Date
}

/** Why money does not pay the code that it names. */
export type Mismatch = 'wrong_amount' | 'paid_twice' | 'code_closed' | 'not_pix'

/** With `unmatched` the charge stays as it is, and the money gets a record of its own. */
export type Received =
  | { readonly charge: Charge; readonly unmatched?: undefined }
  | { readonly charge: Charge; readonly unmatched: Mismatch }

export function receive(charge: Charge, receipt: Receipt, now: Date): Received {
  const { code, payment } = charge
  const { end_to_end_id, paid_at } = receipt
  if (payment && isSame(payment, receipt)) return { charge }
  if (code.payment_type !== 'pix') return { charge, unmatched: 'not_pix' }
  if ((receipt.amount_cents ?? code.amount_cents) !== code.amount_cents) return { charge, unmatched: 'wrong_amount' }
  if (payment?.status === 'failed') return { charge, unmatched: 'code_closed' }
  if (payment?.end_to_end_id) return { charge, unmatched: 'paid_twice' }
  if (payment) return { charge: { code, payment: { ...payment, end_to_end_id } } }
  const made = newPayment('pix', now, end_to_end_id)
  if (code.status === 'pending' && isInTime(charge, paid_at < now ? paid_at : now))
    return { charge: settled(charge, made, now) }
  return { charge: { ...expire(charge, now), payment: { ...made, refund_due_at: now } } }
}

/**
 * The provider says that the buyer will not pay. An earlier decision stays. A charge that the provider is being asked to make
 * or close is left alone: its purchase waits for that answer, and could not use this one.
 */
export function cancelled(charge: Charge, now: Date): Charge {
  const { code } = charge
  if (code.status !== 'pending' || code.payment_type !== 'pix' || code.task) return charge
  return {
    code: { ...code, status: 'failed', reason: 'payment_cancelled' },
    payment: { ...newPayment('pix', now), status: 'failed' },
  }
}

/** A receipt without an end-to-end id is taken for the payment on record. */
const isSame = (payment: Payment, { end_to_end_id }: Receipt) =>
  payment.status !== 'failed' && (end_to_end_id === null || payment.end_to_end_id === end_to_end_id)

/** A provider asked over the network takes no payment after the time. For others, the time of payment counts. */
const isInTime = ({ code }: Charge, paid_at: Date) => code.txid !== null || paid_at < code.expires_at

/** Paid while it was to be voided: the code is used, and the money goes back. */
function settled({ code }: Charge, payment: Payment, now: Date): Charge {
  const refund_due_at = code.task?.kind === 'void' ? now : null
  return { code: { ...code, status: 'used', task: null }, payment: { ...payment, refund_due_at } }
}
