/** The query of the list of vehicles: filters, sorts, and the cursor that leads to the next page. */
import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { Cents, EntityIds } from '#contracts'
import { foreignCursor, Limit } from '#platform/http/page'
import { toCents } from '#platform/money'
import { type KnownFact, knownWord } from '../domain/known-words.ts'
import { type Filter, type ListedVehicle, type Place, SHELVES, SORTS, type Sort } from '../vehicles/listing-store.ts'
import { text } from './vehicle-body.ts'

const Year = Type.Integer({ minimum: 0, maximum: 9999 })
const Price = Type.Number({ minimum: 0, maximum: 999_999_999.99, multipleOf: 0.01 })

/** Any of several. */
const several = (what: string) =>
  Type.Optional(
    Type.String({ minLength: 1, maxLength: 300, format: 'text', description: `${what}; several by commas` }),
  )

const filters = {
  status_filter: Type.Optional(
    Type.Enum(SHELVES, { description: 'sold: picked up or not; awaiting_pickup: sold and not picked up' }),
  ),
  q: Type.Optional(
    Type.String({
      maxLength: 100,
      pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]*$', // no \p{Cc}: most tools read patterns without a flag
      description: 'Words of brand, model, version, colour, body and year, accents and typos forgiven',
      examples: ['strada branca 2023'],
    }),
  ),
  brand: several('The whole name'),
  model: Type.Optional(text(1, 50)),
  year_min: Type.Optional(Year),
  year_max: Type.Optional(Year),
  price_min: Type.Optional(Price),
  price_max: Type.Optional(Price),
  mileage_max: Type.Optional(Type.Integer({ minimum: 0, maximum: 9_999_999 })),
  body: several('As `sedã`'),
  fuel: several('As `flex`'),
  transmission: several('As `manual`'),
  color: several('As `Branco`'),
}

export const FacetQuery = Type.Object(filters)

export const VehicleQuery = Type.Object({
  ...filters,
  sort_by: Type.Enum(SORTS, { default: 'price_asc' }),
  ids: Type.Optional(
    Type.String({
      ...EntityIds,
      description: 'At most 128 ids, comma-separated: those that exist, on one page; nothing else is looked at',
    }),
  ),
  limit: Limit,
  cursor: Type.Optional(Type.String({ description: 'The `next_cursor` of the page before, under the same sort_by' })),
})

const listOf = (typed: string | undefined): string[] | null => {
  const words = typed?.split(',').map((word) => word.trim()) ?? []
  const said = words.filter((word) => word !== '')
  return said.length === 0 ? null : said
}

/** The usual word: `branca` becomes Branco. */
const knownOf = (fact: KnownFact, typed: string | undefined) =>
  listOf(typed)?.map((word) => knownWord(fact, word)) ?? null

export function filterOf(query: Static<typeof FacetQuery>): Filter {
  const { status_filter, q, brand, model, year_min, year_max, price_min, price_max } = query
  const { mileage_max, body, fuel, transmission, color } = query
  return {
    shelf: status_filter ?? 'any',
    q: q?.trim() || null,
    brands: listOf(brand),
    model: model ?? null,
    year_min: year_min ?? null,
    year_max: year_max ?? null,
    price_min_cents: price_min === undefined ? null : toCents(price_min),
    price_max_cents: price_max === undefined ? null : toCents(price_max),
    mileage_max: mileage_max ?? null,
    bodies: knownOf('body', body),
    fuels: knownOf('fuel', fuel),
    transmissions: knownOf('transmission', transmission),
    colors: knownOf('color', color),
  }
}

const Id = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
const atPrice = Compile(Type.Tuple([Cents, Id]))
const atYear = Compile(Type.Tuple([Year, Id]))
const atBrand = Compile(Type.Tuple([Type.String({ maxLength: 100, pattern: '^[^\\p{Cc}\\p{Cs}]+$' }), Id]))
const atNumber = Compile(Type.Tuple([Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }), Id]))
const atMileage = Compile(Type.Tuple([Type.Integer({ minimum: 0, maximum: 10_000_000 }), Id]))
const places = {
  ...{ price_asc: atPrice, price_desc: atPrice, year_desc: atYear },
  ...{ brand_asc: atBrand, newest: atNumber, mileage_asc: atMileage },
}

export const cursorAt = ({ sort_key, id }: ListedVehicle): string =>
  Buffer.from(JSON.stringify([sort_key, id])).toString('base64url')

export function placeOf(cursor: string, sort: Sort): Place {
  const place = parse(Buffer.from(cursor, 'base64url').toString())
  if (places[sort].Check(place)) return { key: place[0], id: place[1] }
  throw foreignCursor()
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
