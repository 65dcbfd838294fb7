/** The routes of the counter where sold vehicles are handed over. */
import { Type } from 'typebox'
import { EntityId } from '#contracts'
import type { Tx } from '#platform/database/database'
import { answers } from '#platform/http/app'
import { callerOf, seesWhole } from '#platform/http/auth'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import { handOver, reissue } from '../domain/pickup.ts'
import { isBuyerErased } from '../rights/erasure-store.ts'
import { lockCounter, updateCounter } from '../vehicles/vehicle-store.ts'
import type { RouteParts } from './parts.ts'
import { PickupBody } from './vehicle-body.ts'
import { SoldVehicleView, VehicleView, viewOf } from './views.ts'

const Params = Type.Object({ id: EntityId })

const tags = ['vehicles']

export const pickupRoutes = (parts: RouteParts) => (app: HttpApp) => {
  app.post('/vehicles/:id/pickup', { schema: handVehicleOverSchema }, handVehicleOver(parts))
  app.post('/vehicles/:id/pickup_code', { schema: renewPickupCodeSchema }, renewPickupCode(parts))
}

const handVehicleOverSchema = {
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
}

const handVehicleOver =
  ({ vault, unitOfWork, clock }: RouteParts): Handler<typeof handVehicleOverSchema> =>
  async (request) => {
    const pickup = { ...request.body, received_by: request.body.received_by.trim() }
    const outcome = await unitOfWork(async (tx) => {
      const now = clock.now()
      const decided = handOver(await counterOf(tx, vault, request.params.id), pickup, now)
      if (typeof decided === 'string') throw new Problem(decided)
      if ('lockedUntil' in decided) {
        const retry_after = Math.ceil((decided.lockedUntil.getTime() - now.getTime()) / 1_000)
        throw new Problem('pickup_locked', { retry_after })
      }
      if ('wrongCode' in decided) {
        await updateCounter(tx, vault, decided.wrongCode)
        return decided
      }
      const isErased = await isBuyerErased(tx, decided.sold_to_transaction)
      const handedOver = isErased ? { ...decided, received_by: null } : decided
      await updateCounter(tx, vault, handedOver)
      return handedOver
    })
    if ('wrongCode' in outcome) throw new Problem('wrong_pickup_code') // after the commit, for the guess counts
    return viewOf(outcome, seesWhole(callerOf(request)))
  }

const renewPickupCodeSchema = {
  summary: 'Gives a vehicle that was sold by hand a new pickup code, for one that was lost',
  description: 'For staff. The code before opens nothing any more. A purchase keeps the code that its buyer has.',
  tags,
  params: Params,
  response: answers(
    { 200: SoldVehicleView },

    'vehicle_not_found',
    'vehicle_not_sold',
    'vehicle_already_picked_up',
    'pickup_code_with_buyer',
    'validation_failed',
  ),
}

const renewPickupCode =
  ({ vault, unitOfWork, clock, pickupCode }: RouteParts): Handler<typeof renewPickupCodeSchema> =>
  async (request) => {
    const pickup_code = pickupCode()
    const reissued = await unitOfWork(async (tx) => {
      const decided = reissue(await counterOf(tx, vault, request.params.id), pickup_code, clock.now())
      if (typeof decided === 'string') throw new Problem(decided)
      await updateCounter(tx, vault, decided)
      return decided
    })
    return { ...viewOf(reissued, true), pickup_code }
  }

async function counterOf(tx: Tx, vault: Vault, id: number) {
  const vehicle = await lockCounter(tx, vault, id)
  if (!vehicle) throw new Problem('vehicle_not_found')
  return vehicle
}
