/** The routes of the counter where sold vehicles are handed over. */
import { type Static, Type } from 'typebox'
import { EntityId, vehiclePickedUp } from '#contracts'
import { type Author, authorName, authorOf, writeJournal } from '#host'
import { outgoing } from '#messaging'
import type { Tx } from '#platform/database/database'
import { withoutIdentifiers } from '#platform/free-text'
import { answers } from '#platform/http/app'
import { callerOf, refuse, refuseOwnRecord, seesWhole } from '#platform/http/auth'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import { type Counter, handOver, type Receiving, refusesReceiver, reissue } from '../domain/pickup.ts'
import { buyerOf, insertHandover } from '../handover/handover-store.ts'
import { keepGuesser, lockGuesser } from '../reservations/guesser-store.ts'
import { isBuyerErased } from '../rights/erasure-store.ts'
import { lockCounter, updateCounter } from '../vehicles/vehicle-store.ts'
import type { RouteParts } from './parts.ts'
import { PickupBody, receiverFrom } from './vehicle-body.ts'
import { SoldVehicleView, VehicleView, viewOf } from './views.ts'

const Params = Type.Object({ id: EntityId })

const tags = ['vehicles']

export const pickupRoutes = (parts: RouteParts) => (app: HttpApp) => {
  app.post('/vehicles/:id/pickup', { schema: handVehicleOverSchema }, handVehicleOver(parts))
  app.post('/vehicles/:id/pickup_code', { schema: renewPickupCodeSchema }, renewPickupCode(parts))
}

const handVehicleOverSchema = {
  summary: 'Hands a sold vehicle over to whoever shows its pickup code, or the buyer’s document',
  description:
    'A document is compared with the buyer’s own, which is not shown. After five wrong codes or documents the vehicle is not handed over for a quarter of an hour; after twenty in an hour, whatever the vehicle, who typed them hands none over for the rest of it.',
  tags,
  params: Params,
  body: PickupBody,
  response: answers(
    { 200: VehicleView },
    'vehicle_not_found',
    'wrong_pickup_code',
    'wrong_document',
    'vehicle_not_sold',
    'vehicle_already_picked_up',
    'vehicle_being_returned',
    'no_buyers_document',
    'representative_required',
    'buyer_deceased',
    'payment_only_promised',
    'pickup_locked',
    'own_record',
    'validation_failed',
    'unavailable',
  ),
}

const handVehicleOver =
  (parts: RouteParts): Handler<typeof handVehicleOverSchema> =>
  async (request) => {
    const { database, vault, unitOfWork, clock } = parts
    const { id } = request.params
    const receiver = receiverFrom(request.body)
    const by = authorOf(request)
    const isReleased = request.body.release_reason !== undefined
    if (isReleased && by.role !== 'admin') refuse(request)
    const buyer = await buyerOf(database, id)
    if (buyer) refuseOwnRecord(request, buyer.customer_id)
    const known = buyer && (await parts.checkBuyer(buyer.customer_id, request.body.buyer_document))
    const hasCome = isReleased || !buyer || (await parts.hasAllCome(buyer.transaction_id))
    const outcome = await unitOfWork(async (tx, send) => {
      const now = clock.now()
      const found = await counterOf(tx, vault, id)
      const vehicle = { ...found, pickup_print: parts.codes.printOf(found) } as Counter // a code of an older process has no print yet
      const { sold_to_transaction } = vehicle
      // sold, or sold again, since its buyer was asked for: the known facts are about another person
      const isKnown = sold_to_transaction === (buyer?.transaction_id ?? null)
      const shown = shownBy(parts, id, request.body, isKnown && known?.is_theirs === true)
      const wish = { ...shown, received_by: receiver.name }
      const decided = handOver(vehicle, await lockGuesser(tx, by.subject), wish, now)
      if (typeof decided === 'string') throw new Problem(decided)
      if ('lockedUntil' in decided) {
        const retry_after = Math.ceil((decided.lockedUntil.getTime() - now.getTime()) / 1_000)
        throw new Problem('pickup_locked', { retry_after })
      }
      if (sold_to_transaction === null && 'is_buyers_document' in shown) throw new Problem('no_buyers_document')
      if ('wrongCode' in decided) {
        await updateCounter(tx, vault, decided.wrongCode)
        keepGuesser(tx, by.subject, decided.guesser)
        return decided
      }
      const refusal = refusesReceiver({ ...NOBODY_TO_SPARE, ...known, ...receiver })
      if (refusal) throw new Problem(refusal)
      if (!hasCome) throw new Problem('payment_only_promised')
      const isErased = await isBuyerErased(tx, sold_to_transaction)
      const handedOver = isErased ? { ...decided, received_by: null } : decided
      await updateCounter(tx, vault, handedOver)
      await record(tx, parts, request.body, by, { ...receiver, ...(isErased && { proof: null }) }, handedOver)
      const told = { vehicle_id: id, picked_up_at: now.toISOString() }
      if (sold_to_transaction) send(outgoing(vehiclePickedUp, sold_to_transaction, told))
      return handedOver
    })
    // refused after the commit, because the guess must count
    if ('wrongCode' in outcome)
      throw new Problem(request.body.buyer_document === undefined ? 'wrong_pickup_code' : 'wrong_document')
    return viewOf(outcome, seesWhole(callerOf(request)))
  }

/** The buyer of a sale by hand is unknown. */
const NOBODY_TO_SPARE = { needs_representative: false, is_deceased: false }

const shownBy = (
  { codes }: RouteParts,
  id: number,
  { pickup_code }: Static<typeof PickupBody>,
  is_buyers_document: boolean,
) => (pickup_code === undefined ? { is_buyers_document } : { pickup_print: codes.print(id, pickup_code) })

async function record(
  tx: Tx,
  { vault, clock }: RouteParts,
  body: Static<typeof PickupBody>,
  by: Author,
  { as, proof }: Pick<Receiving, 'as' | 'proof'>,
  { id, sold_to_transaction }: Counter,
) {
  const at = clock.now()
  const given = {
    shown: body.buyer_document === undefined ? ('code' as const) : ('document' as const),
    mileage_km: body.mileage_km ?? null,
    keys: body.keys ?? null,
    has_manual: body.manual ?? null,
  }
  const of = { vehicle_id: id, transaction_id: sold_to_transaction, at, handed_over_by: authorName(by) }
  await insertHandover(tx, vault, { ...of, ...given, as, proof })
  const about = { about: 'vehicle', about_id: id } as const
  const reason = body.release_reason === undefined ? null : withoutIdentifiers(body.release_reason)
  await writeJournal(tx, vault, [
    { by, at, act: 'vehicle_handed_over', ...about, reason, after: { ...given, received_as: as } },
  ])
}

const renewPickupCodeSchema = {
  summary: 'Gives a vehicle that was sold by hand a new pickup code, for one that was lost',
  description: 'For the back office. The code before is no longer valid. A purchase keeps the code that its buyer has.',
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
    const { id } = request.params
    const by = authorOf(request)
    const code = codes.issue(id)
    const reissued = await unitOfWork(async (tx) => {
      const now = clock.now()
      const decided = reissue(await counterOf(tx, vault, id), code, now)
      if (typeof decided === 'string') throw new Problem(decided)
      await updateCounter(tx, vault, decided)
      await writeJournal(tx, vault, [{ by, at: now, act: 'pickup_code_renewed', about: 'vehicle', about_id: id }])
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
