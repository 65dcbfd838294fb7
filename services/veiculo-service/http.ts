/** All routes of the service. */
import { ReservationRecords } from '#contracts'
import { recordsRoute } from '#host'
import type { HttpApp } from '#platform/http/server'
import { identityRoutes } from './http/identity.ts'
import type { RouteParts } from './http/parts.ts'
import { pickupRoutes } from './http/pickup.ts'
import { saleRoutes } from './http/sales.ts'
import { standingRoutes } from './http/standing.ts'
import { stockRoutes } from './http/stock.ts'
import { vehicleRoutes } from './http/vehicles.ts'
import { reservationRecords } from './reservations/records-store.ts'
import { personalDataRoutes } from './rights/personal-data-http.ts'
import { unmaskedRoutes } from './rights/unmasked-http.ts'

export const routes = (parts: RouteParts) => (app: HttpApp) => {
  vehicleRoutes(parts)(app)
  saleRoutes(parts)(app)
  stockRoutes(parts)(app)
  identityRoutes(parts)(app)
  standingRoutes(parts)(app)
  pickupRoutes(parts)(app)
  recordsRoute(parts, ReservationRecords, reservationRecords)(app)
  unmaskedRoutes(parts)(app)
  personalDataRoutes(parts)(app)
}
