/** The chain of the access log: what each reading of unmasked personal data says. */
import { chainOf, type Linked } from '../chain/chain.ts'
import type { StoredChain } from '../chain/chain-store.ts'

export interface Access {
  readonly at: Date
  /** Who read, as their token names them. */
  readonly subject: string
  readonly role: string
  /** Whose data was read: a customer's, or a vehicle's identifiers. */
  readonly about: 'customer' | 'vehicle'
  readonly about_id: number
  readonly fields: readonly string[]
  /** Why; staff and admins must say. */
  readonly reason: string | null
}

export type AccessEntry = Linked<Access>

export const accesses: StoredChain<Access> = {
  ...chainOf<Access>(({ at, subject, role, about, about_id, fields, reason }) => [
    at.toISOString(),
    subject,
    role,
    about,
    about_id,
    fields,
    reason,
  ]),
  table: 'personal_data_access',
  columns: ['at', 'subject', 'role', 'about', 'about_id', 'fields', 'reason'],
}
