/** A vehicle as HTTP clients see it, and who sees how much of it. */
import { type Static, type TSchema, Type } from 'typebox'
import { EntityId, problems, Reais, Timestamp, TransactionId, VehicleStatus } from '#contracts'
import { NextCursor, Total } from '#platform/http/page'
import { toReais } from '#platform/money'
import { FORMATS, fileName, type PhotoFile, WIDTHS } from '../domain/photo.ts'
import type { SaleRefusal } from '../domain/reservation.ts'
import { FINDINGS, RESTRICTIONS } from '../domain/restrictions.ts'
import { isInHouse, mask, type Stock, type Vehicle } from '../domain/vehicle.ts'
import type { Facet } from '../vehicles/listing-store.ts'
import { DocumentationSchema } from './vehicle-body.ts'

const TimestampOrNull = Type.Union([Timestamp, Type.Null()])

const OrNull = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])

const FindingView = Type.Object({
  status: Type.Enum(FINDINGS),
  source: OrNull(Type.String()),
  checked_on: OrNull(Type.String({ format: 'date' })),
  note: OrNull(Type.String()),
})

export const PhotoView = Type.Object(
  {
    id: EntityId,
    hash: Type.String(),
    width: Type.Integer({ description: 'Of the widest file, in pixels' }),
    height: Type.Integer(),
    placeholder: Type.String({ description: 'A few pixels of it, as a data URI' }),
    files: Type.Array(
      Type.Object({
        url: Type.String({ description: 'Relative to this API' }),
        width: Type.Integer(),
        format: Type.Enum(FORMATS),
      }),
    ),
  },
  { title: 'Photo' },
)

export const photoView = ({ id, hash, width, height, placeholder }: PhotoFile): Static<typeof PhotoView> => ({
  ...{ id, hash, width, height, placeholder },
  files: WIDTHS.flatMap((wanted) =>
    FORMATS.map((format) => ({
      url: `/photos/${fileName(hash, wanted, format)}`,
      width: Math.min(wanted, width),
      format,
    })),
  ),
})

/** Lei 13.111/2015. Absent means that nobody has stated anything, not that there are no restrictions. */
export const RestrictionsView = Type.Object(
  Object.fromEntries(RESTRICTIONS.map((name) => [name, FindingView])) as Record<
    (typeof RESTRICTIONS)[number],
    typeof FindingView
  >,
  { description: 'What was found out before the sale (Lei 13.111/2015). Absent: nobody has looked yet' },
)

const view = {
  id: EntityId,
  brand: Type.String(),
  model: Type.String(),
  year: Type.Integer(),
  color: Type.String(),
  price: Reais,
  license_plate: Type.String({ description: 'All but its last 3 characters are `*`' }),
  chassi_number: Type.String({ description: 'Whole for staff, else all but its last 4 characters are `*`' }),
  renavam: Type.String({ description: 'Whole for staff, else all but its last 4 characters are `*`' }),
  status: VehicleStatus,
  is_reserved: Type.Boolean(),
  is_sold: Type.Boolean({ description: 'Picked up or not' }),
  mileage_km: Type.Optional(Type.Integer()),
  fuel: Type.Optional(Type.String()),
  transmission: Type.Optional(Type.String()),
  description: Type.Optional(Type.String()),
  photos: Type.Optional(Type.Array(Type.String())),
  documentation: Type.Optional(
    Type.Object({ ...DocumentationSchema.properties, inspection_approved_at: Type.Optional(Type.String()) }),
  ),
  model_year: Type.Optional(Type.Integer()),
  version: Type.Optional(Type.String()),
  body: Type.Optional(Type.String()),
  doors: Type.Optional(Type.Integer()),
  options: Type.Optional(Type.Array(Type.String())),
  plate_last_digit: Type.Integer({ description: 'By which its yearly taxes fall due' }),
  plate: Type.Optional(Type.String({ description: 'Whole, for staff, of a vehicle in the house' })),
  restrictions: Type.Optional(RestrictionsView),
  photo_files: Type.Optional(
    Type.Array(PhotoView, { description: 'In their order; `photos` are addresses elsewhere' }),
  ),
  created_at: Timestamp,
  updated_at: Timestamp,
  sold_at: TimestampOrNull,
  picked_up_at: TimestampOrNull,
  sold_to_transaction: Type.Optional(Type.String({ description: 'The purchase that bought it; for staff' })),
  received_by: Type.Optional(Type.String({ description: 'Who took it; for staff' })),
  days_awaiting_pickup: Type.Optional(
    Type.Integer({ description: 'Since it was sold, of one that is still here; in lists, for staff' }),
  ),
  previous_vehicle_id: Type.Optional(
    Type.Integer({ description: 'What the same car was when it was sold here before; for staff' }),
  ),
}

export const VehicleView = Type.Object(view, { title: 'Vehicle' })

export const SoldVehicleView = Type.Object(
  {
    ...view,
    pickup_code: Type.Optional(
      Type.String({ description: 'Shown to the purchase that bought the vehicle, and to staff who sell it by hand' }),
    ),
  },
  { title: 'SoldVehicle' },
)

/** In the order of the request. A vehicle that was picked up has no code any more. `status` and `detail` are those of the problem that a single sale would have met. */
export const SalesView = Type.Object({
  results: Type.Array(
    Type.Object({
      vehicle_id: EntityId,
      transaction_id: TransactionId,
      sold: Type.Boolean(),
      pickup_code: Type.Optional(Type.String()),
      status: Type.Optional(Type.Integer()),
      detail: Type.Optional(Type.String()),
    }),
  ),
})

export function resultOf(
  sale: { readonly vehicle_id: number; readonly transaction_id: string },
  outcome: Stock | SaleRefusal | 'payment_not_proven',
  pickup_code: string | null,
): Static<typeof SalesView>['results'][number] {
  if (typeof outcome !== 'string') return { ...sale, sold: true, ...(pickup_code !== null && { pickup_code }) }
  const { status, detail } = problems[outcome]
  return { ...sale, sold: false, status, detail }
}

const FACETS = ['brand', 'body', 'fuel', 'transmission', 'color', 'year', 'price'] as const
const Count = Type.Object({ value: Type.Union([Type.String(), Type.Integer()]), count: Type.Integer() })

export const FacetsView = Type.Object({
  facets: Type.Object(
    Object.fromEntries(FACETS.map((facet) => [facet, Type.Array(Count)])) as Record<
      Facet['facet'],
      ReturnType<typeof Type.Array<typeof Count>>
    >,
  ),
  timestamp: Timestamp,
})

/** The most frequent first, but years and prices in their order. */
export function facetsView(counted: readonly Facet[]): Pick<Static<typeof FacetsView>, 'facets'> {
  const of = (facet: Facet['facet']) => counted.filter((one) => one.facet === facet)
  const words = (facet: Facet['facet']) => of(facet).map(({ value, count }) => ({ value, count }))
  const numbers = (facet: Facet['facet']) =>
    of(facet)
      .map(({ value, count }) => ({ value: Number(value), count }))
      .sort((one, other) => one.value - other.value)
  return {
    facets: {
      ...{ brand: words('brand'), body: words('body'), fuel: words('fuel'), color: words('color') },
      ...{ transmission: words('transmission'), year: numbers('year'), price: numbers('price') },
    },
  }
}

export const VehiclePage = Type.Object({
  vehicles: Type.Array(VehicleView),
  total: Total,
  next_cursor: NextCursor,
  timestamp: Timestamp,
})

const factsOf = ({ model_year, version, body, doors, options }: Vehicle) => ({
  ...(model_year !== null && { model_year }),
  ...(version !== null && { version }),
  ...(body !== null && { body }),
  ...(doors !== null && { doors }),
  ...(options !== null && { options: [...options] }),
})
const DAY_MS = 86_400_000

/** As lists show it to staff, with the days that a sold one has stood here. */
export function listedOf(vehicle: Vehicle, whole: boolean, now: Date): Static<typeof VehicleView> {
  const view = viewOf(vehicle, whole)
  if (!whole || vehicle.status !== 'sold') return view
  return {
    ...view,
    days_awaiting_pickup: Math.max(0, Math.floor((now.getTime() - vehicle.sold_at.getTime()) / DAY_MS)),
  }
}

/** A reserved or sold vehicle as strangers see it: the words of its advertisement, and its status. */
export function advertised(view: Static<typeof VehicleView>): Static<typeof VehicleView> {
  if (view.status === 'available') return view
  const { license_plate, chassi_number, renavam } = view
  const hidden = { license_plate, chassi_number, renavam }
  const masked = Object.entries(hidden).map(([name, value]) => [name, '*'.repeat(value.length)])
  return { ...view, ...Object.fromEntries(masked), sold_at: null, picked_up_at: null }
}

export function viewOf(vehicle: Vehicle, whole: boolean): Static<typeof VehicleView> {
  const { id, brand, model, year, color, status, chassi_number, renavam } = vehicle
  const { mileage_km, fuel, transmission, description, photos, documentation } = vehicle
  return {
    id,
    brand,
    model,
    year,
    color,
    price: toReais(vehicle.price_cents),
    license_plate: mask(vehicle.license_plate, 3),
    chassi_number: whole ? chassi_number : mask(chassi_number, 4),
    renavam: whole ? renavam : mask(renavam, 4),
    status,
    is_reserved: status === 'reserved',
    is_sold: status === 'sold' || status === 'picked_up',
    ...(mileage_km !== null && { mileage_km }),
    ...(fuel !== null && { fuel }),
    ...(transmission !== null && { transmission }),
    ...(description !== null && { description }),
    ...(photos !== null && { photos: [...photos] }),
    ...(documentation !== null && { documentation }),
    ...factsOf(vehicle),
    ...(vehicle.photo_files.length > 0 && { photo_files: vehicle.photo_files.map(photoView) }),
    plate_last_digit: Number(vehicle.license_plate.slice(-1)),
    ...(whole && isInHouse(vehicle) && { plate: vehicle.license_plate }),
    ...(vehicle.restrictions !== null && { restrictions: vehicle.restrictions }),
    created_at: vehicle.created_at.toISOString(),
    updated_at: vehicle.updated_at.toISOString(),
    sold_at: vehicle.sold_at?.toISOString() ?? null,
    picked_up_at: vehicle.picked_up_at?.toISOString() ?? null,
    ...(whole && vehicle.sold_to_transaction !== null && { sold_to_transaction: vehicle.sold_to_transaction }),
    ...(whole && vehicle.received_by !== null && { received_by: vehicle.received_by }),
    ...(whole && vehicle.previous_vehicle_id !== null && { previous_vehicle_id: vehicle.previous_vehicle_id }),
  }
}
