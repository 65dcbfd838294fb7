/** The ledger's entries: the amounts that a change of an account moved, written together with the change. */
import type { Cents } from '#contracts'
import type { Adjustment } from './adjustment.ts'
import { type Account, availableCredit } from './customer.ts'

/** For money moved by hand: the author. */
export interface Mark {
  readonly author: string | null
  readonly reason: string | null
  readonly reference: string | null
  /** The approval by which a second person, or an admin alone, allowed it. */
  readonly approval_id: string | null
}

export interface LedgerEntry {
  readonly customer_id: number
  /** adjustment: set absolutely; return_of_repaid: the repaid part of the credit that a returned purchase had used. */
  readonly kind: 'opening' | 'adjustment' | 'hold' | 'release' | 'return' | 'return_of_repaid' | Adjustment['kind']
  /** Which account moved: the balance, or the available credit. */
  readonly account: 'balance' | 'credit'
  readonly transaction_id: string | null
  /** Negative when the customer has less than before. */
  readonly amount_cents: number
  /** Both after this movement. */
  readonly balance_after_cents: Cents
  readonly credit_after_cents: Cents
}

/**
 * One entry for the balance and one for the credit, each only if it differs between `before` and `after` (undefined at an
 * opening). The balance moves first, so that each entry's `…_after` is the sum of all amounts up to it.
 */
export function movements(
  before: Account | undefined,
  after: Account,
  kind: LedgerEntry['kind'],
  transaction_id: string | null = null,
): LedgerEntry[] {
  const credit_before = before ? availableCredit(before) : 0
  const entry = (account: LedgerEntry['account'], amount_cents: number, credit_after_cents: Cents): LedgerEntry => ({
    customer_id: after.id,
    kind,
    account,
    transaction_id,
    amount_cents,
    balance_after_cents: after.account_balance_cents,
    credit_after_cents,
  })
  return [
    entry('balance', after.account_balance_cents - (before?.account_balance_cents ?? 0), credit_before),
    entry('credit', availableCredit(after) - credit_before, availableCredit(after)),
  ].filter(({ amount_cents }) => amount_cents !== 0)
}
