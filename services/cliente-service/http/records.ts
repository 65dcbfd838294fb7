/** The routes of this service's records for an auditor: the holds of purchases, and whether accounts add up. */
import { AccountRecords, AccountsQuery, HoldRecords } from '#contracts'
import { recordsRoute } from '#host'
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/database/database'
import { answers } from '#platform/http/app'
import type { Handler, HttpApp } from '#platform/http/server'
import { accountRecords, holdRecords } from '../credit/records-store.ts'

interface Parts {
  readonly database: Database
  readonly clock: Clock
}

export const recordRoutes = (parts: Parts) => (app: HttpApp) => {
  recordsRoute(parts, HoldRecords, holdRecords)(app)

  app.get('/account-records', { schema: showAccountRecordsSchema }, showAccountRecords(parts))
}

const showAccountRecordsSchema = {
  summary: 'What customers have, beside what ledger and holds say that they should',
  description: 'For the audit. In the order of the customers’ ids.',
  tags: ['operations'],
  querystring: AccountsQuery,
  response: answers({ 200: AccountRecords }, 'validation_failed'),
}

const showAccountRecords =
  ({ database, clock }: Parts): Handler<typeof showAccountRecordsSchema> =>
  async ({ query: { after, limit } }) => ({
    accounts: await accountRecords(database, after, limit),
    timestamp: clock.now().toISOString(),
  })
