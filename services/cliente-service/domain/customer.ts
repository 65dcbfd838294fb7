/** A customer: who they are, and the account from which their purchases are settled. */
import type { Cents } from '#contracts'

export type CustomerStatus = 'active' | 'blocked' | 'erased'

/** As much of a customer as decides whether a purchase may be held. */
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

/** Normalised: identifiers bare, the phone in E.164, the email in lower case, the name trimmed. */
interface Details {
  readonly name: string
  readonly email: string
  readonly phone: string
  readonly birth_date: string | null
  readonly driver_license: string | null
  readonly address: Address | null
  readonly refund_pix_key: string | null
  readonly consents: Readonly<Record<string, boolean>> | null
}

export interface Customer extends Account, Details {
  /** CPF or CNPJ, bare. */
  readonly document: string
  readonly created_at: Date
  readonly updated_at: Date
}

export type Amendment = Partial<Details & Pick<Account, 'account_balance_cents' | 'credit_limit_cents'>>

export type AmendmentRefusal = 'credit_limit_in_use'

/** The customer with the fields that the amendment names; credit already in use stays within the limit. */
export function amend(customer: Customer, amendment: Amendment, now: Date): Customer | AmendmentRefusal {
  const amended = { ...customer, ...amendment, updated_at: now }
  return amended.credit_limit_cents < amended.used_credit_cents ? 'credit_limit_in_use' : amended
}

export const availableCredit = ({ credit_limit_cents, used_credit_cents }: Account): Cents =>
  credit_limit_cents - used_credit_cents

/** All but the last 4 characters become `*`. */
export const maskDocument = (document: string): string => document.slice(-4).padStart(document.length, '*')
