/**
 * Sends due deliveries, at least once. The database knows when each is due. Each subscription has a lane of its own, so that a
 * slow receiver holds up no other. Several processes may send at once: each leases the rows that it sends.
 */
import { type Alarm, startAlarm } from '#platform/alarm'
import { groupCommit } from '#platform/batching/group-commit'
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/database/database'
import { asService, contextFrom, SpanKind, traced } from '#platform/tracing'
import type { Vault } from '#platform/vault/vault'
import { type AfterAttempt, type Attempted, afterAttempt, backOff, DISABLED, interrupted, isGone } from './delivery.ts'
import { claimDue, recordAttempts, removeFinished, soonestDue, type WebhookEvent } from './delivery-store.ts'
import type { Poster } from './post.ts'
import { signatureOf, standardHeaders } from './signature.ts'
import { disableSubscription, findSigning, type SigningSubscription } from './subscription-store.ts'

export interface SenderParts {
  readonly database: Database
  readonly vault: Vault
  readonly clock: Clock
  /** Disposed of with the sender. */
  readonly poster: Poster
  readonly onError: (error: unknown) => void
  /** How long a process leases a delivery: well beyond the poster's time-out. */
  readonly leaseMs?: number
  readonly waitAfter?: (failures: number) => number
}

const LEASE_MS = 30_000
/** Deliveries of one subscription at a time, and subscriptions at a time. */
const LANE_WIDTH = 8
const LANES = 64
/** The deliveries of a dead process are found after this time at the latest. */
const LOOK_EVERY_MS = 60_000
const AFTER_FAULT_MS = 1_000
const KEPT_MS = 30 * 86_400_000
const REMOVE_EVERY_MS = 3_600_000
const REMOVE_BATCH = 1_000

export function startSender({ leaseMs = LEASE_MS, waitAfter = backOff, ...parts }: SenderParts): Alarm {
  const { database, vault, clock, poster, onError } = parts
  const lanes = new Map<number, Promise<void>>()
  const stopping = new AbortController()
  const removeOld = remover(database)
  const results = groupCommit<AfterAttempt, undefined>(async (attempts) => {
    await recordAttempts(database, attempts)
    return attempts.map(() => undefined)
  })
  const alarm = startAlarm(ring, onError)

  async function ring(): Promise<Date> {
    const now = clock.now()
    await removeOld(now)
    let next = now.getTime() + LOOK_EVERY_MS
    for (const { subscription_id, due_at } of await soonestDue(database)) {
      if (lanes.has(subscription_id)) continue // a running lane rings again when it ends
      if (due_at > now) next = Math.min(next, due_at.getTime())
      else if (lanes.size < LANES && !stopping.signal.aborted) openLane(subscription_id)
    }
    return new Date(next)
  }

  function openLane(subscription_id: number) {
    const lane = sendAll(subscription_id)
      .then(
        () => 0,
        (error) => {
          onError(error)
          return AFTER_FAULT_MS
        },
      )
      .then((pause) => {
        lanes.delete(subscription_id)
        alarm.expect(new Date(clock.now().getTime() + pause))
      })
    lanes.set(subscription_id, lane)
  }

  async function sendAll(subscription_id: number) {
    while (!stopping.signal.aborted) {
      const now = clock.now()
      const leaseUntil = new Date(now.getTime() + leaseMs)
      const due = await claimDue(database, subscription_id, now, leaseUntil, LANE_WIDTH)
      const subscription = await findSigning(database, vault, subscription_id)
      if (due.length === 0 || !subscription) return
      await Promise.all(due.map((delivery) => attempt(subscription, delivery)))
    }
  }

  async function attempt(subscription: SigningSubscription, delivery: Attempted & WebhookEvent) {
    const result = subscription.disabled_at
      ? DISABLED
      : await traced(
          `webhook ${delivery.type}`,
          { kind: SpanKind.CLIENT, attributes: { 'mercado.webhook.delivery': delivery.id } },
          () => poster.post(signed(subscription, delivery, clock.now()), stopping.signal),
          asService('orquestrador', contextFrom(delivery.traceparent ?? undefined)),
        )
    const now = clock.now()
    if (stopping.signal.aborted && 'error' in result) return results.submit(interrupted(delivery, now))
    if (isGone(result)) await disableSubscription(database, subscription.id, now)
    return results.submit(afterAttempt(delivery, result, now, waitAfter))
  }

  return {
    expect: alarm.expect,
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await alarm[Symbol.asyncDispose]()
      await Promise.all(lanes.values())
      await results.idle()
      await poster[Symbol.asyncDispose]()
    },
  }
}

/** Signs with the old secret too, as long as it is valid. */
function signed(subscription: SigningSubscription, { id, event_id, type, body }: Attempted & WebhookEvent, now: Date) {
  const { url, secret, old_secret, old_secret_until } = subscription
  const secrets = old_secret && old_secret_until && now < old_secret_until ? [secret, old_secret] : [secret]
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'mercado-veiculo-webhooks',
    'x-signature': signatureOf(secrets, now, body),
    ...standardHeaders(secrets, event_id, now, body),
    'x-webhook-event': type,
    'x-webhook-delivery': String(id),
  }
  return { url, headers, body }
}

/** Removes deliveries that ended long ago; looks at most once an hour. */
function remover(database: Database) {
  let removedAt = 0
  return async (now: Date) => {
    if (now.getTime() < removedAt + REMOVE_EVERY_MS) return
    removedAt = now.getTime()
    const before = new Date(now.getTime() - KEPT_MS)
    while ((await removeFinished(database, before, REMOVE_BATCH)) === REMOVE_BATCH);
  }
}
