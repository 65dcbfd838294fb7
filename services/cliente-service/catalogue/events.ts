/**
 * Keeps the catalogue (catalogue-store.ts) up to date by the events of veiculo-service and the orquestrador. Nobody waits for
 * it, so its messages are gathered: a busy second is a few statements.
 */
import {
  type BodyOf,
  type Message,
  purchaseCompleted,
  vehicleListingChanged,
  vehicleReleased,
  vehicleReserved,
} from '#contracts'
import { handler, type MessageHandler } from '#messaging'
import { newest, type Told } from '../domain/catalogue.ts'
import { recordPurchases, recordStatuses, writeListings } from './catalogue-store.ts'

const GATHER_MS = 100

export const catalogueEvents: readonly MessageHandler[] = [
  handler(
    vehicleListingChanged,
    'cliente-service-vehicle-listing-changed-sub',
    (tx, messages) => writeListings(tx, newest(messages.map(({ body }) => body))),
    GATHER_MS,
  ),
  handler(
    vehicleReserved,
    'cliente-service-vehicle-reserved-sub',
    (tx, messages) => recordStatuses(tx, 'reserved', newest(messages.flatMap(change))),
    GATHER_MS,
  ),
  handler(
    vehicleReleased,
    'cliente-service-vehicle-released-sub',
    (tx, messages) => recordStatuses(tx, 'available', newest(messages.flatMap(change))),
    GATHER_MS,
  ),
  handler(
    purchaseCompleted,
    'cliente-service-purchase-completed-sub',
    (tx, messages) =>
      recordPurchases(tx, newest(messages.map((message) => ({ ...message.body, ...message, revision: ONLY })))),
    GATHER_MS,
  ),
]

/** A vehicle is sold by one purchase, once. */
const ONLY = 1

/** An answer without a revision repeats an earlier one. */
const change = ({ body: { vehicle_id, revision } }: Message<BodyOf<typeof vehicleReserved>>): Told[] =>
  revision === undefined ? [] : [{ vehicle_id, revision }]
