/** The SQL of this service's records for an auditor: reservations, with the state of their vehicles. */
import type { ReservationRecord } from '#contracts'
import type { Database } from '#platform/database/database'

type Row = Omit<ReservationRecord, 'picked_up_at'> & { readonly picked_up_at: Date | null }

const RESERVATIONS = `select r.transaction_id, r.customer_id, r.vehicle_id, r.status, v.status as vehicle_status,
    coalesce(r.transaction_id in (v.reserved_by, v.sold_to_transaction), false) as has_vehicle,
    case when v.sold_to_transaction = r.transaction_id then v.picked_up_at end as picked_up_at,
    (select json_build_object('return_id', return_id, 'status', status, 'abated', abated_cents / 100.0) from vehicle_returns
     where purchase_id = r.transaction_id and status in ('held', 'taken_back')) as return
  from vehicle_reservations r left join vehicles v on v.id = r.vehicle_id`

export const reservationRecords = {
  page: async (database: Database, after: string, limit: number) =>
    (
      await database.query<Row>(`${RESERVATIONS} where r.transaction_id > $1 order by r.transaction_id limit $2`, [
        after,
        limit,
      ])
    ).map(recordOf),
  named: async (database: Database, ids: readonly string[]) =>
    (await database.query<Row>(`${RESERVATIONS} where r.transaction_id = any($1::uuid[])`, [ids])).map(recordOf),
}

const recordOf = ({ picked_up_at, ...same }: Row): ReservationRecord => ({
  ...same,
  picked_up_at: picked_up_at?.toISOString() ?? null,
})
