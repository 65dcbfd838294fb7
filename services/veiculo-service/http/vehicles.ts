/** The routes of vehicles: offer, look up, amend, sell. */
import { type Static, Type } from 'typebox'
import { EntityId } from '#contracts'
import { IdempotencyHeaders, once } from '#host'
import { violatedConstraint } from '#platform/database/database'
import { answers } from '#platform/http/app'
import { callerOf, isStaff, refuse, seesWhole } from '#platform/http/auth'
import { checkIfMatch, etagOf, IfMatchHeaders } from '#platform/http/etag'
import type { HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import { amend } from '../domain/vehicle.ts'
import { sales } from '../reservations/sales.ts'
import { listingChanged } from '../vehicles/listing-news.ts'
import { listVehicles } from '../vehicles/listing-store.ts'
import { findVehicles, insertVehicle, lockVehicle, updateDetails } from '../vehicles/vehicle-store.ts'
import { cursorAt, filterOf, placeOf, VehicleQuery } from './listing.ts'
import type { RouteParts } from './parts.ts'
import { AmendmentBody, amendmentFrom, detailsFrom, NewVehicleBody, SaleBody, SalesBody } from './vehicle-body.ts'
import { resultOf, SalesView, SoldVehicleView, VehiclePage, VehicleView, viewOf } from './views.ts'

const Params = Type.Object({ id: EntityId })

const tags = ['vehicles']

export const vehicleRoutes = (parts: RouteParts) => (app: HttpApp) => {
  const { database, vault, unitOfWork, clock, ids } = parts
  const sale = sales(parts)

  app.post(
    '/vehicles',
    {
      schema: {
        summary: 'Puts a vehicle on sale',
        tags,
        headers: IdempotencyHeaders,
        body: NewVehicleBody,
        response: answers({ 201: VehicleView }, 'vehicle_exists', 'idempotency_key_reused', 'validation_failed'),
      },
    },
    async (request, reply) => {
      const now = clock.now()
      const details = detailsFrom(request.body, now)
      const whole = seesWhole(callerOf(request))
      const { vehicle, etag } = await once<{ vehicle: Static<typeof VehicleView>; etag: string }>(
        request,
        parts,
        (keep) =>
          unitOfWork(async (tx, send) => {
            const offered = await insertVehicle(tx, vault, details, now)
            send(listingChanged(offered, ids.uuid()))
            return keep(tx, { vehicle: viewOf(offered, whole), etag: etagOf(offered) })
          }).catch(taken('vehicle_exists')),
      )
      return reply.code(201).header('etag', etag).send(vehicle)
    },
  )

  app.get(
    '/vehicles',
    {
      schema: {
        summary: 'Lists vehicles, cheapest first unless asked otherwise',
        tags,
        querystring: VehicleQuery,
        response: answers({ 200: VehiclePage }, 'validation_failed'),
      },
    },
    async (request) => {
      const { ids: wanted, status_filter, sort_by, limit, cursor } = request.query
      const isPublic = status_filter === 'available' && wanted === undefined
      if (!isPublic && callerOf(request).role === 'nobody') refuse(request)
      const whole = seesWhole(callerOf(request))
      const timestamp = clock.now().toISOString()
      if (wanted !== undefined) {
        const vehicles = (await findVehicles(database, vault, wanted.split(',').map(Number))).map((one) =>
          viewOf(one, whole),
        )
        return { vehicles, total: vehicles.length, next_cursor: null, timestamp }
      }
      const filter = filterOf(request.query)
      const after = cursor === undefined ? undefined : placeOf(cursor, sort_by)
      const { vehicles: found, total } = await listVehicles(database, vault, filter, sort_by, after, limit + 1)
      const page = found.slice(0, limit)
      const last = found.length > limit ? page.at(-1) : undefined
      const vehicles = page.map((one) => viewOf(one, whole))
      return { vehicles, total, next_cursor: last ? cursorAt(last) : null, timestamp }
    },
  )

  app.get(
    '/vehicles/:id',
    {
      schema: {
        summary: 'Shows a vehicle',
        tags,
        params: Params,
        response: answers({ 200: VehicleView }, 'vehicle_not_found', 'validation_failed'),
      },
    },
    async (request, reply) => {
      const [vehicle] = await findVehicles(database, vault, [request.params.id])
      if (!vehicle) throw new Problem('vehicle_not_found')
      if (vehicle.status !== 'available' && callerOf(request).role === 'nobody') refuse(request)
      return reply.header('etag', etagOf(vehicle)).send(viewOf(vehicle, seesWhole(callerOf(request))))
    },
  )

  app.put(
    '/vehicles/:id',
    {
      schema: {
        summary: 'Changes the fields that the body names, as long as nobody has the vehicle',
        description: '`null` clears an optional field.',
        tags,
        params: Params,
        headers: IfMatchHeaders,
        body: AmendmentBody,
        response: answers(
          { 200: VehicleView },
          'vehicle_not_found',
          'vehicle_not_editable',
          'vehicle_identity_taken',
          'precondition_failed',
          'validation_failed',
        ),
      },
    },
    async (request, reply) => {
      const now = clock.now()
      const amendment = amendmentFrom(request.body, now)
      const amended = await unitOfWork(async (tx, send) => {
        const vehicle = await lockVehicle(tx, vault, request.params.id)
        if (!vehicle) throw new Problem('vehicle_not_found')
        checkIfMatch(request, vehicle)
        const after = amend(vehicle, amendment, now)
        if (after === 'vehicle_not_editable') throw new Problem(after)
        send(listingChanged(after, ids.uuid()))
        return updateDetails(tx, vault, { ...after, row_version: vehicle.row_version })
      }).catch(taken('vehicle_identity_taken'))
      return reply.header('etag', etagOf(amended)).send(viewOf(amended, seesWhole(callerOf(request))))
    },
  )

  app.post(
    '/vehicles/sales',
    {
      config: { neverShed: true }, // it ends purchases that are under way
      schema: {
        summary: 'Sells many vehicles, each to the purchase that reserved it, as mark_as_sold does one',
        tags,
        body: SalesBody,
        response: answers({ 200: SalesView }, 'validation_failed'),
      },
    },
    async ({ body }) => {
      const results = body.sales.map(async ({ vehicle_id, transaction_id }) => {
        const sold = await sale.submit({ vehicle_id, transaction_id: transaction_id.toLowerCase() })
        return resultOf({ vehicle_id, transaction_id }, sold)
      })
      return { results: await Promise.all(results) }
    },
  )

  app.patch(
    '/vehicles/:id/mark_as_sold',
    {
      config: { neverShed: true },
      schema: {
        summary: 'Sells a vehicle: to the purchase that reserved it, as often as it asks, or once by hand',
        tags,
        params: Params,
        body: SaleBody,
        response: answers(
          { 200: SoldVehicleView },
          'vehicle_not_found',
          'vehicle_reserved_by_another',
          'vehicle_already_sold',
          'vehicle_not_sellable',
          'validation_failed',
        ),
      },
    },
    async (request) => {
      const transaction_id = request.body.transaction_id?.toLowerCase() ?? null
      // a purchase sells what it has reserved; people sell by hand
      if (isStaff(callerOf(request)) !== (transaction_id === null)) refuse(request)
      const read = async () => (await findVehicles(database, vault, [request.params.id]))[0]
      const [sold, reserved] = await Promise.all([
        sale.submit({ vehicle_id: request.params.id, transaction_id }),
        transaction_id === null ? undefined : read(), // while it is reserved nobody changes what it is
      ])
      if (typeof sold === 'string') throw new Problem(sold)
      const vehicle = reserved ?? (await read())
      if (!vehicle) throw new Problem('vehicle_not_found')
      const updated_at = sold.sold_at && sold.sold_at > vehicle.updated_at ? sold.sold_at : vehicle.updated_at
      const seen = viewOf({ ...vehicle, ...sold, updated_at }, seesWhole(callerOf(request)))
      return sold.pickup_code === null ? seen : { ...seen, pickup_code: sold.pickup_code }
    },
  )
}

const IDENTITIES = ['vehicles_plate_unique', 'vehicles_chassi_unique', 'vehicles_renavam_unique']

const taken = (problem: 'vehicle_exists' | 'vehicle_identity_taken') => (error: unknown) => {
  throw IDENTITIES.includes(violatedConstraint(error) ?? '') ? new Problem(problem) : error
}
