/** A customer: who they are, and the account from which their purchases are settled. */
import type { Cents } from '#contracts'

export type CustomerStatus = 'active' | 'blocked' | 'erased'

/** The part of a customer that decides whether a purchase may be held. */
export interface Account {
  readonly id: number
  readonly status: CustomerStatus
  readonly account_balance_cents: Cents
  readonly credit_limit_cents: Cents
  /** Never above the limit. */
  readonly used_credit_cents: Cents
}

interface Address {
  readonly postal_code: string
  readonly street: string
  readonly number: string
  readonly complement?: string
  readonly district: string
  readonly city: string
  readonly state: string
}

/** The person who acts for a minor, or for a company. */
interface Representative {
  readonly name: string
  /** CPF, bare. */
  readonly document: string
}

/** Normalised: identifiers bare, the phone in E.164, the email in lower case, the name trimmed. */
interface Details {
  readonly name: string
  /** Null for customers whom staff registered without one. */
  readonly email: string | null
  readonly phone: string
  readonly birth_date: string | null
  readonly driver_license: string | null
  readonly address: Address | null
  readonly refund_pix_key: string | null
  readonly representative: Representative | null
  readonly consents: Readonly<Record<string, boolean>> | null
}

export interface Customer extends Account, Details {
  /** CPF or CNPJ, bare. */
  readonly document: string
  /** When the e-mail was proved: by a code, or at the counter. */
  readonly email_proven_at: Date | null
  readonly email_changed_at: Date | null
  /** Why and since when they may not buy; only for blocked customers. */
  readonly blocked_reason: string | null
  readonly blocked_at: Date | null
  readonly created_at: Date
  readonly updated_at: Date
}

export type Amendment = Partial<Details & Pick<Account, 'account_balance_cents' | 'credit_limit_cents'>>

/** The customer with the fields that the amendment names. Refuses a limit below the credit in use. */
export function amend<Amended extends Customer>(
  customer: Amended,
  amendment: Amendment,
  now: Date,
): Amended | 'customer_erased' | 'credit_limit_in_use' {
  if (customer.status === 'erased') return 'customer_erased'
  const amended = { ...customer, ...amendment, updated_at: now }
  return amended.credit_limit_cents < amended.used_credit_cents ? 'credit_limit_in_use' : amended
}

/** From now on the customer may not buy; purchases in progress go on. Blocking again changes the reason, not the date. */
export function block<Blocked extends Customer>(customer: Blocked, reason: string, now: Date) {
  if (customer.status === 'erased') return 'customer_erased'
  const blocked_at = customer.blocked_at ?? now
  return { ...customer, status: 'blocked' as const, blocked_reason: reason, blocked_at, updated_at: now }
}

/** A customer who is not blocked stays as they are. */
export function unblock<Unblocked extends Customer>(customer: Unblocked, now: Date) {
  if (customer.status === 'erased') return 'customer_erased'
  if (customer.status === 'active') return customer
  return { ...customer, status: 'active' as const, blocked_reason: null, blocked_at: null, updated_at: now }
}

/** Whether balance and credit would each cover this price now, by the rule of a hold (credit-hold.ts). */
export const affordable = (customer: Account, price_cents: Cents) => ({
  cash: customer.status === 'active' && customer.account_balance_cents >= price_cents,
  credit: customer.status === 'active' && availableCredit(customer) >= price_cents,
})

export const availableCredit = ({ credit_limit_cents, used_credit_cents }: Account): Cents =>
  credit_limit_cents - used_credit_cents

const CNPJ_LENGTH = 14
const ADULT_YEARS = 18
/** São Paulo has been three hours behind UTC all year since 2019. */
const BEHIND_UTC_MS = 3 * 3_600_000

/** A company acts by a person, and somebody under eighteen can't take a vehicle alone. A person without a known birth date counts as an adult. */
export function needsRepresentative({ document, birth_date }: Pick<Customer, 'document' | 'birth_date'>, now: Date) {
  if (document.length === CNPJ_LENGTH) return true
  if (birth_date === null) return false
  const today = new Date(now.getTime() - BEHIND_UTC_MS).toISOString().slice(0, 10)
  const year = String(Number(today.slice(0, 4)) - ADULT_YEARS)
  return birth_date > `${year}${today.slice(4)}`
}

/** All but the last 4 characters become `*`. */
export const maskDocument = (document: string): string => document.slice(-4).padStart(document.length, '*')
