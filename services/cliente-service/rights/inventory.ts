/** The kinds of data held about people, with purpose, legal ground and duration: LGPD, art. 9 and 19. No person's own data. */
import type { Config } from '#platform/config'

export interface Category {
  readonly category: string
  readonly fields: readonly string[]
  /** Who holds it. */
  readonly service: string
  readonly source: string
  readonly purpose: string
  /** Article of the LGPD. */
  readonly legal_basis: string
  readonly kept: string
}

export const inventory = (config: Config): readonly Category[] => [
  {
    category: 'identity and contact',
    fields: ['name', 'document', 'birth_date', 'driver_license', 'email', 'phone', 'address', 'representative'],
    service: 'cliente-service',
    source: 'given by the person',
    purpose: 'the contract of sale, and to tell who is buying',
    legal_basis: 'art. 7 V (contract) and II (legal duty: identification of buyers)',
    kept: `until erasure; without a purchase, money or any change: ${config.RETENTION_INACTIVE_DAYS} days`,
  },
  {
    category: 'account',
    fields: ['account_balance', 'credit_limit', 'used_credit', 'statement', 'credit_holds', 'refund_pix_key'],
    service: 'cliente-service',
    source: 'purchases, and what staff entered',
    purpose: 'to pay for vehicles and to give money back',
    legal_basis: 'art. 7 V (contract) and X (credit)',
    kept: `after erasure without the person, when open: ${config.RETENTION_CLAIMS_DAYS} days`,
  },
  {
    category: 'sign-in',
    fields: ['email', 'password_hash', 'sessions', 'second_factors', 'passkeys'],
    service: 'identidade-service',
    source: 'given by the person, and their browser',
    purpose: 'to let the person in, and nobody else',
    legal_basis: 'art. 7 V (contract) and 46 (security)',
    kept: 'until erasure; a session for 30 days at most, what was to be mailed for 7 days',
  },
  {
    category: 'consents',
    fields: ['consents'],
    service: 'cliente-service',
    source: 'given by the person',
    purpose: 'to prove what was agreed to',
    legal_basis: 'art. 8, § 2º',
    kept: 'until erasure',
  },
  {
    category: 'purchases',
    fields: ['purchases', 'returns', 'reservations', 'vehicles_bought', 'received_by', 'warranty_claims'],
    service: 'orquestrador and veiculo-service',
    source: 'the purchase',
    purpose: 'the sale, and its fiscal and anti-money-laundering records',
    legal_basis: 'art. 7 V (contract) and II (legal duty)',
    kept: `after erasure without the person: ${config.RETENTION_FISCAL_DAYS} days (fiscal), ${config.RETENTION_COAF_DAYS} days (COAF); who took a vehicle: ${config.RETENTION_PICKUP_DAYS} days`,
  },
  {
    category: 'payments',
    fields: ['payment_codes', 'payments', 'unmatched_payments', 'owed_items', 'debts', 'end_to_end_id'],
    service: 'pagamento-service',
    source: 'the purchase and the payment provider',
    purpose: 'to be paid, and to give money back',
    legal_basis: 'art. 7 V (contract) and II (legal duty)',
    kept: `after erasure without the person: ${config.RETENTION_FISCAL_DAYS} days`,
  },
  {
    category: 'accesses',
    fields: ['subject', 'role', 'fields', 'reason', 'at'],
    service: 'cliente-service and veiculo-service',
    source: 'readings of unmasked data',
    purpose: 'to tell who has read what, and why',
    legal_basis: 'art. 37 and 46',
    kept: 'for good: the log is added to and never changed, and names the customer by number alone',
  },
]
