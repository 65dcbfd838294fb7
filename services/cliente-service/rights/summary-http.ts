/** Whether data is held about a person, and which kinds: the law wants this answer at once (LGPD, art. 18 I and 19 I). */
import { type Static, Type } from 'typebox'
import { EntityId, Timestamp } from '#contracts'
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/database/database'
import { answers } from '#platform/http/app'
import { expectOwn } from '#platform/http/auth'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import { findAccounts } from '../customers/customer-store.ts'
import type { Category } from './inventory.ts'

export interface SummaryParts {
  readonly database: Database
  readonly clock: Clock
  readonly categories: readonly Category[]
}

const Kind = Type.Object({
  category: Type.String(),
  fields: Type.Array(Type.String()),
  service: Type.String(),
  source: Type.String(),
  purpose: Type.String(),
  legal_basis: Type.String(),
  kept: Type.String(),
})

const Summary = Type.Object(
  {
    customer_id: EntityId,
    held: Type.Boolean({ description: 'False of one who was erased: what is kept then names nobody' }),
    categories: Type.Array(Kind),
    timestamp: Timestamp,
  },
  { title: 'PersonalDataSummary' },
)

export const summaryRoutes = (parts: SummaryParts) => (app: HttpApp) => {
  app.get('/customers/:id/personal-data/summary', { schema: showSummarySchema }, showSummary(parts))
}

const showSummarySchema = {
  summary: 'Whether and which kinds of data are held about a customer, what for, on which ground, how long',
  tags: ['personal data'],
  params: Type.Object({ id: EntityId }),
  response: answers({ 200: Summary }, 'customer_not_found', 'validation_failed'),
}

const showSummary =
  ({ database, clock, categories }: SummaryParts): Handler<typeof showSummarySchema> =>
  async (request) => {
    const { id } = request.params
    expectOwn(request, id, 'customer_not_found')
    const [account] = await findAccounts(database, [id])
    if (!account) throw new Problem('customer_not_found')
    const held = account.status !== 'erased'
    const kinds: Static<typeof Kind>[] = categories.map((one) => ({ ...one, fields: [...one.fields] }))
    return { customer_id: id, held, categories: held ? kinds : [], timestamp: clock.now().toISOString() }
  }
