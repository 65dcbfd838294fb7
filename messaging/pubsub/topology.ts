/**
 * Every topic, subscription and policy that Pub/Sub must have, derived from the contracts: the one list that development
 * creates, production checks and Terraform's file is compared with.
 */
import * as contracts from '#contracts'

export interface SubscriptionPlan {
  readonly name: string
  readonly topic: string
  /** Whose it is: the service that its name begins with. */
  readonly service: string
  readonly ack_deadline_seconds: number
  readonly message_retention_seconds: number
  readonly retry: { readonly minimum_backoff_seconds: number; readonly maximum_backoff_seconds: number }
  /** A subscription to dead letters has none. */
  readonly dead_letter?: { readonly topic: string; readonly max_delivery_attempts: number }
}

export interface Topology {
  readonly topics: readonly string[]
  /** None ever expires, filters, orders, pushes or delivers exactly once. */
  readonly subscriptions: readonly SubscriptionPlan[]
}

export function topology(): Topology {
  const planned = messageContracts().flatMap(({ topic, subscriptions }) =>
    subscriptions.map((name) => subscriptionPlan(name, topic)),
  )
  const services = [...new Set(planned.map(({ service }) => service))]
  return {
    topics: [...messageContracts().map(({ topic }) => topic), ...services.map(deadLetterTopic)].sort(),
    subscriptions: [...planned, ...services.map(deadLetterPlan)],
  }
}

export const deadLetterTopic = (service: string): string => `${service}-dead-letter`

export const deadLetterSubscription = (service: string): string => `${service}-dead-letter-sub`

export function subscriptionPlan(name: string, topic: string): SubscriptionPlan {
  const service = ownerOf(name)
  const dead_letter = { topic: deadLetterTopic(service), max_delivery_attempts: MAX_DELIVERY_ATTEMPTS }
  return { name, topic, service, ...POLICIES, dead_letter }
}

const deadLetterPlan = (service: string): SubscriptionPlan => ({
  name: deadLetterSubscription(service),
  topic: deadLetterTopic(service),
  service,
  ...POLICIES,
  message_retention_seconds: 31 * DAY_SECONDS,
})

/**
 * The consumer parks what it could not handle five times (consume.ts). Pub/Sub's own limit is for what the consumer could not even
 * park, such as a message that ends its process; it also counts the deliveries that a restart gave back, so it is well above.
 */
const MAX_DELIVERY_ATTEMPTS = 10

const DAY_SECONDS = 86_400

const POLICIES = {
  /** Streaming pull asks for 10 s at a time by itself: messages that a killed replica held come again after that. */
  ack_deadline_seconds: 60,
  message_retention_seconds: 7 * DAY_SECONDS,
  retry: { minimum_backoff_seconds: 1, maximum_backoff_seconds: 60 },
}

/** `cliente-service-reserve-credit-sub` is cliente-service's. */
function ownerOf(subscription: string): string {
  const [, service] = /^([a-z]+(?:-service)?)-/.exec(subscription) ?? []
  if (!service) throw new Error(`${subscription} does not begin with the name of a service`)
  return service
}

const messageContracts = () =>
  Object.values<unknown>(contracts).filter(
    (value): value is contracts.MessageContract =>
      typeof value === 'object' && value !== null && 'topic' in value && 'subscriptions' in value,
  )
