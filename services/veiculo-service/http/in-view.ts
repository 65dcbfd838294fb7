/** The vehicles that a caller may know of: staff know all, others those that are or were offered. */
import type { VehicleStatus } from '#contracts'
import { type Caller, isStaff } from '#platform/http/auth'

/** Staff and services. */
export const worksHere = (caller: Caller): boolean => isStaff(caller) || caller.role === 'service'

/** For strangers, such a vehicle does not exist. Customers may know it, because they may have bought one that came back. */
const HIDDEN: Readonly<Record<'nobody' | 'customer', readonly VehicleStatus[]>> = {
  nobody: ['preparation', 'withdrawn', 'returned_to_owner'],
  customer: ['preparation', 'returned_to_owner'],
}

export const maySee = (caller: Caller, { status }: { readonly status: VehicleStatus }): boolean =>
  worksHere(caller) || !HIDDEN[caller.role === 'customer' ? 'customer' : 'nobody'].includes(status)
