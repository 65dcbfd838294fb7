/** What must hold: after every step, and once nothing is left to do. */
import { isFinal, type Saga } from '#saga'
import type { Participants } from './participants.ts'
import type { World } from './world.ts'

export interface Watch {
  /** Throws at the first thing that must never be, at any moment. */
  afterStep(): void
  /** Throws unless every purchase has ended, and ended whole. */
  atRest(): void
}

const LIVE = ['reserved', 'sold']
const SALE = 'MARK_VEHICLE_AS_SOLD'
const ENDINGS: Readonly<Record<string, string>> = {
  COMPLETED: 'events.purchase.completed',
  FAILED: 'events.purchase.failed',
  FAILED_COMPENSATED: 'events.purchase.failed',
  CANCELLED: 'events.purchase.cancelled',
}

/** Remembers how the world began, what was sold to whom, and how each purchase ended: those must never change. */
export function watch(world: World): Watch {
  const { participants, orquestrador } = world
  const openings = new Map(participants.accounts)
  const buyers = new Map<number, string | null>()
  const ended = new Map<string, Saga>()

  return {
    afterStep() {
      checkMoney(participants, openings)
      checkVehicles(participants)
      checkCharges(participants)
      for (const { id, status, sold_to_transaction } of participants.vehicles.values()) {
        if (status === 'sold') checkPaid(world, id, sold_to_transaction)
        const buyer = buyers.get(id) ?? (status === 'sold' ? sold_to_transaction : undefined)
        if (buyer !== undefined && sold_to_transaction !== buyer) throw new Error(`vehicle ${id} was sold to ${buyer}`)
        if (buyer !== undefined) buyers.set(id, buyer)
      }
      for (const saga of orquestrador.sagas.values()) {
        const before = ended.get(saga.transaction_id)
        if (before && before !== saga) throw new Error(`${saga.transaction_id} had ended, and went on`)
        if (isFinal(saga)) ended.set(saga.transaction_id, saga)
      }
    },
    atRest() {
      for (const saga of orquestrador.sagas.values()) checkEnded(world, saga)
    },
  }
}

function checkMoney({ accounts, holds }: Participants, openings: Participants['accounts']): void {
  for (const account of accounts.values()) {
    const { id, account_balance_cents: balance, used_credit_cents: used, credit_limit_cents: limit } = account
    if (balance < 0 || used < 0 || used > limit) throw new Error(`customer ${id} is out of bounds`)
    const held = (type: string) =>
      [...holds.values()]
        .filter((hold) => hold.customer_id === id && hold.status === 'held' && hold.payment_type === type)
        .reduce((total, { amount_cents }) => total + amount_cents, 0)
    if (balance + held('cash') !== openings.get(id)?.account_balance_cents)
      throw new Error(`customer ${id}: cash is made or lost`)
    if (used !== held('credit')) throw new Error(`customer ${id}: credit is made or lost`)
  }
}

function checkVehicles({ vehicles, reservations }: Participants): void {
  for (const { id, status, reserved_by, sold_to_transaction } of vehicles.values()) {
    const live = [...reservations.values()].filter((one) => one.vehicle_id === id && LIVE.includes(one.status))
    if (live.length > 1) throw new Error(`vehicle ${id} is held by ${live.length} purchases`)
    const holder = live[0]?.transaction_id ?? null
    if (status === 'available' ? holder !== null : holder === null)
      throw new Error(`vehicle ${id} is ${status}, and held by ${holder}`)
    if ((reserved_by ?? sold_to_transaction) !== holder) throw new Error(`vehicle ${id} is not its holder's`)
  }
}

/** The provider's own count is compared with the records: nothing is taken twice, nor given back that was not taken. */
function checkCharges({ charges, taken, givenBack }: Participants): void {
  for (const { code, payment } of charges.values()) {
    const took = taken.get(code.transaction_id) ?? 0
    const gaveBack = givenBack.get(code.transaction_id) ?? 0
    const isPaid = payment?.status === 'completed' || payment?.status === 'refunded'
    if (isPaid !== (code.status === 'used')) throw new Error(`code of ${code.transaction_id}: used and paid disagree`)
    if (took !== (isPaid ? 1 : 0)) throw new Error(`${code.transaction_id}: its money was taken ${took} times`)
    if (gaveBack !== (payment?.status === 'refunded' ? 1 : 0))
      throw new Error(`${code.transaction_id}: its money was given back ${gaveBack} times`)
  }
}

/** A vehicle is sold only to a purchase that has paid, holds what it pays with, and can't turn back. */
function checkPaid({ participants, orquestrador }: World, vehicle_id: number, buyer: string | null): void {
  const saga = orquestrador.sagas.get(buyer ?? '')
  const isPaid = participants.charges.get(buyer ?? '')?.payment?.status === 'completed'
  const isHeld = participants.holds.get(buyer ?? '')?.status === 'held'
  const isForGood = saga?.status === 'COMPLETED' || (saga?.step === SALE && !saga.unwinding)
  if (!isPaid || !isHeld || !isForGood) throw new Error(`vehicle ${vehicle_id} is sold to ${buyer}, who has not paid`)
}

function checkEnded({ participants, network }: World, { transaction_id, status, data }: Saga): void {
  const hold = participants.holds.get(transaction_id)
  const reservation = participants.reservations.get(transaction_id)
  const charge = participants.charges.get(transaction_id)
  const wrong = (what: string) => new Error(`${transaction_id} is ${status}, but ${what}`)
  const ending = ENDINGS[status]
  if (!ending) throw wrong('nothing is left to do')
  const told = network.published.filter((one) => one.transaction_id === transaction_id).map((one) => one.contract.topic)
  const endings = told.filter((topic) => Object.values(ENDINGS).includes(topic))
  if (endings.length !== 1 || endings[0] !== ending) throw wrong(`it was told to have ended by ${endings.join(', ')}`)
  if (status === 'COMPLETED') {
    if (hold?.status !== 'held') throw wrong(`its hold is ${hold?.status}`)
    if (reservation?.status !== 'sold') throw wrong(`its reservation is ${reservation?.status}`)
    if (charge?.payment?.status !== 'completed') throw wrong(`its payment is ${charge?.payment?.status}`)
    const sold = participants.vehicles.get(reservation.vehicle_id)
    if (!sold?.pickup_code || data.pickup_code !== sold.pickup_code) throw wrong('its pickup code opens no door')
  } else {
    if (hold?.status === 'held') throw wrong('its hold still stands')
    if (reservation && LIVE.includes(reservation.status)) throw wrong('its vehicle is not given back')
    if (charge?.code.status === 'pending') throw wrong('its code can still be paid')
    if (charge?.payment?.status === 'completed') throw wrong('its payment is not given back')
  }
}
