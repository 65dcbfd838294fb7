/** The SQL of what this service tells an auditor: reservations beside what their vehicles say. */
import type { ReservationRecord } from '#contracts'
import type { Database } from '#platform/database/database'

const RESERVATIONS = `select r.transaction_id, r.customer_id, r.vehicle_id, r.status, v.status as vehicle_status,
    coalesce(r.transaction_id in (v.reserved_by, v.sold_to_transaction), false) as has_vehicle
  from vehicle_reservations r left join vehicles v on v.id = r.vehicle_id`

export const reservationRecords = {
  page: (database: Database, after: string, limit: number) =>
    database.query<ReservationRecord>(
      `${RESERVATIONS} where r.transaction_id > $1 order by r.transaction_id limit $2`,
      [after, limit],
    ),
  named: (database: Database, ids: readonly string[]) =>
    database.query<ReservationRecord>(`${RESERVATIONS} where r.transaction_id = any($1::uuid[])`, [ids]),
}
