/**
 * The SQL of the lists of vehicles, by key: a page starts after the last row of the page before. The start is always given, so that the
 * index is entered there, however far down the list. Vehicles on sale are listed from a table of their own, which stays as
 * small as the offer. The statements are put together from the constants here, one for each kind of list.
 */
import type { Queryable } from '#platform/database/database'
import { totalOf } from '#platform/database/total'
import { type WordGroups, wordsContaining, wordsMeant } from './search-store.ts'
import { COLUMNS, VEHICLES, type VehicleRow } from './vehicle-store.ts'

export const SORTS = ['price_asc', 'price_desc', 'year_desc', 'brand_asc', 'newest', 'mileage_asc'] as const
export type Sort = (typeof SORTS)[number]

/** `sold` includes vehicles that were picked up, `awaiting_pickup` does not. */
export type Shelf = (typeof SHELVES)[number]
export const SHELVES = [
  'available',
  'reserved',
  'sold',
  'awaiting_pickup',
  'picked_up',
  'withdrawn',
  'preparation',
  'returned_to_owner',
  'any',
] as const

/** Null filters nothing. */
export interface Filter {
  readonly shelf: Shelf
  /** Words of brand, model, version, colour, body and year, accents and typos forgiven. */
  readonly q: string | null
  /** Any of these whole names; accents and case do not count, here and in the others. */
  readonly brands: readonly string[] | null
  /** A part of the name; accents and case do not count. */
  readonly model: string | null
  readonly year_min: number | null
  readonly year_max: number | null
  readonly price_min_cents: number | null
  readonly price_max_cents: number | null
  /** A vehicle without a known mileage does not fit. */
  readonly mileage_max: number | null
  readonly bodies: readonly string[] | null
  readonly fuels: readonly string[] | null
  readonly transmissions: readonly string[] | null
  readonly colors: readonly string[] | null
}

/** A place in the list: behind the vehicle with this key and id. */
export interface Place {
  readonly key: number | string
  readonly id: number
}

export type ListedVehicle = VehicleRow & { readonly sort_key: number | string }

export interface Listed {
  readonly vehicles: readonly ListedVehicle[]
  /** The length of the whole list. Exact up to 10,000, an estimate beyond. */
  readonly total: number
}

/** The words that narrow the search; a group without words finds nothing. */
export async function wordsOf(tx: Queryable, { q, brands, model }: Pick<Filter, 'q' | 'brands' | 'model'>) {
  const [meant, ofBrands, ofModel] = await Promise.all([
    q === null ? [] : wordsMeant(tx, q),
    Promise.all((brands ?? []).map((brand) => wordsContaining(tx, brand))),
    model === null ? [] : wordsContaining(tx, model),
  ])
  return [...meant, ...narrowedBy(ofBrands), ...ofModel]
}

export const findsNothing = (words: WordGroups): boolean => words.some((group) => group.length === 0)

/** Exact up to 10,000, an estimate beyond. */
export const totalOfList = (tx: Queryable, filter: Filter, words: WordGroups): Promise<number> =>
  totalOf(tx, `select ${from(filter, words, VALUES)}`, [...valuesOf(filter), ...words])

/** Any of several brands: one word of each narrows the search, unless one has none. */
function narrowedBy(ofBrands: readonly WordGroups[]): WordGroups {
  const [only, ...others] = ofBrands
  if (only === undefined || others.length === 0) return only ?? []
  const first = ofBrands.map(([group]) => group)
  return first.includes(undefined) ? [] : [first.flatMap((group) => group ?? [])]
}

export interface Facet {
  readonly facet: 'brand' | 'body' | 'fuel' | 'transmission' | 'color' | 'year' | 'price'
  readonly value: string
  readonly count: number
}

/** Reais at which a price band begins. */
const PRICE_BANDS = [0, 30_000, 50_000, 80_000, 120_000, 200_000] as const

/** How many of the list have each value; of a price the band's beginning in reais. Those without a value are not counted. */
export const countFacets = (tx: Queryable, filter: Filter, words: WordGroups): Promise<Facet[]> =>
  tx.query<Facet>(
    `with fitting as materialized (select shelf.id ${from(filter, words, VALUES)}),
     known as (select brand, body, fuel, transmission, color, year::text as year,
         (array[${PRICE_BANDS.join(', ')}])[width_bucket(price_cents, array[${PRICE_BANDS.map((from) => from * 100).join(', ')}]::bigint[])]::text
           as price
       from fitting join vehicles on vehicles.id = fitting.id),
     counted as (select grouping(brand, body, fuel, transmission, color, year, price) as grouped,
         coalesce(brand, body, fuel, transmission, color, year, price) as value, count(*) as count
       from known group by grouping sets ((brand), (body), (fuel), (transmission), (color), (year), (price)))
     select case grouped when 63 then 'brand' when 95 then 'body' when 111 then 'fuel' when 119 then 'transmission'
         when 123 then 'color' when 125 then 'year' else 'price' end as facet, value, count
     from counted where value is not null order by facet, count desc, value`,
    [...valuesOf(filter), ...words],
  )

/**
 * When many rows match, reading in order fills a page soon. When few match, or only far along, it is quicker to find all of them
 * and sort. Nobody knows beforehand, so the first NEAR rows (5 to 10 ms) are read in order.
 */
const NEAR = 5_000

/** At most `limit` vehicles after the place, or from the start. Their papers are sealed. */
export async function pageOf(
  tx: Queryable,
  filter: Filter,
  words: WordGroups,
  sort: Sort,
  after: Place | undefined,
  limit: number,
): Promise<ListedVehicle[]> {
  const { key, type, descending, start } = orders[sort]
  const place = after ?? start(filter)
  const values = [...valuesOf(filter), place.key, place.id, limit, ...words]
  const [beyond, direction] = descending ? ['<', ' desc'] : ['>', '']
  const behind = `(${key}, shelf.id) ${beyond} ($12::${type}, $13::bigint)`
  const page = (fitting: string) => `select ${COLUMNS}, page.sort_key from (
       select fitting.id as listed, fitting.sort_key from ${fitting} as fitting
       order by fitting.sort_key${direction}, fitting.id${direction} limit $14
     ) as page join (${VEHICLES}) on vehicles.id = page.listed
     order by page.sort_key${direction}, vehicles.id${direction}`

  if (filter.shelf !== 'reserved') {
    const near = `(select shelf.*, ${key} as sort_key from ${tableOf(filter.shelf)} as shelf where ${behind}
      order by ${key}${direction}, shelf.id${direction} limit ${NEAR})`
    const vehicles = await tx.query<ListedVehicle>(
      page(`(select shelf.id, shelf.sort_key ${from(filter, words, VALUES + 3, near)})`),
      values,
    )
    if (vehicles.length === limit || takesAll(filter)) return vehicles
  }
  return tx.query<ListedVehicle>(
    `with fitting as materialized (
       select shelf.id, ${key} as sort_key ${from(filter, words, VALUES + 3)} and ${behind}
     ) ${page('fitting')}`,
    values,
  )
}

interface Order {
  readonly key: string
  readonly type: string
  readonly descending: boolean
  /** The place before the first row that can match. */
  readonly start: (filter: Filter) => Place
}

const LAST = Number.MAX_SAFE_INTEGER
/** Sorts behind every known mileage; the indexes use the same number. */
const UNSAID_KM = 10_000_000

const orders: Readonly<Record<Sort, Order>> = {
  price_asc: {
    key: 'shelf.price_cents',
    type: 'bigint',
    descending: false,
    start: ({ price_min_cents }) => ({ key: price_min_cents ?? 0, id: 0 }),
  },
  price_desc: {
    key: 'shelf.price_cents',
    type: 'bigint',
    descending: true,
    start: ({ price_max_cents }) => ({ key: price_max_cents ?? LAST, id: LAST }),
  },
  year_desc: {
    key: 'shelf.year',
    type: 'int',
    descending: true,
    start: ({ year_max }) => ({ key: year_max ?? 100_000, id: LAST }),
  },
  brand_asc: {
    key: 'folded(shelf.brand) collate "C"',
    type: 'text',
    descending: false,
    start: () => ({ key: '', id: 0 }),
  },
  newest: { key: 'shelf.id', type: 'bigint', descending: true, start: () => ({ key: LAST, id: LAST }) },
  mileage_asc: {
    key: `coalesce(shelf.mileage_km, ${UNSAID_KM})`,
    type: 'int',
    descending: false,
    start: () => ({ key: 0, id: 0 }),
  },
}

const tableOf = (shelf: Shelf) => (shelf === 'available' ? 'vehicle_offers' : 'vehicles')

const standings: Readonly<Record<Shelf, string>> = {
  available: 'true',
  reserved: `shelf.id = any(array(select vehicle_id from vehicle_reservations where status = 'reserved'))
    and shelf.status = 'reserved'`,
  sold: `shelf.status in ('sold', 'picked_up')`,
  awaiting_pickup: `shelf.status = 'sold'`,
  picked_up: `shelf.status = 'picked_up'`,
  withdrawn: `shelf.status = 'withdrawn'`,
  preparation: `shelf.status = 'preparation'`,
  returned_to_owner: `shelf.status = 'returned_to_owner'`,
  any: 'true',
}

/** The rows that fit, of `rows` instead of the whole table; groups of words are the parameters after `parameters`. */
const from = (filter: Filter, words: WordGroups, parameters: number, rows = tableOf(filter.shelf)) =>
  `from ${rows} as shelf where ${standings[filter.shelf]}
  and ($1::text[] is null or folded(shelf.brand) = any(${foldedOf('$1')}))
  and ($2::text is null or strpos(folded(shelf.model), folded($2)) > 0)
  and ($3::bigint is null or shelf.year >= $3) and ($4::bigint is null or shelf.year <= $4)
  and ($5::bigint is null or shelf.price_cents >= $5) and ($6::bigint is null or shelf.price_cents <= $6)
  and (num_nonnulls($7::int, $8::text[], $9::text[], $10::text[], $11::text[]) = 0 or exists (
    select from vehicles as facts where facts.id = shelf.id
    and ($7::int is null or facts.mileage_km <= $7)
    and ($8::text[] is null or folded(facts.body) = any(${foldedOf('$8')}))
    and ($9::text[] is null or folded(facts.fuel) = any(${foldedOf('$9')}))
    and ($10::text[] is null or folded(facts.transmission) = any(${foldedOf('$10')}))
    and ($11::text[] is null or folded(facts.color) = any(${foldedOf('$11')}))))
  ${words.map((_group, index) => anyOf(`$${parameters + 1 + index}::text[]`)).join(' ')}`

const anyOf = (words: string) => `and (shelf.words && ${words} or shelf.terms && ${words})`
const foldedOf = (names: string) => `array(select folded(name) from unnest(${names}::text[]) as name)`

const VALUES = 11

const valuesOf = (filter: Filter) => [
  filter.brands,
  filter.model,
  filter.year_min,
  filter.year_max,
  filter.price_min_cents,
  filter.price_max_cents,
  filter.mileage_max,
  filter.bodies,
  filter.fuels,
  filter.transmissions,
  filter.colors,
]

const takesAll = (filter: Filter) =>
  (filter.shelf === 'available' || filter.shelf === 'any') &&
  filter.q === null &&
  valuesOf(filter).every((value) => value === null)
