/** What Pub/Sub must have before messages flow: made where it is missing (development), or compared with the plan (production). */
import { setTimeout as pause } from 'node:timers/promises'
import type { PubSub, protos } from '@google-cloud/pubsub'
import { CannotStart } from '#platform/cannot-start'
import type { SubscriptionPlan, Topology } from './topology.ts'

/** The topics or subscriptions are not as planned; the message lists every fault. */
export class UnfitTopology extends CannotStart {}

/** Codes of google.rpc.Code. */
const CODE = { deadlineExceeded: 4, notFound: 5, alreadyExists: 6, permissionDenied: 7, exhausted: 8, unavailable: 14 }

const codeOf = (error: unknown) =>
  error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : undefined

export const isNotFound = (error: unknown): boolean => codeOf(error) === CODE.notFound

/** One try of 5 s. Further tries are decided here; the library alone would try for ten minutes. */
const ONE_TRY = { timeout: 5_000, retry: null }

/** The emulator refuses more than 7 days; Pub/Sub itself takes 31. In production Terraform makes the topics. */
const LONGEST_EMULATED_SECONDS = 7 * 86_400

/** Creates the missing topics and subscriptions, and leaves the others alone; many processes may do so at once. */
export async function create(client: PubSub, { topics, subscriptions }: Topology): Promise<void> {
  await Promise.all(topics.map((name) => unlessThere(client.createTopic(name, ONE_TRY))))
  await Promise.all(
    subscriptions.map((plan) => {
      const { retry, dead_letter } = plan
      const made = client.createSubscription(plan.topic, plan.name, {
        ackDeadlineSeconds: plan.ack_deadline_seconds,
        messageRetentionDuration: { seconds: Math.min(plan.message_retention_seconds, LONGEST_EMULATED_SECONDS) },
        expirationPolicy: {},
        retryPolicy: {
          minimumBackoff: duration(retry.minimum_backoff_seconds),
          maximumBackoff: duration(retry.maximum_backoff_seconds),
        },
        ...(dead_letter && {
          deadLetterPolicy: {
            deadLetterTopic: client.topic(dead_letter.topic).name,
            maxDeliveryAttempts: dead_letter.max_delivery_attempts,
          },
        }),
        gaxOpts: ONE_TRY,
      })
      return unlessThere(made)
    }),
  )
}

async function unlessThere(made: Promise<unknown>): Promise<void> {
  try {
    await made
  } catch (error) {
    if (codeOf(error) !== CODE.alreadyExists) throw error
  }
}

/** Throws UnfitTopology with a line for each thing that is missing or not as planned. */
export async function check(client: PubSub, { topics, subscriptions }: Topology): Promise<void> {
  const found = await Promise.all([
    ...topics.map((name) => look(`topic ${name}`, client.topic(name).getMetadata(ONE_TRY), () => [])),
    ...subscriptions.map((plan) =>
      look(`subscription ${plan.name}`, client.subscription(plan.name).getMetadata(ONE_TRY), ([metadata]) =>
        differences(plan, metadata),
      ),
    ),
  ])
  const faults = found.flat()
  if (faults.length > 0)
    throw new UnfitTopology(`Pub/Sub is not set up as needed:\n${faults.map((fault) => `  ${fault}`).join('\n')}`)
}

async function look<Found>(what: string, asked: Promise<Found>, faultsOf: (found: Found) => string[]) {
  try {
    return faultsOf(await asked).map((fault) => `${what}: ${fault}`)
  } catch (error) {
    if (isNotFound(error)) return [`${what} does not exist`]
    if (codeOf(error) === CODE.permissionDenied) return [`${what} may not be looked at: roles/pubsub.viewer is missing`]
    throw error
  }
}

function differences(plan: SubscriptionPlan, found: protos.google.pubsub.v1.ISubscription): string[] {
  const { retry, dead_letter } = plan
  const facts: readonly (readonly [what: string, found: unknown, wanted: unknown])[] = [
    ['topic', nameOf(found.topic), plan.topic],
    ['ack deadline in seconds', found.ackDeadlineSeconds, plan.ack_deadline_seconds],
    ['message retention in seconds', seconds(found.messageRetentionDuration), plan.message_retention_seconds],
    ['minimum back-off in seconds', seconds(found.retryPolicy?.minimumBackoff), retry.minimum_backoff_seconds],
    ['maximum back-off in seconds', seconds(found.retryPolicy?.maximumBackoff), retry.maximum_backoff_seconds],
    ['dead-letter topic', nameOf(found.deadLetterPolicy?.deadLetterTopic), dead_letter?.topic],
    [
      'maximum delivery attempts',
      found.deadLetterPolicy?.maxDeliveryAttempts ?? undefined,
      dead_letter?.max_delivery_attempts,
    ],
    ['expiry after seconds of disuse', seconds(found.expirationPolicy?.ttl), undefined],
    ['filter', found.filter || undefined, undefined],
    ['push endpoint', found.pushConfig?.pushEndpoint || undefined, undefined],
    ['ordering', found.enableMessageOrdering ?? false, false],
    ['exactly-once delivery', found.enableExactlyOnceDelivery ?? false, false],
    ['detached', found.detached ?? false, false],
  ]
  return facts
    .filter(([, is, wanted]) => is !== wanted)
    .map(([what, is, wanted]) => `${what} is ${is ?? 'not set'}, and must be ${wanted ?? 'not set'}`)
}

const nameOf = (path: string | null | undefined) => path?.split('/').at(-1)

type Duration = protos.google.protobuf.IDuration

function seconds(length: Duration | null | undefined): number | undefined {
  return length ? Number(length.seconds ?? 0) + (length.nanos ?? 0) / 1e9 : undefined
}

const duration = (length: number): Duration => ({
  seconds: Math.floor(length),
  nanos: Math.round((length % 1) * 1e9),
})

/** Tries again, for as long as it takes, while Pub/Sub cannot be reached. */
export async function onceReachable<T>(work: () => Promise<T>, onFault: (error: unknown) => void): Promise<T> {
  for (let delay = 200; ; delay = Math.min(2 * delay, 5_000)) {
    try {
      return await work()
    } catch (error) {
      const code = codeOf(error)
      if (code !== CODE.unavailable && code !== CODE.deadlineExceeded && code !== CODE.exhausted) throw error
      onFault(error)
      await pause(delay)
    }
  }
}
