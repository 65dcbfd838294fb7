/** Records a change of a customer (corrections, consents) in the transaction that makes it. */
import type { FastifyRequest } from 'fastify'
import type { Tx } from '#platform/database/database'
import { callerOf, isStaff } from '#platform/http/auth'
import { consentChanges, correctedFields } from '../domain/changes.ts'
import type { Customer } from '../domain/customer.ts'
import { insertConsents, insertCorrection } from './changes-store.ts'

export interface Occasion {
  readonly at: Date
  /** Who changed it: the customer, or a member of staff. */
  readonly recorded_by: string
  /** For consents: the version of the text that was shown. */
  readonly text_version: string
  /** For a correction. */
  readonly reason?: string | null
}

/** `before`: undefined for a new customer. */
export function recordChanges(tx: Tx, before: Customer | undefined, after: Customer, occasion: Occasion): void {
  const { reason = null, text_version, ...when } = occasion
  const consents = consentChanges(before?.consents ?? null, after.consents)
  const agreed = consents.map((change) => ({ ...change, ...when, text_version }))
  insertConsents(tx, after.id, agreed)
  if (before) insertCorrection(tx, after.id, { ...when, fields: correctedFields(before, after), reason })
}

export function recorderOf(request: FastifyRequest): string {
  const caller = callerOf(request)
  const { role, subject = role } = caller
  return isStaff(caller) ? `${role} ${subject}` : 'customer'
}
