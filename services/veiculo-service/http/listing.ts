/** What a client may ask of the list of vehicles: filters, sorts, and the cursor that leads to the next page. */
import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { Cents } from '#contracts'
import { foreignCursor, Limit } from '#platform/http/page'
import { toCents } from '#platform/money'
import { type Filter, type ListedVehicle, type Place, SHELVES, type Sort } from '../vehicles/listing-store.ts'
import { text } from './vehicle-body.ts'

const Year = Type.Integer({ minimum: 0, maximum: 9999 })
const Price = Type.Number({ minimum: 0, maximum: 999_999_999.99, multipleOf: 0.01 })

export const VehicleQuery = Type.Object({
  status_filter: Type.Optional(
    Type.Enum(SHELVES, { description: 'sold: picked up or not; awaiting_pickup: sold and not picked up' }),
  ),
  sort_by: Type.Enum(['price_asc', 'price_desc', 'year_desc', 'brand_asc'], { default: 'price_asc' }),
  q: Type.Optional(
    Type.String({
      maxLength: 100,
      pattern: '^[^\\p{Cc}\\p{Cs}]*$',
      description: 'Words of brand and model, accents and typos forgiven',
      examples: ['fiat strada'],
    }),
  ),
  brand: Type.Optional(text(1, 50)),
  model: Type.Optional(text(1, 50)),
  year_min: Type.Optional(Year),
  year_max: Type.Optional(Year),
  price_min: Type.Optional(Price),
  price_max: Type.Optional(Price),
  ids: Type.Optional(
    Type.String({
      pattern: '^[0-9]{1,16}(,[0-9]{1,16}){0,127}$',
      description: 'At most 128 ids, comma-separated: those that exist, on one page; nothing else is looked at',
    }),
  ),
  limit: Limit,
  cursor: Type.Optional(Type.String({ description: 'The `next_cursor` of the page before, under the same sort_by' })),
})

export function filterOf(query: Static<typeof VehicleQuery>): Filter {
  const { status_filter, q, brand, model, year_min, year_max, price_min, price_max } = query
  return {
    shelf: status_filter ?? 'any',
    q: q?.trim() || null,
    brand: brand ?? null,
    model: model ?? null,
    year_min: year_min ?? null,
    year_max: year_max ?? null,
    price_min_cents: price_min === undefined ? null : toCents(price_min),
    price_max_cents: price_max === undefined ? null : toCents(price_max),
  }
}

const Id = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
const atPrice = Compile(Type.Tuple([Cents, Id]))
const atYear = Compile(Type.Tuple([Year, Id]))
const atBrand = Compile(Type.Tuple([Type.String({ maxLength: 100, pattern: '^[^\\p{Cc}\\p{Cs}]+$' }), Id]))
const places = { price_asc: atPrice, price_desc: atPrice, year_desc: atYear, brand_asc: atBrand }

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
