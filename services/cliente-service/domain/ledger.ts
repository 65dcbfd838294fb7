/** The ledger's entries: what a change of an account moved, written down beside the change. */
import type { Cents } from '#contracts'
import { type Account, availableCredit } from './customer.ts'

export interface LedgerEntry {
  readonly customer_id: number
  readonly kind: 'opening' | 'adjustment' | 'hold' | 'release'
  /** Which of the two moved: the balance, or the credit available. */
  readonly account: 'balance' | 'credit'
  readonly transaction_id: string | null
  /** Signed: below zero when the customer has less than before. */
  readonly amount_cents: number
  readonly balance_after_cents: Cents
  readonly credit_after_cents: Cents
}

/** One entry for each of balance and credit that differs between `before` and `after`; before an opening is nothing. */
export function movements(
  before: Account | undefined,
  after: Account,
  kind: LedgerEntry['kind'],
  transaction_id: string | null = null,
): LedgerEntry[] {
  const entry = (account: LedgerEntry['account'], amount_cents: number): LedgerEntry => ({
    customer_id: after.id,
    kind,
    account,
    transaction_id,
    amount_cents,
    balance_after_cents: after.account_balance_cents,
    credit_after_cents: availableCredit(after),
  })
  return [
    entry('balance', after.account_balance_cents - (before?.account_balance_cents ?? 0)),
    entry('credit', availableCredit(after) - (before ? availableCredit(before) : 0)),
  ].filter(({ amount_cents }) => amount_cents !== 0)
}
