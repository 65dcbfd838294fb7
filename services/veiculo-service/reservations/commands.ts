/** Answers the commands about vehicles: each batch in one transaction of two reads and at most three writes. */
import { type Message, releaseVehicle, reserveVehicle } from '#contracts'
import { handler, type MessageHandler, type Outgoing, type Send } from '#messaging'
import type { Clock } from '#platform/clock'
import type { Tx } from '#platform/database/database'
import {
  type Claim,
  type Reservation,
  release,
  releaseReply,
  reserve,
  reserveReply,
  type Settlement,
} from '../domain/reservation.ts'
import type { Stock } from '../domain/vehicle.ts'
import { endReservations, findReservations, insertReservations, lockStock, updateStock } from './reservation-store.ts'

interface Rule<Request extends Claim> {
  readonly settle: (vehicle: Stock | undefined, known: Reservation | undefined, request: Request) => Settlement<Stock>
  readonly reply: (reservation: Reservation, revision?: number) => Outgoing
}

export const vehicleCommands = (clock: Clock): MessageHandler[] => [
  handler(reserveVehicle, 'veiculo-service-reserve-vehicle-sub', (tx, commands, send) =>
    settleAll(tx, requestsOf(commands), send, { settle: reserve, reply: reserveReply }, clock.now()),
  ),
  handler(releaseVehicle, 'veiculo-service-release-vehicle-sub', (tx, commands, send) =>
    settleAll(tx, requestsOf(commands), send, { settle: release, reply: releaseReply }, clock.now()),
  ),
]

const requestsOf = <Body extends object>(commands: readonly Message<Body>[]) =>
  commands.map(({ transaction_id, body }) => ({ ...body, transaction_id }))

async function settleAll<Request extends Claim>(
  tx: Tx,
  requests: readonly Request[],
  send: Send,
  { settle, reply }: Rule<Request>,
  now: Date,
) {
  const [lockedVehicles, knownReservations] = await Promise.all([
    lockStock(tx, [...new Set(requests.map(({ vehicle_id }) => vehicle_id))]),
    findReservations(tx, [...new Set(requests.map(({ transaction_id }) => transaction_id))]),
  ])
  const vehicles = new Map(lockedVehicles.map((vehicle) => [vehicle.id, vehicle]))
  const reservations = new Map(knownReservations.map((reservation) => [reservation.transaction_id, reservation]))
  const known = new Set(reservations.keys())
  const changedVehicles = new Map<number, Stock>()
  const changedReservations = new Map<string, Reservation>()

  for (const request of requests) {
    const before = reservations.get(request.transaction_id)
    const vehicle = vehicles.get(before?.vehicle_id ?? request.vehicle_id)
    const settled = settle(vehicle, before, request)
    if (settled.reservation !== before) {
      reservations.set(request.transaction_id, settled.reservation)
      changedReservations.set(request.transaction_id, settled.reservation)
    }
    if (settled.vehicle && settled.vehicle !== vehicle) {
      vehicles.set(settled.vehicle.id, settled.vehicle)
      changedVehicles.set(settled.vehicle.id, settled.vehicle)
    }
    send(reply(settled.reservation, settled.vehicle === vehicle ? undefined : settled.vehicle?.revision))
  }

  const changed = [...changedReservations.values()].sort(byTransaction)
  const isNew = ({ transaction_id }: Reservation) => !known.has(transaction_id)
  updateStock(tx, [...changedVehicles.values()], now)
  insertReservations(tx, changed.filter(isNew), now)
  endReservations(
    tx,
    changed.filter((reservation) => !isNew(reservation)),
    now,
  )
}

/** In the same order everywhere, so that two batches that insert the same reservations never deadlock. */
const byTransaction = (one: Reservation, other: Reservation) => (one.transaction_id < other.transaction_id ? -1 : 1)
