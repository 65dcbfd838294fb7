/** What a change of a customer means for the record: which of their fields were corrected, and what they agreed to. */
import type { Customer } from './customer.ts'

type Consents = Customer['consents']

export interface ConsentChange {
  readonly purpose: string
  readonly given: boolean
}

/** What is new or other than before; what was agreed to and is no longer named is withdrawn. */
export function consentChanges(before: Consents, after: Consents): ConsentChange[] {
  const [had, has] = [before ?? {}, after ?? {}]
  const withdrawn = Object.keys(had).filter((purpose) => had[purpose] && !(purpose in has))
  const changed = Object.keys(has).filter((purpose) => has[purpose] !== had[purpose])
  return [
    ...changed.map((purpose) => ({ purpose, given: has[purpose] ?? false })),
    ...withdrawn.map((purpose) => ({ purpose, given: false })),
  ]
}

const CORRECTABLE = [
  'name',
  'email',
  'phone',
  'document',
  'birth_date',
  'driver_license',
  'address',
  'refund_pix_key',
] as const satisfies readonly (keyof Customer)[]

export const correctedFields = (before: Customer, after: Customer): string[] =>
  CORRECTABLE.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
