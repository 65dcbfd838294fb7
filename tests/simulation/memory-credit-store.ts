/** The twin of cliente-service's credit-store.ts in memory: the same functions, the same columns, the same constraints. */
import type * as real from '../../services/cliente-service/credit/credit-store.ts'
import type { CreditHold } from '../../services/cliente-service/domain/credit-hold.ts'
import type { Account } from '../../services/cliente-service/domain/customer.ts'
import type { LedgerEntry } from '../../services/cliente-service/domain/ledger.ts'
import { on, staged, type Table } from './memory.ts'

export const customers: Table<Account> = {
  name: 'customers',
  check(account) {
    const { account_balance_cents, used_credit_cents, credit_limit_cents } = account
    if (account_balance_cents < 0) return 'customers_balance_not_negative'
    return used_credit_cents < 0 || used_credit_cents > credit_limit_cents ? 'customers_credit_within_limit' : undefined
  },
}
export const creditHolds: Table<CreditHold> = { name: 'credit_holds' }
/** By transaction and kind: ledger_once_per_transaction. */
export const ledger: Table<LedgerEntry> = { name: 'ledger' }

export const lockAccounts: typeof real.lockAccounts = (tx, ids) => {
  const keys = [...ids].sort((one, other) => one - other)
  return on(tx, ({ get }) => keys.flatMap((id) => get(customers, id) ?? []), [customers, () => keys])
}

export const findHolds: typeof real.findHolds = (tx, ids) =>
  on(tx, ({ get }) => ids.flatMap((id) => get(creditHolds, id) ?? []))

export const updateAccounts: typeof real.updateAccounts = (tx, accounts) => {
  for (const { id, account_balance_cents, used_credit_cents } of accounts)
    staged(tx).update(customers, id, (row) => ({ ...row, account_balance_cents, used_credit_cents }))
}

export const insertHolds: typeof real.insertHolds = (tx, holds) => {
  for (const hold of holds) staged(tx).insert(creditHolds, hold.transaction_id, { ...hold, abated_cents: 0 })
}

export const updateHolds: typeof real.updateHolds = (tx, holds) => {
  for (const { transaction_id, status, reason, abated_cents = 0 } of holds)
    staged(tx).update(creditHolds, transaction_id, (row) => ({ ...row, status, reason, abated_cents }) as CreditHold)
}

export const insertEntries: typeof real.insertEntries = (tx, entries) => {
  for (const entry of entries) staged(tx).insert(ledger, `${entry.transaction_id} ${entry.kind}`, entry)
}
