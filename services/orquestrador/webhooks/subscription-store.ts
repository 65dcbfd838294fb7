/** Who is told of purchases, and where: the SQL of webhook subscriptions. */
import type { Queryable } from '#platform/database'
import { totalOf } from '#platform/total-store'

export interface Subscription {
  readonly id: number
  readonly url: string
  readonly events: readonly string[]
  readonly description: string | null
  readonly secret: string
  readonly old_secret: string | null
  readonly old_secret_until: Date | null
  readonly disabled_at: Date | null
  readonly created_at: Date
  readonly updated_at: Date
}

const COLUMNS = `id, url, events, description, secret, old_secret, old_secret_until, disabled_at, created_at, updated_at`

/** Every event of a purchase, those to come included. */
export const ALL_EVENTS = 'events.purchase.*'

/** Each event is written once for every subscription: this bounds what one purchase can cost. */
const MOST_SUBSCRIPTIONS = 100

/** Undefined when there are as many as there may be. */
export async function insertSubscription(
  tx: Queryable,
  { url, events, description, secret }: Pick<Subscription, 'url' | 'events' | 'description' | 'secret'>,
  now: Date,
): Promise<Subscription | undefined> {
  const [subscription] = await tx.query<Subscription>(
    `insert into webhook_subscriptions (url, events, description, secret, created_at, updated_at)
     select $1, $2::text[], $3, $4, $5::timestamptz, $5::timestamptz
     where (select count(*) from webhook_subscriptions) < $6 returning ${COLUMNS}`,
    [url, events, description, secret, now, MOST_SUBSCRIPTIONS],
  )
  return subscription
}

export async function findSubscription(tx: Queryable, id: number): Promise<Subscription | undefined> {
  const [subscription] = await tx.query<Subscription>(`select ${COLUMNS} from webhook_subscriptions where id = $1`, [
    id,
  ])
  return subscription
}

/** Newest first; `before` is the last id of the page before. */
export const listSubscriptions = (tx: Queryable, before: number | null, limit: number) =>
  tx.query<Subscription>(
    `select ${COLUMNS} from webhook_subscriptions where ($1::bigint is null or id < $1) order by id desc limit $2`,
    [before, limit],
  )

export const countSubscriptions = (tx: Queryable) => totalOf(tx, `select from webhook_subscriptions`, [])

/** Whether anybody wants to be told of this type of event. */
export async function hasSubscribers(tx: Queryable, type: string): Promise<boolean> {
  const found = await tx.query(
    `select from webhook_subscriptions where disabled_at is null and events && array[$1, '${ALL_EVENTS}'] limit 1`,
    [type],
  )
  return found.length > 0
}

/** Its deliveries go with it. */
export async function deleteSubscription(tx: Queryable, id: number): Promise<boolean> {
  return (await tx.query(`delete from webhook_subscriptions where id = $1 returning id`, [id])).length > 0
}

/** The secret until now stays valid until `oldUntil`, the one before it no longer. */
export async function rotateSecret(
  tx: Queryable,
  id: number,
  secret: string,
  oldUntil: Date,
  now: Date,
): Promise<Subscription | undefined> {
  const [subscription] = await tx.query<Subscription>(
    `update webhook_subscriptions set secret = $2, old_secret = secret, old_secret_until = $3, updated_at = $4
     where id = $1 returning ${COLUMNS}`,
    [id, secret, oldUntil, now],
  )
  return subscription
}

export async function enableSubscription(tx: Queryable, id: number, now: Date): Promise<Subscription | undefined> {
  const [subscription] = await tx.query<Subscription>(
    `update webhook_subscriptions set disabled_at = null, updated_at = $2 where id = $1 returning ${COLUMNS}`,
    [id, now],
  )
  return subscription
}

/** Nothing is sent to it any more, and what waited has failed. */
export async function disableSubscription(tx: Queryable, id: number, now: Date): Promise<void> {
  await tx.query(
    `with disabled as (
       update webhook_subscriptions set disabled_at = $2, updated_at = $2 where id = $1 and disabled_at is null returning id
     )
     update webhook_deliveries set status = 'failed', due_at = null, finished_at = $2, last_error = 'subscription_disabled'
     where subscription_id in (select id from disabled) and status = 'pending' and leased_until is null`,
    [id, now],
  )
}
