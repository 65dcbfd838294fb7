/** What the purchase asks of veiculo-service, and how a vehicle looks to those who ask over HTTP. */
import { type Static, Type } from 'typebox'
import { messageContract } from './message.ts'
import { Cents, EntityId, Timestamp } from './primitives.ts'

export const VehicleStatus = Type.Enum(['available', 'reserved', 'sold', 'picked_up', 'withdrawn'])
export type VehicleStatus = Static<typeof VehicleStatus>

export const reserveVehicle = messageContract(
  'commands.vehicle.reserve',
  ['veiculo-service-reserve-vehicle-sub'],
  Type.Object({
    vehicle_id: EntityId,
    customer_id: EntityId,
    /** The price that the buyer was shown: a vehicle that was re-priced since is refused. */
    price_cents: Cents,
  }),
)

/** Counts the changes of one vehicle: of two messages about it, the one with the higher revision tells the later state. */
const Revision = Type.Integer({ minimum: 1 })

export const vehicleReserved = messageContract(
  'events.vehicle.reserved',
  ['orquestrador-vehicle-reserved-sub', 'cliente-service-vehicle-reserved-sub'],
  Type.Object({
    vehicle_id: EntityId,
    /** Absent in the answer to a repeated command: nothing changed then. */
    revision: Type.Optional(Revision),
  }),
)

export const vehicleReservationFailed = messageContract(
  'events.vehicle.reservation_failed',
  ['orquestrador-vehicle-reservation-failed-sub'],
  Type.Object({
    reason: Type.Enum(['vehicle_not_found', 'vehicle_unavailable', 'price_changed', 'released_before_reserved']),
  }),
)

export const releaseVehicle = messageContract(
  'commands.vehicle.release',
  ['veiculo-service-release-vehicle-sub'],
  Type.Object({ vehicle_id: EntityId, customer_id: EntityId }),
)

export const vehicleReleased = messageContract(
  'events.vehicle.released',
  ['orquestrador-vehicle-released-sub', 'cliente-service-vehicle-released-sub'],
  Type.Object({
    vehicle_id: EntityId,
    /** Absent when this release freed nothing. */
    revision: Type.Optional(Revision),
  }),
)

/** The buyer has the vehicle. Its pickup code is of no use any more and is deleted. */
export const vehiclePickedUp = messageContract(
  'events.vehicle.picked_up',
  ['orquestrador-vehicle-picked-up-sub'],
  Type.Object({ vehicle_id: EntityId, picked_up_at: Timestamp }),
)

/** What staff did to a vehicle (offered, edited, withdrew, relisted or sold it by hand), as the public may see it. */
export const vehicleListingChanged = messageContract(
  'events.vehicle.listing_changed',
  ['cliente-service-vehicle-listing-changed-sub'],
  Type.Object({
    vehicle_id: EntityId,
    revision: Revision,
    status: Type.Enum(['available', 'withdrawn', 'sold']),
    brand: Type.String(),
    model: Type.String(),
    year: Type.Integer(),
    color: Type.String(),
    price_cents: Cents,
  }),
)
