/** A vehicle's identifiers, and the person who took it, unmasked: each reading has a reason and is on record. */
import { type Static, Type } from 'typebox'
import { EntityId } from '#contracts'
import { fieldsIn, readerOf, recordAccesses, unmaskedQuery } from '#host'
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/database/database'
import { answers } from '#platform/http/app'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import { findVehicles } from '../vehicles/vehicle-store.ts'

const Maybe = Type.Optional(Type.Union([Type.String(), Type.Null()]))
const fields = { license_plate: Maybe, chassi_number: Maybe, renavam: Maybe, received_by: Maybe }
type Field = keyof typeof fields

const Unmasked = Type.Object({ id: EntityId, ...fields }, { title: 'UnmaskedVehicle' })

interface Parts {
  readonly database: Database
  readonly vault: Vault
  readonly clock: Clock
}

export const unmaskedRoutes = (parts: Parts) => (app: HttpApp) => {
  app.get(
    '/vehicles/:id/unmasked',
    {
      config: { pace: 'lookup' }, // so that nobody can read all customers
      schema: showUnmaskedSchema,
    },
    showUnmasked(parts),
  )
}

const showUnmaskedSchema = {
  summary: 'Shows what identifies a vehicle unmasked, and puts the reading on record',
  tags: ['personal data'],
  params: Type.Object({ id: EntityId }),
  querystring: unmaskedQuery(Object.keys(fields)),
  response: answers({ 200: Unmasked }, 'vehicle_not_found', 'validation_failed'),
}

const showUnmasked =
  ({ database, vault, clock }: Parts): Handler<typeof showUnmaskedSchema> =>
  async (request, reply) => {
    const { id } = request.params
    const asked = fieldsIn<Field>(request.query.fields)
    const reader = readerOf(request, request.query.reason)
    const shown = await database.transaction(async (tx) => {
      const [vehicle] = await findVehicles(tx, vault, [id])
      if (!vehicle) throw new Problem('vehicle_not_found')
      const access = { ...reader, at: clock.now(), about: 'vehicle' as const, about_id: id, fields: asked }
      await recordAccesses(tx, [access])
      return Object.fromEntries(asked.map((name) => [name, vehicle[name]])) as Omit<Static<typeof Unmasked>, 'id'>
    })
    return reply.header('cache-control', 'no-store').send({ id, ...shown })
  }
