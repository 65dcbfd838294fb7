/** Claiming a record from the counter: which records an account may be tied to, by a code that goes to the record's e-mail. */
import type { Customer } from './customer.ts'

/** A changed e-mail warns the previous address; nobody may claim before its owner had time to object. */
const WARNING_MS = 72 * 3_600_000

export interface Registered extends Pick<Customer, 'status' | 'email' | 'email_proven_at' | 'email_changed_at'> {
  /** Who registered it at the counter; null: a person did so themselves. */
  readonly registered_by: string | null
  readonly has_account: boolean
  readonly is_deceased: boolean
}

export function isClaimable(record: Registered, now: Date): boolean {
  const { status, email, email_proven_at, email_changed_at, registered_by, has_account, is_deceased } = record
  const isWarned = email_changed_at === null || now.getTime() - email_changed_at.getTime() >= WARNING_MS
  const isOfCounter = registered_by !== null && !has_account && status !== 'erased'
  return isOfCounter && !is_deceased && email !== null && email_proven_at !== null && isWarned
}
