/**
 * What a purchase holds of its customer. The hold gates the whole effect: money moves only in the decision that makes
 * a hold `held` or takes it from `held` to `released` or `returned`, so every repeated command finds its hold and moves nothing.
 */
import {
  type BodyOf,
  type Cents,
  creditReleased,
  creditReservationFailed,
  creditReserved,
  creditReturned,
  type MessageContract,
  PAID_OUTSIDE,
  type PaymentType,
} from '#contracts'
import { type Account, affordable } from './customer.ts'
import { type LedgerEntry, movements } from './ledger.ts'

type HoldRefusal = BodyOf<typeof creditReservationFailed>['reason']

export interface HoldRequest {
  readonly transaction_id: string
  readonly customer_id: number
  readonly payment_type: PaymentType
  /** What the purchase costs; only `cash` and `credit` hold it. */
  readonly amount_cents: Cents
  /** Of a return: what a warranty has given back of that by other means. Absent, and 0 on record, where it gave nothing. */
  readonly abated_cents?: Cents
}

/** A released or returned hold with a reason is a tombstone: the release or return came first, and it never held anything. */
export type CreditHold = HoldRequest &
  (
    | { readonly status: 'held'; readonly reason: null }
    | { readonly status: 'refused'; readonly reason: HoldRefusal }
    | { readonly status: 'released'; readonly reason: 'released_before_reserved' | null }
    | { readonly status: 'returned'; readonly reason: 'returned_before_reserved' | null }
  )

export interface Settlement<Customer extends Account> {
  readonly customer: Customer | undefined
  readonly hold: CreditHold
  readonly entries: readonly LedgerEntry[]
}

export function reserve<Customer extends Account>(
  customer: Customer | undefined,
  hold: CreditHold | undefined,
  request: HoldRequest,
): Settlement<Customer> {
  if (hold) return { customer, hold, entries: [] }
  const refused = (reason: HoldRefusal): Settlement<Customer> => ({
    customer,
    hold: { ...request, status: 'refused', reason },
    entries: [],
  })
  if (!customer) return refused('customer_not_found')
  if (customer.status !== 'active') return refused('customer_blocked')
  const { payment_type, amount_cents } = request
  const { cash, credit } = affordable(customer, amount_cents)
  if (payment_type === 'cash' && !cash) return refused('insufficient_balance')
  if (payment_type === 'credit' && !credit) return refused('insufficient_credit_limit')
  return move(customer, { ...request, status: 'held', reason: null }, 'hold', -amount_cents)
}

/** Gives back the held amount, whatever has happened to the customer since. */
export function release<Customer extends Account>(
  customer: Customer | undefined,
  hold: CreditHold | undefined,
  request: HoldRequest,
): Settlement<Customer> {
  if (!hold) {
    return {
      customer,
      hold: { ...request, status: 'released', reason: 'released_before_reserved' },
      entries: [],
    }
  }
  if (hold.status !== 'held') return { customer, hold, entries: [] }
  if (!customer) throw new Error(`hold ${hold.transaction_id} names another customer than its release`)
  return move(customer, { ...hold, status: 'released', reason: null }, 'release', hold.amount_cents)
}

/**
 * The vehicle came back, and the customer gets back what the purchase took from the balance or the credit, less what a warranty has
 * given them already. The part of that credit that they have already repaid goes to their balance.
 */
export function giveBack<Customer extends Account>(
  customer: Customer | undefined,
  hold: CreditHold | undefined,
  request: HoldRequest,
): Settlement<Customer> {
  if (!hold) {
    const tombstone = { ...request, abated_cents: 0, status: 'returned', reason: 'returned_before_reserved' } as const
    return { customer, hold: tombstone, entries: [] }
  }
  if (hold.status !== 'held') return { customer, hold, entries: [] }
  if (!customer) throw new Error(`the return of ${hold.transaction_id} names another customer than its hold`)
  const isHeldHere = !PAID_OUTSIDE.includes(hold.payment_type)
  const abated_cents = isHeldHere ? Math.min(request.abated_cents ?? 0, hold.amount_cents) : 0
  const returned: CreditHold = { ...hold, abated_cents, status: 'returned', reason: null }
  const back_cents = hold.amount_cents - abated_cents
  if (hold.payment_type !== 'credit') return move(customer, returned, 'return', back_cents)
  const used_cents = Math.min(back_cents, customer.used_credit_cents)
  const after = {
    ...customer,
    used_credit_cents: customer.used_credit_cents - used_cents,
    account_balance_cents: customer.account_balance_cents + back_cents - used_cents,
  }
  const entries = movements(customer, after, 'return', hold.transaction_id).map((entry) =>
    entry.account === 'balance' ? { ...entry, kind: 'return_of_repaid' as const } : entry,
  )
  return { customer: after, hold: returned, entries }
}

/** The answer to a reserve. A released or returned hold is gone, even if it once held something. */
export const reserveReply = (hold: CreditHold) =>
  hold.status === 'held'
    ? reply(creditReserved, hold.transaction_id, { customer_id: hold.customer_id, amount_cents: hold.amount_cents })
    : reply(creditReservationFailed, hold.transaction_id, { reason: refusalOf(hold) })

const refusalOf = (hold: Exclude<CreditHold, { status: 'held' }>): HoldRefusal =>
  hold.status === 'returned' ? 'returned' : (hold.reason ?? 'released_before_reserved')

/** The answer to a release, the same each time: the amount that was held. */
export const releaseReply = (hold: CreditHold) =>
  reply(creditReleased, hold.transaction_id, {
    customer_id: hold.customer_id,
    released_cents: hold.status === 'released' ? heldCents(hold) : 0,
  })

/** The answer to a return, which asks under an id of its own. */
export const returnReply = (hold: CreditHold, return_id: string) =>
  reply(creditReturned, return_id, {
    customer_id: hold.customer_id,
    returned_cents: hold.status === 'returned' ? heldCents(hold) - (hold.abated_cents ?? 0) : 0,
  })

/** Neither a tombstone nor a hold for what is paid from outside has held anything. */
const heldCents = ({ reason, payment_type, amount_cents }: CreditHold): Cents =>
  reason === null && !PAID_OUTSIDE.includes(payment_type) ? amount_cents : 0

function reply<Contract extends MessageContract>(contract: Contract, transaction_id: string, body: BodyOf<Contract>) {
  return { contract, transaction_id, body }
}

function move<Customer extends Account>(
  customer: Customer,
  hold: CreditHold,
  kind: 'hold' | 'release' | 'return',
  change_cents: number,
): Settlement<Customer> {
  const after = { ...customer, ...changedBy(customer, hold.payment_type, change_cents) }
  return { customer: after, hold, entries: movements(customer, after, kind, hold.transaction_id) }
}

function changedBy(customer: Account, payment_type: PaymentType, change_cents: number): Partial<Account> {
  switch (payment_type) {
    case 'cash':
      return { account_balance_cents: customer.account_balance_cents + change_cents }
    case 'credit':
      return { used_credit_cents: customer.used_credit_cents - change_cents }
    case 'pix':
    case 'counter':
      return {}
  }
}
