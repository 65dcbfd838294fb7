/** Sells vehicles: all requests at one time share one transaction of two reads and one write. */
import type { Send, UnitOfWork } from '#messaging'
import { type GroupCommit, groupCommit } from '#platform/batching/group-commit'
import type { Turns } from '#platform/batching/turns'
import type { Clock, Ids } from '#platform/clock'
import type { Tx } from '#platform/database/database'
import { type Reservation, type SaleRefusal, sell } from '../domain/reservation.ts'
import type { IssuedCode, Stock } from '../domain/vehicle.ts'
import { tellListing } from '../vehicles/listing-news.ts'
import { findUnidentified } from '../vehicles/vehicle-store.ts'
import { endReservations, findReservations, lockStock, updateStock } from './reservation-store.ts'

export interface SaleRequest {
  readonly vehicle_id: number
  /** Null for a sale by hand. */
  readonly transaction_id: string | null
}

export interface SalesParts {
  readonly unitOfWork: UnitOfWork
  readonly clock: Clock
  readonly ids: Ids
  /** Makes a new, unguessable code for a vehicle, in its stored form. */
  readonly issueCode: (vehicle_id: number) => IssuedCode
  /** Absent: a sale waits for no other batch. */
  readonly turns?: Turns | undefined
}

export const sales = (parts: SalesParts): GroupCommit<SaleRequest, Stock | SaleRefusal> =>
  groupCommit((requests) => parts.unitOfWork((tx, send) => sellAll(tx, send, requests, parts)), { turns: parts.turns })

export async function sellAll(
  tx: Tx,
  send: Send,
  requests: readonly SaleRequest[],
  { clock, ids, issueCode }: SalesParts,
) {
  const now = clock.now()
  const transaction_ids = new Set(requests.flatMap(({ transaction_id }) => transaction_id ?? []))
  const [lockedVehicles, knownReservations] = await Promise.all([
    lockStock(tx, [...new Set(requests.map(({ vehicle_id }) => vehicle_id))]),
    transaction_ids.size > 0 ? findReservations(tx, [...transaction_ids]) : [],
  ])
  const vehicles = new Map(lockedVehicles.map((vehicle) => [vehicle.id, vehicle]))
  const reservations = new Map(knownReservations.map((reservation) => [reservation.transaction_id, reservation]))
  const soldVehicles: Stock[] = []
  const soldByHand = new Map<number, Stock>()
  const endedReservations: Reservation[] = []

  const results = requests.map(({ vehicle_id, transaction_id }) => {
    const before = vehicles.get(vehicle_id)
    const reservation = transaction_id === null ? undefined : reservations.get(transaction_id)
    const sale = sell(before, reservation, { transaction_id, ...issueCode(vehicle_id) }, now)
    if (typeof sale === 'string') return sale
    if (sale.vehicle === before) return before
    const sold = sale.vehicle
    vehicles.set(sold.id, sold)
    soldVehicles.push(sold)
    if (transaction_id === null) soldByHand.set(sold.id, sold) // the orquestrador announces the sales of purchases
    if (sale.reservation && sale.reservation !== reservation) {
      reservations.set(sale.reservation.transaction_id, sale.reservation)
      endedReservations.push(sale.reservation)
    }
    return sold
  })

  const listed = soldByHand.size > 0 ? await findUnidentified(tx, [...soldByHand.keys()]) : []
  for (const vehicle of listed) tellListing(send, { ...vehicle, ...soldByHand.get(vehicle.id) }, ids.uuid())
  updateStock(tx, soldVehicles, now)
  endReservations(tx, endedReservations, now)
  return results
}
