/** Money that is moved by hand: by differences, so that who read an old balance loses nobody's money. */
import type { Cents } from '#contracts'
import type { Account } from './customer.ts'

export const ADJUSTMENTS = ['deposit', 'withdrawal', 'credit_repayment', 'trade_in', 'correction'] as const

export interface Adjustment {
  readonly kind: (typeof ADJUSTMENTS)[number]
  /** Signed: above zero when the customer has more than before. */
  readonly amount_cents: number
}

export type AdjustmentRefusal = 'customer_erased' | 'insufficient_balance' | 'nothing_to_repay' | 'balance_too_high'

/** As much as a column of money holds. */
const MOST: Cents = 99_999_999_999

/** Which way each kind of money goes; a correction goes either way. */
export const goesWrongWay = ({ kind, amount_cents }: Adjustment): boolean =>
  amount_cents === 0 || (kind !== 'correction' && amount_cents > 0 === (kind === 'withdrawal'))

/** `repayable_cents`: of the credit in use, what no purchase in progress can still give back. */
export function adjust<Adjusted extends Account>(
  account: Adjusted,
  { kind, amount_cents }: Adjustment,
  repayable_cents: Cents,
): Adjusted | AdjustmentRefusal {
  if (account.status === 'erased') return 'customer_erased'
  if (kind === 'credit_repayment') {
    if (amount_cents > repayable_cents) return 'nothing_to_repay'
    return { ...account, used_credit_cents: account.used_credit_cents - amount_cents }
  }
  const account_balance_cents = account.account_balance_cents + amount_cents
  if (account_balance_cents < 0) return 'insufficient_balance'
  if (account_balance_cents > MOST) return 'balance_too_high'
  return { ...account, account_balance_cents }
}

/** Ten times 9,999 is 99,990: what this person has moved of this customer's in 24 hours counts, whichever way it went. */
export const isBeyond = (limit_cents: Cents, moved_cents: Cents, amount_cents: number): boolean =>
  moved_cents + Math.abs(amount_cents) > limit_cents
