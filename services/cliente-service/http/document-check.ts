/** The route that tells whether a document belongs to a customer, for the handover of a vehicle. It shows no personal data. */
import { Type } from 'typebox'
import { EntityId } from '#contracts'
import { bare } from '#platform/formats'
import { answers } from '#platform/http/app'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import { findCustomers, isDeceased } from '../customers/customer-store.ts'
import { needsRepresentative } from '../domain/customer.ts'
import type { RouteParts } from './parts.ts'

export const documentCheckRoutes = (parts: RouteParts) => (app: HttpApp) => {
  app.post('/customers/:id/document-check', { schema: checkDocumentSchema }, checkDocument(parts))
}

const checkDocumentSchema = {
  hide: true, // between services
  params: Type.Object({ id: EntityId }),
  body: Type.Object({ document: Type.Optional(Type.String({ format: 'document' })) }, { additionalProperties: false }),
  response: answers(
    {
      200: Type.Object({
        is_theirs: Type.Boolean(),
        needs_representative: Type.Boolean(),
        is_deceased: Type.Boolean(),
      }),
    },
    'customer_not_found',
    'validation_failed',
  ),
}

const checkDocument =
  ({ database, vault, clock }: RouteParts): Handler<typeof checkDocumentSchema> =>
  async ({ params, body }) => {
    const [customer] = await findCustomers(database, vault, [params.id])
    if (!customer || customer.status === 'erased') throw new Problem('customer_not_found')
    return {
      is_theirs: body.document !== undefined && bare(body.document) === customer.document,
      needs_representative: needsRepresentative(customer, clock.now()),
      is_deceased: await isDeceased(database, customer.id),
    }
  }
