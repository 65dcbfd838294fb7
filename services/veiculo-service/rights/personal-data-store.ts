/** The SQL of the data held here about one person. */
import type { Queryable } from '#platform/database/database'
import type { Reservation } from '../domain/reservation.ts'
import type { Claim } from '../domain/warranty.ts'
import { CLAIM_COLUMNS } from '../warranty/claim-store.ts'

export type HeldReservation = Reservation & { readonly created_at: Date; readonly ended_at: Date | null }

export const reservationsOf = (tx: Queryable, customer_id: number) =>
  tx.query<HeldReservation>(
    `select transaction_id, vehicle_id, customer_id, status, reason, created_at, ended_at
     from vehicle_reservations where customer_id = $1 order by created_at, transaction_id`,
    [customer_id],
  )

/** This customer's purchases whose vehicle was picked up. */
export async function handedOver(tx: Queryable, customer_id: number): Promise<string[]> {
  const rows = await tx.query<{ transaction_id: string }>(
    `select transaction_id from vehicle_reservations join vehicles on vehicles.id = vehicle_id
     where customer_id = $1 and sold_to_transaction = transaction_id and vehicles.status = 'picked_up'`,
    [customer_id],
  )
  return rows.map(({ transaction_id }) => transaction_id)
}

export const claimsOf = (tx: Queryable, customer_id: number) =>
  tx.query<Claim>(`select ${CLAIM_COLUMNS} from warranty_claims where customer_id = $1 order by id`, [customer_id])
