/**
 * The return of a vehicle that a purchase has bought. A record keyed by the return gates the whole effect: the vehicle is held
 * once, and released or taken back once; repeated and late commands find that record. Once the vehicle is back, the purchase's
 * own reservation is `returned`, so no late command of the purchase can get the vehicle again.
 */
import {
  type BodyOf,
  type Cents,
  type MessageContract,
  vehicleHeldForReturn,
  vehicleHoldForReturnFailed,
  vehicleReleasedFromReturn,
  vehicleTakenBack,
} from '#contracts'
import { Contradiction, type Reservation } from './reservation.ts'
import { moved, nobody, type Stock } from './vehicle.ts'

type HoldRefusal = BodyOf<typeof vehicleHoldForReturnFailed>['reason']

export interface ReturnWish {
  readonly return_id: string
  readonly purchase_id: string
  readonly vehicle_id: number
  readonly customer_id: number
}

/**
 * A released hold with a reason is a tombstone: its release came first. `abated_cents`: what warranty claims had taken off the price when
 * the vehicle was held. No claim takes more off while it is.
 */
export type VehicleReturn = ReturnWish & { readonly abated_cents: Cents } & (
    | { readonly status: 'held' | 'taken_back'; readonly reason: null }
    | { readonly status: 'refused'; readonly reason: HoldRefusal }
    | { readonly status: 'released'; readonly reason: 'released_before_held' | null }
  )

/** The records of a purchase and its vehicle, before and after a command. */
export interface Known<Kind extends Stock> {
  readonly vehicle: Kind | undefined
  readonly reservation: Reservation | undefined
  readonly return: VehicleReturn | undefined
}
export type Settled<Kind extends Stock> = Known<Kind> & { readonly return: VehicleReturn }

/** The circumstances of a wish to hold a vehicle. */
export interface Circumstances {
  /** Another return of the same purchase is open, or has ended with the vehicle back. */
  readonly isTaken: boolean
  /** The buyer has brought the car back in another way, and it is in stock again as another vehicle. */
  readonly isInAgain?: boolean
  /** What warranty claims have taken off the price. */
  readonly abated_cents?: Cents
}

export function holdForReturn<Kind extends Stock>(
  known: Known<Kind>,
  { return_id, purchase_id, vehicle_id, customer_id }: ReturnWish,
  { isTaken, isInAgain = false, abated_cents = 0 }: Circumstances,
): Settled<Kind> {
  if (known.return) return { ...known, return: known.return }
  const wish = { return_id, purchase_id, vehicle_id, customer_id, abated_cents }
  const refused = (reason: HoldRefusal): Settled<Kind> => ({ ...known, return: { ...wish, status: 'refused', reason } })
  if (isTaken) return refused('already_being_returned')
  const { vehicle, reservation } = known
  const held = { ...wish, status: 'held', reason: null } as const
  // the database was restored to before the sale: nobody can be handed the vehicle, and the return goes on
  if (!reservation || reservation.status === 'reserved') return { ...known, return: held }
  if (reservation.status !== 'sold') return refused('not_sold_to_purchase')
  if (isInAgain && vehicle?.status === 'picked_up') return refused('came_in_again')
  if (vehicle?.sold_to_transaction !== purchase_id) throw new Contradiction(purchase_id)
  return { ...known, vehicle: moved(vehicle, { return_id }), return: held }
}

export function releaseFromReturn<Kind extends Stock>(known: Known<Kind>, wish: ReturnWish): Settled<Kind> {
  const { vehicle, return: held } = known
  if (!held) {
    const tombstone = { ...wish, abated_cents: 0, status: 'released', reason: 'released_before_held' } as const
    return { ...known, return: tombstone }
  }
  if (held.status !== 'held') return { ...known, return: held }
  const released = { ...held, status: 'released', reason: null } as const
  const isHeld = vehicle?.return_id === held.return_id
  return { ...known, vehicle: isHeld ? moved(vehicle, { return_id: null }) : vehicle, return: released }
}

/** Withdraws the vehicle. The command comes only once the vehicle is back, so it is never refused. */
export function takeBack<Kind extends Stock>(known: Known<Kind>, wish: ReturnWish): Settled<Kind> {
  const { vehicle, reservation, return: held } = known
  if (held?.status === 'taken_back') return { ...known, return: held }
  if (held && held.status !== 'held') throw new Contradiction(wish.purchase_id)
  const after = { abated_cents: 0, ...(held ?? wish), status: 'taken_back', reason: null } as const
  const claim = { transaction_id: wish.purchase_id, vehicle_id: wish.vehicle_id, customer_id: wish.customer_id }
  if (!reservation) {
    const tombstone = { ...claim, status: 'returned', reason: 'returned_before_reserved' } as const
    return { vehicle, reservation: tombstone, return: after }
  }
  if (reservation.status !== 'sold' && reservation.status !== 'reserved') return { ...known, return: after }
  const holder = vehicle?.sold_to_transaction ?? vehicle?.reserved_by
  if (!vehicle || holder !== wish.purchase_id) throw new Contradiction(wish.purchase_id)
  return {
    vehicle: moved(vehicle, { ...nobody, status: 'withdrawn' }),
    reservation: { ...reservation, status: 'returned', reason: null },
    return: after,
  }
}

/** A released hold is gone, even if the vehicle was once held by it. */
export const holdReply = (held: VehicleReturn) =>
  held.status === 'held' || held.status === 'taken_back'
    ? reply(vehicleHeldForReturn, held, {
        vehicle_id: held.vehicle_id,
        ...(held.abated_cents > 0 && { abated_cents: held.abated_cents }),
      })
    : reply(vehicleHoldForReturnFailed, held, { reason: held.reason ?? 'released_before_held' })

export const releaseReply = (held: VehicleReturn) =>
  reply(vehicleReleasedFromReturn, held, { vehicle_id: held.vehicle_id })

export const takeBackReply = (held: VehicleReturn) => reply(vehicleTakenBack, held, { vehicle_id: held.vehicle_id })

function reply<Contract extends MessageContract>(contract: Contract, of: VehicleReturn, body: BodyOf<Contract>) {
  return { contract, transaction_id: of.return_id, body }
}
