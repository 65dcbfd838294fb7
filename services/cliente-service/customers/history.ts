/** The history of customers: its path, its words, and the problem when there is no such customer. */
import type { Queryable } from '#platform/database/database'
import { findAccounts } from './customer-store.ts'

export const historySubject = {
  about: 'customer',
  path: '/customers',
  missing: 'customer_not_found',
  exists: async (tx: Queryable, id: number) => (await findAccounts(tx, [id])).length > 0,
} as const
