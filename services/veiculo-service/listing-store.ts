/**
 * The list of vehicles, by key: a page starts behind the last row of the page before. The start is always given, so
 * that the index is entered there, however far down the list.
 */
import type { VehicleStatus } from '#contracts'
import type { Queryable } from '#platform/database'
import type { Vehicle } from './domain/vehicle.ts'
import { COLUMNS } from './vehicle-store.ts'

export type Sort = 'price_asc' | 'price_desc' | 'year_desc' | 'brand_asc'

/** Null filters nothing. */
export interface Filter {
  readonly statuses: readonly VehicleStatus[] | null
  /** The whole name, in any case. */
  readonly brand: string | null
  /** A part of the name, in any case. */
  readonly model: string | null
  readonly year_min: number | null
  readonly year_max: number | null
  readonly price_min_cents: number | null
  readonly price_max_cents: number | null
}

/** A place in the list: behind the vehicle with this key and id. */
export interface Place {
  readonly key: number | string
  readonly id: number
}

export type ListedVehicle = Vehicle & { readonly sort_key: number | string }

const FILTER = `($1::text[] is null or status = any($1)) and ($2::text is null or lower(brand) = lower($2))
  and ($3::text is null or strpos(lower(model), lower($3)) > 0)
  and ($4::bigint is null or year >= $4) and ($5::bigint is null or year <= $5)
  and ($6::bigint is null or price_cents >= $6) and ($7::bigint is null or price_cents <= $7)`

const ascending = (key: string, type: string) =>
  `select ${COLUMNS}, ${key} as sort_key from vehicles where ${FILTER} and (${key}, id) > ($8::${type}, $9::bigint)
   order by ${key}, id limit $10`

const descending = (key: string, type: string) =>
  `select ${COLUMNS}, ${key} as sort_key from vehicles where ${FILTER} and (${key}, id) < ($8::${type}, $9::bigint)
   order by ${key} desc, id desc limit $10`

const lists: Readonly<Record<Sort, { readonly text: string; readonly start: Place }>> = {
  price_asc: { text: ascending('price_cents', 'bigint'), start: { key: 0, id: 0 } },
  price_desc: { text: descending('price_cents', 'bigint'), start: { key: Number.MAX_SAFE_INTEGER, id: 0 } },
  year_desc: { text: descending('year', 'int'), start: { key: 100_000, id: 0 } },
  brand_asc: { text: ascending('lower(brand)', 'text'), start: { key: '', id: 0 } },
}

export function listVehicles(tx: Queryable, filter: Filter, sort: Sort, after: Place | undefined, limit: number) {
  const { text, start } = lists[sort]
  const { key, id } = after ?? start
  return tx.query<ListedVehicle>(text, [...valuesOf(filter), key, id, limit])
}

export async function countVehicles(tx: Queryable, filter: Filter): Promise<number> {
  const [row] = await tx.query<{ total: number }>(
    `select count(*) as total from vehicles where ${FILTER}`,
    valuesOf(filter),
  )
  return row?.total ?? 0
}

const valuesOf = (filter: Filter) => [
  filter.statuses,
  filter.brand,
  filter.model,
  filter.year_min,
  filter.year_max,
  filter.price_min_cents,
  filter.price_max_cents,
]
