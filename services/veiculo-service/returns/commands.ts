/** Answers a return's commands about its vehicle: each batch in one transaction of five reads and at most six writes. */
import { holdForReturn, type Message, releaseFromReturn, takeBackVehicle } from '#contracts'
import { handler, type MessageHandler, type Outgoing, type Send } from '#messaging'
import type { Clock, Ids } from '#platform/clock'
import type { Tx } from '#platform/database/database'
import { dayOf } from '#platform/days'
import { insertExpense } from '../costs/cost-store.ts'
import { tellAccount } from '../costs/tell-account.ts'
import type { Circumstances, Known, ReturnWish, Settled, VehicleReturn } from '../domain/coming-back.ts'
import * as comingBack from '../domain/coming-back.ts'
import type { Reservation } from '../domain/reservation.ts'
import type { Stock } from '../domain/vehicle.ts'
import { endReservations, findReservations, insertReservations, lockStock } from '../reservations/reservation-store.ts'
import {
  type ComingBack,
  findAbatements,
  findInAgain,
  findReturns,
  insertReturns,
  updateComingBack,
  updateReturns,
} from './coming-back-store.ts'

type Wish = ReturnWish & { readonly mileage_km: number | null }

interface Rule {
  readonly settle: (known: Known<Stock>, wish: ReturnWish, circumstances: Circumstances) => Settled<Stock>
  readonly reply: (held: VehicleReturn) => Outgoing
}

export const returnCommands = (clock: Clock, ids: Ids): MessageHandler[] => [
  handler(holdForReturn, 'veiculo-service-hold-for-return-sub', async (tx, commands, send) => {
    const rule = { settle: comingBack.holdForReturn, reply: comingBack.holdReply }
    await settleAll(tx, commands.map(wishOf), send, rule, clock.now())
  }),
  handler(releaseFromReturn, 'veiculo-service-release-from-return-sub', async (tx, commands, send) => {
    const rule = { settle: comingBack.releaseFromReturn, reply: comingBack.releaseReply }
    await settleAll(tx, commands.map(wishOf), send, rule, clock.now())
  }),
  handler(takeBackVehicle, 'veiculo-service-take-back-vehicle-sub', async (tx, commands, send) => {
    const rule = { settle: comingBack.takeBack, reply: comingBack.takeBackReply }
    const now = clock.now()
    const settled = await settleAll(tx, commands.map(wishOf), send, rule, now)
    await takeAbatementsOff(tx, send, ids, settled, now)
  }),
]

type Body = Omit<ReturnWish, 'return_id'> & { readonly mileage_km?: number }

const wishOf = ({ transaction_id, body }: Message<Body>): Wish => ({
  return_id: transaction_id,
  purchase_id: body.purchase_id,
  vehicle_id: body.vehicle_id,
  customer_id: body.customer_id,
  mileage_km: body.mileage_km ?? null,
})

/** An abatement is a cost of the sale. The return pays the rest of the price alone, so for the next sale it is none any more. */
async function takeAbatementsOff(tx: Tx, send: Send, ids: Ids, settled: readonly VehicleReturn[], now: Date) {
  for (const { vehicle_id, abated_cents, status } of settled) {
    if (abated_cents === 0 || status !== 'taken_back') continue
    const expense = { what: 'Abatimento em garantia, devolvido com o carro', amount_cents: -abated_cents }
    await insertExpense(tx, vehicle_id, { ...expense, spent_on: dayOf(now) }, BY_RETURN, now)
    await tellAccount(tx, send, ids, vehicle_id)
  }
}

const BY_RETURN = 'return'

/** The returns that it changed. */
async function settleAll(
  tx: Tx,
  wishes: readonly Wish[],
  send: Send,
  { settle, reply }: Rule,
  now: Date,
): Promise<VehicleReturn[]> {
  const vehicle_ids = [...new Set(wishes.map(({ vehicle_id }) => vehicle_id))]
  const purchases = [...new Set(wishes.map(({ purchase_id }) => purchase_id))]
  const [lockedVehicles, knownReservations, knownReturns, inAgain, abatements] = await Promise.all([
    lockStock(tx, vehicle_ids),
    findReservations(tx, purchases),
    findReturns(tx, [...new Set(wishes.map(({ return_id }) => return_id))], purchases),
    findInAgain(tx, vehicle_ids),
    findAbatements(tx, purchases),
  ])
  const vehicles = new Map(lockedVehicles.map((vehicle) => [vehicle.id, vehicle]))
  const reservations = new Map(knownReservations.map((one) => [one.transaction_id, one]))
  const returns = new Map(knownReturns.map((one) => [one.return_id, one]))
  const before = { reservations: new Map(reservations), returns: new Map(returns) }
  const coming = new Map<number, ComingBack>()

  for (const { mileage_km, ...wish } of wishes) {
    const vehicle = vehicles.get(wish.vehicle_id)
    const known = { vehicle, reservation: reservations.get(wish.purchase_id), return: returns.get(wish.return_id) }
    const settled = settle(known, wish, {
      isTaken: [...returns.values()].some(isRivalOf(wish)),
      isInAgain: inAgain.includes(wish.vehicle_id),
      abated_cents: abatements.find(({ purchase_id }) => purchase_id === wish.purchase_id)?.abated_cents ?? 0,
    })
    if (settled.vehicle && settled.vehicle !== vehicle) {
      vehicles.set(settled.vehicle.id, settled.vehicle)
      coming.set(settled.vehicle.id, { vehicle: settled.vehicle, mileage_km })
    }
    if (settled.reservation) reservations.set(wish.purchase_id, settled.reservation)
    returns.set(wish.return_id, settled.return)
    send(reply(settled.return))
  }

  const changed = changedOf(reservations, before.reservations)
  const settledReturns = changedOf(returns, before.returns)
  updateComingBack(tx, [...coming.values()], now)
  insertReservations(tx, changed.fresh.sort(byTransaction), now)
  endReservations(tx, changed.known, now)
  insertReturns(tx, settledReturns.fresh.sort(byReturn), now)
  updateReturns(tx, settledReturns.known, now)
  return [...settledReturns.fresh, ...settledReturns.known]
}

const isRivalOf = (wish: ReturnWish) => (one: VehicleReturn) =>
  one.purchase_id === wish.purchase_id &&
  one.return_id !== wish.return_id &&
  (one.status === 'held' || one.status === 'taken_back')

/** The new records, and the known ones that changed. */
function changedOf<Row>(after: ReadonlyMap<string, Row>, before: ReadonlyMap<string, Row>) {
  const changed = [...after].filter(([key, row]) => row !== before.get(key))
  return {
    fresh: changed.filter(([key]) => !before.has(key)).map(([, row]) => row),
    known: changed.filter(([key]) => before.has(key)).map(([, row]) => row),
  }
}

/** So two batches that insert the same records wait at the first of them, and never deadlock. */
const byTransaction = (one: Reservation, other: Reservation) => (one.transaction_id < other.transaction_id ? -1 : 1)
const byReturn = (one: VehicleReturn, other: VehicleReturn) => (one.return_id < other.return_id ? -1 : 1)
