/** Somebody has left: another takes over the customers whom they registered, and their approvals. */
import { authorName, handOver } from '#host'
import { handOverCustomers } from './account-customer-store.ts'

export const takeOver = handOver('cliente-service-work-handed-over-sub', (tx, { from, to, to_role }) =>
  handOverCustomers(tx, from, authorName({ subject: to, role: to_role })),
)
