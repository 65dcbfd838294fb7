/**
 * How replicas share what a dead one left in their common outbox: a sweep claims rows by locking them, publishes and removes
 * them. The locks are the claim: they end with the transaction, or with the process that holds them.
 */
import type { Database } from '#platform/database/database'
import { claimUnsent, type OutboxRow, removeSent } from './outbox.ts'

export interface TakeOver {
  readonly ageMs: number
  /** Most rows of one claim. */
  readonly limit: number
  /** Rows that are published by this process already. */
  readonly except: () => readonly string[]
  readonly publish: (messages: OutboxRow['messages']) => Promise<unknown>
  /** Told why the bus took none of a row's messages; such a row stays. */
  readonly onRefused: (error: unknown) => void
  readonly isOver: () => boolean
}

/** Until nothing more can be claimed, the bus refuses, or `isOver`. */
export async function takeOver(database: Database, parts: TakeOver): Promise<void> {
  for (let more = true; more && !parts.isOver(); ) more = await takeOnce(database, parts)
}

/** Whether there may be more to claim at once: as many rows as were asked for were found, and the bus took them all. */
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
