/** Somebody has left: the customers whom they registered are another's, and what they have asked for. */
import { authorName, handOver } from '#host'
import { handOverCustomers } from './account-customer-store.ts'

export const takeOver = handOver('cliente-service-work-handed-over-sub', (tx, { from, to, to_role }) =>
  handOverCustomers(tx, from, authorName({ subject: to, role: to_role })),
)
