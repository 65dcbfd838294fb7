/** Money that is moved by hand, as a difference: so nobody overwrites a balance that has changed since they read it. */
import type { Cents } from '#contracts'
import type { Account } from './customer.ts'

export const ADJUSTMENTS = ['deposit', 'withdrawal', 'credit_repayment', 'trade_in', 'correction'] as const

/** Money that comes in or goes out; the others move an account alone. */
export const isMoney = (kind: Adjustment['kind']): boolean =>
  kind === 'deposit' || kind === 'withdrawal' || kind === 'credit_repayment'

export interface Adjustment {
  readonly kind: (typeof ADJUSTMENTS)[number]
  /** Signed: above zero when the customer has more than before. */
  readonly amount_cents: number
}

export type AdjustmentRefusal = 'customer_erased' | 'insufficient_balance' | 'nothing_to_repay' | 'balance_too_high'

/** The most that a column of money can hold. */
const MOST: Cents = 99_999_999_999

/** The direction of each kind; a correction may go either way. */
export const goesWrongWay = ({ kind, amount_cents }: Adjustment): boolean =>
  amount_cents === 0 || (kind !== 'correction' && amount_cents > 0 === (kind === 'withdrawal'))

/** `repayable_cents`: the credit in use, without the part that a running purchase may still release. */
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

/** All amounts of this person on this account in 24 hours count together, in either direction: ten times 9,999 is 99,990. */
export const isBeyond = (limit_cents: Cents, moved_cents: Cents, amount_cents: number): boolean =>
  moved_cents + Math.abs(amount_cents) > limit_cents
