/** The route that gives avisos-service the address and the content of a notice about a customer's data. */
import { Type } from 'typebox'
import { EntityId, Timestamp } from '#contracts'
import { answers } from '#platform/http/app'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import { findCustomers } from '../customers/customer-store.ts'
import { CUSTOMER_NOTICES, findCustomerNotice } from '../customers/notice-store.ts'
import type { RouteParts } from './parts.ts'

export const noticeRoutes = (parts: Pick<RouteParts, 'database' | 'vault'>) => (app: HttpApp) => {
  app.get('/customer-notices/:id', { schema: showNoticeSchema }, showNotice(parts))
}

const showNoticeSchema = {
  summary: 'A notice about somebody’s data: its recipient and its content (for avisos-service)',
  tags: ['notices'],
  params: Type.Object({ id: Type.String({ format: 'uuid' }) }),
  response: answers(
    {
      200: Type.Object(
        {
          customer_id: EntityId,
          kind: Type.Enum([...CUSTOMER_NOTICES]),
          name: Type.String(),
          email: Type.Union([Type.String(), Type.Null()], { description: 'null: there is none that was proven' }),
          at: Timestamp,
          expires_at: Timestamp,
        },
        { title: 'CustomerNotice' },
      ),
    },
    'notice_not_found',
    'validation_failed',
  ),
}

const showNotice =
  ({ database, vault }: Pick<RouteParts, 'database' | 'vault'>): Handler<typeof showNoticeSchema> =>
  async (request) => {
    const notice = await findCustomerNotice(database, vault, request.params.id)
    const [customer] = notice ? await findCustomers(database, vault, [notice.customer_id]) : []
    if (!notice || !customer || customer.status === 'erased') throw new Problem('notice_not_found')
    const proven = customer.email_proven_at === null ? null : customer.email
    return {
      customer_id: notice.customer_id,
      kind: notice.kind,
      name: customer.name,
      email: notice.email ?? proven,
      at: notice.created_at.toISOString(),
      expires_at: notice.expires_at.toISOString(),
    }
  }
