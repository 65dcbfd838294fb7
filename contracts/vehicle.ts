/** What the purchase asks of veiculo-service, and how a vehicle looks to those who ask over HTTP. */
import { type Static, Type } from 'typebox'
import { messageContract } from './message.ts'
import { Cents, EntityId, Timestamp, TransactionId } from './primitives.ts'

export const VehicleStatus = Type.Enum([
  'available',
  'reserved',
  'sold',
  'picked_up',
  'withdrawn',
  'preparation',
  'returned_to_owner',
])
export type VehicleStatus = Static<typeof VehicleStatus>

export const reserveVehicle = messageContract(
  'commands.vehicle.reserve',
  ['veiculo-service-reserve-vehicle-sub'],
  Type.Object({
    vehicle_id: EntityId,
    customer_id: EntityId,
    /** The price that the buyer was shown. If the vehicle was re-priced since, the reservation is refused. */
    price_cents: Cents,
    /** What staff have agreed on instead; absent when it is that price. */
    agreed_cents: Type.Optional(Cents),
  }),
)

/** Counts the changes of one vehicle: the message with the higher revision tells the later state. */
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
    reason: Type.Enum([
      'vehicle_not_found',
      'vehicle_unavailable',
      'price_changed',
      'released_before_reserved',
      'returned',
    ]),
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
    /** Absent when the release freed no vehicle. */
    revision: Type.Optional(Revision),
  }),
)

/** The buyer has the vehicle. Its pickup code has served its purpose and is deleted. */
export const vehiclePickedUp = messageContract(
  'events.vehicle.picked_up',
  ['orquestrador-vehicle-picked-up-sub'],
  Type.Object({ vehicle_id: EntityId, picked_up_at: Timestamp }),
)

/** A sold vehicle that nobody has fetched for this many days. Published once for each number of days. */
export const vehicleAwaitingPickup = messageContract(
  'events.vehicle.awaiting_pickup',
  ['orquestrador-vehicle-awaiting-pickup-sub'],
  Type.Object({
    vehicle_id: EntityId,
    /** Absent when the vehicle was sold by hand. */
    customer_id: Type.Optional(EntityId),
    days: Type.Integer({ minimum: 1 }),
    sold_at: Timestamp,
  }),
)

const comesBack = { purchase_id: TransactionId, vehicle_id: EntityId, customer_id: EntityId }

/** Part of a return, whose id is the `transaction_id`: the vehicle of `purchase_id` may no longer be handed over or sold. */
export const holdForReturn = messageContract(
  'commands.vehicle.hold_for_return',
  ['veiculo-service-hold-for-return-sub'],
  Type.Object(comesBack),
)

export const vehicleHeldForReturn = messageContract(
  'events.vehicle.held_for_return',
  ['orquestrador-vehicle-held-for-return-sub'],
  Type.Object({
    vehicle_id: EntityId,
    /** What warranty claims have taken off the price: the buyer has that already. Absent when they took nothing. */
    abated_cents: Type.Optional(Cents),
  }),
)

export const vehicleHoldForReturnFailed = messageContract(
  'events.vehicle.hold_for_return_failed',
  ['orquestrador-vehicle-hold-for-return-failed-sub'],
  Type.Object({
    reason: Type.Enum(['not_sold_to_purchase', 'already_being_returned', 'came_in_again', 'released_before_held']),
  }),
)

/** The return was called off: the vehicle is its buyer's as before. */
export const releaseFromReturn = messageContract(
  'commands.vehicle.release_from_return',
  ['veiculo-service-release-from-return-sub'],
  Type.Object(comesBack),
)

export const vehicleReleasedFromReturn = messageContract(
  'events.vehicle.released_from_return',
  ['orquestrador-vehicle-released-from-return-sub'],
  Type.Object({ vehicle_id: EntityId }),
)

/** The vehicle is back: it no longer belongs to the purchase, and it is withdrawn from sale. */
export const takeBackVehicle = messageContract(
  'commands.vehicle.take_back',
  ['veiculo-service-take-back-vehicle-sub'],
  Type.Object({ ...comesBack, mileage_km: Type.Optional(Type.Integer({ minimum: 0, maximum: 9_999_999 })) }),
)

export const vehicleTakenBack = messageContract(
  'events.vehicle.taken_back',
  ['orquestrador-vehicle-taken-back-sub'],
  Type.Object({ vehicle_id: EntityId }),
)

const Day = Type.String({ format: 'date' })

/**
 * A vehicle as the owner's books have it. Sent whenever its price, status or cost changes, except when a purchase changes
 * them. Days are those of São Paulo.
 */
export const vehicleAccounted = messageContract(
  'events.vehicle.accounted',
  ['orquestrador-vehicle-accounted-sub'],
  Type.Object({
    vehicle_id: EntityId,
    revision: Revision,
    brand: Type.String(),
    model: Type.String(),
    year: Type.Integer(),
    status: VehicleStatus,
    price_cents: Cents,
    taken_in_on: Day,
    acquired_on: Type.Optional(Day),
    source: Type.Optional(Type.Enum(['purchase', 'trade_in', 'consignment', 'return'])),
    /** Absent: nobody has entered it. */
    cost_cents: Type.Optional(Cents),
    /** Of a consignment: hundredths of a percent of the price. */
    owner_share_basis_points: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
    /** All expenses so far, minus corrections. */
    expenses_cents: Type.Integer(),
    /** Absent unless the vehicle was sold by hand. */
    sold_by_hand_at: Type.Optional(Timestamp),
  }),
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
