/** The gauges of veiculo-service: how many vehicles are reserved, and for how long. */
import type { Clock } from '#platform/clock'
import type { Queryable } from '#platform/database/database'
import type { Gauge } from '#platform/telemetry'
import { countOffers, measureReservations } from './reservation-store.ts'

export const reservationGauges = (database: Queryable, clock: Clock): Gauge[] => [
  {
    name: 'mercado_reservations',
    help: 'Vehicles that purchases under way have reserved, counted up to 100,000',
    read: async () => [{ value: (await measureReservations(database, clock.now())).live }],
  },
  {
    name: 'mercado_vehicles_on_sale',
    help: 'Vehicles that can be bought just now, counted up to 100,000',
    read: async () => [{ value: await countOffers(database) }],
  },
  {
    name: 'mercado_reservation_oldest_age_seconds',
    help: 'Age of the oldest of these reservations, 0 when there is none',
    read: async () => [{ value: Math.max((await measureReservations(database, clock.now())).oldest_seconds, 0) }],
  },
]
