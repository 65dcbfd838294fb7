/** The SQL of mails: one row for each event and kind. A sender claims a row for a while; each is sent once. */
import type { Message } from '#contracts'
import type { Queryable, Tx } from '#platform/database/database'
import type { SealedTable } from '#platform/vault/reseal-store'
import type { Vault } from '#platform/vault/vault'

const SEALED = { name: 'mails', key: 'id', columns: ['content'] } as const satisfies SealedTable

export const sealedMails: SealedTable = SEALED

export interface NewMail {
  readonly key: string
  readonly kind: string
  readonly subscription: string
  readonly message: Message
  readonly due_at: Date
}

export interface WaitingMail extends NewMail {
  readonly id: number
  /** How many tries have failed. */
  readonly tries: number
  readonly at: Date
}

/** A repeated event changes nothing; an event that an operator replays is tried anew. */
export async function insertMails(tx: Tx, mails: readonly NewMail[], now: Date): Promise<void> {
  const once = [...new Map(mails.map((mail) => [mail.key, mail])).values()].sort((a, b) => (a.key < b.key ? -1 : 1))
  const column = <Name extends keyof NewMail>(name: Name) => once.map((mail) => mail[name])
  await tx.query(
    `insert into mails (key, kind, subscription, message, due_at, at)
     select key, kind, subscription, message::json, due_at, $6
     from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])
       as one(key, kind, subscription, message, due_at)
     on conflict (key) do update set status = 'waiting', tries = 0, due_at = excluded.due_at, done_at = null, reason = null
     where mails.status = 'dead'`,
    [
      ...[column('key'), column('kind'), column('subscription')],
      column('message').map((message) => JSON.stringify(message)),
      column('due_at'),
      now,
    ],
  )
}

/** Those that are due, oldest first; nobody else takes them up before `until`. */
export const claimDue = (database: Queryable, now: Date, until: Date, limit: number) =>
  database.query<WaitingMail>(
    `with due as (
       select id from mails where status = 'waiting' and due_at <= $1 order by due_at limit $3 for update skip locked
     ) update mails set due_at = $2 from due where mails.id = due.id
     returning mails.id, key, kind, subscription, message, due_at, tries, at`,
    [now, until, limit],
  )

export async function nextDue(database: Queryable): Promise<Date | null> {
  const [row] = await database.query<{ due_at: Date }>(
    `select due_at from mails where status = 'waiting' order by due_at limit 1`,
  )
  return row?.due_at ?? null
}

interface Finished {
  readonly id: number
  readonly status: 'sent' | 'dropped' | 'dead'
  /** Why it was not sent. */
  readonly reason: string | null
}

export async function finishMails(tx: Queryable, mails: readonly Finished[], now: Date): Promise<void> {
  if (mails.length === 0) return
  await tx.query(
    `update mails set status = one.status, reason = one.reason, done_at = $4, tries = tries + 1
     from unnest($1::bigint[], $2::text[], $3::text[]) as one(id, status, reason) where mails.id = one.id`,
    [mails.map(({ id }) => id), mails.map(({ status }) => status), mails.map(({ reason }) => reason), now],
  )
}

export async function postponeMail(tx: Queryable, id: number, due_at: Date, reason: string): Promise<void> {
  await tx.query(`update mails set tries = tries + 1, due_at = $2, reason = $3 where id = $1`, [id, due_at, reason])
}

export interface KeptMail {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** Keeps a mail as it would have been sent, for a system without a mail server. */
export async function keepMail(tx: Tx, vault: Vault, id: number, mail: KeptMail, now: Date): Promise<void> {
  const sealed = (await vault.sealing(tx)).sealAll(SEALED.name, id, { content: JSON.stringify(mail) })
  await tx.query(`update mails set status = 'kept', content = $2, done_at = $3, tries = tries + 1 where id = $1`, [
    id,
    sealed.content,
    now,
  ])
}

/** Newest first. */
export async function listKept(database: Queryable, vault: Vault, limit: number) {
  const rows = await database.query<{ id: number; kind: string; done_at: Date; content: string }>(
    `select id, kind, done_at, content from mails where status = 'kept' order by id desc limit $1`,
    [limit],
  )
  return Promise.all(
    rows.map(async ({ id, kind, done_at, content }) => {
      const mail: KeptMail = JSON.parse(await vault.open('mails.content', id, content))
      return { id, kind, at: done_at, ...mail }
    }),
  )
}

export async function unsubscribe(database: Queryable, customer_id: number, now: Date): Promise<void> {
  await database.query(`insert into unsubscribed (customer_id, at) values ($1, $2) on conflict do nothing`, [
    customer_id,
    now,
  ])
}

export async function isUnsubscribed(database: Queryable, customer_id: number): Promise<boolean> {
  const [row] = await database.query(`select from unsubscribed where customer_id = $1`, [customer_id])
  return row !== undefined
}

/** A chore. */
export const removeOldMails = async (database: Queryable, before: Date, limit: number): Promise<number> =>
  (
    await database.query(
      `delete from mails where id in (
         select id from mails where done_at < $1 order by done_at limit $2 for update skip locked)
       returning 1 as removed`,
      [before, limit],
    )
  ).length
