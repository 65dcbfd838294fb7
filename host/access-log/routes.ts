/** The access log for who audits it: the entries as they are chained, so that a reader can follow the hashes themselves. */
import { Type } from 'typebox'
import { EntityId, Timestamp } from '#contracts'
import type { Database } from '#platform/database/database'
import { answers } from '#platform/http/app'
import type { HttpApp } from '#platform/http/server'
import { headOfAccesses, listAccesses } from './access-log.ts'
import type { AccessEntry } from './chain.ts'

const Hash = Type.String({ pattern: '^[0-9a-f]{64}$' })

const Entry = Type.Object(
  {
    id: Type.Integer({ description: 'Its place in the chain: 1, 2, 3, without a gap' }),
    at: Timestamp,
    subject: Type.String({ description: 'Who read: the `sub` of their token' }),
    role: Type.String(),
    about: Type.Enum(['customer', 'vehicle']),
    about_id: EntityId,
    fields: Type.Array(Type.String(), { description: 'What of it was read unmasked' }),
    reason: Type.Union([Type.String(), Type.Null()]),
    previous_hash: Hash,
    hash: Type.String({ description: 'SHA-256 of the JSON list of the fields above, in this order' }),
  },
  { title: 'AccessEntry' },
)

const Page = Type.Object({
  entries: Type.Array(Entry),
  head: Type.Object({ id: Type.Integer(), hash: Hash }, { description: 'The last entry: keep it elsewhere' }),
})

const Query = Type.Object({
  after: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 0 }),
  limit: Type.Integer({ minimum: 1, maximum: 1_000, default: 100 }),
})

export const accessRoutes =
  ({ database }: { readonly database: Database }) =>
  (app: HttpApp) => {
    app.get(
      '/access-log',
      {
        schema: {
          summary: 'Who read unmasked personal data, and why: in the order of the chain',
          description: '`npm run access-log -- verify` follows it.',
          tags: ['personal data'],
          querystring: Query,
          response: answers({ 200: Page }, 'validation_failed'),
        },
      },
      async ({ query: { after, limit } }) => {
        const head = await headOfAccesses(database) // before the entries, so that none of them seems to be missing
        const entries = await listAccesses(database, after, limit)
        return { entries: entries.map(viewOf), head }
      },
    )
  }

const viewOf = ({ at, fields, ...entry }: AccessEntry) => ({ ...entry, at: at.toISOString(), fields: [...fields] })
