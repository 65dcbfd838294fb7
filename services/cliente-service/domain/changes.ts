/** The records of a change of a customer: the corrected fields, and the consents. */
import type { Customer } from './customer.ts'

type Consents = Customer['consents']

export interface ConsentChange {
  readonly purpose: string
  readonly given: boolean
}

/** Consents that are new or have changed. A given consent that is no longer named counts as withdrawn. */
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
  'representative',
] as const satisfies readonly (keyof Customer)[]

export const correctedFields = (before: Customer, after: Customer): string[] =>
  CORRECTABLE.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
