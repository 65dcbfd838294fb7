/** The routes that take a vehicle off sale and put it back. */
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { EntityId } from '#contracts'
import { authorName, authorOf, writeJournal } from '#host'
import { answers } from '#platform/http/app'
import { callerOf, seesWhole } from '#platform/http/auth'
import { etagOf } from '#platform/http/etag'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import { relist, type Unidentified, withdraw } from '../domain/vehicle.ts'
import { updateStock } from '../reservations/reservation-store.ts'
import { listingChanged } from '../vehicles/listing-news.ts'
import { markWithdrawnBy } from '../vehicles/price-store.ts'
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
    const vehicle = await move(parts, request, withdraw)
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
    const vehicle = await move(parts, request, relist)
    return reply.header('etag', etagOf(vehicle)).send(viewOf(vehicle, seesWhole(callerOf(request))))
  }

async function move<Refusal extends 'vehicle_not_withdrawable' | 'vehicle_not_relistable'>(
  { database, vault, unitOfWork, clock, ids }: RouteParts,
  request: FastifyRequest<{ Params: { id: number } }>,
  decide: (vehicle: Unidentified, now: Date) => Unidentified | Refusal,
) {
  const { id } = request.params
  const by = authorOf(request)
  await unitOfWork(async (tx, send) => {
    const now = clock.now()
    const [vehicle] = await lockVehicles(tx, [id])
    if (!vehicle) throw new Problem('vehicle_not_found')
    const after = decide(vehicle, now)
    if (typeof after === 'string') throw new Problem(after)
    if (after === vehicle) return
    updateStock(tx, [after], now)
    send(listingChanged(after, ids.uuid()))
    const isWithdrawn = after.status === 'withdrawn'
    await markWithdrawnBy(tx, id, isWithdrawn ? authorName(by) : null)
    const act = isWithdrawn ? 'vehicle_withdrawn' : 'vehicle_relisted'
    await writeJournal(tx, vault, [{ by, at: now, act, about: 'vehicle', about_id: id }])
  })
  const [moved] = await findVehicles(database, vault, [id])
  if (!moved) throw new Problem('vehicle_not_found')
  return moved
}
