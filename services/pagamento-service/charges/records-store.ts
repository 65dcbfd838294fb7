/** The SQL of this service's records for an auditor: codes with their payments. */
import type { ChargeRecord } from '#contracts'
import type { Database } from '#platform/database/database'
import { toReais } from '#platform/money'
import { BESIDE } from '../domain/coming-back.ts'

type Row = Omit<ChargeRecord, 'amount' | 'owed' | 'abated' | 'parts_disagree' | 'updated_at'> & {
  readonly amount_cents: number
  readonly owed_cents: number
  readonly abated_cents: number
  /** Null where they agree. */
  readonly parts_disagree: string | null
  readonly updated_at: Date
}

/** What of a part goes back, or is back; a part that went back before this was kept went back whole. */
const BACK = `case when state in ('refunding', 'refunded', 'owed') then coalesce(back_cents, part.amount_cents) else 0 end`

const CHARGES = `select c.transaction_id, c.customer_id, c.vehicle_id, c.amount_cents, c.payment_type,
    c.status as code_status, p.status as payment_status, c.updated_at, coalesce(p.abated_cents, 0) as abated_cents,
    p.refund_due_at is not null or c.payment_type = 'counter' and exists (
      select from payment_parts where transaction_id = c.transaction_id and state = 'refunding') as refund_under_way,
    (select coalesce(sum(amount_cents), 0)::bigint from owed_items
     where owed_items.transaction_id = c.transaction_id and owed_items.status = 'open' and owed_items.reason <> all(array['${BESIDE.join("', '")}'])) as owed_cents,
    case when c.payment_type = 'counter' then (
      select case when c.status in ('pending', 'used') and (coalesce(sum(part.amount_cents), 0) <> c.held_cents
          or (c.status = 'used') <> (c.held_cents = c.amount_cents))
        then c.held_cents || ' held, parts of ' || coalesce(sum(part.amount_cents), 0) || ', ' || c.amount_cents || ' due'
        when (c.status = 'voided' or p.status = 'refunded') and sum(${BACK}) <> greatest(0, c.received_cents - coalesce(p.abated_cents, 0))
          then c.received_cents || ' received, parts of ' || sum(${BACK}) || ' go back, ' || coalesce(p.abated_cents, 0) || ' were back' end
      from payment_parts part where part.transaction_id = c.transaction_id and state not in ('asked', 'reversed')) end as parts_disagree
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

const recordOf = ({
  amount_cents,
  owed_cents,
  abated_cents,
  parts_disagree,
  updated_at,
  ...same
}: Row): ChargeRecord => ({
  ...same,
  ...(abated_cents > 0 && { abated: toReais(abated_cents) }),
  ...(parts_disagree !== null && { parts_disagree }),
  amount: toReais(amount_cents),
  owed: toReais(owed_cents),
  updated_at: updated_at.toISOString(),
})
