/** The handing over of a sold vehicle to whoever shows its code, and what is done about guessing. */
import { moved, type Vehicle } from './vehicle.ts'

/** A sold vehicle with what its counter knows of wrong codes. */
export type Counter = Vehicle & { readonly pickup_failures: number; readonly pickup_locked_until: Date | null }

/** Wrong codes before the counter closes for a while: five guesses at 1.1e11 codes each quarter of an hour. */
const FAILURES_ALLOWED = 5
const LOCKED_FOR = 15 * 60_000

export interface Pickup {
  readonly pickup_code: string
  readonly received_by: string
}

export type PickupRefusal =
  | 'vehicle_not_sold'
  | 'vehicle_already_picked_up'
  | { readonly lockedUntil: Date }
  | { readonly wrongCode: Counter }

/** Hands the vehicle over. A wrong code is a refusal that changes the counter: it must be stored. */
export function handOver(vehicle: Counter, { pickup_code, received_by }: Pickup, now: Date): Counter | PickupRefusal {
  if (vehicle.status === 'picked_up') return 'vehicle_already_picked_up'
  if (vehicle.status !== 'sold' || vehicle.pickup_code === null) return 'vehicle_not_sold'
  if (vehicle.pickup_locked_until && now < vehicle.pickup_locked_until) {
    return { lockedUntil: vehicle.pickup_locked_until }
  }
  if (!isSame(vehicle.pickup_code, asWritten(pickup_code))) return { wrongCode: failed(vehicle, now) }
  return {
    ...moved(vehicle, { status: 'picked_up', picked_up_at: now }),
    received_by,
    pickup_failures: 0,
    pickup_locked_until: null,
    updated_at: now,
  }
}

/** A new code for a vehicle sold by hand; that of a purchase is its buyer's, who would be left with the old one. */
export function reissue(
  vehicle: Counter,
  pickup_code: string,
  now: Date,
): Counter | 'vehicle_not_sold' | 'vehicle_already_picked_up' | 'pickup_code_with_buyer' {
  if (vehicle.status === 'picked_up') return 'vehicle_already_picked_up'
  if (vehicle.status !== 'sold') return 'vehicle_not_sold'
  if (vehicle.sold_to_transaction !== null) return 'pickup_code_with_buyer'
  return { ...moved(vehicle, { pickup_code }), pickup_failures: 0, pickup_locked_until: null, updated_at: now }
}

function failed(vehicle: Counter, now: Date): Counter {
  const failures = vehicle.pickup_failures + 1
  if (failures < FAILURES_ALLOWED) return { ...vehicle, pickup_failures: failures }
  return { ...vehicle, pickup_failures: 0, pickup_locked_until: new Date(now.getTime() + LOCKED_FOR) }
}

/** People type codes in small letters, and with spaces or dashes. */
const asWritten = (typed: string) => typed.replace(/[\s-]/g, '').toUpperCase()

/** In a time that does not tell how much of the code was right. */
function isSame(code: string, typed: string): boolean {
  let difference = code.length ^ typed.length
  for (let at = 0; at < code.length; at += 1) difference |= code.charCodeAt(at) ^ typed.charCodeAt(at)
  return difference === 0
}
