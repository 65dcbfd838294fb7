/** Handing a sold vehicle over to the person who shows its code or the buyer's document, and the limits on guessing. */
import { type IssuedCode, moved, type Vehicle } from './vehicle.ts'

/** A sold vehicle, with the count of wrong codes. */
export type Counter = Vehicle & { readonly pickup_failures: number; readonly pickup_locked_until: Date | null }

/** The wrong codes that one person has typed, for any vehicle. */
export interface Guesser {
  readonly failures: number
  /** When the first of them was typed. */
  readonly since: Date
}

/** Wrong codes before the counter closes for a while: five guesses at 1.1e11 codes each quarter of an hour. */
const FAILURES_ALLOWED = 5
const LOCKED_FOR_MS = 15 * 60_000
/** Wrong codes of one person in an hour, counted over all vehicles, so that many vehicles give no more guesses. */
const GUESSES_ALLOWED = 20
const GUESSES_COUNT_FOR_MS = 60 * 60_000

export const RECEIVERS = ['buyer', 'representative', 'proxy'] as const

/** The proof shown: a code, as the keyed hash of the typed text, or a document, which cliente-service has compared with the buyer's. */
export type Pickup = { readonly received_by: string } & (
  | { readonly pickup_print: string }
  | { readonly is_buyers_document: boolean }
)

/** The known facts about the buyer, and about a person who takes the vehicle in their place. */
export interface Receiving {
  /** A company, or a minor: neither can take it alone. */
  readonly needs_representative: boolean
  readonly is_deceased: boolean
  readonly as: (typeof RECEIVERS)[number]
  /** The proof that they may: a power of attorney, articles of association. */
  readonly proof: string | null
}

/** Undefined when they may take it. */
export function refusesReceiver({ needs_representative, is_deceased, as, proof }: Receiving) {
  if (is_deceased && (as !== 'representative' || proof === null)) return 'buyer_deceased'
  if (needs_representative && as === 'buyer') return 'representative_required'
  return undefined
}

export type PickupRefusal =
  | 'vehicle_not_sold'
  | 'vehicle_already_picked_up'
  | 'vehicle_being_returned'
  | { readonly lockedUntil: Date }
  | { readonly wrongCode: Counter; readonly guesser: Guesser }

/**
 * Hands the vehicle over, which deletes its code. A wrong code is a refusal that changes the counter and the guesser: both must
 * be stored.
 */
export function handOver(
  vehicle: Counter,
  guesser: Guesser | undefined,
  pickup: Pickup,
  now: Date,
): Counter | PickupRefusal {
  if (vehicle.status === 'picked_up') return 'vehicle_already_picked_up'
  if (vehicle.status !== 'sold' || vehicle.pickup_print === null) return 'vehicle_not_sold'
  if (vehicle.return_id !== null) return 'vehicle_being_returned'
  const lockedUntil = laterOf(vehicle.pickup_locked_until, guesser && stoppedUntil(guesser))
  if (lockedUntil && now < lockedUntil) return { lockedUntil }
  if (!isProven(vehicle.pickup_print, pickup))
    return { wrongCode: failed(vehicle, now), guesser: guessedOnce(guesser, now) }
  return {
    ...moved(vehicle, { status: 'picked_up', picked_up_at: now, pickup_code: null, pickup_print: null }),
    received_by: pickup.received_by,
    pickup_failures: 0,
    pickup_locked_until: null,
    updated_at: now,
  }
}

const isProven = (print: string, pickup: Pickup) =>
  'pickup_print' in pickup ? isSame(print, pickup.pickup_print) : pickup.is_buyers_document

/** A new code for a vehicle sold by hand. A purchase keeps its code: the buyer would be left with the old one. */
export function reissue(
  vehicle: Counter,
  { pickup_code, pickup_print }: IssuedCode,
  now: Date,
): Counter | 'vehicle_not_sold' | 'vehicle_already_picked_up' | 'pickup_code_with_buyer' {
  if (vehicle.status === 'picked_up') return 'vehicle_already_picked_up'
  if (vehicle.status !== 'sold') return 'vehicle_not_sold'
  if (vehicle.sold_to_transaction !== null) return 'pickup_code_with_buyer'
  const anew = moved(vehicle, { pickup_code, pickup_print })
  return { ...anew, pickup_failures: 0, pickup_locked_until: null, updated_at: now }
}

/** People type codes in small letters, and with spaces or dashes. */
export const asWritten = (typed: string): string => typed.replace(/[\s-]/g, '').toUpperCase()

function failed(vehicle: Counter, now: Date): Counter {
  const failures = vehicle.pickup_failures + 1
  if (failures < FAILURES_ALLOWED) return { ...vehicle, pickup_failures: failures }
  return { ...vehicle, pickup_failures: 0, pickup_locked_until: new Date(now.getTime() + LOCKED_FOR_MS) }
}

const endOf = ({ since }: Guesser) => new Date(since.getTime() + GUESSES_COUNT_FOR_MS)

/** A right code does not reset the count: staff have right codes to type in between. */
const guessedOnce = (guesser: Guesser | undefined, now: Date): Guesser =>
  guesser && now < endOf(guesser) ? { ...guesser, failures: guesser.failures + 1 } : { failures: 1, since: now }

const stoppedUntil = (guesser: Guesser) => (guesser.failures < GUESSES_ALLOWED ? null : endOf(guesser))

function laterOf(one: Date | null, other: Date | null | undefined) {
  if (!one || !other) return one ?? other
  return one > other ? one : other
}

/** Takes the same time, however many characters are right. */
function isSame(print: string, other: string): boolean {
  let difference = print.length ^ other.length
  for (let at = 0; at < print.length; at += 1) difference |= print.charCodeAt(at) ^ other.charCodeAt(at)
  return difference === 0
}
