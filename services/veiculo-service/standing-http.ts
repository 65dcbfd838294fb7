/** The routes that change where a vehicle stands: off sale and back, and into the hands of its buyer. */
import { Type } from 'typebox'
import { EntityId } from '#contracts'
import { callerOf, seesWhole } from '#platform/auth'
import type { Database } from '#platform/database'
import { etagOf } from '#platform/etag'
import { answers, type HttpApp } from '#platform/http'
import { Problem } from '#platform/problem-json'
import { handOver } from './domain/pickup.ts'
import { relist, type Vehicle, withdraw } from './domain/vehicle.ts'
import { listingChanged } from './listing-news.ts'
import { updateStock } from './reservation-store.ts'
import type { SalesParts } from './sales.ts'
import { PickupBody } from './vehicle-body.ts'
import { findVehicles, lockCounter, lockVehicles, updateCounter } from './vehicle-store.ts'
import { VehicleView, viewOf } from './views.ts'

const Params = Type.Object({ id: EntityId })

const tags = ['vehicles']

export const standingRoutes =
  ({ database, unitOfWork, clock, ids }: SalesParts & { readonly database: Database }) =>
  (app: HttpApp) => {
    async function move<Refusal extends 'vehicle_not_withdrawable' | 'vehicle_not_relistable'>(
      id: number,
      decide: (vehicle: Vehicle, now: Date) => Vehicle | Refusal,
    ) {
      await unitOfWork(async (tx, send) => {
        const now = clock.now()
        const [vehicle] = await lockVehicles(tx, [id])
        if (!vehicle) throw new Problem('vehicle_not_found')
        const after = decide(vehicle, now)
        if (typeof after === 'string') throw new Problem(after)
        if (after === vehicle) return
        await updateStock(tx, [after], now)
        send(listingChanged(after, ids.uuid()))
      })
      return current(id)
    }

    async function current(id: number) {
      const [vehicle] = await findVehicles(database, [id])
      if (!vehicle) throw new Problem('vehicle_not_found')
      return vehicle
    }

    app.post(
      '/vehicles/:id/withdraw',
      {
        schema: {
          summary: 'Takes a vehicle off sale, until it is relisted',
          tags,
          params: Params,
          response: answers({ 200: VehicleView }, 'vehicle_not_found', 'vehicle_not_withdrawable', 'validation_failed'),
        },
      },
      async (request, reply) => {
        const vehicle = await move(request.params.id, withdraw)
        return reply.header('etag', etagOf(vehicle)).send(viewOf(vehicle, seesWhole(callerOf(request))))
      },
    )

    app.post(
      '/vehicles/:id/relist',
      {
        schema: {
          summary: 'Puts a withdrawn vehicle back on sale',
          tags,
          params: Params,
          response: answers({ 200: VehicleView }, 'vehicle_not_found', 'vehicle_not_relistable', 'validation_failed'),
        },
      },
      async (request, reply) => {
        const vehicle = await move(request.params.id, relist)
        return reply.header('etag', etagOf(vehicle)).send(viewOf(vehicle, seesWhole(callerOf(request))))
      },
    )

    app.post(
      '/vehicles/:id/pickup',
      {
        schema: {
          summary: 'Hands a sold vehicle over to whoever shows its pickup code',
          description: 'After five wrong codes the vehicle is not handed over for a quarter of an hour.',
          tags,
          params: Params,
          body: PickupBody,
          response: answers(
            { 200: VehicleView },
            'vehicle_not_found',
            'wrong_pickup_code',
            'vehicle_not_sold',
            'vehicle_already_picked_up',
            'pickup_locked',
            'validation_failed',
          ),
        },
      },
      async (request) => {
        const { id } = request.params
        const pickup = { ...request.body, received_by: request.body.received_by.trim() }
        const outcome = await unitOfWork(async (tx) => {
          const now = clock.now()
          const vehicle = await lockCounter(tx, id)
          if (!vehicle) throw new Problem('vehicle_not_found')
          const decided = handOver(vehicle, pickup, now)
          if (typeof decided === 'string') throw new Problem(decided)
          if ('lockedUntil' in decided) {
            const retry_after = Math.ceil((decided.lockedUntil.getTime() - now.getTime()) / 1_000)
            throw new Problem('pickup_locked', { retry_after })
          }
          updateCounter(tx, 'wrongCode' in decided ? decided.wrongCode : decided)
          return decided
        })
        if ('wrongCode' in outcome) throw new Problem('wrong_pickup_code')
        return viewOf(outcome, seesWhole(callerOf(request)))
      },
    )
  }
