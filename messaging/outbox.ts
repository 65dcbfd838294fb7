/**
 * The transactional outbox: messages are rows that commit together with the change that caused them, and are
 * removed once the bus has taken responsibility. So nothing is sent that did not commit, nor committed and not sent.
 */
import type { BodyOf, Message, MessageContract } from '#contracts'
import type { Clock, Ids } from '#platform/clock'
import type { Queryable, Tx } from '#platform/database'

export interface OutboxRow {
  readonly id: number
  readonly message: Message
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
  const { topic, version } = contract
  const occurred_at = clock.now().toISOString()
  return { message_id: ids.uuid(), type: topic, schema_version: version, transaction_id, occurred_at, body }
}

/** Throws at once when a message is no JSON: a rejection would come too late to stop the commit. */
export function writeOutbox(tx: Tx, messages: readonly Message[]): Promise<OutboxRow[]> {
  const texts = messages.map((message) => JSON.stringify(message))
  return texts.length === 0 ? Promise.resolve([]) : insert(tx, messages, texts)
}

async function insert(tx: Tx, messages: readonly Message[], texts: readonly string[]): Promise<OutboxRow[]> {
  const rows = await tx.write<{ id: number }>(
    `insert into outbox (message) select m from unnest($1::json[]) with ordinality as t(m, n) order by n returning id`,
    [texts],
  )
  return rows.map(({ id }, index) => ({ id, message: messages[index] as Message }))
}

/** Losing this delete in a crash only means that a message is delivered again: it need not wait for the disk. */
export async function removeSent(tx: Tx, ids: readonly number[]): Promise<void> {
  void tx.write(`set local synchronous_commit = off`)
  void tx.write(`delete from outbox where id = any($1::bigint[])`, [ids])
}

/** Rows written before `before`, oldest first. */
export const readUnsent = (tx: Queryable, before: Date, limit: number) =>
  tx.query<OutboxRow>(`select id, message from outbox where at <= $1 order by id limit $2`, [before, limit])
