/** The SQL of this service's records for an auditor: codes with their payments. */
import type { ChargeRecord } from '#contracts'
import type { Database } from '#platform/database/database'
import { toReais } from '#platform/money'
import { BESIDE } from '../domain/coming-back.ts'

type Row = Omit<ChargeRecord, 'amount' | 'owed' | 'parts_disagree' | 'updated_at'> & {
  readonly amount_cents: number
  readonly owed_cents: number
  /** Null where they agree. */
  readonly parts_disagree: string | null
  readonly updated_at: Date
}

const CHARGES = `select c.transaction_id, c.customer_id, c.vehicle_id, c.amount_cents, c.payment_type,
    c.status as code_status, p.status as payment_status, p.refund_due_at is not null as refund_under_way, c.updated_at,
    (select coalesce(sum(amount_cents), 0)::bigint from owed_items
     where owed_items.transaction_id = c.transaction_id and owed_items.status = 'open' and owed_items.reason <> all(array['${BESIDE.join("', '")}'])) as owed_cents,
    case when c.payment_type = 'counter' then (
      select case when c.status in ('pending', 'used') and (coalesce(sum(amount_cents), 0) <> c.held_cents
          or (c.status = 'used') <> (c.held_cents = c.amount_cents))
        then c.held_cents || ' held, parts of ' || coalesce(sum(amount_cents), 0) || ', ' || c.amount_cents || ' due' end
      from payment_parts where transaction_id = c.transaction_id
        and state in ('promised', 'received', 'failed', 'owed', 'cancelled')) end as parts_disagree
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

const recordOf = ({ amount_cents, owed_cents, parts_disagree, updated_at, ...same }: Row): ChargeRecord => ({
  ...same,
  ...(parts_disagree !== null && { parts_disagree }),
  amount: toReais(amount_cents),
  owed: toReais(owed_cents),
  updated_at: updated_at.toISOString(),
})
