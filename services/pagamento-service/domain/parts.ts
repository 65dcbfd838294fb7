/**
 * A code that is paid at the counter, in parts: some received, some promised by a bank. The part that fills the code makes
 * it paid, which is decided on the locked code. A part beyond the amount due is refused, and a part that fails later
 * changes neither sale nor stock.
 */
import type { Cents } from '#contracts'
import { type Charge, expire, newPayment } from './charge.ts'

export const PART_METHODS = ['banknotes', 'transfer', 'card', 'financing', 'trade_in', 'pix', 'deposit'] as const
export type PartMethod = (typeof PART_METHODS)[number]

/**
 * asked: it waits for a second person. promised, received: they count. reversed: struck before the sale. failed: it fell through after the sale, and is the buyer's
 * debt. The purchase was undone: cancelled before it came; refunding, refunded by the provider; owed, for staff to give back.
 */
export type PartState =
  | 'asked'
  | 'promised'
  | 'received'
  | 'reversed'
  | 'failed'
  | 'cancelled'
  | 'refunding'
  | 'refunded'
  | 'owed'

export interface Money {
  readonly amount_cents: Cents
  readonly is_received: boolean
}

export type PartRefusal = 'payment_exceeds_due' | 'part_not_open' | 'part_of_sold' | 'part_not_sold'

/** The amount still to be promised or received. */
export const restOf = ({ code }: Charge): Cents => code.amount_cents - code.held_cents

/** Undefined: the code takes no more parts, and says why itself. A code past its time that holds nothing expires instead. */
export function takePart(charge: Charge, part: Money, now: Date): Charge | 'payment_exceeds_due' {
  const current = expire(charge, now)
  const { code } = current
  if (code.status !== 'pending') return current
  if (part.amount_cents > restOf(current)) return 'payment_exceeds_due'
  const held_cents = code.held_cents + part.amount_cents
  const received_cents = code.received_cents + (part.is_received ? part.amount_cents : 0)
  const after = { ...code, held_cents, received_cents }
  if (held_cents < code.amount_cents) return { code: after, payment: null }
  return { code: { ...after, status: 'used' }, payment: newPayment('counter', now) }
}

/** A promised part is received, as when a bank pays. */
export function receivePart({ code, payment }: Charge, { amount_cents, is_received }: Money): Charge | PartRefusal {
  if (is_received || isOver({ code, payment })) return 'part_not_open'
  return { code: { ...code, received_cents: code.received_cents + amount_cents }, payment }
}

/** A mistake at the counter, or money that its payer takes back, before the vehicle is sold. */
export function reversePart({ code, payment }: Charge, { amount_cents, is_received }: Money): Charge | PartRefusal {
  if (code.status === 'used') return 'part_of_sold'
  if (code.status !== 'pending') return 'part_not_open'
  const received_cents = code.received_cents - (is_received ? amount_cents : 0)
  return { code: { ...code, held_cents: code.held_cents - amount_cents, received_cents }, payment }
}

/** A financing is refused, a card charged back, after the sale: it stays the buyer's debt, which counts as promised. */
export function failPart({ code, payment }: Charge, { amount_cents, is_received }: Money): Charge | PartRefusal {
  if (code.status === 'pending') return 'part_not_sold'
  if (isOver({ code, payment })) return 'part_not_open'
  return { code: { ...code, received_cents: code.received_cents - (is_received ? amount_cents : 0) }, payment }
}

/** The buyer pays the debt that a failed part has left. */
export const payDebt = ({ code, payment }: Charge, amount_cents: Cents): Charge | 'part_not_open' =>
  isOver({ code, payment })
    ? 'part_not_open'
    : { code: { ...code, received_cents: code.received_cents + amount_cents }, payment }

/** The purchase was undone, returned or never paid: its parts no longer change. */
const isOver = ({ code, payment }: Charge) =>
  code.status === 'pending'
    ? false
    : code.status !== 'used' || payment?.status !== 'completed' || payment.return_id !== null

/** The value of a trade-in: its valuation, less its debts and its lien, which must be paid first. */
export interface TradeIn {
  readonly vehicle_id: number | null
  readonly valuation_cents: Cents
  readonly debts_cents: Cents
  readonly payoff_cents: Cents
}

export const netOf = ({ valuation_cents, debts_cents, payoff_cents }: TradeIn): number =>
  valuation_cents - debts_cents - payoff_cents
