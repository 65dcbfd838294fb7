/** The SQL of webhook subscriptions. */
import type { Database, Queryable, Tx } from '#platform/database/database'
import { totalOf } from '#platform/database/total'
import type { SealedTable } from '#platform/vault/reseal-store'
import type { Vault } from '#platform/vault/vault'

export interface Subscription {
  readonly id: number
  readonly url: string
  readonly events: readonly string[]
  readonly description: string | null
  readonly old_secret_until: Date | null
  readonly disabled_at: Date | null
  readonly created_at: Date
  readonly updated_at: Date
  /** Null in subscriptions from before it was kept. */
  readonly created_by: string | null
}

/** The secret that signs deliveries; stored sealed. */
interface Secrets {
  readonly secret: string
  readonly old_secret: string | null
}

const SECRETS = {
  name: 'webhook_subscriptions',
  key: 'id',
  columns: ['secret', 'old_secret'],
} as const satisfies SealedTable

export const sealedTables: readonly SealedTable[] = [SECRETS]

export type SigningSubscription = Subscription & Secrets

const secretsOf = ({ secret, old_secret }: Secrets) => ({ secret, old_secret })

const COLUMNS = `id, url, events, description, old_secret_until, disabled_at, created_at, updated_at, created_by`

/** Every event of a purchase, including types that will be added. */
export const ALL_EVENTS = 'events.purchase.*'

/** Each event is written once for every subscription, so this bounds the cost of one purchase. */
const MOST_SUBSCRIPTIONS = 100

/** Undefined when the limit is reached. */
export async function insertSubscription(
  tx: Tx,
  vault: Vault,
  given: Pick<Subscription, 'url' | 'events' | 'description'> &
    Pick<Secrets, 'secret'> & { readonly created_by?: string },
  now: Date,
): Promise<Subscription | undefined> {
  const { url, events, description, secret, created_by = null } = given
  const [sealer, [next]] = await Promise.all([
    vault.sealing(tx),
    tx.query<{ id: number }>(`select nextval(pg_get_serial_sequence('webhook_subscriptions', 'id')) as id`),
  ])
  if (!next) throw new Error('the sequence has no number')
  const sealed = sealer.seal('webhook_subscriptions.secret', next.id, secret)
  const [subscription] = await tx.query<Subscription>(
    `insert into webhook_subscriptions (id, url, events, description, secret, created_at, updated_at, created_by)
     overriding system value select $1::bigint, $2, $3::text[], $4, $5, $6::timestamptz, $6::timestamptz, $8
     where (select count(*) from webhook_subscriptions) < $7 returning ${COLUMNS}`,
    [next.id, url, events, description, sealed, now, MOST_SUBSCRIPTIONS, created_by],
  )
  return subscription
}

export async function findSubscription(tx: Queryable, id: number): Promise<Subscription | undefined> {
  const [subscription] = await tx.query<Subscription>(`select ${COLUMNS} from webhook_subscriptions where id = $1`, [
    id,
  ])
  return subscription
}

/** With their secrets, opened. */
export async function findSigning(tx: Queryable, vault: Vault, id: number): Promise<SigningSubscription | undefined> {
  const [sealed] = await tx.query<SigningSubscription>(
    `select ${COLUMNS}, secret, old_secret from webhook_subscriptions where id = $1`,
    [id],
  )
  return sealed && { ...sealed, ...(await vault.openAll(SECRETS.name, id, secretsOf(sealed))) }
}

/** Newest first; `before` is the last id of the page before. */
export const listSubscriptions = (tx: Queryable, before: number | null, limit: number) =>
  tx.query<Subscription>(
    `select ${COLUMNS} from webhook_subscriptions where ($1::bigint is null or id < $1) order by id desc limit $2`,
    [before, limit],
  )

export const countSubscriptions = (tx: Queryable) => totalOf(tx, `select from webhook_subscriptions`, [])

/** Whether any subscription wants this type of event. */
export async function hasSubscribers(tx: Queryable, type: string): Promise<boolean> {
  const found = await tx.query(
    `select from webhook_subscriptions where disabled_at is null and events && array[$1, '${ALL_EVENTS}'] limit 1`,
    [type],
  )
  return found.length > 0
}

/** Removes its deliveries too. */
export async function deleteSubscription(tx: Queryable, id: number): Promise<boolean> {
  return (await tx.query(`delete from webhook_subscriptions where id = $1 returning id`, [id])).length > 0
}

/** The present secret stays valid until `oldUntil`; an older one ends now. */
export async function rotateSecret(
  tx: Tx,
  vault: Vault,
  id: number,
  secret: string,
  oldUntil: Date,
  now: Date,
): Promise<Subscription | undefined> {
  const sealer = await vault.sealing(tx)
  const [before] = await tx.query<Secrets>(
    `select secret, old_secret from webhook_subscriptions where id = $1 for update`,
    [id],
  )
  if (!before) return undefined
  const { secret: old_secret } = await vault.openAll(SECRETS.name, id, secretsOf(before))
  const sealed = sealer.sealAll(SECRETS.name, id, { secret, old_secret })
  const [subscription] = await tx.query<Subscription>(
    `update webhook_subscriptions set secret = $2, old_secret = $3, old_secret_until = $4, updated_at = $5
     where id = $1 returning ${COLUMNS}`,
    [id, sealed.secret, sealed.old_secret, oldUntil, now],
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

/** Stops deliveries to it; waiting ones count as failed. */
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

/** Seals the secrets of subscriptions from before secrets were sealed; theirs begin with `whsec_`. Returns how many. */
export function sealPlainSecrets(database: Database, vault: Vault): Promise<number> {
  return database.transaction(async (tx) => {
    const sealer = await vault.sealing(tx)
    const plain = await tx.query<Secrets & Pick<Subscription, 'id'>>(
      `select id, secret, old_secret from webhook_subscriptions where starts_with(secret, 'whsec_') order by id for update`,
    )
    if (plain.length === 0) return 0
    const sealed = plain.map((one) => sealer.sealAll(SECRETS.name, one.id, secretsOf(one)))
    tx.write(
      `update webhook_subscriptions set secret = sealed.secret, old_secret = sealed.old_secret
       from unnest($1::bigint[], $2::text[], $3::text[]) as sealed(id, secret, old_secret)
       where webhook_subscriptions.id = sealed.id`,
      [plain.map(({ id }) => id), sealed.map(({ secret }) => secret), sealed.map(({ old_secret }) => old_secret)],
    )
    return plain.length
  })
}
