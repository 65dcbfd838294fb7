/** What clients send about a vehicle's acquisition and the expenses since. */
import { type Static, Type } from 'typebox'
import { EntityId, Reais } from '#contracts'
import { withoutIdentifiers } from '#platform/free-text'
import { toCents } from '#platform/money'
import { Problem } from '#platform/problem'
import { type Acquisition, misfitsOf, SOURCES } from '../domain/acquisition.ts'

const Day = Type.String({ format: 'date', description: 'In São Paulo' })

export const AcquisitionBody = Type.Object(
  {
    acquired_at: Day,
    acquisition_cost: Reais,
    source: Type.Enum(SOURCES),
    owner_customer_id: Type.Optional(EntityId),
    owner_share: Type.Optional(
      Type.Number({ exclusiveMinimum: 0, maximum: 100, multipleOf: 0.01, description: 'Percent of the price' }),
    ),
  },
  {
    additionalProperties: false,
    description: '`owner_customer_id` and `owner_share` are those of a consignment, and needed there',
    examples: [{ acquired_at: '2026-03-02', acquisition_cost: 71500, source: 'purchase' }],
  },
)

export const ExpenseBody = Type.Object(
  {
    what: Type.String({ minLength: 2, maxLength: 120, format: 'text' }),
    amount: Type.Number({
      minimum: -999_999_999.99,
      maximum: 999_999_999.99,
      multipleOf: 0.01,
      description: 'BRL; below zero it takes back what was entered too much',
    }),
    spent_on: Type.Optional(Day),
  },
  { additionalProperties: false, examples: [{ what: 'Pneus', amount: 1840, spent_on: '2026-03-05' }] },
)

type Wanted = Partial<Static<typeof AcquisitionBody>>

/** Undefined: the body has none of its fields. Refuses a body with only some of them. */
export function acquisitionFrom(body: Wanted, today: string): Acquisition | undefined {
  const { acquired_at, acquisition_cost, source, owner_customer_id, owner_share } = body
  const all = [acquired_at, acquisition_cost, source, owner_customer_id, owner_share]
  if (all.every((field) => field === undefined)) return undefined
  const errors = misfitsOf(body, today)
  if (errors.length > 0 || acquired_at === undefined || acquisition_cost === undefined || source === undefined)
    throw new Problem('validation_failed', { errors })
  return {
    acquired_at,
    cost_cents: toCents(acquisition_cost),
    source,
    owner_customer_id: owner_customer_id ?? null,
    owner_share_percent: owner_share ?? null,
  }
}

/** Its text is kept without identifiers. */
export function expenseFrom({ what, amount, spent_on }: Static<typeof ExpenseBody>, today: string) {
  const errors = [
    ...(amount === 0 ? [{ path: '/amount', message: 'must not be zero' }] : []),
    ...(spent_on !== undefined && spent_on > today
      ? [{ path: '/spent_on', message: 'must not be in the future' }]
      : []),
  ]
  if (errors.length > 0) throw new Problem('validation_failed', { errors })
  return { what: withoutIdentifiers(what.trim()), amount_cents: toCents(amount), spent_on: spent_on ?? today }
}
