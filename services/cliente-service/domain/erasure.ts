/** The erasure of a person (LGPD, art. 16 and 18 VI): who they were goes, what the law keeps stays without them, for a time. */
import type { Cents } from '#contracts'
import type { Account, Customer } from './customer.ts'

/** Milliseconds for which the law has records kept, each from the purchase or the request on. */
export interface Periods {
  /** COAF Resolution 25/2013: purchases of R$ 10,000 and more. */
  readonly coaf: number
  /** Fiscal documents: until taxes can no longer be claimed. */
  readonly fiscal: number
  /** Código Civil, art. 206, § 5º, I: until a debt can no longer be claimed. */
  readonly claims: number
}

export interface Purchase {
  readonly price_cents: Cents
  readonly bought_at: Date
}

export interface Retained {
  readonly records: 'purchases' | 'purchases_of_10000_and_more' | 'open_account'
  readonly reason: string
  /** ISO 8601. */
  readonly until: string
}

const TEN_THOUSAND: Cents = 1_000_000

/** What has to be kept, why and until when; nothing, when nothing was bought and nobody owes anything. */
export function retainedRecords(
  account: Account,
  purchases: readonly Purchase[],
  now: Date,
  periods: Periods,
): Retained[] {
  const last = (of: readonly Purchase[]) => Math.max(...of.map(({ bought_at }) => bought_at.getTime()))
  const dear = purchases.filter(({ price_cents }) => price_cents >= TEN_THOUSAND)
  const isOpen = account.account_balance_cents > 0 || account.used_credit_cents > 0
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
  if (isOpen)
    kept.push({
      records: 'open_account',
      reason: 'A balance or credit in use that can still be claimed: Código Civil, art. 206, § 5º, I, five years',
      until: new Date(now.getTime() + periods.claims).toISOString(),
    })
  return kept
}

/** The same customer with nobody behind them. Their documents and e-mail may be registered again. */
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
    consents: null,
    blocked_reason: null,
    blocked_at: null,
  }
  return { ...customer, ...nobody, status: 'erased', updated_at: now }
}
