/**
 * The form of a vehicle, and its merge when somebody else has saved in between. Nothing is lost: a field that only one of
 * the two has changed is taken, and one that both have changed is asked about. Pure.
 */
import { amountTyped, wholeTyped } from '#platform/typed-numbers'
import type { Vehicle } from '../../clients/typescript/operations.ts'

const TEXTS = ['brand', 'model', 'color', 'fuel', 'transmission', 'description'] as const
const NUMBERS = ['year', 'price', 'mileage_km'] as const
export const IDENTIFIERS = ['license_plate', 'chassi_number', 'renavam'] as const
export type Field = (typeof TEXTS)[number] | (typeof NUMBERS)[number]
export const FIELDS: readonly Field[] = [
  'brand',
  'model',
  'year',
  'color',
  'price',
  'mileage_km',
  'fuel',
  'transmission',
  'description',
]

/** The texts in the form. */
export type Values = Readonly<Record<Field, string>>

const isNumber = (field: Field): boolean => (NUMBERS as readonly string[]).includes(field)

/** `84900.5` → `84.900,50`: as people read and type it. */
export function valuesOf(vehicle: Pick<Vehicle, Field>): Values {
  return Object.fromEntries(FIELDS.map((field) => [field, written(field, vehicle[field])])) as Record<Field, string>
}

function written(field: Field, value: string | number | undefined): string {
  if (value === undefined) return ''
  if (typeof value === 'string' || field === 'year') return String(value)
  const digits = Number.isInteger(value) ? 0 : 2
  return new Intl.NumberFormat('pt-BR', { minimumFractionDigits: digits, maximumFractionDigits: 2 }).format(value)
}

/** For the API: a number where it is one, null where an optional field was emptied; undefined: it is no number. */
export function sentOf(field: Field, text: string): string | number | null | undefined {
  const trimmed = text.trim()
  if (trimmed === '') return null
  if (!isNumber(field)) return trimmed
  return field === 'price' ? amountTyped(trimmed) : wholeTyped(trimmed)
}

export const changedFields = (before: Values, after: Values): readonly Field[] =>
  FIELDS.filter((field) => before[field].trim() !== after[field].trim())

export interface Merged {
  /** For the form: my value where I changed it, else the one saved now. */
  readonly values: Values
  /** Changed by both, to different things. */
  readonly conflicts: readonly Field[]
}

export function merge(before: Values, mine: Values, theirs: Values): Merged {
  const ours = new Set(changedFields(before, mine))
  const conflicts = changedFields(before, theirs).filter((field) => ours.has(field) && mine[field] !== theirs[field])
  const values = Object.fromEntries(FIELDS.map((field) => [field, ours.has(field) ? mine[field] : theirs[field]]))
  return { values: values as Record<Field, string>, conflicts }
}
