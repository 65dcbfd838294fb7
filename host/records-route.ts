/** `GET /purchase-records`, the same on every service that has records of purchases: a page, or the ones that are asked for by id. */

import type { Static, TSchema } from 'typebox'
import { RecordsQuery } from '#contracts'
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/database/database'
import { answers } from '#platform/http/app'
import type { Handler, HttpApp } from '#platform/http/server'

export interface RecordsSource<Record> {
  /** In the order of their ids, from the first one behind `after`. */
  readonly page: (database: Database, after: string, limit: number) => Promise<readonly Record[]>
  readonly named: (database: Database, ids: readonly string[]) => Promise<readonly Record[]>
}

/** Before every purchase. */
const NIL = '00000000-0000-0000-0000-000000000000'

export const recordsRoute =
  <Page extends TSchema>(
    { database, clock }: { readonly database: Database; readonly clock: Clock },
    Page: Page,
    source: RecordsSource<Static<Page> extends { records: readonly (infer Record)[] } ? Record : never>,
  ) =>
  (app: HttpApp) => {
    const schema = showRecordsSchema(Page)
    const showRecords: Handler<typeof schema> = async ({ query: { after = NIL, ids, limit } }) => {
      const records = ids === undefined ? source.page(database, after, limit) : source.named(database, ids.split(','))
      return { records: await records, timestamp: clock.now().toISOString() }
    }
    app.get('/purchase-records', { schema }, showRecords)
  }

const showRecordsSchema = (Page: TSchema) => ({
  summary: 'What this service has on record of purchases, in the order in which they began',
  description: 'For the audit, which compares the services. No personal data.',
  tags: ['operations'],
  querystring: RecordsQuery,
  response: answers({ 200: Page }, 'validation_failed'),
})
