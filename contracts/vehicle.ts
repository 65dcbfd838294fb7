/** What the purchase asks of veiculo-service, and how a vehicle looks to those who ask over HTTP. */
import { type Static, Type } from 'typebox'
import { messageContract } from './message.ts'
import { Cents, EntityId } from './primitives.ts'

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

export const vehicleReserved = messageContract(
  'events.vehicle.reserved',
  ['orquestrador-vehicle-reserved-sub'],
  Type.Object({ vehicle_id: EntityId }),
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
  ['orquestrador-vehicle-released-sub'],
  Type.Object({ vehicle_id: EntityId }),
)
