/** The routes of the counter where sold vehicles are handed over. */
import { Type } from 'typebox'
import { EntityId, vehiclePickedUp } from '#contracts'
import { outgoing } from '#messaging'
import type { Tx } from '#platform/database/database'
import { answers } from '#platform/http/app'
import { callerOf, seesWhole } from '#platform/http/auth'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import { type Counter, handOver, reissue } from '../domain/pickup.ts'
import { keepGuesser, lockGuesser } from '../reservations/guesser-store.ts'
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
  summary: 'Hands a sold vehicle over to who shows its pickup code',
  description:
    'After five wrong codes the vehicle is not handed over for a quarter of an hour; after twenty in an hour, whatever the vehicle, who typed them hands none over for the rest of it.',
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
  ({ vault, unitOfWork, clock, codes }: RouteParts): Handler<typeof handVehicleOverSchema> =>
  async (request) => {
    const { id } = request.params
    const pickup_print = codes.print(id, request.body.pickup_code)
    const pickup = { pickup_print, received_by: request.body.received_by.trim() }
    const { role, subject = role } = callerOf(request)
    const outcome = await unitOfWork(async (tx, send) => {
      const now = clock.now()
      const found = await counterOf(tx, vault, id)
      const vehicle = { ...found, pickup_print: codes.printOf(found) } as Counter // a code of an older process has no print yet
      const decided = handOver(vehicle, await lockGuesser(tx, subject), pickup, now)
      if (typeof decided === 'string') throw new Problem(decided)
      if ('lockedUntil' in decided) {
        const retry_after = Math.ceil((decided.lockedUntil.getTime() - now.getTime()) / 1_000)
        throw new Problem('pickup_locked', { retry_after })
      }
      if ('wrongCode' in decided) {
        await updateCounter(tx, vault, decided.wrongCode)
        keepGuesser(tx, subject, decided.guesser)
        return decided
      }
      const isErased = await isBuyerErased(tx, decided.sold_to_transaction)
      const handedOver = isErased ? { ...decided, received_by: null } : decided
      await updateCounter(tx, vault, handedOver)
      const { sold_to_transaction } = handedOver
      const told = { vehicle_id: id, picked_up_at: now.toISOString() }
      if (sold_to_transaction) send(outgoing(vehiclePickedUp, sold_to_transaction, told))
      return handedOver
    })
    if ('wrongCode' in outcome) throw new Problem('wrong_pickup_code') // refused after the commit, because the guess must count
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
  ({ vault, unitOfWork, clock, codes }: RouteParts): Handler<typeof renewPickupCodeSchema> =>
  async (request) => {
    const code = codes.issue(request.params.id)
    const reissued = await unitOfWork(async (tx) => {
      const decided = reissue(await counterOf(tx, vault, request.params.id), code, clock.now())
      if (typeof decided === 'string') throw new Problem(decided)
      await updateCounter(tx, vault, decided)
      return decided
    })
    const pickup_code = await codes.open(reissued)
    return { ...viewOf(reissued, true), ...(pickup_code !== null && { pickup_code }) }
  }

async function counterOf(tx: Tx, vault: Vault, id: number) {
  const vehicle = await lockCounter(tx, vault, id)
  if (!vehicle) throw new Problem('vehicle_not_found')
  return vehicle
}
