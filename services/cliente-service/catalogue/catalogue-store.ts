/**
 * The SQL of the catalogue: vehicles on sale, and bought ones. Each write is one statement for a batch that names a vehicle
 * once, in the order of the ids, so that batches about the same vehicles never deadlock.
 */
import type { BodyOf, Cents, vehicleListingChanged } from '#contracts'
import type { Queryable, Tx } from '#platform/database/database'
import { totalOf } from '#platform/database/total'
import type { Told } from '../domain/catalogue.ts'

export type PriceOrder = 'price_asc' | 'price_desc'

export interface OfferedVehicle {
  readonly vehicle_id: number
  readonly brand: string
  readonly model: string
  readonly year: number
  readonly color: string
  readonly price_cents: Cents
}

/** The facts are null until the vehicle's listing has come. The price is the one that was paid. */
export interface BoughtVehicle {
  readonly vehicle_id: number
  readonly brand: string | null
  readonly model: string | null
  readonly year: number | null
  readonly color: string | null
  readonly price_cents: Cents
  readonly transaction_id: string
  readonly bought_at: Date
}

/** The facts come from the newest listing, the status from the newest message of any kind. */
export function writeListings(tx: Tx, listings: readonly BodyOf<typeof vehicleListingChanged>[]): void {
  if (listings.length === 0) return
  tx.write(
    `insert into vehicle_catalogue as known
       (vehicle_id, revision, facts_revision, status, brand, model, year, color, price_cents)
     select id, revision, revision, status, brand, model, year, color, price
     from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::int[], $7::text[], $8::bigint[])
       as told(id, revision, status, brand, model, year, color, price)
     on conflict (vehicle_id) do update set
       status = case when known.transaction_id is null and excluded.revision > known.revision
                  then excluded.status else known.status end,
       revision = greatest(known.revision, excluded.revision), facts_revision = excluded.facts_revision,
       brand = excluded.brand, model = excluded.model, year = excluded.year, color = excluded.color,
       price_cents = excluded.price_cents
     where excluded.facts_revision > known.facts_revision`,
    [
      listings.map((listing) => listing.vehicle_id),
      listings.map((listing) => listing.revision),
      listings.map((listing) => listing.status),
      listings.map((listing) => listing.brand),
      listings.map((listing) => listing.model),
      listings.map((listing) => listing.year),
      listings.map((listing) => listing.color),
      listings.map((listing) => listing.price_cents),
    ],
  )
}

export function recordStatuses(tx: Tx, status: 'reserved' | 'available', changes: readonly Told[]): void {
  if (changes.length === 0) return
  tx.write(
    `insert into vehicle_catalogue as known (vehicle_id, revision, status)
     select id, revision, $3 from unnest($1::bigint[], $2::bigint[]) as told(id, revision)
     on conflict (vehicle_id) do update set revision = excluded.revision, status = excluded.status
     where known.transaction_id is null and excluded.revision > known.revision`,
    [changes.map((change) => change.vehicle_id), changes.map((change) => change.revision), status],
  )
}

export interface CompletedPurchase {
  readonly vehicle_id: number
  readonly transaction_id: string
  readonly customer_id: number
  readonly amount_cents: Cents
  /** ISO 8601 */
  readonly occurred_at: string
}

/** The first purchase stays until it is returned: whatever other messages say, the vehicle belongs to this customer. */
export function recordPurchases(tx: Tx, purchases: readonly CompletedPurchase[]): void {
  if (purchases.length === 0) return
  tx.write(
    `insert into vehicle_catalogue as known (vehicle_id, status, transaction_id, buyer_id, paid_cents, bought_at)
     select id, 'sold', transaction_id, buyer_id, paid, at
     from unnest($1::bigint[], $2::uuid[], $3::bigint[], $4::bigint[], $5::timestamptz[])
       as told(id, transaction_id, buyer_id, paid, at)
     on conflict (vehicle_id) do update set status = 'sold', transaction_id = excluded.transaction_id,
       buyer_id = excluded.buyer_id, paid_cents = excluded.paid_cents, bought_at = excluded.bought_at
     where known.transaction_id is null and excluded.transaction_id <> all(known.returned)`,
    [
      purchases.map((purchase) => purchase.vehicle_id),
      purchases.map((purchase) => purchase.transaction_id),
      purchases.map((purchase) => purchase.customer_id),
      purchases.map((purchase) => purchase.amount_cents),
      purchases.map((purchase) => purchase.occurred_at),
    ],
  )
}

/**
 * These purchases were returned: their vehicles belong to nobody, and are off sale until news says that they are relisted. This
 * is kept on the row, so that a late or repeated message about the purchase does not bring it back.
 */
export function freeReturned(
  tx: Tx,
  returned: readonly { readonly vehicle_id: number; readonly purchase_id: string }[],
): void {
  tx.write(
    `insert into vehicle_catalogue as known (vehicle_id, status, returned)
     select id, 'withdrawn', array_agg(distinct purchase)
     from unnest($1::bigint[], $2::uuid[]) as told(id, purchase) group by id order by id
     on conflict (vehicle_id) do update set
       returned = case when known.returned @> excluded.returned then known.returned
         else known.returned || excluded.returned end,
       status = case when ${IS_RETURNED} then 'withdrawn' else known.status end,
       transaction_id = case when ${IS_RETURNED} then null else known.transaction_id end,
       buyer_id = case when ${IS_RETURNED} then null else known.buyer_id end,
       paid_cents = case when ${IS_RETURNED} then null else known.paid_cents end,
       bought_at = case when ${IS_RETURNED} then null else known.bought_at end`,
    [returned.map(({ vehicle_id }) => vehicle_id), returned.map(({ purchase_id }) => purchase_id)],
  )
}

const IS_RETURNED = `known.transaction_id = any(excluded.returned)`

/** A place in a list: behind the vehicle at this price in cents, with this id. */
export type Place = readonly [price_cents: Cents, vehicle_id: number]

/** The start of a list is a place too, so one statement serves every page (6 ms with a million on sale, first or last). */
const starts: Readonly<Record<PriceOrder, Place>> = { price_asc: [-1, 0], price_desc: [Number.MAX_SAFE_INTEGER, 0] }

const ON_SALE = `from vehicle_catalogue where status = 'available' and price_cents is not null`

const offered: Readonly<Record<PriceOrder, string>> = {
  price_asc: `select vehicle_id, brand, model, year, color, price_cents ${ON_SALE}
    and (price_cents, vehicle_id) > ($1::bigint, $2::bigint) order by price_cents, vehicle_id limit $3`,
  price_desc: `select vehicle_id, brand, model, year, color, price_cents ${ON_SALE}
    and (price_cents, vehicle_id) < ($1::bigint, $2::bigint) order by price_cents desc, vehicle_id desc limit $3`,
}

export const listOffered = (tx: Queryable, order: PriceOrder, after: Place | undefined, limit: number) =>
  tx.query<OfferedVehicle>(offered[order], [...(after ?? starts[order]), limit])

/** As exact as `totalOf`. */
export const countOffered = (tx: Queryable): Promise<number> => totalOf(tx, `select ${ON_SALE}`, [])

const BOUGHT = `from vehicle_catalogue where buyer_id = $1`
const BOUGHT_COLUMNS = 'vehicle_id, brand, model, year, color, paid_cents as price_cents, transaction_id, bought_at'

const bought: Readonly<Record<PriceOrder, string>> = {
  price_asc: `select ${BOUGHT_COLUMNS} ${BOUGHT}
    and (paid_cents, vehicle_id) > ($2::bigint, $3::bigint) order by paid_cents, vehicle_id limit $4`,
  price_desc: `select ${BOUGHT_COLUMNS} ${BOUGHT}
    and (paid_cents, vehicle_id) < ($2::bigint, $3::bigint) order by paid_cents desc, vehicle_id desc limit $4`,
}

export const listBought = (
  tx: Queryable,
  customer_id: number,
  order: PriceOrder,
  after: Place | undefined,
  limit: number,
) => tx.query<BoughtVehicle>(bought[order], [customer_id, ...(after ?? starts[order]), limit])

/** As exact as `totalOf`. */
export const countBought = (tx: Queryable, customer_id: number): Promise<number> =>
  totalOf(tx, `select ${BOUGHT}`, [customer_id])
