/** The routes of outgoing webhooks: the subscriptions to purchases. */
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { EntityId } from '#contracts'
import { authorName, authorOf, type Values, writeJournal } from '#host'
import type { Clock } from '#platform/clock'
import type { Database, Tx } from '#platform/database/database'
import { answers } from '#platform/http/app'
import { idBehind, pageById, pageOf } from '#platform/http/page'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import { faultOf } from '../webhooks/address-guard.ts'
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
}

const tags = ['webhooks']
const Params = Type.Object({ id: EntityId })

/** How long a receiver has to take over the new secret. */
const OLD_SECRET_VALID_MS = 86_400_000

export const webhookRoutes = (parts: WebhookParts) => (app: HttpApp) => {
  app.post('/webhook-subscriptions', { schema: subscribeSchema }, subscribe(parts))
  app.get('/webhook-subscriptions', { schema: showSubscriptionsSchema }, showSubscriptions(parts))
  app.get('/webhook-subscriptions/:id', { schema: showSubscriptionSchema }, showSubscription(parts))
  app.delete('/webhook-subscriptions/:id', { schema: unsubscribeSchema }, unsubscribe(parts))
  app.post('/webhook-subscriptions/:id/rotate-secret', { schema: renewSecretSchema }, renewSecret(parts))
  app.post('/webhook-subscriptions/:id/enable', { schema: enableAgainSchema }, enableAgain(parts))
}

const subscribeSchema = {
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
}

const subscribe =
  (parts: WebhookParts): Handler<typeof subscribeSchema> =>
  async (request, reply) => {
    const { url, events, description = null } = request.body
    const reason = faultOf(url, parts)
    if (reason) throw new Problem('webhook_url_refused', { reason })
    const { database, vault, clock } = parts
    const secret = parts.newSecret()
    const by = authorOf(request)
    const wanted = { url: new URL(url).href, events, description, secret, created_by: authorName(by) }
    const subscription = await database.transaction(async (tx) => {
      const made = await insertSubscription(tx, vault, wanted, clock.now())
      if (made) await tell(tx, parts, request, 'webhook_subscribed', made.id, { host: new URL(url).host, events })
      return made
    })
    if (!subscription) throw new Problem('too_many_webhook_subscriptions')
    return reply.code(201).send({ ...subscriptionView(subscription, clock.now()), secret })
  }

const showSubscriptionsSchema = {
  summary: 'Who is told of purchases, newest first',
  tags,
  querystring: Type.Object(pageById),
  response: answers({ 200: SubscriptionPage }, 'validation_failed'),
}

const showSubscriptions =
  ({ database, clock }: WebhookParts): Handler<typeof showSubscriptionsSchema> =>
  async ({ query: { limit, cursor } }) => {
    const [found, total] = await Promise.all([
      listSubscriptions(database, idBehind(cursor), limit + 1),
      countSubscriptions(database),
    ])
    const now = clock.now()
    const { page, next_cursor } = pageOf(found, limit, ({ id }) => String(id))
    const subscriptions = page.map((one) => subscriptionView(one, now))
    return { subscriptions, total, next_cursor, timestamp: now.toISOString() }
  }

const showSubscriptionSchema = {
  summary: 'One subscription',
  tags,
  params: Params,
  response: answers({ 200: SubscriptionView }, 'webhook_subscription_not_found', 'validation_failed'),
}

const showSubscription =
  ({ database, clock }: WebhookParts): Handler<typeof showSubscriptionSchema> =>
  async ({ params }) =>
    subscriptionView(await known(database, params.id), clock.now())

const unsubscribeSchema = {
  summary: 'Be told no more',
  description: 'Its deliveries are removed with it.',
  tags,
  params: Params,
  response: answers({ 204: Type.Null() }, 'webhook_subscription_not_found', 'validation_failed'),
}

const unsubscribe =
  (parts: WebhookParts): Handler<typeof unsubscribeSchema> =>
  async (request, reply) => {
    const { id } = request.params
    await parts.database.transaction(async (tx) => {
      if (!(await deleteSubscription(tx, id))) throw new Problem('webhook_subscription_not_found')
      await tell(tx, parts, request, 'webhook_unsubscribed', id)
    })
    return reply.code(204).send(null)
  }

const renewSecretSchema = {
  summary: 'Get a new secret',
  description: 'For a day deliveries are signed with the old secret too: `X-Signature` then has two `v1`.',
  tags,
  params: Params,
  response: answers({ 200: SubscriptionWithSecret }, 'webhook_subscription_not_found', 'validation_failed'),
}

const renewSecret =
  (parts: WebhookParts): Handler<typeof renewSecretSchema> =>
  async (request) => {
    const { database, vault, clock, newSecret } = parts
    const { id } = request.params
    const now = clock.now()
    const secret = newSecret()
    const until = new Date(now.getTime() + OLD_SECRET_VALID_MS)
    const subscription = await database.transaction(async (tx) => {
      const rotated = await rotateSecret(tx, vault, id, secret, until, now)
      if (!rotated) throw new Problem('webhook_subscription_not_found')
      await tell(tx, parts, request, 'webhook_secret_renewed', id)
      return rotated
    })
    return { ...subscriptionView(subscription, now), secret }
  }

const enableAgainSchema = {
  summary: 'Be told again, after a 410',
  description: 'What failed meanwhile is sent again one by one, by `POST /webhook-deliveries/{id}/retry`.',
  tags,
  params: Params,
  response: answers({ 200: SubscriptionView }, 'webhook_subscription_not_found', 'validation_failed'),
}

const enableAgain =
  (parts: WebhookParts): Handler<typeof enableAgainSchema> =>
  async (request) => {
    const { database, clock } = parts
    const { id } = request.params
    const subscription = await database.transaction(async (tx) => {
      const enabled = await enableSubscription(tx, id, clock.now())
      if (!enabled) throw new Problem('webhook_subscription_not_found')
      await tell(tx, parts, request, 'webhook_enabled', id)
      return enabled
    })
    return subscriptionView(subscription, clock.now())
  }

const tell = (
  tx: Tx,
  { vault, clock }: WebhookParts,
  request: FastifyRequest,
  act: string,
  id: number,
  after?: Values,
) =>
  writeJournal(tx, vault, [
    {
      ...{ by: authorOf(request), at: clock.now(), act },
      ...({ about: 'webhook_subscription', about_id: id } as const),
      ...(after && { after }),
    },
  ])

async function known(database: Database, id: number) {
  const subscription = await findSubscription(database, id)
  if (!subscription) throw new Problem('webhook_subscription_not_found')
  return subscription
}
