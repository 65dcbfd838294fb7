/**
 * How replicas share what a dead one left in their common outbox: a sweep claims rows by locking them, publishes and removes
 * them. The locks are the claim: they end with the transaction, or with the process that holds them.
 */
import type { Database } from '#platform/database/database'
import { claimUnsent, type OutboxRow, removeSent } from './outbox.ts'

export interface TakeOver {
  readonly ageMs: number
  /** One claim takes no more rows than this. */
  readonly limit: number
  /** Rows that this process is publishing already. */
  readonly except: () => readonly string[]
  readonly publish: (messages: OutboxRow['messages']) => Promise<unknown>
  /** Told why the bus took none of a row's messages; such a row stays. */
  readonly onRefused: (error: unknown) => void
  readonly isOver: () => boolean
}

/** Goes on until no row can be claimed, the bus refuses, or `isOver`. */
export async function takeOver(database: Database, parts: TakeOver): Promise<void> {
  for (let more = true; more && !parts.isOver(); ) more = await takeOnce(database, parts)
}

/** True when there may be more to claim: the claim was full, and the bus took all of it. */
const takeOnce = (database: Database, { ageMs, limit, except, publish, onRefused }: TakeOver): Promise<boolean> =>
  database.transaction(async (tx) => {
    const rows = await claimUnsent(tx, ageMs, except(), limit)
    const published = await Promise.allSettled(rows.map(({ messages }) => publish(messages)))
    const refused = published.find(({ status }) => status === 'rejected')
    const sent = rows.filter((_row, index) => published[index]?.status === 'fulfilled').map(({ id }) => id)
    if (sent.length > 0) await removeSent(tx, sent)
    if (refused?.status === 'rejected') onRefused(refused.reason)
    return refused === undefined && rows.length === limit
  })
