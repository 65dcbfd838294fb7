/** The vehicles' SQL, but for who has them (reservation-store.ts) and their list (listing-store.ts). */
import type { Queryable, Tx } from '#platform/database'
import type { Versioned } from '#platform/etag'
import type { Counter } from './domain/pickup.ts'
import { type Details, mercosulPlate, type Vehicle } from './domain/vehicle.ts'

export const COLUMNS = `id, brand, model, year, color, price_cents, license_plate, chassi_number, renavam, mileage_km,
  fuel, transmission, description, photos, documentation, status, reserved_by, sold_to_transaction, pickup_code, sold_at,
  picked_up_at, received_by, revision, created_at, updated_at, vehicles.xmin::text as row_version`

/** A vehicle as a row: with the version that an entity tag is made of. */
export type VehicleRow = Vehicle & Versioned

/** On sale at once. Throws on `vehicles_plate_unique`, `vehicles_chassi_unique` and `vehicles_renavam_unique`. */
export async function insertVehicle(tx: Queryable, details: Details, now: Date): Promise<VehicleRow> {
  const [row] = await tx.query<VehicleRow>(
    `with added as (insert into vehicles (brand, model, year, color, price_cents, license_plate, plate_mercosul, chassi_number, renavam,
       mileage_km, fuel, transmission, description, photos, documentation, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16)
       returning ${COLUMNS}, words),
     offered as (insert into vehicle_offers (id, brand, model, year, price_cents, words)
       select id, brand, model, year, price_cents, words from added),
     ${learnt('added')}
     select * from added`,
    [...columnsOf(details), now],
  )
  if (!row) throw new Error('the insert returned no row')
  return row
}

/** Returns the row's new version. Throws as insertVehicle does. Changes what the vehicle is, not who has it. */
export async function updateDetails(tx: Tx, vehicle: VehicleRow): Promise<VehicleRow> {
  const [written] = await tx.query<Pick<VehicleRow, 'row_version'>>(
    `with amended as (update vehicles set brand = $1, model = $2, year = $3, color = $4, price_cents = $5, license_plate = $6,
       plate_mercosul = $7, chassi_number = $8, renavam = $9, mileage_km = $10, fuel = $11, transmission = $12,
       description = $13, photos = $14, documentation = $15, updated_at = $16, revision = $17
       where id = $18 returning *, xmin::text as row_version),
     offered as (update vehicle_offers as offer set brand = amended.brand, model = amended.model, year = amended.year,
         price_cents = amended.price_cents, words = amended.words
       from amended where offer.id = amended.id),
     ${learnt('amended')}
     select row_version from amended`,
    [...columnsOf(vehicle), vehicle.updated_at, vehicle.revision, vehicle.id],
  )
  return { ...vehicle, ...written }
}

/** The words that search knows; in their order, so that two offers with the same new words do not wait in a circle. */
const learnt = (changed: string) =>
  `learnt as (insert into vehicle_words (word)
     select unnest(words) from ${changed} order by 1 on conflict (word) do nothing)`

const columnsOf = (details: Details) => [
  details.brand,
  details.model,
  details.year,
  details.color,
  details.price_cents,
  details.license_plate,
  mercosulPlate(details.license_plate),
  details.chassi_number,
  details.renavam,
  details.mileage_km,
  details.fuel,
  details.transmission,
  details.description,
  details.photos && JSON.stringify(details.photos), // the driver would send an array as a PostgreSQL array
  details.documentation && JSON.stringify(details.documentation),
]

/** Those of the ids that exist, in the order of their ids. */
export const findVehicles = (tx: Queryable, ids: readonly number[]) =>
  tx.query<VehicleRow>(`select ${COLUMNS} from vehicles where id = any($1::bigint[]) order by id`, [ids])

/** Locked in the order of their ids, so that two batches never wait for each other in a circle. */
export const lockVehicles = (tx: Tx, ids: readonly number[]) =>
  tx.query<VehicleRow>(`select ${COLUMNS} from vehicles where id = any($1::bigint[]) order by id for update`, [ids])

export async function lockCounter(tx: Tx, id: number): Promise<Counter | undefined> {
  const [counter] = await tx.query<Counter>(
    `select ${COLUMNS}, pickup_failures, pickup_locked_until from vehicles where id = $1 for update`,
    [id],
  )
  return counter
}

export function updateCounter(tx: Tx, vehicle: Counter): void {
  tx.write(
    `update vehicles set status = $2, picked_up_at = $3, received_by = $4, pickup_failures = $5, pickup_locked_until = $6,
       revision = $7, updated_at = $8, pickup_code = $9
     where id = $1`,
    [
      vehicle.id,
      vehicle.status,
      vehicle.picked_up_at,
      vehicle.received_by,
      vehicle.pickup_failures,
      vehicle.pickup_locked_until,
      vehicle.revision,
      vehicle.updated_at,
      vehicle.pickup_code,
    ],
  )
}
