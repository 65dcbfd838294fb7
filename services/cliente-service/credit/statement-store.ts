/** The ledger as it is read: one customer's movements, newest first. */
import type { Queryable } from '#platform/database/database'
import { totalOf } from '#platform/database/total'
import type { LedgerEntry, Mark } from '../domain/ledger.ts'

export type StatementLine = LedgerEntry & Mark & { readonly id: number; readonly at: Date }

/** Entries older than `before`, an entry's id: ids rise in the order in which the customer's money moved. */
export const readStatement = (tx: Queryable, customer_id: number, before: number, limit: number) =>
  tx.query<StatementLine>(
    `select id, customer_id, kind, account, transaction_id, amount_cents, balance_after_cents, credit_after_cents, at,
       author, reason, reference, approval_id
     from ledger where customer_id = $1 and id < $2 order by id desc limit $3`,
    [customer_id, before, limit],
  )

/** As exact as `totalOf`. */
export const countStatement = (tx: Queryable, customer_id: number): Promise<number> =>
  totalOf(tx, `select from ledger where customer_id = $1`, [customer_id])
