/**
 * A payment goes back because the vehicle came back. No purchase can refuse that any more, so whatever a provider answers, the
 * payment ends as refunded or as owed, and its own record says which.
 */
import type { Cents } from '#contracts'
import { type Charge, type NewCode, type Payment, refund, refunded, refundRefused } from './charge.ts'
import type { ChargeRequest, Provider } from './provider.ts'

/** After this time no provider refunds a Pix (regulation of Pix, art. 43: 90 days). */
export const REFUNDABLE_FOR_MS = 90 * 86_400_000

/** What the shop pays on top of the refund: transport of the vehicle, and an adjustment for inflation. */
export const LINES = ['transport', 'adjustment'] as const
export type Line = (typeof LINES)[number]

/** Lines and warranty abatements are owed on top of the refund, never instead of it. */
export const BESIDE = ['trade_in_excess', ...LINES, 'abatement'] as const

type OwedReason = 'refund_refused' | 'refund_too_late' | 'given_up' | 'part_undone' | (typeof BESIDE)[number]

/** Money that is owed to a customer and can't be refunded automatically: staff settle it and say how. */
export interface Owed {
  /** Where it comes from, so that nothing is owed twice. */
  readonly source: string
  readonly transaction_id: string
  readonly return_id: string | null
  readonly customer_id: number
  readonly amount_cents: Cents
  readonly reason: OwedReason
}

export function returnPayment(
  charge: Charge | undefined,
  request: ChargeRequest,
  fresh: NewCode,
  { return_id, abated_cents = 0 }: { readonly return_id: string; readonly abated_cents?: Cents | undefined },
  provider: Provider,
  now: Date,
): Charge {
  if (charge?.code.status !== 'used') return refund(charge, request, fresh, 0, provider, now)
  const { code, payment } = charge
  if (payment?.status !== 'completed' || payment.return_id !== null) return charge
  const coming = { ...payment, return_id, abated_cents: atMost(code, abated_cents) }
  if (code.payment_type !== 'pix' || backOf({ code, payment: coming }) === 0)
    return { code, payment: refunded(coming, now) } // it goes back where it was held, by its parts, or is back
  if (isTooLate(payment, now)) return { code, payment: coming }
  if (code.txid) return { code, payment: { ...coming, refund_due_at: payment.refund_due_at ?? now } }
  return { code, payment: provider.refunds(code, 0) ? refunded(coming, now) : refundRefused(coming) }
}

/** An operator has given up this refund: no provider is asked any more, and the money is owed unless it is back already. */
export function oweReturn(charge: Charge, return_id: string, abated_cents: Cents, now: Date): Charge {
  const { code, payment } = charge
  if (code.status !== 'used' || payment?.status !== 'completed') return charge
  const coming = { ...payment, return_id, abated_cents: atMost(code, abated_cents), refund_due_at: null }
  return {
    code,
    payment: code.payment_type === 'pix' && backOf({ code, payment: coming }) > 0 ? coming : refunded(coming, now),
  }
}

/** What goes back of a returned payment: the price, less what a warranty has given back of it already. */
export const backOf = ({ code, payment }: Charge): Cents => code.amount_cents - (payment?.abated_cents ?? 0)

const atMost = ({ amount_cents }: ChargeRequest, abated_cents: Cents): Cents => Math.min(abated_cents, amount_cents)

/** Staff have paid by hand what was owed for this payment. If the debt has another source, the charge stays as it was. */
export function handedBack(charge: Charge, source: string, now: Date): Charge {
  const { code, payment } = charge
  if (!payment || source !== `payment ${payment.id}` || !isOwed(payment)) return charge
  return { code, payment: refunded(payment, now) }
}

/** The debt of a charge: a payment that was to be returned, has not been, and that no provider is asked to refund. */
export function owedOf(charge: Charge, now: Date): Owed | undefined {
  const { code, payment } = charge
  const amount_cents = backOf(charge)
  if (!payment?.id || !isOwed(payment) || amount_cents === 0) return undefined
  const { transaction_id, customer_id } = code
  const reason = reasonOf(payment, now)
  const { return_id } = payment
  return { source: `payment ${payment.id}`, transaction_id, return_id, customer_id, amount_cents, reason }
}

function reasonOf(payment: Payment, now: Date) {
  if (payment.refund_failures > 0) return 'refund_refused'
  return isTooLate(payment, now) ? 'refund_too_late' : 'given_up'
}

export const isOwed = ({ return_id, status, refund_due_at }: Payment): boolean =>
  return_id !== null && status === 'completed' && refund_due_at === null

/** Whether the vehicle is back. Only then can lines be added or damage be claimed. */
export const cameBack = ({ payment }: Charge): boolean => payment !== null && payment.return_id !== null

export const isTooLate = ({ processed_at }: Pick<Payment, 'processed_at'>, now: Date) =>
  now.getTime() - processed_at.getTime() > REFUNDABLE_FOR_MS
