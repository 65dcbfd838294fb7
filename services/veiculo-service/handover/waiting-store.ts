/** The SQL of sold vehicles that nobody has fetched. */
import type { Tx } from '#platform/database/database'

export interface Waiting {
  readonly vehicle_id: number
  readonly days: number
  readonly sold_at: Date
  /** Null for a sale by hand, and so is the customer. */
  readonly transaction_id: string | null
  readonly customer_id: number | null
}

/**
 * Vehicles that have waited for one of these numbers of days. Each number is told once, also by replicas that look at the same time,
 * because they see each other's rows. If nobody was told for long, only the greatest number is told. This reads the whole table, once
 * an hour: an index would have to be written with every sale.
 */
export const takeWaiting = (tx: Tx, days: readonly number[], now: Date): Promise<Waiting[]> =>
  tx.query<Waiting>(
    `with due as (
       insert into pickup_waits (vehicle_id, sold_at, days, told_at)
       select id, sold_at, waited.days, $2 from vehicles cross join unnest($1::int[]) as waited(days)
       where status = 'sold' and return_id is null and sold_at <= $2::timestamptz - waited.days * interval '1 day'
       order by id, waited.days
       on conflict do nothing returning vehicle_id, sold_at, days)
     select due.vehicle_id, max(days) as days, due.sold_at, transaction_id, customer_id
     from due join vehicles on vehicles.id = due.vehicle_id left join vehicle_reservations on transaction_id = sold_to_transaction
     group by due.vehicle_id, due.sold_at, transaction_id, customer_id order by due.vehicle_id`,
    [days, now],
  )
