/** The SQL of reservations and of who has a vehicle. Each function is one statement for a batch. */
import type { Queryable, Tx } from '#platform/database/database'
import type { Reservation } from '../domain/reservation.ts'
import type { Stock } from '../domain/vehicle.ts'

/** Locked in the order of their ids, so that two batches never deadlock. */
export const lockStock = (tx: Tx, vehicle_ids: readonly number[]) =>
  tx.query<Stock>(
    `select id, price_cents, revision, status, reserved_by, sold_to_transaction, pickup_code, pickup_print, sold_at,
       picked_up_at, return_id
     from vehicles where id = any($1::bigint[]) order by id for update`,
    [vehicle_ids],
  )

/** Call it after the vehicles are locked: only then does nobody else change their reservations. */
export const findReservations = (tx: Queryable, transaction_ids: readonly string[]) =>
  tx.query<Reservation>(
    `select transaction_id, vehicle_id, customer_id, status, reason
     from vehicle_reservations where transaction_id = any($1::uuid[])`,
    [transaction_ids],
  )

/** Names each vehicle once, in the state that the whole batch leaves it in. Keeps the offers in step. */
export function updateStock(tx: Tx, vehicles: readonly Stock[], now: Date): void {
  if (vehicles.length === 0) return
  addOffers(
    tx,
    vehicles.filter(({ status }) => status === 'available'),
  )
  removeOffers(tx, vehicles.filter(hasJustLeftSale))
  tx.write(
    `update vehicles set status = new.status, reserved_by = new.reserved_by, sold_at = new.sold_at,
       sold_to_transaction = new.sold_to, pickup_code = new.pickup_code, pickup_print = new.pickup_print, revision = new.revision,
       updated_at = $9
     from unnest($1::bigint[], $2::text[], $3::uuid[], $4::timestamptz[], $5::uuid[], $6::text[], $7::text[],
         $8::bigint[])
       as new(id, status, reserved_by, sold_at, sold_to, pickup_code, pickup_print, revision)
     where vehicles.id = new.id`,
    [
      vehicles.map((vehicle) => vehicle.id),
      vehicles.map((vehicle) => vehicle.status),
      vehicles.map((vehicle) => vehicle.reserved_by),
      vehicles.map((vehicle) => vehicle.sold_at),
      vehicles.map((vehicle) => vehicle.sold_to_transaction),
      vehicles.map((vehicle) => vehicle.pickup_code),
      vehicles.map((vehicle) => vehicle.pickup_print),
      vehicles.map((vehicle) => vehicle.revision),
      now,
    ],
  )
}

/** A vehicle bought by a purchase left the offers earlier, when it was reserved. */
const hasJustLeftSale = ({ status, sold_to_transaction }: Stock) =>
  status !== 'available' && sold_to_transaction === null

function addOffers(tx: Tx, vehicles: readonly Stock[]) {
  if (vehicles.length === 0) return
  tx.write(
    `insert into vehicle_offers (id, brand, model, year, price_cents, words, terms, mileage_km)
     select id, brand, model, year, price_cents, words, terms, mileage_km from vehicles where id = any($1::bigint[])
     on conflict (id) do nothing`,
    [vehicles.map(({ id }) => id)],
  )
}

function removeOffers(tx: Tx, vehicles: readonly Stock[]) {
  if (vehicles.length === 0) return
  tx.write(`delete from vehicle_offers where id = any($1::bigint[])`, [vehicles.map(({ id }) => id)])
}

/**
 * Never an upsert. A vehicle that does not exist has no row to lock, so two commands of one purchase can arrive here at
 * once; the later one must fail and be handled again, not overwrite what the other has decided.
 */
export function insertReservations(tx: Tx, reservations: readonly Reservation[], now: Date): void {
  if (reservations.length === 0) return
  tx.write(
    `insert into vehicle_reservations (transaction_id, vehicle_id, customer_id, status, reason, created_at, ended_at)
     select transaction_id, vehicle_id, customer_id, status, reason, $6,
       case when status <> 'reserved' then $6::timestamptz end
     from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::text[], $5::text[])
       as new(transaction_id, vehicle_id, customer_id, status, reason)`,
    [
      reservations.map((reservation) => reservation.transaction_id),
      reservations.map((reservation) => reservation.vehicle_id),
      reservations.map((reservation) => reservation.customer_id),
      reservations.map((reservation) => reservation.status),
      reservations.map((reservation) => reservation.reason),
      now,
    ],
  )
}

/** Ends reservations: a reserved one becomes released or sold, a sold one returned, never the other way. */
export function endReservations(tx: Tx, reservations: readonly Reservation[], now: Date): void {
  if (reservations.length === 0) return
  tx.write(
    `update vehicle_reservations set status = new.status, ended_at = $3
     from unnest($1::uuid[], $2::text[]) as new(transaction_id, status)
     where vehicle_reservations.transaction_id = new.transaction_id`,
    [
      reservations.map((reservation) => reservation.transaction_id),
      reservations.map((reservation) => reservation.status),
      now,
    ],
  )
}

/** How many purchases have a vehicle reserved, and for how many seconds the first of them has. */
export async function measureReservations(tx: Queryable, now: Date): Promise<{ live: number; oldest_seconds: number }> {
  const [found] = await tx.query<{ live: number; oldest_seconds: number }>(
    `select count(*) as live, coalesce(extract(epoch from $1::timestamptz - min(created_at)), 0)::float8 as oldest_seconds
     from (select created_at from vehicle_reservations where status = 'reserved' limit 100000) as live`,
    [now],
  )
  return found ?? { live: 0, oldest_seconds: 0 }
}

export async function countOffers(tx: Queryable): Promise<number> {
  const [found] = await tx.query<{ offers: number }>(
    `select count(*) as offers from (select from vehicle_offers limit 100000) as offered`,
  )
  return found?.offers ?? 0
}
