/**
 * The transactional outbox: messages are rows that commit together with the change that caused them, and are
 * removed once the bus has taken responsibility. So nothing is sent that did not commit, nor committed and not sent.
 */
import type { BodyOf, Message, MessageContract } from '#contracts'
import type { Clock, Ids } from '#platform/clock'
import type { Queryable, Tx } from '#platform/database/database'
import { leaving } from '../traced-messages.ts'

export interface OutboxRow {
  readonly id: string
  readonly messages: readonly Message[]
}

/** A message before the outbox has stamped it. */
export interface Outgoing {
  readonly contract: MessageContract
  readonly transaction_id: string
  readonly body: unknown
}

/** Pairs a contract with a body that fits it. */
export const outgoing = <Contract extends MessageContract>(
  contract: Contract,
  transaction_id: string,
  body: BodyOf<Contract>,
): Outgoing => ({ contract, transaction_id, body })

export function stamp({ contract, transaction_id, body }: Outgoing, ids: Ids, clock: Clock): Message {
  const { topic: type, version } = contract
  const occurred_at = iso(clock.now())
  const message = { message_id: ids.uuid(), type, schema_version: version, transaction_id, occurred_at, body }
  const traceparent = leaving(message)
  return traceparent === undefined ? message : { ...message, traceparent }
}

let last = { time: Number.NaN, text: '' }

/** A batch is stamped within a millisecond or two, and one call of toISOString costs as much as the rest of a stamp. */
function iso(at: Date): string {
  const time = at.getTime()
  if (time !== last.time) last = { time, text: at.toISOString() }
  return last.text
}

/** The messages of one transaction are one row. Throws at once when a message is no JSON, so that nothing commits. */
export function writeOutbox(tx: Tx, id: string, messages: readonly Message[]): void {
  tx.write(`insert into outbox (id, messages) values ($1, $2)`, [id, JSON.stringify(messages)])
}

export const removeSent = (database: Queryable, ids: readonly string[]) =>
  database.query(`delete from outbox where id = any($1::uuid[])`, [ids])

/** By the database's own clock, which wrote `at`: this process's may be minutes off. */
const OLDER_THAN = `at <= clock_timestamp() - $1 * interval '1 millisecond'`

/** Rows at least `ageMs` old, oldest first. */
export const readUnsent = (database: Queryable, ageMs: number, limit: number) =>
  database.query<OutboxRow>(`select id, messages from outbox where ${OLDER_THAN} order by id limit $2`, [ageMs, limit])

/**
 * Rows at least `ageMs` old but for those in `except`, oldest first, locked until the transaction ends: what another
 * replica holds is skipped, so that no two of them publish the same row.
 */
export const claimUnsent = (tx: Tx, ageMs: number, except: readonly string[], limit: number) =>
  tx.query<OutboxRow>(
    `select id, messages from outbox where ${OLDER_THAN} and id <> all($2::uuid[])
     order by id limit $3 for update skip locked`,
    [ageMs, except, limit],
  )

export async function isAnythingUnsent(tx: Queryable): Promise<boolean> {
  const [row] = await tx.query<{ is_so: boolean }>(`select exists (select from outbox) as is_so`)
  return row?.is_so ?? false
}

/** Counted up to 100,000. The oldest is the first by its id, which begins with the time. */
export async function measureOutbox(tx: Queryable): Promise<{ rows: number; oldest_age_seconds: number }> {
  const [found] = await tx.query<{ rows: number; oldest_age_seconds: number }>(
    `select (select count(*) from (select from outbox limit 100000) as counted) as rows,
       coalesce((select extract(epoch from clock_timestamp() - at) from outbox order by id limit 1), 0)::float8
         as oldest_age_seconds`,
  )
  return found ?? { rows: 0, oldest_age_seconds: 0 }
}
