/** All routes of the service. */
import { ReservationRecords } from '#contracts'
import { historyRoute, recordsRoute } from '#host'
import type { Queryable } from '#platform/database/database'
import type { HttpApp } from '#platform/http/server'
import { correctionRoutes } from './http/corrections.ts'
import { costRoutes } from './http/costs.ts'
import { identityRoutes } from './http/identity.ts'
import { importRoutes } from './http/import.ts'
import { paperRoutes } from './http/papers.ts'
import type { RouteParts } from './http/parts.ts'
import { photoRoutes } from './http/photos.ts'
import { pickupRoutes } from './http/pickup.ts'
import { priceRoutes } from './http/prices.ts'
import { saleRoutes } from './http/sales.ts'
import { standingRoutes } from './http/standing.ts'
import { stockRoutes } from './http/stock.ts'
import { vehicleRoutes } from './http/vehicles.ts'
import { warrantyRoutes } from './http/warranty.ts'
import { reservationRecords } from './reservations/records-store.ts'
import { personalDataRoutes } from './rights/personal-data-http.ts'
import { unmaskedRoutes } from './rights/unmasked-http.ts'
import { findStock } from './vehicles/vehicle-store.ts'

const historySubject = {
  about: 'vehicle',
  path: '/vehicles',
  missing: 'vehicle_not_found',
  exists: async (tx: Queryable, id: number) => (await findStock(tx, [id])).length > 0,
} as const

export const routes = (parts: RouteParts) => (app: HttpApp) => {
  vehicleRoutes(parts)(app)
  saleRoutes(parts)(app)
  stockRoutes(parts)(app)
  identityRoutes(parts)(app)
  costRoutes(parts)(app)
  paperRoutes(parts)(app)
  photoRoutes(parts)(app)
  importRoutes(parts)(app)
  priceRoutes(parts)(app)
  standingRoutes(parts)(app)
  correctionRoutes(parts)(app)
  pickupRoutes(parts)(app)
  warrantyRoutes(parts)(app)
  recordsRoute(parts, ReservationRecords, reservationRecords)(app)
  unmaskedRoutes(parts)(app)
  personalDataRoutes(parts)(app)
  historyRoute(parts, historySubject)(app)
}
