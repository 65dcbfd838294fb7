/** The SQL of returns and their vehicles. Each function is one statement for a batch. */
import type { Cents } from '#contracts'
import type { Queryable, Tx } from '#platform/database/database'
import type { VehicleReturn } from '../domain/coming-back.ts'
import type { Stock } from '../domain/vehicle.ts'

/** The returns with these ids, and the open or finished returns of these purchases. Call it with the vehicles locked. */
export const findReturns = (tx: Queryable, return_ids: readonly string[], purchase_ids: readonly string[]) =>
  tx.query<VehicleReturn>(
    `select return_id, purchase_id, vehicle_id, customer_id, status, reason, abated_cents from vehicle_returns
     where return_id = any($1::uuid[]) or (purchase_id = any($2::uuid[]) and status in ('held', 'taken_back'))`,
    [return_ids, purchase_ids],
  )

/** Those of these vehicles whose car is in stock as another vehicle. Call it with them locked; an offer takes the same lock. */
export async function findInAgain(tx: Queryable, vehicle_ids: readonly number[]): Promise<number[]> {
  const found = await tx.query<{ vehicle_id: number }>(
    `select vehicle_id from vehicle_papers as one where vehicle_id = any($1::bigint[]) and exists (
       select from vehicle_papers as other where other.in_house and other.vehicle_id <> one.vehicle_id
         and (other.plate_fingerprint = one.plate_fingerprint or other.chassi_fingerprint = one.chassi_fingerprint
           or other.renavam_fingerprint = one.renavam_fingerprint))`,
    [vehicle_ids],
  )
  return found.map(({ vehicle_id }) => vehicle_id)
}

/** What warranty claims have taken off the prices of these purchases. Call it with their vehicles locked: claims close behind that lock. */
export const findAbatements = (tx: Queryable, purchase_ids: readonly string[]) =>
  tx.query<Abatement>(
    `select transaction_id as purchase_id, sum(refund_cents)::bigint as abated_cents from warranty_claims
     where transaction_id = any($1::uuid[]) and status = 'abated' group by transaction_id`,
    [purchase_ids],
  )

export interface Abatement {
  readonly purchase_id: string
  readonly abated_cents: Cents
}

/** Never an upsert: when two commands meet here, the later one must fail and be handled again. */
export function insertReturns(tx: Tx, returns: readonly VehicleReturn[], now: Date): void {
  if (returns.length === 0) return
  tx.write(
    `insert into vehicle_returns (return_id, purchase_id, vehicle_id, customer_id, status, reason, abated_cents, created_at,
       updated_at)
     select *, $8::timestamptz, $8::timestamptz
     from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bigint[])`,
    [
      returns.map((one) => one.return_id),
      returns.map((one) => one.purchase_id),
      returns.map((one) => one.vehicle_id),
      returns.map((one) => one.customer_id),
      returns.map((one) => one.status),
      returns.map((one) => one.reason),
      returns.map((one) => one.abated_cents),
      now,
    ],
  )
}

export function updateReturns(tx: Tx, returns: readonly VehicleReturn[], now: Date): void {
  if (returns.length === 0) return
  tx.write(
    `update vehicle_returns set status = new.status, reason = new.reason, updated_at = $4
     from unnest($1::uuid[], $2::text[], $3::text[]) as new(return_id, status, reason)
     where vehicle_returns.return_id = new.return_id`,
    [returns.map((one) => one.return_id), returns.map((one) => one.status), returns.map((one) => one.reason), now],
  )
}

/** A vehicle that is held for a return, or is back. Once it is back, the person who had taken it is forgotten. */
export interface ComingBack {
  readonly vehicle: Stock
  /** The mileage read at the return; null until then. */
  readonly mileage_km: number | null
}

/** Names each vehicle once: the caller folds a batch's decisions into one last state. */
export function updateComingBack(tx: Tx, coming: readonly ComingBack[], now: Date): void {
  if (coming.length === 0) return
  tx.write(
    `update vehicle_papers set in_house = new.in_house from unnest($1::bigint[], $2::boolean[]) as new(id, in_house)
     where vehicle_papers.vehicle_id = new.id and vehicle_papers.in_house <> new.in_house`,
    [coming.map(({ vehicle }) => vehicle.id), coming.map(({ vehicle }) => isInHouse(vehicle))],
  )
  tx.write(
    `update vehicles set status = new.status, return_id = new.return_id, reserved_by = new.reserved_by,
       sold_at = new.sold_at, sold_to_transaction = new.sold_to, pickup_code = new.pickup_code,
       pickup_print = new.pickup_print, picked_up_at = new.picked_up_at, received_by = case when new.status = 'picked_up' then received_by end,
       mileage_km = coalesce(new.mileage_km, vehicles.mileage_km), revision = new.revision, updated_at = $12
     from unnest($1::bigint[], $2::text[], $3::uuid[], $4::uuid[], $5::timestamptz[], $6::uuid[], $7::text[],
         $8::text[], $9::timestamptz[], $10::int[], $11::bigint[])
       as new(id, status, return_id, reserved_by, sold_at, sold_to, pickup_code, pickup_print, picked_up_at, mileage_km, revision)
     where vehicles.id = new.id`,
    [
      coming.map(({ vehicle }) => vehicle.id),
      coming.map(({ vehicle }) => vehicle.status),
      coming.map(({ vehicle }) => vehicle.return_id),
      coming.map(({ vehicle }) => vehicle.reserved_by),
      coming.map(({ vehicle }) => vehicle.sold_at),
      coming.map(({ vehicle }) => vehicle.sold_to_transaction),
      coming.map(({ vehicle }) => vehicle.pickup_code),
      coming.map(({ vehicle }) => vehicle.pickup_print),
      coming.map(({ vehicle }) => vehicle.picked_up_at),
      coming.map(({ mileage_km }) => mileage_km),
      coming.map(({ vehicle }) => vehicle.revision),
      now,
    ],
  )
}

/** A vehicle that was picked up counts as in stock again as soon as its return opens. */
const isInHouse = ({ status, return_id }: Stock) => status !== 'picked_up' || return_id !== null
