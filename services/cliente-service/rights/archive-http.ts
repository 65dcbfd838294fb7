/** The sealed archive: an admin reads, for a stated reason and on record, who was behind records that the law keeps. */
import { Type } from 'typebox'
import { EntityId, Timestamp } from '#contracts'
import { readerOf, recordAccesses } from '#host'
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/database/database'
import { answers } from '#platform/http/app'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import { AddressSchema } from '../http/customer-body.ts'
import { openArchive } from './archive-store.ts'
import { formerNames } from './former-names-store.ts'

interface Parts {
  readonly database: Database
  readonly vault: Vault
  readonly clock: Clock
}

const Archived = Type.Object(
  {
    customer_id: EntityId,
    name: Type.String(),
    document: Type.String({ description: 'CPF or CNPJ' }),
    address: Type.Union([Type.Object({ ...AddressSchema.properties, postal_code: Type.String() }), Type.Null()]),
    former_names: Type.Array(Type.Object({ name: Type.String(), until: Timestamp }), {
      description: 'Under which they bought before they changed it',
    }),
    archived_at: Timestamp,
    keep_until: Type.Union([Timestamp, Type.Null()], { description: 'It is gone after that' }),
  },
  { title: 'ArchivedIdentity' },
)

export const archiveRoutes = (parts: Parts) => (app: HttpApp) => {
  app.get('/customers/:id/archive', { config: { pace: 'lookup' }, schema: showArchivedSchema }, showArchived(parts))
}

const showArchivedSchema = {
  summary: 'Shows who an erased customer was, for as long as the law has it kept, and puts the reading on record',
  tags: ['personal data'],
  params: Type.Object({ id: EntityId }),
  querystring: Type.Object({
    reason: Type.String({
      minLength: 5,
      maxLength: 200,
      format: 'text',
      description:
        'Why: the order of a court, a question of the tax office, a claim. No personal data: identifiers are taken out',
    }),
  }),
  response: answers({ 200: Archived }, 'erasure_not_found', 'validation_failed'),
}

const showArchived =
  ({ database, vault, clock }: Parts): Handler<typeof showArchivedSchema> =>
  async (request, reply) => {
    const { id } = request.params
    const reader = readerOf(request, request.query.reason)
    const archived = await database.transaction(async (tx) => {
      const found = await openArchive(tx, vault, id)
      if (!found) throw new Problem('erasure_not_found')
      const fields = ['archived_name', 'former_names', 'archived_document', 'archived_address']
      await recordAccesses(tx, [{ ...reader, at: clock.now(), about: 'customer', about_id: id, fields }])
      return { ...found, former_names: await formerNames(tx, vault, id) }
    })
    const { name, document, address, archived_at, keep_until, former_names } = archived
    return reply.header('cache-control', 'no-store').send({
      ...{ customer_id: id, name, document, address: address && JSON.parse(address) },
      former_names: former_names.map((one) => ({ ...one, until: one.until.toISOString() })),
      ...{ archived_at: archived_at.toISOString(), keep_until: keep_until?.toISOString() ?? null },
    })
  }
