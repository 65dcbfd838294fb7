/** The routes of this service's records for an auditor: the holds of purchases, and whether accounts add up. */
import { AccountRecords, AccountsQuery, CustomerTies, HoldRecords, TiesQuery } from '#contracts'
import { recordsRoute } from '#host'
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/database/database'
import { answers } from '#platform/http/app'
import type { Handler, HttpApp } from '#platform/http/server'
import { accountRecords, holdRecords } from '../credit/records-store.ts'
import { customerTies } from '../customers/account-customer-store.ts'

interface Parts {
  readonly database: Database
  readonly clock: Clock
}

export const recordRoutes = (parts: Parts) => (app: HttpApp) => {
  recordsRoute(parts, HoldRecords, holdRecords)(app)

  app.get('/account-records', { schema: showAccountRecordsSchema }, showAccountRecords(parts))
  app.get('/customer-ties', { schema: showTiesSchema }, showTies(parts))
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

const showTiesSchema = {
  summary: 'Which account each customer is of (for the audit)',
  tags: ['operations'],
  querystring: TiesQuery,
  response: answers({ 200: CustomerTies }, 'validation_failed'),
}

const showTies =
  ({ database }: Parts): Handler<typeof showTiesSchema> =>
  async ({ query: { after, limit } }) => {
    const rows = await customerTies(database, after ?? null, limit)
    return { customers: rows.map(({ at, ...row }) => ({ ...row, at: at.toISOString() })) }
  }
