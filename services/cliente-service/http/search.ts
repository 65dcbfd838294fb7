/**
 * Staff find a customer by their identifiers. These come in the body, not in the address, because proxies write addresses into
 * their logs.
 */
import { Type } from 'typebox'
import { Timestamp } from '#contracts'
import { bare } from '#platform/formats'
import { answers } from '#platform/http/app'
import { callerOf, seesReasons } from '#platform/http/auth'
import type { Handler, HttpApp } from '#platform/http/server'
import { findByIdentity } from '../customers/customer-store.ts'
import { countShown } from '../customers/readings.ts'
import type { RouteParts } from './parts.ts'
import { ListedCustomer, listedOf } from './views.ts'

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
  description:
    'One of them, given whole: they are sealed where they lie and found by a keyed hash. Who is found is shown as in a list.',
  tags: ['customers'],
  body: SearchBody,
  response: answers(
    { 200: Type.Object({ customers: Type.Array(ListedCustomer), timestamp: Timestamp }) },
    'too_many_customers_read',
    'validation_failed',
  ),
}

const searchCustomers =
  (parts: RouteParts): Handler<typeof searchCustomersSchema> =>
  async (request) => {
    const { database, vault, clock } = parts
    const { document, email } = request.body
    const sought = document === undefined ? { email: email ?? '' } : { document: bare(document) }
    const whole = seesReasons(callerOf(request))
    const found = await database.transaction(async (tx) => {
      const known = await findByIdentity(tx, vault, sought)
      await countShown(tx, request, known.length, parts)
      return known
    })
    const customers = found.map((one) => listedOf(one, whole))
    return { customers, timestamp: clock.now().toISOString() }
  }
