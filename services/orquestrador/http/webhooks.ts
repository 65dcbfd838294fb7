/** The routes of outgoing webhooks: who is told of purchases, what was sent to them, and sending it again. */
import { Type } from 'typebox'
import { EntityId } from '#contracts'
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/database/database'
import { answers } from '#platform/http/app'
import type { HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import { faultOf } from '../webhooks/address-guard.ts'
import { countDeliveries, findDelivery, listDeliveries, makeDueAgain } from '../webhooks/delivery-store.ts'
import {
  countSubscriptions,
  deleteSubscription,
  enableSubscription,
  findSubscription,
  insertSubscription,
  listSubscriptions,
  rotateSecret,
} from '../webhooks/subscription-store.ts'
import {
  callbacks,
  DeliveryPage,
  DeliveryStatus,
  DeliveryView,
  deliveryView,
  HOW_IT_IS_SENT,
  NewSubscriptionBody,
  SubscriptionPage,
  SubscriptionView,
  SubscriptionWithSecret,
  subscriptionView,
} from '../webhooks/views.ts'

export interface WebhookParts {
  readonly database: Database
  readonly vault: Vault
  readonly clock: Clock
  readonly newSecret: () => string
  readonly allowLoopback: boolean
  /** Told when something is to be sent. */
  readonly onDue: (at: Date) => void
}

const tags = ['webhooks']
const Params = Type.Object({ id: EntityId })
const paging = {
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 50 }),
  cursor: Type.Optional(Type.String({ pattern: '^\\d{1,15}$', description: 'The `next_cursor` of the page before' })),
}
const PageQuery = Type.Object(paging)
const DeliveryQuery = Type.Object({ status: Type.Optional(DeliveryStatus), ...paging })

/** Milliseconds that a receiver has to take the new secret over. */
const OLD_SECRET_VALID = 86_400_000

export const webhookRoutes = (parts: WebhookParts) => (app: HttpApp) => {
  const { database, vault, clock } = parts

  app.post(
    '/webhook-subscriptions',
    {
      schema: {
        summary: 'Be told of purchases',
        description: `The answer shows the secret that deliveries are signed with: now, and never again.\n\n${HOW_IT_IS_SENT}`,
        tags,
        body: NewSubscriptionBody,
        callbacks,
        response: answers(
          { 201: SubscriptionWithSecret },
          'webhook_url_refused',
          'too_many_webhook_subscriptions',
          'validation_failed',
        ),
      },
    },
    async ({ body: { url, events, description = null } }, reply) => {
      const reason = faultOf(url, parts)
      if (reason) throw new Problem('webhook_url_refused', { reason })
      const secret = parts.newSecret()
      const wanted = { url: new URL(url).href, events, description, secret }
      const subscription = await database.transaction((tx) => insertSubscription(tx, vault, wanted, clock.now()))
      if (!subscription) throw new Problem('too_many_webhook_subscriptions')
      return reply.code(201).send({ ...subscriptionView(subscription, clock.now()), secret })
    },
  )

  app.get(
    '/webhook-subscriptions',
    {
      schema: {
        summary: 'Who is told of purchases, newest first',
        tags,
        querystring: PageQuery,
        response: answers({ 200: SubscriptionPage }, 'validation_failed'),
      },
    },
    async ({ query: { limit, cursor } }) => {
      const [found, total] = await Promise.all([
        listSubscriptions(database, cursor === undefined ? null : Number(cursor), limit + 1),
        countSubscriptions(database),
      ])
      const now = clock.now()
      const { page, ...rest } = pageOf(found, limit, now)
      return { subscriptions: page.map((one) => subscriptionView(one, now)), total, ...rest }
    },
  )

  app.get(
    '/webhook-subscriptions/:id',
    {
      schema: {
        summary: 'One subscription',
        tags,
        params: Params,
        response: answers({ 200: SubscriptionView }, 'webhook_subscription_not_found', 'validation_failed'),
      },
    },
    async ({ params }) => subscriptionView(await known(params.id), clock.now()),
  )

  app.delete(
    '/webhook-subscriptions/:id',
    {
      schema: {
        summary: 'Be told no more',
        description: 'Its deliveries are removed with it.',
        tags,
        params: Params,
        response: answers({ 204: Type.Null() }, 'webhook_subscription_not_found', 'validation_failed'),
      },
    },
    async ({ params }, reply) => {
      if (!(await deleteSubscription(database, params.id))) throw new Problem('webhook_subscription_not_found')
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/webhook-subscriptions/:id/rotate-secret',
    {
      schema: {
        summary: 'Get a new secret',
        description: 'For a day deliveries are signed with the old secret too: `X-Signature` then has two `v1`.',
        tags,
        params: Params,
        response: answers({ 200: SubscriptionWithSecret }, 'webhook_subscription_not_found', 'validation_failed'),
      },
    },
    async ({ params }) => {
      const now = clock.now()
      const secret = parts.newSecret()
      const until = new Date(now.getTime() + OLD_SECRET_VALID)
      const subscription = await database.transaction((tx) => rotateSecret(tx, vault, params.id, secret, until, now))
      if (!subscription) throw new Problem('webhook_subscription_not_found')
      return { ...subscriptionView(subscription, now), secret }
    },
  )

  app.post(
    '/webhook-subscriptions/:id/enable',
    {
      schema: {
        summary: 'Be told again, after a 410',
        description: 'What failed meanwhile is sent again one by one, by `POST /webhook-deliveries/{id}/retry`.',
        tags,
        params: Params,
        response: answers({ 200: SubscriptionView }, 'webhook_subscription_not_found', 'validation_failed'),
      },
    },
    async ({ params }) => {
      const subscription = await enableSubscription(database, params.id, clock.now())
      if (!subscription) throw new Problem('webhook_subscription_not_found')
      return subscriptionView(subscription, clock.now())
    },
  )

  app.get(
    '/webhook-subscriptions/:id/deliveries',
    {
      schema: {
        summary: 'What was sent, newest first',
        description: 'Those that have ended are kept for 30 days.',
        tags,
        params: Params,
        querystring: DeliveryQuery,
        response: answers({ 200: DeliveryPage }, 'webhook_subscription_not_found', 'validation_failed'),
      },
    },
    async ({ params, query: { limit, cursor, status = null } }) => {
      const { id } = await known(params.id)
      const [found, total] = await Promise.all([
        listDeliveries(database, id, status, cursor === undefined ? null : Number(cursor), limit + 1),
        countDeliveries(database, id, status),
      ])
      const { page, ...rest } = pageOf(found, limit, clock.now())
      return { deliveries: page.map(deliveryView), total, ...rest }
    },
  )

  app.post(
    '/webhook-deliveries/:id/retry',
    {
      schema: {
        summary: 'Send a delivery again',
        description: 'At once, whatever became of it, with all its attempts before it.',
        tags,
        params: Params,
        response: answers(
          { 202: DeliveryView },
          'webhook_delivery_not_found',
          'webhook_subscription_disabled',
          'webhook_delivery_under_way',
          'validation_failed',
        ),
      },
    },
    async ({ params }, reply) => {
      const delivery = await findDelivery(database, params.id)
      if (!delivery) throw new Problem('webhook_delivery_not_found')
      const subscription = await findSubscription(database, delivery.subscription_id)
      if (subscription?.disabled_at) throw new Problem('webhook_subscription_disabled')
      const again = await makeDueAgain(database, params.id, clock.now())
      if (!again) throw new Problem('webhook_delivery_under_way')
      parts.onDue(clock.now())
      return reply.code(202).send(deliveryView(again))
    },
  )

  async function known(id: number) {
    const subscription = await findSubscription(database, id)
    if (!subscription) throw new Problem('webhook_subscription_not_found')
    return subscription
  }
}

function pageOf<Row extends { id: number }>(found: readonly Row[], limit: number, now: Date) {
  const page = found.slice(0, limit)
  const next_cursor = found.length > limit ? String(page.at(-1)?.id) : null
  return { page, next_cursor, timestamp: now.toISOString() }
}
