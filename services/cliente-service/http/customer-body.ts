/** What clients send about a customer: the schemas of the bodies, and the form in which it is stored. */
import { type Static, type TSchema, Type } from 'typebox'
import { Reais } from '#contracts'
import { bare, normalisePhone } from '#platform/formats'
import { type Caller, isStaff } from '#platform/http/auth'
import { toCents } from '#platform/money'
import { Problem } from '#platform/problem'
import type { NewCustomer } from '../customers/customer-store.ts'
import type { Amendment } from '../domain/customer.ts'

/** PostgreSQL takes no NUL in text and no lone surrogate in jsonb; no other control character belongs there either. */
const text = (minLength: number, maxLength: number) => Type.String({ minLength, maxLength, format: 'text' })

// biome-ignore format: one row a region
const STATES = [
  'AC', 'AP', 'AM', 'PA', 'RO', 'RR', 'TO',
  'AL', 'BA', 'CE', 'MA', 'PB', 'PE', 'PI', 'RN', 'SE',
  'DF', 'GO', 'MT', 'MS',
  'ES', 'MG', 'RJ', 'SP',
  'PR', 'RS', 'SC',
]

export const AddressSchema = Type.Object(
  {
    postal_code: Type.String({ format: 'postal-code' }),
    street: text(1, 200),
    number: text(1, 20),
    complement: Type.Optional(text(0, 100)),
    district: text(1, 100),
    city: text(1, 100),
    state: Type.Enum(STATES),
  },
  { additionalProperties: false },
)

/** The customer's consents, by purpose: `{marketing: true}`. */
export const ConsentsSchema = Type.Record(Type.String({ pattern: '^[a-z][a-z_]{0,39}$' }), Type.Boolean(), {
  additionalProperties: false,
  maxProperties: 20,
})

/** Only staff and admins may leave it out. */
const MaybeEmail = Type.Unsafe<string | null>({
  type: ['string', 'null'],
  format: 'email',
  maxLength: 100,
  description: '`null`, for those who work here: the customer has none',
})

const RepresentativeSchema = Type.Object(
  { name: text(3, 100), document: Type.String({ format: 'document', description: 'CPF' }) },
  { additionalProperties: false, description: 'Who acts for a minor, or for a company' },
)

const required = {
  name: text(3, 100),
  email: MaybeEmail,
  phone: Type.String({ format: 'brazilian-phone', description: 'A Brazilian number; kept as E.164' }),
}

const money = { initial_balance: Type.Optional(Reais), credit_limit: Type.Optional(Reais) }

const optional = {
  birth_date: Type.String({ format: 'date', description: 'From 1900-01-01 to today' }),
  driver_license: Type.String({ format: 'driver-license', description: 'CNH' }),
  address: AddressSchema,
  refund_pix_key: text(1, 77),
  representative: RepresentativeSchema,
  consents: ConsentsSchema,
}

/** `null` clears the field. A list of types is used, because a union would report an address's fault twice: as no address and as no null. */
const clearable = <Schema extends TSchema & { type: string }>(schema: Schema) =>
  Type.Optional(Type.Unsafe<Static<Schema> | null>({ ...schema, type: [schema.type, 'null'] }))

export const NewCustomerBody = Type.Object(
  {
    ...required,
    document: Type.String({ format: 'document', description: 'CPF or CNPJ, numeric or alphanumeric' }),
    ...money,
    birth_date: Type.Optional(optional.birth_date),
    driver_license: Type.Optional(optional.driver_license),
    address: Type.Optional(optional.address),
    refund_pix_key: Type.Optional(optional.refund_pix_key),
    representative: Type.Optional(optional.representative),
    consents: Type.Optional(optional.consents),
  },
  {
    additionalProperties: false,
    examples: [
      {
        name: 'Ana Souza',
        email: 'ana@example.com',
        phone: '(11) 98765-4321',
        document: '529.982.247-25',
        initial_balance: 80000,
        credit_limit: 25000.5,
      },
    ],
  },
)

export const AmendmentBody = Type.Object(
  {
    name: Type.Optional(required.name),
    email: Type.Optional(required.email),
    phone: Type.Optional(required.phone),
    ...money,
    birth_date: clearable(optional.birth_date),
    driver_license: clearable(optional.driver_license),
    address: clearable(optional.address),
    refund_pix_key: clearable(optional.refund_pix_key),
    representative: clearable(optional.representative),
    consents: clearable(optional.consents),
  },
  {
    additionalProperties: false,
    minProperties: 1,
    examples: [{ phone: '11 98765-4321', initial_balance: 95000, birth_date: null }],
  },
)

export const BlockBody = Type.Object(
  {
    reason: text(3, 200),
    deceased: Type.Optional(
      Type.Boolean({
        description: 'They have died: vehicles of theirs are handed to a representative alone, with proof',
      }),
    ),
  },
  { additionalProperties: false, examples: [{ reason: 'Document under review' }] },
)

export function newCustomerFrom(body: Static<typeof NewCustomerBody>, now: Date): NewCustomer {
  return {
    account_balance_cents: 0,
    credit_limit_cents: 0,
    birth_date: null,
    driver_license: null,
    address: null,
    refund_pix_key: null,
    representative: null,
    consents: null,
    name: body.name,
    email: body.email,
    phone: body.phone,
    ...amendmentFrom(body, now),
    document: bare(body.document),
  }
}

/** The fields that the body names, normalised; null clears. Refuses what a schema can't check: a blank name, a birth in the future. */
export function amendmentFrom(body: Static<typeof AmendmentBody>, now: Date): Amendment {
  const { name, email, phone, initial_balance, credit_limit } = body
  const { birth_date, driver_license, address, refund_pix_key, representative, consents } = body
  const errors: { path: string; message: string }[] = []
  if (name !== undefined && [...name.trim()].length < 3) {
    errors.push({ path: '/name', message: 'must NOT have fewer than 3 characters' })
  }
  if (birth_date && (birth_date < '1900-01-01' || birth_date > now.toISOString().slice(0, 10))) {
    errors.push({ path: '/birth_date', message: 'must be between 1900-01-01 and today' })
  }
  if (representative && bare(representative.document).length !== 11)
    errors.push({ path: '/representative/document', message: 'must be the CPF of a person' })
  if (errors.length > 0) throw new Problem('validation_failed', { errors })
  return {
    ...(name !== undefined && { name: name.trim() }),
    ...(email !== undefined && { email: email?.toLowerCase() ?? null }),
    ...(phone !== undefined && { phone: normalisePhone(phone) ?? phone }),
    ...(initial_balance !== undefined && { account_balance_cents: toCents(initial_balance) }),
    ...(credit_limit !== undefined && { credit_limit_cents: toCents(credit_limit) }),
    ...(birth_date !== undefined && { birth_date }),
    ...(driver_license !== undefined && { driver_license: driver_license && bare(driver_license) }),
    ...(address !== undefined && { address: address && { ...address, postal_code: bare(address.postal_code) } }),
    ...(refund_pix_key !== undefined && { refund_pix_key: refund_pix_key?.trim() ?? null }),
    ...(representative !== undefined && {
      representative: representative && {
        name: representative.name.trim(),
        document: bare(representative.document),
      },
    }),
    ...(consents !== undefined && { consents }),
  }
}

/** Only staff and admins may register a customer without an e-mail: others could not be told about the registration. */
export function expectEmailOf(caller: Caller, email: string | null | undefined): void {
  if (email === null && !isStaff(caller))
    throw new Problem('validation_failed', { errors: [{ path: '/email', message: 'must be string' }] })
}

/** Refuses a blank reason. */
export function reasonFrom({ reason }: Pick<Static<typeof BlockBody>, 'reason'>): string {
  const errors = [{ path: '/reason', message: 'must NOT have fewer than 3 characters' }]
  if ([...reason.trim()].length < 3) throw new Problem('validation_failed', { errors })
  return reason.trim()
}
