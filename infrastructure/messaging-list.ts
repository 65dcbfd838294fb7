/**
 * `npm run messaging`: writes terraform/messaging.json, from which Terraform makes every topic, subscription and policy. It
 * holds the plan that the code itself uses (messaging/pubsub/topology.ts), and who may publish. A test compares the two.
 */
import { writeFileSync } from 'node:fs'
import { publisherOf } from '#contracts'
import { topology } from '#messaging'

const FILE = new URL('./terraform/messaging.json', import.meta.url)

export function messagingList() {
  const { topics, subscriptions } = topology()
  const deadLetters = new Set(subscriptions.map(({ dead_letter }) => dead_letter?.topic))
  return {
    // no service publishes dead letters: Pub/Sub itself moves them
    topics: topics.map((name) => ({ name, publisher: deadLetters.has(name) ? null : publisherOf(name) })),
    subscriptions: subscriptions.map((plan) => ({
      name: plan.name,
      topic: plan.topic,
      service: plan.service,
      ack_deadline_seconds: plan.ack_deadline_seconds,
      message_retention: `${plan.message_retention_seconds}s`,
      minimum_backoff: `${plan.retry.minimum_backoff_seconds}s`,
      maximum_backoff: `${plan.retry.maximum_backoff_seconds}s`,
      dead_letter: plan.dead_letter ?? null,
    })),
  }
}

if (import.meta.main) writeFileSync(FILE, `${JSON.stringify(messagingList(), null, 2)}\n`)
