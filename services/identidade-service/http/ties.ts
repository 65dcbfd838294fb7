/** Which account has which customer, for the audit. */
import { AccountTies, TiesQuery } from '#contracts'
import { answers } from '#platform/http/app'
import type { Handler, HttpApp } from '#platform/http/server'
import { accountTies } from '../accounts/account-store.ts'
import type { RouteParts } from './parts.ts'

export const tieRoutes = (parts: RouteParts) => (app: HttpApp) => {
  app.get('/account-ties', { schema: showTiesSchema }, showTies(parts))
}

const showTiesSchema = {
  summary: 'Which account has which customer, and which waits for one (for the audit)',
  tags: ['operations'],
  querystring: TiesQuery,
  response: answers({ 200: AccountTies }, 'validation_failed'),
}

const showTies =
  ({ database }: RouteParts): Handler<typeof showTiesSchema> =>
  async ({ query: { after, limit } }) => {
    const rows = await accountTies(database, after ?? null, limit)
    return { accounts: rows.map(({ created_at, ...row }) => ({ ...row, created_at: created_at.toISOString() })) }
  }
