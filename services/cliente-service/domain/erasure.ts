/** The erasure of a person (LGPD, art. 16 and 18 VI): their identity is deleted; records that the law keeps stay without it, for a time. */
import type { Cents } from '#contracts'
import type { Account, Customer } from './customer.ts'

/** How long the law demands each kind of record, from the purchase or the request on. */
export interface Periods {
  /** COAF Resolution 25/2013: purchases of R$ 10,000 and more. */
  readonly coaf: number
  /** Fiscal documents, until taxes can no longer be claimed. */
  readonly fiscal: number
  /** Código Civil, art. 206, § 5º, I: until a debt can no longer be claimed. */
  readonly claims: number
}

export interface Purchase {
  readonly price_cents: Cents
  readonly bought_at: Date
}

/** Matters that are still open between the shop and the person. */
export type Open =
  | { readonly what: 'balance' | 'used_credit' | 'counter_debt' | 'money_owed_back'; readonly amount_cents: Cents }
  | { readonly what: 'vehicle_not_picked_up'; readonly transaction_id: string }

/** What other services know; it is read before the rows of this service. */
export interface Elsewhere {
  /** The purchases whose vehicle was picked up. */
  readonly handedOver: readonly string[]
  /** Money that the customer owes: parts at the counter that fell through, or are only promised. */
  readonly counter_debt_cents: Cents
  /** Money that the shop has to give back by hand. */
  readonly owed_back_cents: Cents
}

export function openAccount(
  { account_balance_cents, used_credit_cents }: Account,
  purchases: readonly { readonly transaction_id: string }[],
  { handedOver, counter_debt_cents, owed_back_cents }: Elsewhere,
): Open[] {
  const waiting = purchases.filter(({ transaction_id }) => !handedOver.includes(transaction_id))
  const money = [
    { what: 'balance', amount_cents: account_balance_cents },
    { what: 'used_credit', amount_cents: used_credit_cents },
    { what: 'counter_debt', amount_cents: counter_debt_cents },
    { what: 'money_owed_back', amount_cents: owed_back_cents },
  ] as const
  return [
    ...money.filter(({ amount_cents }) => amount_cents > 0),
    ...waiting.map(({ transaction_id }) => ({ what: 'vehicle_not_picked_up' as const, transaction_id })),
  ]
}

export interface Retained {
  readonly records: 'purchases' | 'purchases_of_10000_and_more' | 'open_account'
  readonly reason: string
  /** ISO 8601. */
  readonly until: string
}

const TEN_THOUSAND: Cents = 1_000_000

/** The records that must be kept, why and until when; none when nothing was bought and nobody owes anything. */
export function retainedRecords(
  open: readonly Open[],
  purchases: readonly Purchase[],
  requested_at: Date,
  periods: Periods,
): Retained[] {
  const last = (of: readonly Purchase[]) => Math.max(...of.map(({ bought_at }) => bought_at.getTime()))
  const dear = purchases.filter(({ price_cents }) => price_cents >= TEN_THOUSAND)
  const kept: Retained[] = []
  if (purchases.length > 0)
    kept.push({
      records: 'purchases',
      reason: 'Tax law: fiscal documents of sales, up to 132 months (CTN, art. 173 and 195)',
      until: new Date(last(purchases) + periods.fiscal).toISOString(),
    })
  if (dear.length > 0)
    kept.push({
      records: 'purchases_of_10000_and_more',
      reason: 'COAF Resolution 25/2013: five years',
      until: new Date(last(dear) + periods.coaf).toISOString(),
    })
  if (open.length > 0)
    kept.push({
      records: 'open_account',
      reason:
        'A balance, credit in use, money of the counter that is owed either way or a vehicle not picked up: until it is settled, or can no longer be claimed (Código Civil, art. 206, § 5º, I, five years)',
      until: new Date(requested_at.getTime() + periods.claims).toISOString(),
    })
  return kept
}

/** Blocks purchases meanwhile, so that their debt cannot grow. This block does not outlive them. */
export const LEAVING = 'Asked to be erased; what is open is settled first'

/** Keeps the person until open matters are settled, and only for that: profile and marketing are deleted at once. Money owed to them must find its way back. */
export function stillKnown<Leaving extends Customer>(customer: Leaving, now: Date): Leaving {
  const profile = { birth_date: null, driver_license: null, address: null, consents: null }
  const refund_pix_key = customer.account_balance_cents > 0 ? customer.refund_pix_key : null
  return { ...customer, ...profile, refund_pix_key, updated_at: now }
}

/** The same customer without any personal data. Their document and e-mail may be registered again. */
export function erased<Erased extends Customer>(customer: Erased, now: Date): Erased {
  const nobody = {
    name: 'Erased customer',
    email: `customer-${customer.id}@erased.invalid`,
    phone: '',
    document: `ERASED${String(customer.id).padStart(8, '0')}`,
    birth_date: null,
    driver_license: null,
    address: null,
    refund_pix_key: null,
    representative: null,
    consents: null,
    blocked_reason: null,
    blocked_at: null,
  }
  return { ...customer, ...nobody, status: 'erased', updated_at: now }
}
