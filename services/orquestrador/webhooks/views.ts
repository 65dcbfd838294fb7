/** Webhooks as HTTP clients see them: their owners, and their receivers. */
import { type Static, Type } from 'typebox'
import { EntityId, PaymentType, Reais, Timestamp, TransactionId } from '#contracts'
import { NextCursor, Total } from '#platform/http/page'
import { DELIVERY_STATUSES } from './delivery.ts'
import type { Delivery } from './delivery-store.ts'
import { WEBHOOK_EVENTS } from './events.ts'
import { ALL_EVENTS, type Subscription } from './subscription-store.ts'

export const DeliveryStatus = Type.Enum([...DELIVERY_STATUSES])

export const NewSubscriptionBody = Type.Object(
  {
    url: Type.String({
      maxLength: 2_000,
      format: 'uri',
      description: 'An `https` address that the internet can reach; redirects are not followed',
      examples: ['https://erp.example.com/hooks/purchases'],
    }),
    events: Type.Array(Type.Enum([...WEBHOOK_EVENTS, ALL_EVENTS]), {
      minItems: 1,
      maxItems: 10,
      uniqueItems: true,
      description: `\`${ALL_EVENTS}\` stands for all, those to come included`,
      examples: [[ALL_EVENTS]],
    }),
    description: Type.Optional(Type.String({ maxLength: 200, format: 'text', examples: ['Accounting'] })),
  },
  { additionalProperties: false },
)

const subscription = {
  id: EntityId,
  url: Type.String(),
  events: Type.Array(Type.String()),
  description: Type.Optional(Type.String()),
  status: Type.Enum(['active', 'disabled'], { description: 'Disabled when the receiver has answered 410 Gone' }),
  old_secret_valid_until: Type.Optional(Timestamp),
  created_at: Timestamp,
  created_by: Type.Union([Type.String(), Type.Null()]),
  updated_at: Timestamp,
}

export const SubscriptionView = Type.Object(subscription, { title: 'WebhookSubscription' })

export const SubscriptionWithSecret = Type.Object(
  {
    ...subscription,
    secret: Type.String({
      description: 'The key of the signatures, in the form of Standard Webhooks; not shown again',
    }),
  },
  { title: 'WebhookSubscriptionWithSecret' },
)

export const DeliveryView = Type.Object(
  {
    id: EntityId,
    subscription_id: EntityId,
    event_id: Type.String({ format: 'uuid', description: 'The `id` in the body: the same for all who are told' }),
    type: Type.String(),
    transaction_id: TransactionId,
    status: DeliveryStatus,
    attempts: Type.Integer({ description: 'Of all time' }),
    last_status_code: Type.Optional(Type.Integer({ description: 'What the receiver answered last' })),
    last_error: Type.Optional(
      Type.String({
        description: 'Why it did not answer',
        examples: ['timed_out', 'connection_refused', 'host_not_found', 'address_refused', 'tls_failed'],
      }),
    ),
    next_attempt_at: Type.Union([Timestamp, Type.Null()]),
    created_at: Timestamp,
    finished_at: Type.Union([Timestamp, Type.Null()]),
  },
  { title: 'WebhookDelivery' },
)

const page = {
  total: Total,
  next_cursor: NextCursor,
  timestamp: Timestamp,
}
export const SubscriptionPage = Type.Object({ subscriptions: Type.Array(SubscriptionView), ...page })
export const DeliveryPage = Type.Object({ deliveries: Type.Array(DeliveryView), ...page })

/** The body that a receiver gets. */
const WebhookBody = Type.Object(
  {
    id: Type.String({ format: 'uuid', description: 'Of the event: the same when it is sent again' }),
    type: Type.Enum([...WEBHOOK_EVENTS]),
    transaction_id: TransactionId,
    occurred_at: Timestamp,
    data: Type.Object({
      customer_id: EntityId,
      vehicle_id: EntityId,
      amount: Reais,
      payment_type: PaymentType,
      reason: Type.Optional(Type.String({ description: 'Why it failed, or why it could not be cancelled' })),
      failed_step: Type.Optional(Type.String()),
      cancelled_step: Type.Optional(Type.String()),
    }),
  },
  { title: 'WebhookBody' },
)

/** Shown with the route that subscribes: the generator of the OpenAPI document keeps no description of a callback. */
export const HOW_IT_IS_SENT = `Sent at least once, in no particular order: keep the \`id\` of what you have dealt with.
Any 2xx within ten seconds counts as received; 410 ends the subscription; anything else is tried again after a minute,
then two, doubling up to six hours, for about two days.

\`X-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">\` proves that it is ours: compute it over the raw body
with the secret as it was shown, compare in constant time with each \`v1\`, and refuse a \`t\` that is old.
Or let a library of Standard Webhooks do it, which reads \`webhook-id\` (the \`id\` of the body), \`webhook-timestamp\` and
\`webhook-signature: v1,<base64 HMAC-SHA256 of "id.timestamp.body">\`; its key is the secret without prefix, decoded from base64.
\`X-Webhook-Event\` repeats the type, \`X-Webhook-Delivery\` names the delivery.`

/** For the OpenAPI document of the route that subscribes. */
export const callbacks = {
  purchaseEvent: {
    '{$request.body#/url}': {
      post: {
        requestBody: { required: true, content: { 'application/json': { schema: WebhookBody } } },
        responses: { '204': { description: 'Received' }, '410': { description: 'Wants to be told no more' } },
      },
    },
  },
}

export function subscriptionView(one: Subscription, now: Date): Static<typeof SubscriptionView> {
  const { id, url, events, description, disabled_at, old_secret_until, created_at, updated_at, created_by } = one
  return {
    id,
    url,
    events: [...events],
    ...(description !== null && { description }),
    status: disabled_at ? 'disabled' : 'active',
    ...(old_secret_until && old_secret_until > now && { old_secret_valid_until: old_secret_until.toISOString() }),
    created_at: created_at.toISOString(),
    created_by,
    updated_at: updated_at.toISOString(),
  }
}

export function deliveryView(one: Delivery): Static<typeof DeliveryView> {
  const { id, subscription_id, event_id, type, transaction_id, status, attempts, last_status_code, last_error } = one
  return {
    id,
    subscription_id,
    event_id,
    type,
    transaction_id,
    status,
    attempts,
    ...(last_status_code !== null && { last_status_code }),
    ...(last_error !== null && { last_error }),
    next_attempt_at: one.due_at?.toISOString() ?? null,
    created_at: one.created_at.toISOString(),
    finished_at: one.finished_at?.toISOString() ?? null,
  }
}
