/** The SQL that finds stock held without payment. */
import type { Queryable } from '#platform/database/database'

export interface HeldVehicle {
  readonly vehicle_id: number
  readonly purchases: number
  readonly customers: number
}

/** Vehicles that so many unpaid purchases by Pix have held since then. A purchase's id begins with its time. */
export const heldForNothing = (tx: Queryable, since: Date, times: number) =>
  tx.query<HeldVehicle>(
    `select vehicle_id, count(*) as purchases, count(distinct customer_id) as customers from sagas
     where transaction_id >= (lpad(to_hex($1::bigint), 12, '0') || repeat('0', 20))::uuid
       and payment_type = 'pix' and status in ('FAILED_COMPENSATED', 'CANCELLED')
     group by vehicle_id having count(*) >= $2 order by vehicle_id`,
    [since.getTime(), times],
  )
