/**
 * Staff find a customer by what identifies them. What is looked for comes in the body, not in the address, which proxies
 * write into their logs.
 */
import { Type } from 'typebox'
import { Timestamp } from '#contracts'
import { bare } from '#platform/formats'
import { answers } from '#platform/http/app'
import { callerOf, seesWhole } from '#platform/http/auth'
import type { Handler, HttpApp } from '#platform/http/server'
import { findByIdentity } from '../customers/customer-store.ts'
import type { RouteParts } from './parts.ts'
import { CustomerView, viewOf } from './views.ts'

const SearchBody = Type.Object(
  {
    document: Type.Optional(Type.String({ format: 'document', description: 'CPF or CNPJ' })),
    email: Type.Optional(Type.String({ format: 'email', maxLength: 100 })),
  },
  { additionalProperties: false, minProperties: 1, maxProperties: 1, examples: [{ document: '529.982.247-25' }] },
)

export const searchRoutes = (parts: RouteParts) => (app: HttpApp) => {
  app.post('/customers/search', { config: { pace: 'lookup' }, schema: searchCustomersSchema }, searchCustomers(parts))
}

const searchCustomersSchema = {
  operationId: 'searchCustomers',
  summary: 'Finds the customer who has exactly this document or e-mail',
  description: 'One of them, whole: they are sealed where they lie and found by a keyed hash.',
  tags: ['customers'],
  body: SearchBody,
  response: answers(
    { 200: Type.Object({ customers: Type.Array(CustomerView), timestamp: Timestamp }) },
    'validation_failed',
  ),
}

const searchCustomers =
  ({ database, vault, clock }: RouteParts): Handler<typeof searchCustomersSchema> =>
  async (request) => {
    const { document, email } = request.body
    const sought = document === undefined ? { email: email ?? '' } : { document: bare(document) }
    const whole = seesWhole(callerOf(request))
    const customers = (await findByIdentity(database, vault, sought)).map((one) => viewOf(one, whole))
    return { customers, timestamp: clock.now().toISOString() }
  }
