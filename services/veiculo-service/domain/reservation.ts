/**
 * The reservation of a vehicle by a purchase. It gates the whole effect: a vehicle changes hands only in the decision that
 * changes the purchase's reservation, so every repeated or late command finds that decision and changes nothing.
 */
import {
  type BodyOf,
  type Cents,
  type MessageContract,
  vehicleReleased,
  vehicleReservationFailed,
  vehicleReserved,
} from '#contracts'
import { type IssuedCode, moved, onSale, type Stock } from './vehicle.ts'

type ReservationRefusal = BodyOf<typeof vehicleReservationFailed>['reason']

export interface Claim {
  readonly transaction_id: string
  readonly vehicle_id: number
  readonly customer_id: number
}

/** A released or returned reservation with a reason is a tombstone: that came first, and it never had the vehicle. */
export type Reservation = Claim &
  (
    | { readonly status: 'reserved' | 'sold'; readonly reason: null }
    | { readonly status: 'refused'; readonly reason: ReservationRefusal }
    | { readonly status: 'released'; readonly reason: 'released_before_reserved' | null }
    | { readonly status: 'returned'; readonly reason: 'returned_before_reserved' | null }
  )

export interface Settlement<Kind extends Stock> {
  readonly vehicle: Kind | undefined
  readonly reservation: Reservation
}

export function reserve<Kind extends Stock>(
  vehicle: Kind | undefined,
  reservation: Reservation | undefined,
  { price_cents, ...claim }: Claim & { readonly price_cents: Cents },
): Settlement<Kind> {
  if (reservation) return { vehicle, reservation }
  const refused = (reason: ReservationRefusal): Settlement<Kind> => ({
    vehicle,
    reservation: { ...claim, status: 'refused', reason },
  })
  if (!vehicle) return refused('vehicle_not_found')
  if (vehicle.status !== 'available') return refused('vehicle_unavailable')
  if (vehicle.price_cents !== price_cents) return refused('price_changed')
  return {
    vehicle: moved(vehicle, { status: 'reserved', reserved_by: claim.transaction_id }),
    reservation: { ...claim, status: 'reserved', reason: null },
  }
}

/** Frees the vehicle only if this purchase has reserved it; a bought vehicle stays bought. */
export function release<Kind extends Stock>(
  vehicle: Kind | undefined,
  reservation: Reservation | undefined,
  claim: Claim,
): Settlement<Kind> {
  if (!reservation) {
    return { vehicle, reservation: { ...claim, status: 'released', reason: 'released_before_reserved' } }
  }
  if (reservation.status !== 'reserved') return { vehicle, reservation }
  if (vehicle?.reserved_by !== reservation.transaction_id) throw new Contradiction(reservation.transaction_id)
  return { vehicle: moved(vehicle, onSale), reservation: { ...reservation, status: 'released', reason: null } }
}

export type SaleRefusal =
  | 'vehicle_not_found'
  | 'vehicle_reserved_by_another'
  | 'vehicle_already_sold'
  | 'vehicle_not_sellable'

export interface Sale<Kind extends Stock> {
  readonly vehicle: Kind
  readonly reservation: Reservation | undefined
}

/** The purchase that buys, or null for a sale by hand, and the code that the buyer will show at pickup. */
export interface Buyer extends IssuedCode {
  readonly transaction_id: string | null
}

/** A purchase may ask repeatedly. A sale by hand happens once: a second one cannot be told from a repeated request. */
export function sell<Kind extends Stock>(
  vehicle: Kind | undefined,
  reservation: Reservation | undefined,
  { transaction_id, pickup_code, pickup_print }: Buyer,
  at: Date,
): Sale<Kind> | SaleRefusal {
  if (!vehicle) return 'vehicle_not_found'
  switch (vehicle.status) {
    case 'sold':
    case 'picked_up':
      return transaction_id && vehicle.sold_to_transaction === transaction_id
        ? { vehicle, reservation }
        : 'vehicle_already_sold'
    case 'preparation':
    case 'withdrawn':
    case 'returned_to_owner':
      return 'vehicle_not_sellable'
    case 'available':
      if (transaction_id) return 'vehicle_not_sellable'
      return { vehicle: moved(vehicle, { status: 'sold', sold_at: at, pickup_code, pickup_print }), reservation }
    case 'reserved': {
      if (vehicle.reserved_by !== transaction_id) return 'vehicle_reserved_by_another'
      if (reservation?.status !== 'reserved') throw new Contradiction(vehicle.reserved_by)
      const sold = { status: 'sold', reserved_by: null, sold_at: at } as const
      return {
        vehicle: moved(vehicle, { ...sold, sold_to_transaction: transaction_id, pickup_code, pickup_print }),
        reservation: { ...reservation, status: 'sold' },
      }
    }
  }
}

/**
 * The answer to a reserve, with the vehicle's revision if it changed. A released or returned reservation is gone, even if it
 * once had the vehicle.
 */
export const reserveReply = (reservation: Reservation, revision?: number) =>
  reservation.status === 'reserved' || reservation.status === 'sold'
    ? reply(vehicleReserved, reservation, { vehicle_id: reservation.vehicle_id, ...(revision && { revision }) })
    : reply(vehicleReservationFailed, reservation, { reason: refusalOf(reservation) })

const refusalOf = (reservation: Reservation): ReservationRefusal =>
  reservation.status === 'returned' ? 'returned' : (reservation.reason ?? 'released_before_reserved')

/** The answer to a release, with the vehicle's revision if this release freed it. */
export const releaseReply = (reservation: Reservation, revision?: number) =>
  reply(vehicleReleased, reservation, { vehicle_id: reservation.vehicle_id, ...(revision && { revision }) })

function reply<Contract extends MessageContract>(contract: Contract, of: Reservation, body: BodyOf<Contract>) {
  return { contract, transaction_id: of.transaction_id, body }
}

/** A fault, not a refusal: reservation and vehicle disagree, or a command names another vehicle than its purchase. */
export class Contradiction extends Error {
  constructor(transaction_id: string) {
    super(`the reservation of ${transaction_id} and its vehicle contradict each other`)
  }
}
