/** The SQL of this service's records for an auditor: holds, the ledger's amounts for them, and accounts. */
import type { AccountRecord, HoldRecord } from '#contracts'
import type { Database } from '#platform/database/database'
import { toReais } from '#platform/money'

type HoldRow = Omit<HoldRecord, 'amount' | 'moved' | 'abated'> &
  Record<'amount_cents' | 'moved_cents' | 'abated_cents', number>

const HOLDS = `select transaction_id, customer_id, payment_type, amount_cents, status, abated_cents,
    (select coalesce(sum(amount_cents), 0)::bigint from ledger where ledger.transaction_id = holds.transaction_id)
      as moved_cents
  from credit_holds as holds`

export const holdRecords = {
  page: async (database: Database, after: string, limit: number) =>
    (
      await database.query<HoldRow>(`${HOLDS} where transaction_id > $1 order by transaction_id limit $2`, [
        after,
        limit,
      ])
    ).map(recordOf),
  named: async (database: Database, ids: readonly string[]) =>
    (await database.query<HoldRow>(`${HOLDS} where transaction_id = any($1::uuid[])`, [ids])).map(recordOf),
}

const recordOf = ({ amount_cents, moved_cents, abated_cents, ...same }: HoldRow): HoldRecord => ({
  ...same,
  ...(abated_cents > 0 && { abated: toReais(abated_cents) }),
  amount: toReais(amount_cents),
  moved: toReais(moved_cents),
})

/** One statement, so that a customer's account, ledger and holds are read at one moment. */
export async function accountRecords(database: Database, after: number, limit: number): Promise<AccountRecord[]> {
  const rows = await database.query<{ customer_id: number } & Record<`${Figure}_cents`, number>>(
    `select id as customer_id, account_balance_cents, credit_limit_cents - used_credit_cents as available_credit_cents,
       used_credit_cents,
       (select coalesce(sum(amount_cents), 0)::bigint from ledger
        where ledger.customer_id = customers.id and account = 'balance') as ledger_balance_cents,
       (select coalesce(sum(amount_cents), 0)::bigint from ledger
        where ledger.customer_id = customers.id and account = 'credit') as ledger_credit_cents,
       (select coalesce(sum(amount_cents), 0)::bigint from credit_holds
        where credit_holds.customer_id = customers.id and status = 'held' and payment_type = 'credit')
         - (select coalesce(sum(amount_cents), 0)::bigint from ledger
            where ledger.customer_id = customers.id and kind = 'credit_repayment')
         + (select coalesce(sum(amount_cents), 0)::bigint from ledger
            where ledger.customer_id = customers.id and kind = 'return_of_repaid')
         + (select coalesce(sum(abated_cents), 0)::bigint from credit_holds
            where credit_holds.customer_id = customers.id and status = 'returned' and payment_type = 'credit')
         as held_credit_cents
     from customers where id > $1 order by id limit $2`,
    [after, limit],
  )
  return rows.map((row) => ({
    customer_id: row.customer_id,
    account_balance: toReais(row.account_balance_cents),
    available_credit: toReais(row.available_credit_cents),
    used_credit: toReais(row.used_credit_cents),
    ledger_balance: toReais(row.ledger_balance_cents),
    ledger_credit: toReais(row.ledger_credit_cents),
    held_credit: toReais(row.held_credit_cents),
  }))
}

type Figure = Exclude<keyof AccountRecord, 'customer_id'>
