/** The SQL that removes people's data from the records of vehicles. */
import type { Tx } from '#platform/database/database'

/**
 * Forgets who took the vehicles that these people bought, and who will take them. The vehicles are locked first, handed over or
 * not: so this waits for a handover under way, and the next one finds its buyer erased.
 */
export async function erasePeople(tx: Tx, customer_ids: readonly number[], now: Date): Promise<void> {
  const sold = await tx.query<{ vehicle_id: number }>(
    `select vehicle_id from vehicle_reservations where customer_id = any($1::bigint[]) and status = 'sold'`,
    [customer_ids],
  )
  const ids = [sold.map(({ vehicle_id }) => vehicle_id)]
  await tx.query(`select id from vehicles where id = any($1::bigint[]) order by id for update`, ids)
  await tx.query(`update vehicles set received_by = null where id = any($1::bigint[]) and received_by is not null`, ids)
  await tx.query(
    `update vehicle_handovers set proof = null where vehicle_id = any($1::bigint[]) and proof is not null`,
    ids,
  )
  await tx.query(
    `insert into erased_customers (customer_id, at) select distinct id, $2::timestamptz from unnest($1::bigint[]) as id
     order by 1 on conflict do nothing`,
    [customer_ids, now],
  )
}

/** The vehicles stay sold, without a buyer. Their warranty claims stay, without a person. */
export async function eraseReservations(tx: Tx, customer_ids: readonly number[]): Promise<void> {
  await tx.query(`update warranty_claims set customer_id = null where customer_id = any($1::bigint[])`, [customer_ids])
  await tx.query(`delete from vehicle_reservations where customer_id = any($1::bigint[]) and status <> 'reserved'`, [
    customer_ids,
  ])
}

/** Call it with the vehicle locked. */
export async function isBuyerErased(tx: Tx, transaction_id: string | null): Promise<boolean> {
  const found = await tx.query(
    `select from vehicle_reservations join erased_customers using (customer_id) where transaction_id = $1`,
    [transaction_id],
  )
  return found.length > 0
}
