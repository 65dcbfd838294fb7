/** How to reach customers, for avisos-service, which sends them mails and keeps no address. */
import { Type } from 'typebox'
import { EntityId, EntityIds } from '#contracts'
import { answers } from '#platform/http/app'
import type { Handler, HttpApp } from '#platform/http/server'
import { findContacts } from '../customers/customer-store.ts'
import type { RouteParts } from './parts.ts'
import { CustomerStatusSchema } from './views.ts'

const ContactView = Type.Object(
  {
    id: EntityId,
    status: CustomerStatusSchema,
    name: Type.Union([Type.String(), Type.Null()]),
    email: Type.Union([Type.String(), Type.Null()]),
    email_proven: Type.Boolean(),
  },
  { title: 'Contact' },
)

export const contactRoutes = (parts: RouteParts) => (app: HttpApp) => {
  app.get('/customers/contacts', { schema: showContactsSchema }, showContacts(parts))
}

const showContactsSchema = {
  operationId: 'listContacts',
  summary:
    'Names and e-mail addresses of customers by their ids, for the service that sends mails; unknown ids are left out',
  tags: ['customers'],
  querystring: Type.Object({ ids: EntityIds }),
  response: answers({ 200: Type.Object({ contacts: Type.Array(ContactView) }) }, 'validation_failed'),
}

const showContacts =
  ({ database, vault }: RouteParts): Handler<typeof showContactsSchema> =>
  async ({ query: { ids } }) => ({
    contacts: (await findContacts(database, vault, ids.split(',').map(Number))).map(
      ({ email_proven_at, ...contact }) => ({ ...contact, email_proven: email_proven_at !== null }),
    ),
  })
