/** What must hold: after every step, and once nothing is left to do. */
import type { World } from './world.ts'

/** What each customer had in the beginning, by id. */
export type Openings = ReadonlyMap<number, { readonly balance: number; readonly limit: number }>

/** Throws at the first thing that must never be, at any moment. */
export function checkAlways(world: World, openings: Openings): void {
  for (const account of world.accounts.values()) {
    const { id, account_balance_cents: balance, used_credit_cents: used, credit_limit_cents: limit } = account
    if (balance < 0 || used < 0 || used > limit) throw new Error(`customer ${id} is out of bounds`)
    const held = (type: string) =>
      sum(
        [...world.holds.values()]
          .filter((hold) => hold.customer_id === id && hold.status === 'held' && hold.payment_type === type)
          .map((hold) => hold.amount_cents),
      )
    const opening = openings.get(id)
    if (balance + held('cash') !== opening?.balance) throw new Error(`customer ${id}: cash is made or lost`)
    if (used !== held('credit')) throw new Error(`customer ${id}: credit is made or lost`)
  }
  for (const vehicle of world.vehicles.values()) {
    const live = [...world.reservations.values()].filter(
      ({ vehicle_id, status }) => vehicle_id === vehicle.id && (status === 'reserved' || status === 'sold'),
    )
    if (live.length > 1) throw new Error(`vehicle ${vehicle.id} is held by ${live.length} purchases`)
    const holder = live[0]?.transaction_id
    if (vehicle.status === 'reserved' && vehicle.reserved_by !== holder)
      throw new Error(`vehicle ${vehicle.id} is reserved for nobody`)
    if (vehicle.status === 'sold' && vehicle.sold_to_transaction !== holder)
      throw new Error(`vehicle ${vehicle.id} is sold to nobody`)
    if (vehicle.status === 'available' && holder) throw new Error(`vehicle ${vehicle.id} is on sale although held`)
  }
  for (const { code, payment } of world.charges.values()) {
    const isPaid = payment?.status === 'completed' || payment?.status === 'refunded'
    if (isPaid !== (code.status === 'used')) throw new Error(`code of ${code.transaction_id}: used and paid disagree`)
  }
}

/** Throws unless every purchase has ended, and ended whole. */
export function checkAtRest(world: World): void {
  for (const saga of world.sagas.values()) {
    const { transaction_id, status } = saga
    const hold = world.holds.get(transaction_id)
    const reservation = world.reservations.get(transaction_id)
    const charge = world.charges.get(transaction_id)
    const wrong = (what: string) => new Error(`${transaction_id} is ${status}, but ${what}`)
    if (status === 'COMPLETED') {
      if (hold?.status !== 'held') throw wrong(`its hold is ${hold?.status}`)
      if (reservation?.status !== 'sold') throw wrong(`its reservation is ${reservation?.status}`)
      if (charge?.payment?.status !== 'completed') throw wrong(`its payment is ${charge?.payment?.status}`)
    } else if (['FAILED', 'FAILED_COMPENSATED', 'CANCELLED'].includes(status)) {
      if (hold?.status === 'held') throw wrong('its hold still stands')
      if (reservation && ['reserved', 'sold'].includes(reservation.status)) throw wrong('its vehicle is not given back')
      if (charge?.code.status === 'pending') throw wrong('its code can still be paid')
      if (charge?.payment?.status === 'completed') throw wrong('its payment is not given back')
    } else throw wrong('nothing is left to do')
  }
}

const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0)
