/** The routes that put a prepared vehicle on sale, withdraw and relist it, and give a consigned one back to its owner. */
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { EntityId } from '#contracts'
import { authorName, authorOf, writeJournal } from '#host'
import { answers } from '#platform/http/app'
import { callerOf, refuseOwnRecord, seesWhole } from '#platform/http/auth'
import { etagOf } from '#platform/http/etag'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import { findAcquisition } from '../costs/cost-store.ts'
import { tellAccount } from '../costs/tell-account.ts'
import { blockedBy } from '../domain/restrictions.ts'
import { giveBackToOwner, publish, relist, type Unidentified, withdraw } from '../domain/vehicle.ts'
import { updateStock } from '../reservations/reservation-store.ts'
import { tellListing } from '../vehicles/listing-news.ts'
import { markWithdrawnBy } from '../vehicles/price-store.ts'
import { findVehicles, leaveHouse, lockVehicles } from '../vehicles/vehicle-store.ts'
import type { RouteParts } from './parts.ts'
import { VehicleView, viewOf } from './views.ts'

const Params = Type.Object({ id: EntityId })

const tags = ['vehicles']

export const standingRoutes = (parts: RouteParts) => (app: HttpApp) => {
  app.post('/vehicles/:id/withdraw', { schema: withdrawVehicleSchema }, withdrawVehicle(parts))
  app.post('/vehicles/:id/relist', { schema: relistVehicleSchema }, relistVehicle(parts))
  app.post('/vehicles/:id/publish', { schema: publishVehicleSchema }, publishVehicle(parts))
  app.post('/vehicles/:id/return_to_owner', { schema: returnToOwnerSchema }, returnToOwner(parts))
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
  response: answers(
    { 200: VehicleView },
    'vehicle_not_found',
    'vehicle_not_relistable',
    'papers_keep_off_sale',
    'validation_failed',
  ),
}

const relistVehicle =
  (parts: RouteParts): Handler<typeof relistVehicleSchema> =>
  async (request, reply) => {
    const vehicle = await move(parts, request, relist)
    return reply.header('etag', etagOf(vehicle)).send(viewOf(vehicle, seesWhole(callerOf(request))))
  }

const publishVehicleSchema = {
  summary: 'Puts a vehicle on sale that was prepared',
  description: 'What its papers say must be known first, if anything is stated of them.',
  tags,
  params: Params,
  response: answers(
    { 200: VehicleView },
    'vehicle_not_found',
    'vehicle_not_in_preparation',
    'papers_keep_off_sale',
    'validation_failed',
  ),
}

const publishVehicle =
  (parts: RouteParts): Handler<typeof publishVehicleSchema> =>
  async (request, reply) => {
    const vehicle = await move(parts, request, publish)
    return reply.header('etag', etagOf(vehicle)).send(viewOf(vehicle, seesWhole(callerOf(request))))
  }

const returnToOwnerSchema = {
  summary: 'Gives a consigned vehicle back to its owner, unsold',
  tags,
  params: Params,
  response: answers(
    { 200: VehicleView },
    'vehicle_not_found',
    'vehicle_not_consigned',
    'vehicle_not_withdrawable',
    'own_record',
    'validation_failed',
  ),
}

const returnToOwner =
  (parts: RouteParts): Handler<typeof returnToOwnerSchema> =>
  async (request, reply) => {
    const consigned = await findAcquisition(parts.database, request.params.id)
    if (consigned?.owner_customer_id) refuseOwnRecord(request, consigned.owner_customer_id)
    const vehicle = await move(parts, request, (before, now) =>
      consigned?.source === 'consignment' ? giveBackToOwner(before, now) : 'vehicle_not_consigned',
    )
    return reply.header('etag', etagOf(vehicle)).send(viewOf(vehicle, seesWhole(callerOf(request))))
  }

type StandingRefusal =
  | Extract<ReturnType<typeof withdraw | typeof relist | typeof publish | typeof giveBackToOwner>, string>
  | 'vehicle_not_consigned'

const ACTS = {
  withdrawn: 'vehicle_withdrawn',
  returned_to_owner: 'vehicle_returned_to_owner',
  available: 'vehicle_relisted',
} as const

async function move(
  { database, vault, unitOfWork, clock, ids }: RouteParts,
  request: FastifyRequest<{ Params: { id: number } }>,
  decide: (vehicle: Unidentified, now: Date) => Unidentified | StandingRefusal,
) {
  const { id } = request.params
  const by = authorOf(request)
  await unitOfWork(async (tx, send) => {
    const now = clock.now()
    const [vehicle] = await lockVehicles(tx, [id])
    if (!vehicle) throw new Problem('vehicle_not_found')
    const after = decide(vehicle, now)
    if (after === 'papers_keep_off_sale') throw new Problem(after, { blocked_by: blockedBy(vehicle.restrictions) })
    if (typeof after === 'string') throw new Problem(after)
    if (after === vehicle) return
    updateStock(tx, [after], now)
    if (after.status === 'returned_to_owner') leaveHouse(tx, id)
    tellListing(send, after, ids.uuid())
    await tellAccount(tx, send, ids, id)
    await markWithdrawnBy(tx, id, after.status === 'available' ? null : authorName(by))
    const act = vehicle.status === 'preparation' && after.status === 'available' ? 'vehicle_published' : actOf(after)
    await writeJournal(tx, vault, [{ by, at: now, act, about: 'vehicle', about_id: id }])
  })
  const [moved] = await findVehicles(database, vault, [id])
  if (!moved) throw new Problem('vehicle_not_found')
  return moved
}

function actOf({ status }: Unidentified): string {
  if (status === 'available' || status === 'withdrawn' || status === 'returned_to_owner') return ACTS[status]
  throw new Error(`nobody moves a vehicle to ${status} here`)
}
