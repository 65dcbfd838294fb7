/** Which vehicles somebody learns of: those who work here of all, others of those that are or were offered. */
import type { VehicleStatus } from '#contracts'
import { type Caller, isStaff } from '#platform/http/auth'

/** People who work here, and services. */
export const worksHere = (caller: Caller): boolean => isStaff(caller) || caller.role === 'service'

/** To strangers it is as if there were no such vehicle. Customers may have bought one that came back. */
const HIDDEN: Readonly<Record<'nobody' | 'customer', readonly VehicleStatus[]>> = {
  nobody: ['preparation', 'withdrawn', 'returned_to_owner'],
  customer: ['preparation', 'returned_to_owner'],
}

export const maySee = (caller: Caller, { status }: { readonly status: VehicleStatus }): boolean =>
  worksHere(caller) || !HIDDEN[caller.role === 'customer' ? 'customer' : 'nobody'].includes(status)
