/** The routes of vehicles: offer, look up, amend. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { EntityId } from '#contracts'
import { type Approval, ApprovalView, approvalView, authorOf, IdempotencyHeaders, once } from '#host'
import { violatedConstraint } from '#platform/database/pg-errors'
import { answers } from '#platform/http/app'
import { callerOf, isSeller, refuse, seesWhole } from '#platform/http/auth'
import { checkIfMatch, etagOf, hasAlready, IfMatchHeaders, weakEtagOf } from '#platform/http/etag'
import { pageOf } from '#platform/http/page'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import { amend } from '../domain/vehicle.ts'
import { askForPrice, storeAmendment } from '../vehicles/repricing.ts'
import { takeIn } from '../vehicles/take-in.ts'
import { findVehicles, lockVehicle, type VehicleRow } from '../vehicles/vehicle-store.ts'
import { arrivalFrom } from './arrival.ts'
import { maySee, worksHere } from './in-view.ts'
import { cursorAt, FacetQuery, filterOf, placeOf, VehicleQuery } from './listing.ts'
import type { RouteParts } from './parts.ts'
import { AmendmentBody, amendmentFrom, NewVehicleBody } from './vehicle-body.ts'
import { advertised, FacetsView, facetsView, listedOf, VehiclePage, VehicleView, viewOf } from './views.ts'

const Params = Type.Object({ id: EntityId })

const tags = ['vehicles']

export const vehicleRoutes = (parts: RouteParts) => (app: HttpApp) => {
  app.post('/vehicles', { schema: offerVehicleSchema }, offerVehicle(parts))
  app.get('/vehicles', { schema: showVehiclesSchema }, showVehicles(parts))
  app.get('/vehicles/facets', { config: { looksAtAll: true }, schema: showFacetsSchema }, showFacets(parts))
  app.get('/vehicles/:id', { schema: showVehicleSchema }, showVehicle(parts))
  app.put('/vehicles/:id', { schema: amendVehicleSchema }, amendVehicle(parts))
}

const offerVehicleSchema = {
  summary: 'Takes a vehicle in: on sale at once, or prepared first',
  description: 'Only the back office sets what was paid for it.',
  tags,
  headers: IdempotencyHeaders,
  body: NewVehicleBody,
  response: answers(
    { 201: VehicleView },
    'vehicle_exists',
    'papers_keep_off_sale',
    'own_record',
    'idempotency_key_reused',
    'validation_failed',
  ),
}

const offerVehicle =
  (parts: RouteParts): Handler<typeof offerVehicleSchema> =>
  async (request, reply) => {
    const { unitOfWork, clock } = parts
    const now = clock.now()
    const arrival = arrivalFrom(request.body, callerOf(request), now)
    if (arrival.acquisition && isSeller(callerOf(request))) refuse(request)
    const whole = seesWhole(callerOf(request))
    const { vehicle, etag } = await once<{ vehicle: Static<typeof VehicleView>; etag: string }>(
      request,
      parts,
      (keep) =>
        unitOfWork(async (tx, send) => {
          const offered = await takeIn(tx, send, parts, arrival, authorOf(request))
          return keep(tx, { vehicle: viewOf(offered, whole), etag: etagOf(offered) })
        }).catch(taken('vehicle_exists')),
    )
    return reply.code(201).header('etag', etag).send(vehicle)
  }

const showVehiclesSchema = {
  summary: 'Lists vehicles, cheapest first unless asked otherwise',
  tags,
  querystring: VehicleQuery,
  response: answers({ 200: VehiclePage }, 'validation_failed'),
}

const showVehicles =
  ({ database, vault, lists, clock }: RouteParts): Handler<typeof showVehiclesSchema> =>
  async (request, reply) => {
    const { ids: wanted, status_filter, sort_by, limit, cursor } = request.query
    const isAnonymous = callerOf(request).role === 'nobody'
    if (status_filter !== 'available' && !worksHere(callerOf(request))) refuse(request)
    const whole = seesWhole(callerOf(request))
    const now = clock.now()
    const timestamp = now.toISOString()
    if (wanted !== undefined) {
      const found = await findVehicles(database, vault, wanted.split(',').map(Number))
      const seen = found.filter((one) => one.status === 'available' || (!isAnonymous && maySee(callerOf(request), one)))
      const vehicles = seen.map((one) => listedOf(one, whole, now))
      return told(request, reply, { vehicles, total: vehicles.length, next_cursor: null }, timestamp)
    }
    const filter = filterOf(request.query)
    const after = cursor === undefined ? undefined : placeOf(cursor, sort_by)
    const { vehicles: found, total } = await lists.page(filter, sort_by, after, limit + 1, whole ? 'whole' : 'masked')
    const { page, next_cursor } = pageOf(found, limit, cursorAt)
    return told(
      request,
      reply,
      { vehicles: page.map((one) => listedOf(one, whole, now)), total, next_cursor },
      timestamp,
    )
  }

/** How long anybody may cache an answer that everybody may see. */
const KEPT_SECONDS = 5

/** The answer with its version, so that a client who has it already gets 304. The version leaves out `timestamp`. */
function told<Content extends object>(
  request: FastifyRequest,
  reply: FastifyReply,
  content: Content,
  timestamp: string,
) {
  const etag = weakEtagOf(content)
  keepForSeconds(request, reply.header('etag', etag))
  return hasAlready(request, etag) ? notModified(reply) : { ...content, timestamp }
}

const notModified = (reply: FastifyReply) => reply.code(304).send() as never

/** An answer to a request without a token is the same for everybody. */
function keepForSeconds(request: FastifyRequest, reply: FastifyReply): void {
  if (callerOf(request).role === 'nobody')
    reply.headers({ 'cache-control': `public, max-age=${KEPT_SECONDS}`, vary: 'authorization' })
}

const showFacetsSchema = {
  operationId: 'showFacets',
  summary: 'How many vehicles of the list have each brand, body, fuel, transmission, colour, year and price band',
  description: 'Under the same filters as the list. A price band goes from its `value`, in reais, to the next.',
  tags,
  querystring: FacetQuery,
  response: answers({ 200: FacetsView }, 'validation_failed'),
}

const showFacets =
  ({ lists, clock }: RouteParts): Handler<typeof showFacetsSchema> =>
  async (request, reply) => {
    if (request.query.status_filter !== 'available' && !worksHere(callerOf(request))) refuse(request)
    const counted = await lists.facets(filterOf(request.query))
    return told(request, reply, facetsView(counted), clock.now().toISOString())
  }

const showVehicleSchema = {
  summary: 'Shows a vehicle',
  description:
    'Without a token one that is reserved or sold is shown as it was advertised, without identifiers; others that are not on sale are not found.',
  tags,
  params: Params,
  response: answers({ 200: VehicleView }, 'vehicle_not_found', 'validation_failed'),
}

const showVehicle =
  ({ database, vault }: RouteParts): Handler<typeof showVehicleSchema> =>
  async (request, reply) => {
    const [vehicle] = await findVehicles(database, vault, [request.params.id])
    if (!vehicle || !maySee(callerOf(request), vehicle)) throw new Problem('vehicle_not_found')
    const etag = etagOf(vehicle)
    keepForSeconds(request, reply.header('etag', etag))
    if (hasAlready(request, etag)) return notModified(reply)
    const view = viewOf(vehicle, seesWhole(callerOf(request)))
    return reply.send(callerOf(request).role === 'nobody' ? advertised(view) : view)
  }

const amendVehicleSchema = {
  summary: 'Changes the fields that the body names, as long as nobody has the vehicle',
  description:
    '`null` clears an optional field. A price too far below the highest of its last 30 days, or below what the vehicle has cost, waits for an admin: 202.',
  tags,
  params: Params,
  headers: IfMatchHeaders,
  body: AmendmentBody,
  response: answers(
    { 200: VehicleView, 202: ApprovalView },
    'vehicle_not_found',
    'vehicle_not_editable',
    'vehicle_identity_taken',
    'precondition_failed',
    'validation_failed',
  ),
}

const amendVehicle =
  (parts: RouteParts): Handler<typeof amendVehicleSchema> =>
  async (request, reply) => {
    const { vault, unitOfWork, clock } = parts
    const by = authorOf(request)
    const now = clock.now()
    const amendment = amendmentFrom(request.body, now)
    const caller = callerOf(request)
    const setter = { discount_limit: caller.discount_limit, is_seller: isSeller(caller) }
    const done = await unitOfWork(async (tx, send): Promise<VehicleRow | Approval> => {
      const vehicle = await lockVehicle(tx, vault, request.params.id)
      if (!vehicle) throw new Problem('vehicle_not_found')
      checkIfMatch(request, vehicle)
      const after = amend(vehicle, amendment, now)
      if (after === 'vehicle_not_editable') throw new Problem(after)
      const approval = await askForPrice(tx, parts, by, vehicle, after.price_cents, setter)
      if (approval?.status === 'waiting') {
        expectPriceAlone(request.body)
        return approval
      }
      return storeAmendment(tx, send, parts, vehicle, amendment, by, approval?.id ?? null)
    }).catch(taken('vehicle_identity_taken'))
    if ('asked' in done) return reply.code(202).send(approvalView(done, now, setter.is_seller))
    return reply.header('etag', etagOf(done)).send(viewOf(done, seesWhole(caller)))
  }

/** A price that waits for another person's decision must not hold up the other changes. */
function expectPriceAlone(body: unknown): void {
  const others = Object.keys(body as object).filter((name) => name !== 'price')
  const errors = others.map((name) => ({ path: `/${name}`, message: 'is changed by a request of its own' }))
  if (errors.length > 0) throw new Problem('validation_failed', { errors })
}

const IDENTITIES = ['vehicles_plate_unique', 'vehicles_chassi_unique', 'vehicles_renavam_unique']

const taken = (problem: 'vehicle_exists' | 'vehicle_identity_taken') => (error: unknown) => {
  throw IDENTITIES.includes(violatedConstraint(error) ?? '') ? new Problem(problem) : error
}
