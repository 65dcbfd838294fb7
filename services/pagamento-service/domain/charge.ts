/**
 * A purchase's charge: its code and its payment, decided together. Whether a code was paid, voided or expired is
 * settled here and nowhere else, on a row that its owner has locked: whoever comes first decides.
 */
import type { Cents, PaymentCodeStatus, PaymentStatus, PaymentType } from '#contracts'
import type { Provider } from '../provider.ts'

export interface ChargeRequest {
  readonly transaction_id: string
  readonly customer_id: number
  readonly vehicle_id: number
  readonly amount_cents: Cents
  readonly payment_type: PaymentType
}

export interface PaymentCode extends ChargeRequest {
  readonly code: string
  readonly status: PaymentCodeStatus
  /** Why it failed, or that it was voided before it was generated. */
  readonly reason: string | null
  readonly pix_copy_paste: string | null
  readonly expires_at: Date
}

export interface Payment {
  /** Null until it is stored. */
  readonly id: number | null
  readonly status: PaymentStatus
  readonly payment_method: string
  readonly processed_at: Date
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
): Charge {
  if (charge) return charge
  const issued = provider.issue(request, fresh.code)
  const common = { ...request, ...fresh }
  return issued.ok
    ? {
        code: { ...common, status: 'pending', reason: null, pix_copy_paste: issued.pix_copy_paste ?? null },
        payment: null,
      }
    : { code: { ...common, status: 'failed', reason: 'provider_refused', pix_copy_paste: null }, payment: null }
}

/** Settles a pending code; everything else stays as it was decided. A code past its time expires instead. */
export function pay(charge: Charge, payment_method: string, now: Date, provider: Provider): Charge {
  if (charge.code.status !== 'pending') return charge
  if (now >= charge.code.expires_at) return expire(charge, now)
  const made = { id: null, payment_method, processed_at: now }
  return provider.approves(charge.code)
    ? { code: { ...charge.code, status: 'used' }, payment: { ...made, status: 'completed' } }
    : { code: { ...charge.code, status: 'failed', reason: 'payment_declined' }, payment: { ...made, status: 'failed' } }
}

export function expire(charge: Charge, now: Date): Charge {
  if (charge.code.status !== 'pending' || now < charge.code.expires_at) return charge
  return { ...charge, code: { ...charge.code, status: 'expired' } }
}

/** Takes the charge back: an unpaid code is voided, a paid one refunded, and nothing leaves a tombstone. */
export function refund(
  charge: Charge | undefined,
  request: ChargeRequest,
  fresh: NewCode,
  resumptions: number,
  provider: Provider,
): Charge | 'provider_refused' {
  if (!charge) {
    const reason = 'voided_before_generated'
    return { code: { ...request, ...fresh, status: 'voided', reason, pix_copy_paste: null }, payment: null }
  }
  const { code, payment } = charge
  if (code.status === 'pending') return { ...charge, code: { ...code, status: 'voided' } }
  if (payment?.status !== 'completed') return charge
  if (!provider.refunds(code, resumptions)) return 'provider_refused'
  return { code, payment: { ...payment, status: 'refunded' } }
}
