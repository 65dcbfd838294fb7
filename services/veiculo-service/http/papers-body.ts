/**
 * What clients send about a vehicle's papers: each paper is stated whole, or cleared by null; papers that are not named
 * stay.
 */
import { getNfeKeyInfo, isValidCnpj, isValidNfeKey, parseNfeKey } from '@brazilian-utils/brazilian-utils'
import { type Static, type TSchema, Type } from 'typebox'
import { withoutIdentifiers } from '#platform/free-text'
import { toCents } from '#platform/money'
import { Problem } from '#platform/problem'
import {
  INSPECTION_RESULTS,
  INVOICE_KINDS,
  INVOICE_STATUSES,
  type Invoice,
  type InvoiceKind,
} from '../domain/papers.ts'
import { FINDINGS, type Finding, RESTRICTIONS, type Restrictions } from '../domain/restrictions.ts'

const closed = { additionalProperties: false } as const
const clearable = <Schema extends TSchema>(schema: Schema) => Type.Optional(Type.Union([schema, Type.Null()]))
const Day = Type.String({ format: 'date' })
const Words = (maxLength: number) => Type.String({ minLength: 1, maxLength, format: 'text' })
const Protocol = Type.Optional(Words(60))

const FindingBody = Type.Object(
  {
    status: Type.Enum(FINDINGS),
    source: Type.Optional(Words(100)),
    checked_on: Type.Optional(Day),
    note: Type.Optional(Words(300)),
  },
  { ...closed, description: 'What is `clear` or `found` says where and when it was looked up' },
)

export const RestrictionsBody = Type.Object(
  Object.fromEntries(RESTRICTIONS.map((name) => [name, Type.Optional(FindingBody)])) as Record<
    (typeof RESTRICTIONS)[number],
    ReturnType<typeof Type.Optional<typeof FindingBody>>
  >,
  { ...closed, minProperties: 1 },
)

const InvoiceBody = Type.Object(
  {
    key: Type.String({ minLength: 44, maxLength: 60, description: 'Of the NF-e: 44 characters, blanks aside' }),
    value: Type.Number({ minimum: 0.01, maximum: 999_999_999.99, multipleOf: 0.01 }),
    issued_on: Day,
    status: Type.Optional(Type.Enum(INVOICE_STATUSES, { description: 'authorised unless said' })),
  },
  closed,
)

const Done = Type.Object({ done_on: Day, protocol: Protocol }, closed)

export const PapersBody = Type.Object(
  {
    restrictions: Type.Optional(RestrictionsBody),
    entry_invoice: Type.Optional(InvoiceBody),
    exit_invoice: Type.Optional(InvoiceBody),
    return_invoice: Type.Optional(InvoiceBody),
    atpv_e: clearable(Type.Object({ number: Words(30), signed_on: Type.Optional(Day) }, closed)),
    crv: clearable(Type.Object({ number: Words(30) }, closed)),
    renave_entry: clearable(Done),
    renave_exit: clearable(Done),
    inspection: clearable(
      Type.Object({ report: Words(40), done_on: Day, result: Type.Enum(INSPECTION_RESULTS) }, closed),
    ),
    communication_of_sale: clearable(Done),
  },
  {
    ...closed,
    minProperties: 1,
    examples: [{ restrictions: { theft: { status: 'clear', source: 'Senatran', checked_on: '2026-03-02' } } }],
  },
)

type Errors = { path: string; message: string }[]

function refuse(errors: Errors): void {
  if (errors.length > 0) throw new Problem('validation_failed', { errors })
}

/** The restrictions of the body. Each that was looked up must say where and when, and not in the future. */
export function restrictionsFrom(
  body: Static<typeof RestrictionsBody> | undefined,
  today: string,
  path = '/restrictions',
): Partial<Restrictions> {
  const errors: Errors = []
  const told: Partial<Record<(typeof RESTRICTIONS)[number], Finding>> = {}
  for (const name of RESTRICTIONS) {
    const finding = body?.[name]
    if (!finding) continue
    const { status, source, checked_on, note } = finding
    if (status !== 'unknown' && source === undefined)
      errors.push({ path: `${path}/${name}/source`, message: 'is needed for a fact that was looked up' })
    if (status !== 'unknown' && checked_on === undefined)
      errors.push({ path: `${path}/${name}/checked_on`, message: 'is needed for a fact that was looked up' })
    if (checked_on !== undefined && checked_on > today)
      errors.push({ path: `${path}/${name}/checked_on`, message: 'must not be in the future' })
    told[name] = {
      status,
      source: source?.trim() ?? null,
      checked_on: checked_on ?? null,
      note: note === undefined ? null : withoutIdentifiers(note.trim()),
    }
  }
  refuse(errors)
  return told
}

/**
 * The notes of the body. A note that we issued must bear our CNPJ, and each note must be from the month that its key tells.
 */
export function invoicesFrom(body: Static<typeof PapersBody>, today: string, shopCnpj: string): Invoice[] {
  const errors: Errors = []
  const invoices = INVOICE_KINDS.flatMap((kind) => {
    const invoice = body[`${kind}_invoice`]
    if (!invoice) return []
    const key = parseNfeKey(invoice.key)
    errors.push(...faultsOf(kind, key, invoice.issued_on, today, shopCnpj))
    const { value, issued_on, status = 'authorised' } = invoice
    return [{ key, kind, status, value_cents: toCents(value), issued_on }]
  })
  refuse(errors)
  return invoices
}

function faultsOf(kind: InvoiceKind, key: string, issued_on: string, today: string, shopCnpj: string): Errors {
  const path = `/${kind}_invoice`
  const about = isValidNfeKey(key) ? getNfeKeyInfo(key) : null
  if (about?.model !== '55' || !isValidCnpj(about.taxId, { version: 2 }))
    return [{ path: `${path}/key`, message: 'is no key of an NF-e: 44 characters with their check digit' }]
  const month = `${about.year}-${String(about.month).padStart(2, '0')}`
  return [
    ...(kind === 'exit' && about.taxId !== shopCnpj
      ? [{ path: `${path}/key`, message: 'must be of a note that this shop has issued' }]
      : []),
    ...(issued_on > today ? [{ path: `${path}/issued_on`, message: 'must not be in the future' }] : []),
    ...(issued_on.startsWith(month)
      ? []
      : [{ path: `${path}/issued_on`, message: `must be in ${month}, as the key says` }]),
  ]
}

/** The papers of the body that are no NF-e. */
export function documentsFrom(body: Static<typeof PapersBody>, today: string) {
  const { atpv_e, crv, renave_entry, renave_exit, inspection, communication_of_sale } = body
  const days = {
    '/atpv_e/signed_on': atpv_e?.signed_on,
    '/renave_entry/done_on': renave_entry?.done_on,
    '/renave_exit/done_on': renave_exit?.done_on,
    '/inspection/done_on': inspection?.done_on,
    '/communication_of_sale/done_on': communication_of_sale?.done_on,
  }
  refuse(
    Object.entries(days)
      .filter(([, day]) => day !== undefined && day > today)
      .map(([path]) => ({ path, message: 'must not be in the future' })),
  )
  const done = (told: Static<typeof Done> | null) => told && { done_on: told.done_on, protocol: told.protocol ?? null }
  return {
    ...(atpv_e !== undefined && { atpv_e: atpv_e && { number: atpv_e.number, signed_on: atpv_e.signed_on ?? null } }),
    ...(crv !== undefined && { crv }),
    ...(renave_entry !== undefined && { renave_entry: done(renave_entry) }),
    ...(renave_exit !== undefined && { renave_exit: done(renave_exit) }),
    ...(inspection !== undefined && { inspection }),
    ...(communication_of_sale !== undefined && { communication_of_sale: done(communication_of_sale) }),
  }
}
