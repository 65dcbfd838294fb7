/**
 * The legal warranty, pure: 90 days to complain of a fault, from receipt, or from the day on which a hidden fault shows (CDC,
 * art. 26); then 30 days to repair it, after which the buyer may choose a replacement, the money back or an abatement (art. 18). Days are those
 * of São Paulo, as `2026-03-09`.
 */
import type { Cents } from '#contracts'

const LEGAL_DAYS = 90
const REPAIR_DAYS = 30
const DAY_MS = 86_400_000

export const OUTCOMES = ['repaired', 'abated', 'replaced', 'refused'] as const
type Outcome = (typeof OUTCOMES)[number]

export interface Claim {
  readonly id: number
  readonly vehicle_id: number
  /** Both null for a sale by hand. */
  readonly transaction_id: string | null
  readonly customer_id: number | null
  readonly what: string
  /** The fault could not be seen when the buyer received the vehicle. */
  readonly is_hidden: boolean
  readonly opened_at: Date
  readonly opened_by: string
  readonly due_on: string
  readonly status: 'open' | Outcome
  /** The money that was spent on the repair. */
  readonly cost_cents: Cents | null
  /** The money that was taken off the price. */
  readonly refund_cents: Cents | null
  readonly findings: string | null
  readonly closed_at: Date | null
  readonly closed_by: string | null
}

interface Received {
  readonly status: string
  readonly picked_up_on: string | null
}

/** Undefined: the claim is in time. The day of receipt is not one of the ninety. */
export function refusesClaim(
  { status, picked_up_on }: Received,
  is_hidden: boolean,
  today: string,
): 'vehicle_not_picked_up' | 'warranty_over' | undefined {
  if (status !== 'picked_up' || picked_up_on === null) return 'vehicle_not_picked_up'
  return !is_hidden && daysBetween(picked_up_on, today) > LEGAL_DAYS ? 'warranty_over' : undefined
}

/** The last day to repair it. */
export const repairUntil = (opened_on: string): string =>
  new Date(Date.parse(opened_on) + REPAIR_DAYS * DAY_MS).toISOString().slice(0, 10)

/** Negative: this many days late. */
export const daysLeft = ({ due_on }: Pick<Claim, 'due_on'>, today: string): number => daysBetween(today, due_on)

const daysBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS)

export interface Closing {
  readonly outcome: Outcome
  readonly cost_cents: Cents | null
  readonly refund_cents: Cents | null
  readonly findings: string
}

export type ClaimRefusal = 'claim_closed' | 'vehicle_being_returned' | 'no_buyer_to_refund'

/** An abatement goes to the buyer, and only while the purchase stands. */
export function close(
  claim: Claim,
  vehicle: { readonly sold_to_transaction: string | null; readonly return_id: string | null },
  { outcome, cost_cents, refund_cents, findings }: Closing,
  by: string,
  now: Date,
): Claim | ClaimRefusal {
  if (claim.status !== 'open') return 'claim_closed'
  if (outcome === 'abated') {
    if (claim.transaction_id === null) return 'no_buyer_to_refund'
    if (vehicle.return_id !== null || vehicle.sold_to_transaction !== claim.transaction_id)
      return 'vehicle_being_returned'
  }
  return { ...claim, status: outcome, cost_cents, refund_cents, findings, closed_at: now, closed_by: by }
}
