/**
 * Corrections by an admin, with a reason, of things that are fixed after a sale: the identifiers of a sold vehicle, and a
 * sale by mistake.
 */
import { type Static, Type } from 'typebox'
import { EntityId } from '#contracts'
import { type Author, authorOf, differences, writeJournal } from '#host'
import type { Send } from '#messaging'
import type { Tx } from '#platform/database/database'
import { violatedConstraint } from '#platform/database/pg-errors'
import { withoutIdentifiers } from '#platform/free-text'
import { answers } from '#platform/http/app'
import { callerOf, seesWhole } from '#platform/http/auth'
import { checkIfMatch, etagOf, IfMatchHeaders } from '#platform/http/etag'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import { tellAccount } from '../costs/tell-account.ts'
import { unsell } from '../domain/vehicle.ts'
import { updateStock } from '../reservations/reservation-store.ts'
import { tellListing } from '../vehicles/listing-news.ts'
import { findVehicles, lockVehicle, updateDetails, type VehicleRow } from '../vehicles/vehicle-store.ts'
import type { RouteParts } from './parts.ts'
import { AmendmentBody, amendmentFrom } from './vehicle-body.ts'
import { VehicleView, viewOf } from './views.ts'

const { brand, model, year, color, license_plate, chassi_number, renavam } = AmendmentBody.properties
const PAPERS = ['license_plate', 'chassi_number', 'renavam'] as const
const FACTS = ['brand', 'model', 'year', 'color', 'status'] as const

const CorrectionBody = Type.Object(
  {
    ...{ brand, model, year, color, license_plate, chassi_number, renavam },
    status: Type.Optional(
      Type.Enum(['available', 'withdrawn'], {
        description: 'For a vehicle that was marked as sold by mistake. No other field may be given with it',
      }),
    ),
    reason: Type.String({ minLength: 5, maxLength: 200, format: 'text', description: 'The proof that was seen' }),
  },
  {
    additionalProperties: false,
    minProperties: 2,
    examples: [{ license_plate: 'BRA2E19', reason: 'Placa conferida no CRLV' }],
  },
)

export const correctionRoutes = (parts: RouteParts) => (app: HttpApp) => {
  app.post('/vehicles/:id/corrections', { schema: correctVehicleSchema }, correctVehicle(parts))
}

const correctVehicleSchema = {
  summary: 'Corrects what is fixed by now: identifiers of a sold vehicle, a sale by hand that never was',
  description: 'A vehicle that a purchase has bought comes back by its return.',
  tags: ['vehicles'],
  params: Type.Object({ id: EntityId }),
  headers: IfMatchHeaders,
  body: CorrectionBody,
  response: answers(
    { 200: VehicleView },
    'vehicle_not_found',
    'vehicle_identity_taken',
    'vehicle_not_sold',
    'vehicle_already_picked_up',
    'vehicle_sold_to_purchase',
    'precondition_failed',
    'validation_failed',
  ),
}

const correctVehicle =
  (parts: RouteParts): Handler<typeof correctVehicleSchema> =>
  async (request, reply) => {
    const { database, vault, unitOfWork } = parts
    const { id } = request.params
    const wish = wishFrom(request.body, parts.clock.now())
    await unitOfWork(async (tx, send) => {
      const vehicle = await lockVehicle(tx, vault, id)
      if (!vehicle) throw new Problem('vehicle_not_found')
      checkIfMatch(request, vehicle)
      await correct(tx, send, parts, vehicle, wish, authorOf(request))
    }).catch((error: unknown) => {
      throw IDENTITIES.includes(violatedConstraint(error) ?? '') ? new Problem('vehicle_identity_taken') : error
    })
    const [corrected] = await findVehicles(database, vault, [id])
    if (!corrected) throw new Problem('vehicle_not_found')
    return reply.header('etag', etagOf(corrected)).send(viewOf(corrected, seesWhole(callerOf(request))))
  }

const IDENTITIES = ['vehicles_plate_unique', 'vehicles_chassi_unique', 'vehicles_renavam_unique']

type Wish = ReturnType<typeof wishFrom>

function wishFrom({ reason, status, ...details }: Static<typeof CorrectionBody>, now: Date) {
  if (status !== undefined && Object.keys(details).length > 0) {
    const errors = [{ path: '/status', message: 'is corrected by a request of its own' }]
    throw new Problem('validation_failed', { errors })
  }
  return { status, details: amendmentFrom(details, now), reason: withoutIdentifiers(reason) }
}

async function correct(
  tx: Tx,
  send: Send,
  { vault, clock, ids }: RouteParts,
  before: VehicleRow,
  { status, details, reason }: Wish,
  by: Author,
): Promise<void> {
  const now = clock.now()
  const after = status
    ? unsell(before, status, now)
    : { ...before, ...details, revision: before.revision + 1, updated_at: now }
  if (typeof after === 'string') throw new Problem(after)
  if (status) updateStock(tx, [after], now)
  else await updateDetails(tx, vault, after)
  // a vehicle that a purchase has is no listing: nobody is shown it
  const isListing = after.status === 'available' || after.status === 'withdrawn'
  if (isListing) tellListing(send, after, ids.uuid())
  await tellAccount(tx, send, ids, before.id)
  const personal = differences(before, after, PAPERS)
  const about = { about: 'vehicle', about_id: before.id, reason } as const
  const told = { ...differences(before, after, FACTS), ...(personal && { personal }) }
  await writeJournal(tx, vault, [{ by, at: now, act: 'vehicle_corrected', ...about, ...told }])
}
