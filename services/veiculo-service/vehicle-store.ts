/** The vehicles' SQL, but for who has them (reservation-store.ts) and their list (listing-store.ts). */
import type { Queryable, Tx } from '#platform/database'
import { type Details, mercosulPlate, type Vehicle } from './domain/vehicle.ts'

export const COLUMNS = `id, brand, model, year, color, price_cents, license_plate, chassi_number, renavam, mileage_km,
  fuel, transmission, description, photos, documentation, status, reserved_by, sold_to_transaction, pickup_code, sold_at,
  picked_up_at, created_at, updated_at`

/** Throws on `vehicles_plate_unique`, `vehicles_chassi_unique` and `vehicles_renavam_unique`. */
export async function insertVehicle(tx: Queryable, details: Details, now: Date): Promise<Vehicle> {
  const [row] = await tx.query<Vehicle>(
    `insert into vehicles (brand, model, year, color, price_cents, license_plate, plate_mercosul, chassi_number, renavam,
       mileage_km, fuel, transmission, description, photos, documentation, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16) returning ${COLUMNS}`,
    [...columnsOf(details), now],
  )
  if (!row) throw new Error('the insert returned no row')
  return row
}

/** Throws as insertVehicle does. Changes what the vehicle is, not who has it. */
export async function updateDetails(tx: Tx, vehicle: Vehicle): Promise<void> {
  tx.write(
    `update vehicles set brand = $1, model = $2, year = $3, color = $4, price_cents = $5, license_plate = $6,
       plate_mercosul = $7, chassi_number = $8, renavam = $9, mileage_km = $10, fuel = $11, transmission = $12,
       description = $13, photos = $14, documentation = $15, updated_at = $16
     where id = $17`,
    [...columnsOf(vehicle), vehicle.updated_at, vehicle.id],
  )
}

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
  tx.query<Vehicle>(`select ${COLUMNS} from vehicles where id = any($1::bigint[]) order by id`, [ids])

/** Locked in the order of their ids, so that two batches never wait for each other in a circle. */
export const lockVehicles = (tx: Tx, ids: readonly number[]) =>
  tx.query<Vehicle>(`select ${COLUMNS} from vehicles where id = any($1::bigint[]) order by id for update`, [ids])
