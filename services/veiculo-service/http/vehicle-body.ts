/** What clients send about a vehicle: the schemas of the bodies, and the form in which it is stored. */
import { type Static, type TSchema, Type } from 'typebox'
import { EntityId, PaymentProof } from '#contracts'
import { bare, normaliseRenavam } from '#platform/formats'
import { toCents } from '#platform/money'
import { Problem } from '#platform/problem'
import { KNOWN_WORDS, type KnownFact, knownWord } from '../domain/known-words.ts'
import { RECEIVERS } from '../domain/pickup.ts'
import { type Details, NO_FACTS } from '../domain/vehicle.ts'
import { AcquisitionBody } from './acquisition-body.ts'
import { RestrictionsBody } from './papers-body.ts'

export const text = (minLength: number, maxLength: number) => Type.String({ minLength, maxLength, format: 'text' })

export const DocumentationSchema = Type.Object(
  {
    licensing_year: Type.Optional(Type.Integer({ minimum: 1900, maximum: 2200 })),
    has_debts: Type.Optional(Type.Boolean()),
    has_recall: Type.Optional(Type.Boolean()),
    inspection_approved_at: Type.Optional(
      Type.Union([Type.String({ format: 'date' }), Type.String({ format: 'date-time' })]),
    ),
  },
  { additionalProperties: false },
)

/** Words outside the list are taken too. */
const described = <Field extends TSchema>(field: Field, fact: KnownFact): Field => ({
  ...field,
  description: `Usually ${KNOWN_WORDS[fact].join(', ')}`,
})

const SHORTEST = { brand: 2, model: 2, color: 3 } as const

const required = {
  brand: text(SHORTEST.brand, 50),
  model: text(SHORTEST.model, 50),
  year: Type.Integer({ minimum: 1900, description: 'At most next year' }),
  color: described(text(SHORTEST.color, 30), 'color'),
  price: Type.Number({
    minimum: 0.01,
    maximum: 999_999_999.99,
    multipleOf: 0.01,
    description: 'BRL, at most two decimals, taxes included',
  }),
  license_plate: Type.String({ format: 'license-plate', description: 'AAA9999 or AAA9A99' }),
  chassi_number: Type.String({ format: 'chassi', description: '17 characters without I, O and Q' }),
  renavam: Type.String({ format: 'renavam', description: '9 to 11 digits' }),
}

const optional = {
  mileage_km: Type.Integer({ minimum: 0, maximum: 9_999_999 }),
  fuel: described(text(1, 30), 'fuel'),
  transmission: described(text(1, 30), 'transmission'),
  description: Type.String({
    maxLength: 5_000,
    format: 'lines',
    description: 'May have several lines',
  }),
  photos: Type.Array(Type.String({ format: 'uri', pattern: '^https?://', maxLength: 2_000 }), { maxItems: 30 }),
  documentation: DocumentationSchema,
  model_year: Type.Integer({
    minimum: 1900,
    description: 'Of the model; `year` is that of its making. At most one more',
  }),
  version: text(1, 60),
  body: described(text(1, 30), 'body'),
  doors: Type.Integer({ minimum: 1, maximum: 9 }),
  options: Type.Array(text(1, 60), { maxItems: 60, uniqueItems: true, description: 'What it is equipped with' }),
}

export const NewVehicleBody = Type.Object(
  {
    ...required,
    ...Type.Partial(Type.Object(optional)).properties,
    publish: Type.Optional(Type.Boolean({ description: 'false: it is prepared first, and published later' })),
    ...Type.Partial(AcquisitionBody).properties,
    restrictions: Type.Optional(RestrictionsBody),
  },
  {
    additionalProperties: false,
    examples: [
      {
        brand: 'Fiat',
        model: 'Strada',
        year: 2024,
        color: 'Branco',
        price: 89900,
        license_plate: 'BRA2E19',
        chassi_number: '9BD281A22RYX12345',
        renavam: '00639884962',
        mileage_km: 31200,
        fuel: 'flex',
      },
    ],
  },
)

const clearable = <Field extends TSchema>(field: Field) => Type.Optional(Type.Union([field, Type.Null()]))

export const AmendmentBody = Type.Object(
  {
    ...Type.Partial(Type.Object(required)).properties,
    mileage_km: clearable(optional.mileage_km),
    fuel: clearable(optional.fuel),
    transmission: clearable(optional.transmission),
    description: clearable(optional.description),
    photos: clearable(optional.photos),
    documentation: clearable(optional.documentation),
    model_year: clearable(optional.model_year),
    version: clearable(optional.version),
    body: clearable(optional.body),
    doors: clearable(optional.doors),
    options: clearable(optional.options),
  },
  { additionalProperties: false, minProperties: 1, examples: [{ price: 84900, mileage_km: 31500, description: null }] },
)

const ReceiverName = Type.String({
  minLength: 3,
  maxLength: 100,
  format: 'text',
  description: 'Name of the person who took the vehicle',
})

export const PickupBody = Type.Object(
  {
    pickup_code: Type.Optional(
      Type.String({ minLength: 1, maxLength: 30, description: 'As the buyer shows it; case and spaces do not count' }),
    ),
    buyer_document: Type.Optional(
      Type.String({ format: 'document', description: 'In place of the code: typed from what the buyer shows' }),
    ),
    received_by: Type.Union([
      ReceiverName,
      Type.Object(
        {
          name: ReceiverName,
          as: Type.Enum(RECEIVERS),
          proof: Type.Optional(
            Type.String({
              minLength: 3,
              maxLength: 200,
              format: 'text',
              description:
                'By what a representative or proxy may take it: a power of attorney, articles of association',
            }),
          ),
        },
        { additionalProperties: false },
      ),
    ]),
    release_reason: Type.Optional(
      Type.String({
        minLength: 5,
        maxLength: 200,
        format: 'text',
        description: 'Why it goes although money is only promised; an admin’s alone',
      }),
    ),
    mileage_km: Type.Optional(Type.Integer({ minimum: 0, maximum: 9_999_999, description: 'What the odometer says' })),
    keys: Type.Optional(Type.Integer({ minimum: 0, maximum: 10, description: 'How many were given' })),
    manual: Type.Optional(Type.Boolean({ description: 'Whether the manual was given' })),
  },
  {
    additionalProperties: false,
    examples: [
      { pickup_code: '7KQ4-XWNA', received_by: 'Ana Souza' },
      {
        buyer_document: '529.982.247-25',
        received_by: { name: 'Ana Souza', as: 'buyer' },
        mileage_km: 31240,
        keys: 2,
        manual: true,
      },
    ],
  },
)

/** Refuses what a schema can't check: neither or both of code and document, or a person in the buyer's place without a proof. */
export function receiverFrom({ pickup_code, buyer_document, received_by }: Static<typeof PickupBody>) {
  const receiver = typeof received_by === 'string' ? { name: received_by, as: 'buyer' as const } : received_by
  const { name, as, proof } = receiver as Exclude<typeof received_by, string>
  const errors: { path: string; message: string }[] = []
  if (pickup_code === undefined && buyer_document === undefined)
    errors.push({ path: '/pickup_code', message: 'is required where there is no buyer_document' })
  if (pickup_code !== undefined && buyer_document !== undefined)
    errors.push({ path: '/buyer_document', message: 'stands in place of a pickup_code' })
  if (as !== 'buyer' && !proof?.trim())
    errors.push({ path: '/received_by/proof', message: 'is required of who stands in for the buyer' })
  if (errors.length > 0) throw new Problem('validation_failed', { errors })
  return { name: name.trim(), as, proof: proof?.trim() || null }
}

/** Only this form of a UUID, of those that PostgreSQL takes; upper and lower case are the same UUID. */
const PurchaseId = Type.String({
  pattern: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$',
  description: 'The purchase that it is sold to; a sale by hand has none',
})

const ofPurchase = { transaction_id: PurchaseId, payment_proof: Type.Optional(PaymentProof) }

export const SalesBody = Type.Object(
  {
    sales: Type.Array(Type.Object({ vehicle_id: EntityId, ...ofPurchase }, { additionalProperties: false }), {
      minItems: 1,
      maxItems: 128,
    }),
  },
  { additionalProperties: false },
)

export const SaleBody = Type.Partial(Type.Object(ofPurchase), { additionalProperties: false })

const absent = {
  mileage_km: null,
  fuel: null,
  transmission: null,
  description: null,
  photos: null,
  documentation: null,
  ...NO_FACTS,
} as const satisfies Partial<Details>

export function detailsFrom(body: Static<typeof NewVehicleBody>, now: Date): Details {
  const { brand, model, year, color, price } = body
  return {
    ...absent,
    brand,
    model,
    year,
    color,
    price_cents: toCents(price),
    ...identityOf(body),
    ...amendmentFrom(body, now),
  }
}

const identityOf = ({ license_plate, chassi_number, renavam }: Static<typeof NewVehicleBody>) => ({
  license_plate: bare(license_plate),
  chassi_number: bare(chassi_number),
  renavam: normaliseRenavam(renavam),
})

/** The fields that the body names, normalised. Refuses what a schema can't check: a blank name, a year in the future. */
export function amendmentFrom(body: Static<typeof AmendmentBody>, now: Date): Partial<Details> {
  refuseMisfits(body, now)
  const { brand, model, year, color, price, license_plate, chassi_number, renavam } = body
  const { mileage_km, fuel, transmission, description, photos, documentation } = body
  const { model_year, version, body: shape, doors, options } = body
  return {
    ...(brand !== undefined && { brand: brand.trim() }),
    ...(model !== undefined && { model: model.trim() }),
    ...(year !== undefined && { year }),
    ...(color !== undefined && { color: knownWord('color', color) }),
    ...(price !== undefined && { price_cents: toCents(price) }),
    ...(license_plate !== undefined && { license_plate: bare(license_plate) }),
    ...(chassi_number !== undefined && { chassi_number: bare(chassi_number) }),
    ...(renavam !== undefined && { renavam: normaliseRenavam(renavam) }),
    ...(mileage_km !== undefined && { mileage_km }),
    ...(fuel !== undefined && { fuel: fuel && knownWord('fuel', fuel) }),
    ...(transmission !== undefined && { transmission: transmission && knownWord('transmission', transmission) }),
    ...(description !== undefined && { description }),
    ...(photos !== undefined && { photos }),
    ...(documentation !== undefined && { documentation }),
    ...(model_year !== undefined && { model_year }),
    ...(version !== undefined && { version: version?.trim() ?? null }),
    ...(shape !== undefined && { body: shape && knownWord('body', shape) }),
    ...(doors !== undefined && { doors }),
    ...(options !== undefined && { options: options?.map((option) => option.trim()) ?? null }),
  }
}

function refuseMisfits(body: Static<typeof AmendmentBody>, now: Date) {
  const latest = now.getUTCFullYear() + 1
  const errors: { path: string; message: string }[] = []
  for (const field of ['brand', 'model', 'color'] as const) {
    const typed = body[field]?.trim()
    if (typed !== undefined && [...typed].length < SHORTEST[field]) {
      errors.push({ path: `/${field}`, message: `must NOT have fewer than ${SHORTEST[field]} characters` })
    }
  }
  if (body.year !== undefined && body.year > latest) errors.push({ path: '/year', message: `must be <= ${latest}` })
  if (body.model_year && body.model_year > latest + 1)
    errors.push({ path: '/model_year', message: `must be <= ${latest + 1}` })
  if (errors.length > 0) throw new Problem('validation_failed', { errors })
}
