/** The routes that take a vehicle off sale and put it back. */
import { Type } from 'typebox'
import { EntityId } from '#contracts'
import { answers } from '#platform/http/app'
import { callerOf, seesWhole } from '#platform/http/auth'
import { etagOf } from '#platform/http/etag'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import { relist, type Unidentified, withdraw } from '../domain/vehicle.ts'
import { updateStock } from '../reservations/reservation-store.ts'
import { listingChanged } from '../vehicles/listing-news.ts'
import { findVehicles, lockVehicles } from '../vehicles/vehicle-store.ts'
import type { RouteParts } from './parts.ts'
import { VehicleView, viewOf } from './views.ts'

const Params = Type.Object({ id: EntityId })

const tags = ['vehicles']

export const standingRoutes = (parts: RouteParts) => (app: HttpApp) => {
  app.post('/vehicles/:id/withdraw', { schema: withdrawVehicleSchema }, withdrawVehicle(parts))
  app.post('/vehicles/:id/relist', { schema: relistVehicleSchema }, relistVehicle(parts))
}

const withdrawVehicleSchema = {
  summary: 'Takes a vehicle off sale, until it is relisted',
  tags,
  params: Params,
  response: answers({ 200: VehicleView }, 'vehicle_not_found', 'vehicle_not_withdrawable', 'validation_failed'),
}

const withdrawVehicle =
  (parts: RouteParts): Handler<typeof withdrawVehicleSchema> =>
  async (request, reply) => {
    const vehicle = await move(parts, request.params.id, withdraw)
    return reply.header('etag', etagOf(vehicle)).send(viewOf(vehicle, seesWhole(callerOf(request))))
  }

const relistVehicleSchema = {
  summary: 'Puts a withdrawn vehicle back on sale',
  tags,
  params: Params,
  response: answers({ 200: VehicleView }, 'vehicle_not_found', 'vehicle_not_relistable', 'validation_failed'),
}

const relistVehicle =
  (parts: RouteParts): Handler<typeof relistVehicleSchema> =>
  async (request, reply) => {
    const vehicle = await move(parts, request.params.id, relist)
    return reply.header('etag', etagOf(vehicle)).send(viewOf(vehicle, seesWhole(callerOf(request))))
  }

async function move<Refusal extends 'vehicle_not_withdrawable' | 'vehicle_not_relistable'>(
  { database, vault, unitOfWork, clock, ids }: RouteParts,
  id: number,
  decide: (vehicle: Unidentified, now: Date) => Unidentified | Refusal,
) {
  await unitOfWork(async (tx, send) => {
    const now = clock.now()
    const [vehicle] = await lockVehicles(tx, [id])
    if (!vehicle) throw new Problem('vehicle_not_found')
    const after = decide(vehicle, now)
    if (typeof after === 'string') throw new Problem(after)
    if (after === vehicle) return
    updateStock(tx, [after], now)
    send(listingChanged(after, ids.uuid()))
  })
  const [moved] = await findVehicles(database, vault, [id])
  if (!moved) throw new Problem('vehicle_not_found')
  return moved
}
