/** All data held here about one person, for cliente-service, which hands it to that person and records the reading. */
import { type Static, Type } from 'typebox'
import { EntityId, Timestamp, TransactionId } from '#contracts'
import { accessesTo } from '#host'
import type { Clock } from '#platform/clock'
import type { Database, Queryable } from '#platform/database/database'
import { answers } from '#platform/http/app'
import type { Handler, HttpApp } from '#platform/http/server'
import type { Vault } from '#platform/vault/vault'
import { findHandovers } from '../handover/handover-store.ts'
import { VehicleView, viewOf } from '../http/views.ts'
import { ClaimView, claimView } from '../http/warranty.ts'
import { findVehicles } from '../vehicles/vehicle-store.ts'
import { claimsOf, handedOver, reservationsOf } from './personal-data-store.ts'

const TimestampOrNull = Type.Union([Timestamp, Type.Null()])
const KilometresOrNull = Type.Union([Type.Integer(), Type.Null()])
const TextOrNull = Type.Union([Type.String(), Type.Null()])

const PersonalData = Type.Object({
  reservations: Type.Array(
    Type.Object({
      transaction_id: TransactionId,
      vehicle_id: EntityId,
      status: Type.String(),
      reason: TextOrNull,
      created_at: Timestamp,
      ended_at: TimestampOrNull,
    }),
  ),
  vehicles_bought: Type.Array(
    Type.Object({
      ...VehicleView.properties,
      transaction_id: TransactionId,
      received_by: TextOrNull,
      handover: Type.Optional(
        Type.Object({
          received_as: Type.String(),
          proof: TextOrNull,
          shown: Type.String(),
          mileage_km: KilometresOrNull,
        }),
      ),
    }),
  ),
  warranty_claims: Type.Array(ClaimView),
  accesses: Type.Array(
    Type.Object({
      at: Timestamp,
      vehicle_id: EntityId,
      subject: Type.String(),
      role: Type.String(),
      fields: Type.Array(Type.String()),
      reason: TextOrNull,
    }),
  ),
})

interface Parts {
  readonly database: Database
  readonly vault: Vault
  readonly clock: Clock
}

export const personalDataRoutes = (parts: Parts) => (app: HttpApp) => {
  app.get('/personal-data', { schema: showHeldSchema }, showHeld(parts))
  app.get('/personal-data/handed-over', { schema: showHandedOverSchema }, showHandedOver(parts))
}

const showHeldSchema = {
  hide: true, // between services
  querystring: Type.Object({ customer_id: EntityId }),
  response: answers({ 200: PersonalData }, 'validation_failed'),
}

const showHeld =
  ({ database, vault, clock }: Parts): Handler<typeof showHeldSchema> =>
  ({ query }) =>
    database.transaction((tx) => heldAbout(tx, vault, query.customer_id, clock.now()))

const showHandedOverSchema = {
  hide: true, // between services
  querystring: Type.Object({ customer_id: EntityId }),
  response: answers({ 200: Type.Object({ transactions: Type.Array(TransactionId) }) }, 'validation_failed'),
}

/** A customer whose vehicle still stands in the yard cannot be erased yet. */
const showHandedOver =
  ({ database }: Parts): Handler<typeof showHandedOverSchema> =>
  async ({ query }) => ({ transactions: await handedOver(database, query.customer_id) })

async function heldAbout(tx: Queryable, vault: Vault, customer_id: number, now: Date) {
  const reservations = await reservationsOf(tx, customer_id)
  const bought = reservations.filter(({ status }) => status === 'sold')
  const since = new Map(bought.map((one) => [one.vehicle_id, one]))
  const ids = [...since.keys()]
  const [vehicles, accesses, claims, handovers] = await Promise.all([
    findVehicles(tx, vault, ids),
    accessesTo(tx, 'vehicle', ids),
    claimsOf(tx, customer_id),
    findHandovers(
      tx,
      vault,
      bought.map(({ transaction_id }) => transaction_id),
    ),
  ])
  const given = new Map(
    handovers.map(({ vehicle_id, as, proof, shown, mileage_km }) => [
      vehicle_id,
      { handover: { received_as: as, proof, shown, mileage_km } },
    ]),
  )
  const found: Static<typeof PersonalData> = {
    reservations: reservations.map(({ customer_id: _same, created_at, ended_at, ...reservation }) => ({
      ...reservation,
      created_at: created_at.toISOString(),
      ended_at: ended_at?.toISOString() ?? null,
    })),
    vehicles_bought: vehicles.map((vehicle) => ({
      ...viewOf(vehicle, true),
      license_plate: vehicle.license_plate,
      received_by: vehicle.received_by,
      transaction_id: since.get(vehicle.id)?.transaction_id ?? '',
      ...given.get(vehicle.id),
    })),
    warranty_claims: claims.map((claim) => claimView(claim, now)),
    // readings from before they bought it do not concern them
    accesses: accesses
      .filter(({ about_id, at }) => at >= (since.get(about_id)?.ended_at ?? at))
      .map(({ at, about_id, subject, role, fields, reason }) => ({
        at: at.toISOString(),
        vehicle_id: about_id,
        subject,
        role,
        fields: [...fields],
        reason,
      })),
  }
  return found
}
