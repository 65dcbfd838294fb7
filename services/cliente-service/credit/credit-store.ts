/** The SQL of holds, of the accounts they draw on, and of the ledger. Each function is one statement for a batch. */
import type { Queryable, Tx } from '#platform/database/database'
import type { CreditHold } from '../domain/credit-hold.ts'
import type { Account } from '../domain/customer.ts'
import type { LedgerEntry, Mark } from '../domain/ledger.ts'

/** Locked in the order of their ids, so that two batches never deadlock. */
export const lockAccounts = (tx: Tx, customer_ids: readonly number[]) =>
  tx.query<Account>(
    `select id, status, account_balance_cents, credit_limit_cents, used_credit_cents
     from customers where id = any($1::bigint[]) order by id for update`,
    [customer_ids],
  )

/** Call it after lockAccounts: only then does nobody else change the holds of these customers. */
export const findHolds = (tx: Queryable, transaction_ids: readonly string[]) =>
  tx.query<CreditHold>(
    `select transaction_id, customer_id, payment_type, amount_cents, status, reason, abated_cents
     from credit_holds where transaction_id = any($1::uuid[])`,
    [transaction_ids],
  )

/** Names each account once, in the state that the whole batch leaves it in. */
export function updateAccounts(tx: Tx, accounts: readonly Account[], now: Date): void {
  if (accounts.length === 0) return
  tx.write(
    `update customers set account_balance_cents = new.balance, used_credit_cents = new.used, updated_at = $4
     from unnest($1::bigint[], $2::bigint[], $3::bigint[]) as new(id, balance, used) where customers.id = new.id`,
    [
      accounts.map((account) => account.id),
      accounts.map((account) => account.account_balance_cents),
      accounts.map((account) => account.used_credit_cents),
      now,
    ],
  )
}

/**
 * Never an upsert. A customer who does not exist has no row to lock, so two commands of one purchase can arrive here at
 * once; the later one must fail and be handled again, not overwrite what the other has decided.
 */
export function insertHolds(tx: Tx, holds: readonly CreditHold[], now: Date): void {
  if (holds.length === 0) return
  tx.write(
    `insert into credit_holds (transaction_id, customer_id, payment_type, amount_cents, status, reason, created_at, updated_at)
     select *, $7::timestamptz, $7::timestamptz
     from unnest($1::uuid[], $2::bigint[], $3::text[], $4::bigint[], $5::text[], $6::text[])`,
    [
      holds.map((hold) => hold.transaction_id),
      holds.map((hold) => hold.customer_id),
      holds.map((hold) => hold.payment_type),
      holds.map((hold) => hold.amount_cents),
      holds.map((hold) => hold.status),
      holds.map((hold) => hold.reason),
      now,
    ],
  )
}

export function updateHolds(tx: Tx, holds: readonly CreditHold[], now: Date): void {
  if (holds.length === 0) return
  tx.write(
    `update credit_holds set status = new.status, reason = new.reason, abated_cents = new.abated_cents, updated_at = $5
     from unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[]) as new(transaction_id, status, reason, abated_cents)
     where credit_holds.transaction_id = new.transaction_id`,
    [
      holds.map((hold) => hold.transaction_id),
      holds.map((hold) => hold.status),
      holds.map((hold) => hold.reason),
      holds.map((hold) => hold.abated_cents ?? 0),
      now,
    ],
  )
}

export function insertEntries(tx: Tx, entries: readonly LedgerEntry[], now: Date): void {
  if (entries.length === 0) return
  tx.write(
    `insert into ledger (customer_id, kind, account, transaction_id, amount_cents, balance_after_cents,
       credit_after_cents, at)
     select customer_id, kind, account, transaction_id, amount, balance_after, credit_after, $8
     from unnest($1::bigint[], $2::text[], $3::text[], $4::uuid[], $5::bigint[], $6::bigint[], $7::bigint[])
       with ordinality as t(customer_id, kind, account, transaction_id, amount, balance_after, credit_after, n)
     order by n`,
    [
      entries.map((entry) => entry.customer_id),
      entries.map((entry) => entry.kind),
      entries.map((entry) => entry.account),
      entries.map((entry) => entry.transaction_id),
      entries.map((entry) => entry.amount_cents),
      entries.map((entry) => entry.balance_after_cents),
      entries.map((entry) => entry.credit_after_cents),
      now,
    ],
  )
}

/** Like insertEntries, for money that was moved by hand, with its author. */
export function insertMarked(tx: Tx, entries: readonly LedgerEntry[], mark: Mark, now: Date): void {
  if (entries.length === 0) return
  tx.write(
    `insert into ledger (customer_id, kind, account, amount_cents, balance_after_cents, credit_after_cents, at,
       author, reason, reference, approval_id)
     select customer_id, kind, account, amount, balance_after, credit_after, $7, $8, $9, $10, $11
     from unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[])
       with ordinality as t(customer_id, kind, account, amount, balance_after, credit_after, n)
     order by n`,
    [
      entries.map((entry) => entry.customer_id),
      entries.map((entry) => entry.kind),
      entries.map((entry) => entry.account),
      entries.map((entry) => entry.amount_cents),
      entries.map((entry) => entry.balance_after_cents),
      entries.map((entry) => entry.credit_after_cents),
      ...[now, mark.author, mark.reason, mark.reference, mark.approval_id],
    ],
  )
}
