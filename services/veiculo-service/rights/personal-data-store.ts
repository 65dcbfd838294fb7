/** What is held here about one person: their SQL. */
import type { Queryable } from '#platform/database/database'
import type { Reservation } from '../domain/reservation.ts'

export type HeldReservation = Reservation & { readonly created_at: Date; readonly ended_at: Date | null }

export const reservationsOf = (tx: Queryable, customer_id: number) =>
  tx.query<HeldReservation>(
    `select transaction_id, vehicle_id, customer_id, status, reason, created_at, ended_at
     from vehicle_reservations where customer_id = $1 order by created_at, transaction_id`,
    [customer_id],
  )
