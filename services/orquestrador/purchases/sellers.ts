/** The sellers of a purchase. Pure. */
import type { PurchaseRequest } from '../purchase-saga.ts'

const BY_STAFF = /^staff(?: (.+))?$/

/** The member of staff who begins a purchase is its seller, and so are the people whom they name. */
export function sellersOf({ began_by = '', sellers = [] }: PurchaseRequest): string[] {
  const [role, subject = role] = BY_STAFF.exec(began_by) ?? []
  return [...new Set([...(subject === undefined ? [] : [subject]), ...sellers.map(({ id }) => id)])]
}
