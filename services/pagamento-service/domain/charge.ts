/**
 * A purchase's charge: its code and its payment, decided together. Only this file settles whether a code was paid, voided or
 * expired. It does so on a locked row, so the first to come decides. A charge that lies with a provider over the network is
 * closed in two moves: first the task to close it is recorded, then its outcome.
 */
import { type Cents, PAID_OUTSIDE, type PaymentCodeStatus, type PaymentStatus } from '#contracts'
import type { ChargeRequest, Provider } from './provider.ts'

export interface PaymentCode extends ChargeRequest, Held {
  readonly code: string
  readonly status: PaymentCodeStatus
  /** Why it has failed, or `voided_before_generated`. */
  readonly reason: string | null
  readonly pix_copy_paste: string | null
  readonly expires_at: Date
  /** The charge's id at a provider that is asked over the network; null when all is decided here. */
  readonly txid: string | null
  /** The next request to that provider: to make the charge, or to close it. A voided code that no buyer saw may still have one. */
  readonly task: { readonly kind: CodeTask; readonly due_at: Date } | null
}

/** For a code that is paid at the counter: the sum of its parts, promised and received. 0 for any other code. */
interface Held {
  readonly held_cents: Cents
  readonly received_cents: Cents
}

const NOTHING_HELD: Held = { held_cents: 0, received_cents: 0 }

export type CodeTask = 'issue' | 'void' | 'expire'

export interface Payment {
  /** Null until it is stored. */
  readonly id: number | null
  readonly status: PaymentStatus
  readonly payment_method: string
  readonly processed_at: Date
  readonly end_to_end_id: string | null
  /** When the refund is next asked for over the network; null when none is under way. */
  readonly refund_due_at: Date | null
  /** How often a refund was refused. */
  readonly refund_failures: number
  readonly refunded_at: Date | null
  /** The return that gives it back; null when there is none. */
  readonly return_id: string | null
  /** What of it a warranty had given back before that return, by other means. */
  readonly abated_cents: Cents
}

export interface Charge {
  readonly code: PaymentCode
  readonly payment: Payment | null
}

export interface NewCode {
  readonly code: string
  readonly expires_at: Date
}

export function generate(
  charge: Charge | undefined,
  request: ChargeRequest,
  fresh: NewCode,
  provider: Provider,
  now: Date,
): Charge {
  if (charge) return charge
  const issued = provider.issue(request, fresh.code)
  const code = { ...request, ...fresh, ...NOTHING_HELD, reason: null, pix_copy_paste: null, txid: null, task: null }
  if (!issued.ok) return { code: { ...code, status: 'failed', reason: 'provider_refused' }, payment: null }
  if ('txid' in issued) {
    const task = { kind: 'issue', due_at: now } as const
    return { code: { ...code, status: 'pending', txid: issued.txid, task }, payment: null }
  }
  return { code: { ...code, status: 'pending', pix_copy_paste: issued.pix_copy_paste ?? null }, payment: null }
}

/** `commands.payment.process`: cash and credit are settled at once, the others are paid from outside and wait. */
export function processOwn(
  charge: Charge | undefined,
  payment_code: string,
  now: Date,
  provider: Provider,
): Charge | undefined {
  if (!isCodeOf(charge, payment_code) || PAID_OUTSIDE.includes(charge.code.payment_type)) return charge
  return pay(charge, charge.code.payment_type, now, provider)
}

/** Whether the code that a purchase names is its own. */
export const isCodeOf = (charge: Charge | undefined, payment_code: string): charge is Charge =>
  charge?.code.code === payment_code

/** Settles a pending code; any other stays as it was decided. A code past its time expires instead. */
export function pay(charge: Charge, payment_method: string, now: Date, provider: Provider): Charge {
  if (charge.code.status !== 'pending' || charge.code.txid) return charge
  if (now >= charge.code.expires_at) return expire(charge, now)
  const payment = newPayment(payment_method, now)
  return provider.approves(charge.code)
    ? { code: { ...charge.code, status: 'used' }, payment }
    : {
        code: { ...charge.code, status: 'failed', reason: 'payment_declined' },
        payment: { ...payment, status: 'failed' },
      }
}

export function expire(charge: Charge, now: Date): Charge {
  // a code that holds money never runs out by itself: staff extend it, or give its purchase up
  if (charge.code.status !== 'pending' || now < charge.code.expires_at || charge.code.held_cents > 0) return charge
  return charge.code.txid ? closeLater(charge, 'expire', now) : withStatus(charge, 'expired')
}

/**
 * Takes the charge back: an unpaid code is voided, a paid one refunded; a charge that does not exist becomes a tombstone. A
 * refused refund is counted on the payment, and tried again when it is asked for again.
 */
export function refund(
  charge: Charge | undefined,
  request: ChargeRequest,
  fresh: NewCode,
  resumptions: number,
  provider: Provider,
  now: Date,
): Charge {
  if (!charge) {
    const none = { pix_copy_paste: null, txid: null, task: null }
    const reason = 'voided_before_generated'
    return { code: { ...request, ...fresh, ...none, ...NOTHING_HELD, status: 'voided', reason }, payment: null }
  }
  const { code, payment } = charge
  if (code.status === 'pending') {
    if (!code.txid) return withStatus(charge, 'voided')
    const closing = closeLater(charge, 'void', now)
    // no buyer saw this code, so nobody can pay it: the purchase need not wait for a provider that may be down
    return code.pix_copy_paste === null ? withStatus(closing, 'voided') : closing
  }
  // a payment that came after the code was closed is no part of the purchase: it is refunded separately
  if (code.status !== 'used' || payment?.status !== 'completed' || payment.return_id) return charge
  if (code.payment_type === 'counter') return { code, payment: refunded(payment, now) } // its parts go back from now on, each its own way
  if (code.txid) return payment.refund_due_at ? charge : { code, payment: { ...payment, refund_due_at: now } }
  return { code, payment: provider.refunds(code, resumptions) ? refunded(payment, now) : refundRefused(payment) }
}

export const newPayment = (payment_method: string, at: Date, end_to_end_id: string | null = null): Payment => ({
  id: null,
  status: 'completed',
  payment_method,
  processed_at: at,
  end_to_end_id,
  refund_due_at: null,
  refund_failures: 0,
  refunded_at: null,
  return_id: null,
  abated_cents: 0,
})

export const refunded = (payment: Payment, at: Date): Payment => ({
  ...payment,
  status: 'refunded',
  refund_due_at: null,
  refunded_at: at,
})

/** `again_at`: when it is tried again automatically. */
export const refundRefused = (payment: Payment, again_at: Date | null = null): Payment => ({
  ...payment,
  refund_failures: payment.refund_failures + 1,
  refund_due_at: again_at,
})

const withStatus = ({ code, payment }: Charge, status: PaymentCodeStatus): Charge => ({
  code: { ...code, status },
  payment,
})

/** A request to the provider that is under way keeps its time. A void replaces an expiry, never the other way. */
function closeLater({ code, payment }: Charge, kind: 'void' | 'expire', now: Date): Charge {
  if (code.task?.kind === kind || code.task?.kind === 'void') return { code, payment }
  return { code: { ...code, task: { kind, due_at: code.task?.due_at ?? now } }, payment }
}
