/** The SQL of webhook deliveries: the event, its receiver, the attempts, and when it is due. */
import type { Queryable } from '#platform/database/database'
import { totalOf } from '#platform/database/total'
import type { AfterAttempt, Attempted, DeliveryStatus } from './delivery.ts'
import { ALL_EVENTS } from './subscription-store.ts'

export interface WebhookEvent {
  readonly event_id: string
  readonly type: string
  readonly transaction_id: string
  /** The JSON that is signed and sent. */
  readonly body: string
  /** The trace that the event belongs to; null outside any. */
  readonly traceparent: string | null
}

export interface Delivery extends Attempted {
  readonly subscription_id: number
  readonly event_id: string
  readonly type: string
  readonly transaction_id: string
  readonly status: DeliveryStatus
  readonly due_at: Date | null
  readonly last_status_code: number | null
  readonly last_error: string | null
  readonly created_at: Date
  readonly finished_at: Date | null
}

const COLUMNS = `id, subscription_id, event_id, type, transaction_id, status, attempts, failures, due_at, last_status_code,
  last_error, created_at, finished_at`

/** One row for each event and each subscription to it, however often the event comes. Returns how many are new. */
export async function insertDeliveries(tx: Queryable, events: readonly WebhookEvent[], now: Date): Promise<number> {
  const made = await tx.query(
    `insert into webhook_deliveries (subscription_id, event_id, type, transaction_id, body, traceparent, due_at, created_at)
     select s.id, e.event_id, e.type, e.transaction_id, e.body, e.traceparent, $6::timestamptz, $6::timestamptz
     from unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[])
       as e(event_id, type, transaction_id, body, traceparent)
     join webhook_subscriptions s on s.disabled_at is null and s.events && array[e.type, '${ALL_EVENTS}']
     on conflict (subscription_id, event_id) do nothing returning id`,
    [
      events.map(({ event_id }) => event_id),
      events.map(({ type }) => type),
      events.map(({ transaction_id }) => transaction_id),
      events.map(({ body }) => body),
      events.map(({ traceparent }) => traceparent),
      now,
    ],
  )
  return made.length
}

/** For each subscription with waiting deliveries, when the first is due. */
export const soonestDue = (tx: Queryable) =>
  tx.query<{ subscription_id: number; due_at: Date }>(
    `select s.id as subscription_id, d.due_at from webhook_subscriptions s cross join lateral (
       select due_at from webhook_deliveries where subscription_id = s.id and status = 'pending' order by due_at limit 1
     ) d`,
  )

/**
 * Leases the due deliveries of one subscription until `leaseUntil`, the longest overdue first. Nobody else gets them before
 * then. A delivery with no recorded result by then is due again.
 */
export const claimDue = (tx: Queryable, subscription_id: number, now: Date, leaseUntil: Date, limit: number) =>
  // materialized: inlined, the limited select could run once for each row that it is joined to
  tx.query<Attempted & WebhookEvent>(
    `with due as materialized (
       select id from webhook_deliveries where subscription_id = $1 and status = 'pending' and due_at <= $2
       order by due_at limit $4 for update skip locked
     )
     update webhook_deliveries d set attempts = attempts + 1, due_at = $3, leased_until = $3
     from due where d.id = due.id
     returning d.id, d.attempts, d.failures, d.event_id, d.type, d.transaction_id, d.body,
       d.traceparent`,
    [subscription_id, now, leaseUntil, limit],
  )

/** Records nothing for an attempt whose lease has expired and gone to another process. */
export async function recordAttempts(tx: Queryable, attempts: readonly AfterAttempt[]): Promise<void> {
  await tx.query(
    `update webhook_deliveries d set status = made.status, failures = made.failures, due_at = made.due_at,
       leased_until = null, finished_at = made.finished_at, last_status_code = made.last_status_code,
       last_error = made.last_error
     from unnest($1::bigint[], $2::int[], $3::text[], $4::int[], $5::timestamptz[], $6::timestamptz[], $7::int[], $8::text[])
       as made(id, attempts, status, failures, due_at, finished_at, last_status_code, last_error)
     where d.id = made.id and d.attempts = made.attempts`,
    [
      attempts.map((made) => made.id),
      attempts.map((made) => made.attempts),
      attempts.map((made) => made.status),
      attempts.map((made) => made.failures),
      attempts.map((made) => made.due_at),
      attempts.map((made) => made.finished_at),
      attempts.map((made) => made.last_status_code),
      attempts.map((made) => made.last_error),
    ],
  )
}

export async function findDelivery(tx: Queryable, id: number): Promise<Delivery | undefined> {
  const [delivery] = await tx.query<Delivery>(`select ${COLUMNS} from webhook_deliveries where id = $1`, [id])
  return delivery
}

/** Newest first; `before` is the last id of the page before. */
export const listDeliveries = (
  tx: Queryable,
  subscription_id: number,
  status: DeliveryStatus | null,
  before: number | null,
  limit: number,
) =>
  tx.query<Delivery>(
    `select ${COLUMNS} from webhook_deliveries where subscription_id = $1 and ($2::text is null or status = $2)
       and ($3::bigint is null or id < $3) order by id desc limit $4`,
    [subscription_id, status, before, limit],
  )

export const countDeliveries = (tx: Queryable, subscription_id: number, status: DeliveryStatus | null) =>
  totalOf(tx, `select from webhook_deliveries where subscription_id = $1 and ($2::text is null or status = $2)`, [
    subscription_id,
    status,
  ])

/** Makes it due at once, with all its attempts renewed, whatever its status; undefined while it is being sent. */
export async function makeDueAgain(tx: Queryable, id: number, now: Date): Promise<Delivery | undefined> {
  const [delivery] = await tx.query<Delivery>(
    `update webhook_deliveries set status = 'pending', due_at = $2, failures = 0, finished_at = null
     where id = $1 and (leased_until is null or leased_until <= $2) returning ${COLUMNS}`,
    [id, now],
  )
  return delivery
}

/** Removes up to `limit` deliveries that ended before then; returns how many. */
export async function removeFinished(tx: Queryable, before: Date, limit: number): Promise<number> {
  const removed = await tx.query(
    `delete from webhook_deliveries where id in (
       select id from webhook_deliveries where finished_at < $1 order by finished_at limit $2
     ) returning id`,
    [before, limit],
  )
  return removed.length
}
