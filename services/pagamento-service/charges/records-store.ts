/** The SQL of this service's records for an auditor: codes with their payments. */
import type { ChargeRecord } from '#contracts'
import type { Database } from '#platform/database/database'
import { toReais } from '#platform/money'

type Row = Omit<ChargeRecord, 'amount' | 'owed' | 'updated_at'> & {
  readonly amount_cents: number
  readonly owed_cents: number
  readonly updated_at: Date
}

const CHARGES = `select c.transaction_id, c.customer_id, c.vehicle_id, c.amount_cents, c.payment_type,
    c.status as code_status, p.status as payment_status, p.refund_due_at is not null as refund_under_way, c.updated_at,
    (select coalesce(sum(amount_cents), 0)::bigint from owed_items
     where owed_items.transaction_id = c.transaction_id and owed_items.status = 'open') as owed_cents
  from payment_codes c left join payments p on p.transaction_id = c.transaction_id`

export const chargeRecords = {
  page: async (database: Database, after: string, limit: number) =>
    (
      await database.query<Row>(`${CHARGES} where c.transaction_id > $1 order by c.transaction_id limit $2`, [
        after,
        limit,
      ])
    ).map(recordOf),
  named: async (database: Database, ids: readonly string[]) =>
    (await database.query<Row>(`${CHARGES} where c.transaction_id = any($1::uuid[])`, [ids])).map(recordOf),
}

const recordOf = ({ amount_cents, owed_cents, updated_at, ...same }: Row): ChargeRecord => ({
  ...same,
  amount: toReais(amount_cents),
  owed: toReais(owed_cents),
  updated_at: updated_at.toISOString(),
})
