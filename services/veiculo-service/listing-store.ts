/**
 * The lists of vehicles, by key: a page starts behind the last row of the page before. The start is always given, so
 * that the index is entered there, however far down the list. What is on sale is listed from its own table, which stays
 * as small as the offer is; the texts are put together from the constants here, one statement for each kind of list.
 */
import type { Queryable } from '#platform/database'
import { totalOf } from '#platform/total-store'
import { COLUMNS, type VehicleRow } from './vehicle-store.ts'

export type Sort = 'price_asc' | 'price_desc' | 'year_desc' | 'brand_asc'

/** `sold` includes what is picked up. */
export type Shelf = 'available' | 'reserved' | 'sold' | 'any'

/** Null filters nothing. */
export interface Filter {
  readonly shelf: Shelf
  /** At most MAX_WORDS words, each of which brand or model must have, but for accents and typos. */
  readonly words: readonly string[]
  /** The whole name, in any case. */
  readonly brand: string | null
  /** A part of the name, in any case. */
  readonly model: string | null
  readonly year_min: number | null
  readonly year_max: number | null
  readonly price_min_cents: number | null
  readonly price_max_cents: number | null
}

export const MAX_WORDS = 6

/** A place in the list: behind the vehicle with this key and id. */
export interface Place {
  readonly key: number | string
  readonly id: number
}

export type ListedVehicle = VehicleRow & { readonly sort_key: number | string }

/** Each parameter is named whether or not the shelf needs it, so that all lists take the same ones. */
const FILTER = `($1::text is null or lower(shelf.brand) = lower($1))
  and ($2::text is null or strpos(lower(shelf.model), lower($2)) > 0)
  and ($3::bigint is null or shelf.year >= $3) and ($4::bigint is null or shelf.year <= $4)
  and ($5::bigint is null or shelf.price_cents >= $5) and ($6::bigint is null or shelf.price_cents <= $6)`

const shelves: Readonly<Record<Shelf, string>> = {
  available: `from vehicle_offers as shelf where ${FILTER}`,
  reserved: `from vehicles as shelf
    where shelf.id = any(array(select vehicle_id from vehicle_reservations where status = 'reserved'))
      and shelf.status = 'reserved' and ${FILTER}`,
  sold: `from vehicles as shelf where shelf.status in ('sold', 'picked_up') and ${FILTER}`,
  any: `from vehicles as shelf where ${FILTER}`,
}

interface Order {
  readonly key: string
  readonly type: string
  readonly descending: boolean
  readonly start: Place
}

const orders: Readonly<Record<Sort, Order>> = {
  price_asc: { key: 'shelf.price_cents', type: 'bigint', descending: false, start: { key: 0, id: 0 } },
  price_desc: {
    key: 'shelf.price_cents',
    type: 'bigint',
    descending: true,
    start: { key: Number.MAX_SAFE_INTEGER, id: 0 },
  },
  year_desc: { key: 'shelf.year', type: 'int', descending: true, start: { key: 100_000, id: 0 } },
  brand_asc: { key: 'lower(shelf.brand)', type: 'text', descending: false, start: { key: '', id: 0 } },
}

/** Words that match many vehicles are looked for along the order; with `|| ''` their own index is out of reach. */
const having = (words: readonly string[], first: number, areCommon: boolean) =>
  words.map((_word, index) => ` and shelf.search${areCommon ? " || ''" : ''} %> searchable($${first + index})`).join('')

export async function listVehicles(
  tx: Queryable,
  filter: Filter,
  sort: Sort,
  after: Place | undefined,
  limit: number,
): Promise<ListedVehicle[]> {
  const { key, type, descending, start } = orders[sort]
  const place = after ?? start
  const areCommon = await matchMany(tx, filter)
  const [beyond, direction] = descending ? ['<', ' desc'] : ['>', '']
  return tx.query<ListedVehicle>(
    `select ${COLUMNS}, page.sort_key from (
       select shelf.id as listed, ${key} as sort_key ${shelves[filter.shelf]}${having(filter.words, 10, areCommon)}
         and (${key}, shelf.id) ${beyond} ($7::${type}, $8::bigint)
       order by ${key}${direction}, shelf.id${direction} limit $9
     ) as page join vehicles on vehicles.id = page.listed
     order by page.sort_key${direction}, vehicles.id${direction}`,
    [...valuesOf(filter), place.key, place.id, limit, ...filter.words],
  )
}

async function matchMany(tx: Queryable, { shelf, words }: Filter): Promise<boolean> {
  if (words.length === 0) return false
  const table = shelf === 'available' ? 'vehicle_offers' : 'vehicles'
  const [row] = await tx.query<{ many: boolean }>(
    `select count(*) > 2000 as many from (select from ${table} as shelf where true${having(words, 1, false)} limit 2001) as few`,
    words,
  )
  return row?.many ?? false
}

/** Exact up to 10,000, an estimate beyond. */
export const countVehicles = (tx: Queryable, filter: Filter): Promise<number> =>
  totalOf(tx, `select ${shelves[filter.shelf]}${having(filter.words, 7, false)}`, [
    ...valuesOf(filter),
    ...filter.words,
  ])

const valuesOf = (filter: Filter) => [
  filter.brand,
  filter.model,
  filter.year_min,
  filter.year_max,
  filter.price_min_cents,
  filter.price_max_cents,
]
