/**
 * Staff find a vehicle by its identifiers. These come in the body, not in the address, because proxies write addresses into
 * their logs.
 */
import { Type } from 'typebox'
import { Timestamp } from '#contracts'
import { bare, normaliseRenavam } from '#platform/formats'
import { answers } from '#platform/http/app'
import { callerOf, seesWhole } from '#platform/http/auth'
import type { Handler, HttpApp } from '#platform/http/server'
import { findByPaper } from '../vehicles/vehicle-store.ts'
import type { RouteParts } from './parts.ts'
import { VehicleView, viewOf } from './views.ts'

const SearchBody = Type.Object(
  {
    license_plate: Type.Optional(Type.String({ format: 'license-plate', description: 'In either form' })),
    chassi_number: Type.Optional(Type.String({ format: 'chassi' })),
    renavam: Type.Optional(Type.String({ format: 'renavam' })),
  },
  { additionalProperties: false, minProperties: 1, maxProperties: 1, examples: [{ license_plate: 'BRA2E19' }] },
)

export const identityRoutes = (parts: RouteParts) => (app: HttpApp) => {
  app.post('/vehicles/search', { config: { pace: 'lookup' }, schema: searchVehiclesSchema }, searchVehicles(parts))
}

const searchVehiclesSchema = {
  operationId: 'searchVehicles',
  summary: 'Finds the vehicle that has exactly this plate, chassi number or RENAVAM',
  description: 'One of them, whole: they are sealed where they lie and found by a keyed hash.',
  tags: ['vehicles'],
  body: SearchBody,
  response: answers(
    { 200: Type.Object({ vehicles: Type.Array(VehicleView), timestamp: Timestamp }) },
    'validation_failed',
  ),
}

const searchVehicles =
  ({ database, vault, clock }: RouteParts): Handler<typeof searchVehiclesSchema> =>
  async (request) => {
    const { license_plate, chassi_number, renavam } = request.body
    const sought = {
      ...(license_plate !== undefined && { license_plate: bare(license_plate) }),
      ...(chassi_number !== undefined && { chassi_number: bare(chassi_number) }),
      ...(renavam !== undefined && { renavam: normaliseRenavam(renavam) }),
    }
    const whole = seesWhole(callerOf(request))
    const vehicles = (await findByPaper(database, vault, sought)).map((one) => viewOf(one, whole))
    return { vehicles, timestamp: clock.now().toISOString() }
  }
