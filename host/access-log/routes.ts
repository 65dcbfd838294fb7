/** The access log for auditors: the entries as they are chained, so that a reader can check the hashes alone. */
import { Type } from 'typebox'
import { EntityId, Timestamp } from '#contracts'
import type { Database } from '#platform/database/database'
import { answers } from '#platform/http/app'
import type { Handler, HttpApp } from '#platform/http/server'
import { ChainQuery, chainPage, Links, Place, readChain } from '../chain/chain-page.ts'
import { type AccessEntry, accesses } from './chain.ts'

const Entry = Type.Object(
  {
    id: Place,
    at: Timestamp,
    subject: Type.String({ description: 'Who read: the `sub` of their token' }),
    role: Type.String(),
    about: Type.Enum(['customer', 'vehicle']),
    about_id: EntityId,
    fields: Type.Array(Type.String(), { description: 'What of it was read unmasked' }),
    reason: Type.Union([Type.String(), Type.Null()]),
    ...Links,
  },
  { title: 'AccessEntry' },
)

export const accessRoutes =
  ({ database }: { readonly database: Database }) =>
  (app: HttpApp) => {
    app.get('/access-log', { schema: showAccessesSchema }, showAccesses(database))
  }

const showAccessesSchema = {
  summary: 'Who read unmasked personal data, and why: in the order of the chain',
  description: '`npm run access-log -- verify` follows it.',
  tags: ['personal data'],
  querystring: ChainQuery,
  response: answers({ 200: chainPage(Entry) }, 'validation_failed'),
}

const showAccesses =
  (database: Database): Handler<typeof showAccessesSchema> =>
  async ({ query }) => {
    const { entries, head } = await readChain(database, accesses, query)
    return { entries: entries.map(viewOf), head }
  }

const viewOf = ({ at, fields, ...entry }: AccessEntry) => ({ ...entry, at: at.toISOString(), fields: [...fields] })
