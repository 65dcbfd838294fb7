/**
 * A unit of work: one local transaction whose changes and outgoing messages commit together, after which the
 * messages go straight to the relay.
 */
import type { Message } from '#contracts'
import type { Clock, Ids } from '#platform/clock'
import type { Database, Tx } from '#platform/database/database'
import { type OutboxRow, type Outgoing, stamp, writeOutbox } from './outbox.ts'

/** Runs `work` in a transaction; what it passes to `send` is written to the outbox before the commit. */
export type UnitOfWork = <T>(work: (tx: Tx, send: Send) => Promise<T>) => Promise<T>

export type Send = (...messages: readonly Outgoing[]) => void

export interface Committed {
  /** Told of each transaction's messages right after its commit. */
  committed(rows: readonly OutboxRow[]): void
  /** Told when a transaction failed: it may have committed without our knowing, so the outbox is worth a look. */
  doubtful(): void
}

export function unitOfWork(
  database: Database,
  relay: Committed,
  { ids, clock }: { ids: Ids; clock: Clock },
): UnitOfWork {
  return async (work) => {
    const messages: Message[] = []
    const id = ids.uuid()
    let result: Awaited<ReturnType<typeof work>>
    try {
      result = await database.transaction(async (tx) => {
        const done = await work(tx, (...outgoing) => {
          for (const one of outgoing) messages.push(stamp(one, ids, clock))
        })
        if (messages.length > 0) writeOutbox(tx, id, messages)
        return done
      })
    } catch (error) {
      if (messages.length > 0) relay.doubtful()
      throw error
    }
    if (messages.length > 0) relay.committed([{ id, messages }])
    return result
  }
}
