/** The routes by which an auditor sees this service's records: what purchases hold, and whether accounts add up. */
import { AccountRecords, AccountsQuery, HoldRecords } from '#contracts'
import { recordsRoute } from '#host'
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/database/database'
import { answers } from '#platform/http/app'
import type { HttpApp } from '#platform/http/server'
import { accountRecords, holdRecords } from '../credit/records-store.ts'

export const recordRoutes =
  ({ database, clock }: { readonly database: Database; readonly clock: Clock }) =>
  (app: HttpApp) => {
    recordsRoute({ database, clock }, HoldRecords, holdRecords)(app)

    app.get(
      '/account-records',
      {
        schema: {
          summary: 'What customers have, beside what ledger and holds say that they should',
          description: 'For the audit. In the order of the customers’ ids.',
          tags: ['operations'],
          querystring: AccountsQuery,
          response: answers({ 200: AccountRecords }, 'validation_failed'),
        },
      },
      async ({ query: { after, limit } }) => ({
        accounts: await accountRecords(database, after, limit),
        timestamp: clock.now().toISOString(),
      }),
    )
  }
