/** The routes of webhook deliveries: list those of a subscription, and send one again. */
import { Type } from 'typebox'
import { EntityId } from '#contracts'
import { authorOf, writeJournal } from '#host'
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/database/database'
import { answers } from '#platform/http/app'
import { idBehind, pageById, pageOf } from '#platform/http/page'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import { countDeliveries, findDelivery, listDeliveries, makeDueAgain } from '../webhooks/delivery-store.ts'
import { findSubscription } from '../webhooks/subscription-store.ts'
import { DeliveryPage, DeliveryStatus, DeliveryView, deliveryView } from '../webhooks/views.ts'

export interface DeliveryParts {
  readonly database: Database
  readonly vault: Vault
  readonly clock: Clock
  /** Called when a delivery is due. */
  readonly onDue: (at: Date) => void
}

const tags = ['webhooks']
const Params = Type.Object({ id: EntityId })
const DeliveryQuery = Type.Object({ status: Type.Optional(DeliveryStatus), ...pageById })

export const deliveryRoutes = (parts: DeliveryParts) => (app: HttpApp) => {
  app.get('/webhook-subscriptions/:id/deliveries', { schema: showDeliveriesSchema }, showDeliveries(parts))
  app.post('/webhook-deliveries/:id/retry', { schema: sendAgainSchema }, sendAgain(parts))
}

const showDeliveriesSchema = {
  summary: 'What was sent, newest first',
  description: 'Those that have ended are kept for 30 days.',
  tags,
  params: Params,
  querystring: DeliveryQuery,
  response: answers({ 200: DeliveryPage }, 'webhook_subscription_not_found', 'validation_failed'),
}

const showDeliveries =
  ({ database, clock }: DeliveryParts): Handler<typeof showDeliveriesSchema> =>
  async ({ params, query: { limit, cursor, status = null } }) => {
    const { id } = params
    if (!(await findSubscription(database, id))) throw new Problem('webhook_subscription_not_found')
    const [found, total] = await Promise.all([
      listDeliveries(database, id, status, idBehind(cursor), limit + 1),
      countDeliveries(database, id, status),
    ])
    const { page, next_cursor } = pageOf(found, limit, (last) => String(last.id))
    return { deliveries: page.map(deliveryView), total, next_cursor, timestamp: clock.now().toISOString() }
  }

const sendAgainSchema = {
  summary: 'Send a delivery again',
  description: 'It is due at once, whatever its status, and has all its attempts again.',
  tags,
  params: Params,
  response: answers(
    { 202: DeliveryView },
    'webhook_delivery_not_found',
    'webhook_subscription_disabled',
    'webhook_delivery_under_way',
    'validation_failed',
  ),
}

const sendAgain =
  ({ database, vault, clock, onDue }: DeliveryParts): Handler<typeof sendAgainSchema> =>
  async (request, reply) => {
    const { params } = request
    const delivery = await findDelivery(database, params.id)
    if (!delivery) throw new Problem('webhook_delivery_not_found')
    const subscription = await findSubscription(database, delivery.subscription_id)
    if (subscription?.disabled_at) throw new Problem('webhook_subscription_disabled')
    const again = await database.transaction(async (tx) => {
      const due = await makeDueAgain(tx, params.id, clock.now())
      if (!due) return undefined
      const about = { about: 'webhook_delivery', about_id: params.id } as const
      const act = { by: authorOf(request), at: clock.now(), act: 'webhook_sent_again', ...about }
      await writeJournal(tx, vault, [{ ...act, after: { subscription_id: delivery.subscription_id } }])
      return due
    })
    if (!again) throw new Problem('webhook_delivery_under_way')
    onDue(clock.now())
    return reply.code(202).send(deliveryView(again))
  }
