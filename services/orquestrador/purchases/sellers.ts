/** Whose sale a purchase is. Pure. */
import type { PurchaseRequest } from '../purchase-saga.ts'

const BY_STAFF = /^staff(?: (.+))?$/

/** Whoever of staff begins it sells it, and so do those whom they name. */
export function sellersOf({ began_by = '', sellers = [] }: PurchaseRequest): string[] {
  const [role, subject = role] = BY_STAFF.exec(began_by) ?? []
  return [...new Set([...(subject === undefined ? [] : [subject]), ...sellers.map(({ id }) => id)])]
}
