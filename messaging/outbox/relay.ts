/**
 * Takes committed messages from one service's outbox to the bus, and removes their rows once the bus has taken over. A row is
 *
 * - under way, when its transaction has just handed it over: the bus is asked to take its messages, and nothing is read back;
 * - sent, when the bus has them: it waits a moment to be removed together with others (sent-rows.ts), and is gone;
 * - left behind, when its process died, its commit's answer was lost, the bus refused, or it could not be removed.
 *
 * A sweep (sweeps.ts) looks for rows that were left behind. In a process that has the outbox to itself it puts them under way
 * again. Many replicas may share an outbox: then a sweep claims what it finds (take-over.ts), and replicas tell each other that
 * there is something to find (outbox-news.ts). So a message may be published more than once, and is never lost.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { Database } from '#platform/database/database'
import { detached } from '#platform/tracing'
import type { Bus } from '../bus.ts'
import { isAnythingUnsent, type OutboxRow, readUnsent } from './outbox.ts'
import { type OutboxNews, outboxNews } from './outbox-news.ts'
import { sentRows } from './sent-rows.ts'
import { sweeps } from './sweeps.ts'
import { takeOver } from './take-over.ts'
import type { Committed } from './unit-of-work.ts'

export interface Relay extends Committed, AsyncDisposable {
  /** Publishes what an earlier run, or another replica, left behind. */
  start(): Promise<void>
}

const SWEEP_BATCH = 1_000
/** A row younger than this may belong to a transaction that is just handing it over. */
const DOUBTFUL_AFTER_MS = 5_000
/** Among replicas a copy does no harm, and a dead one's purchases wait. */
const TAKEN_OVER_AFTER_MS = 2_000
const SWEEP_EVERY_MS = 30_000
/** How long a stop waits for the bus to take what is under way; the rest is another replica's, or the next start's. */
const FLUSH_PATIENCE_MS = 4_000

/** `sharedAt` is the database's URL when other processes run the same service. */
export function relay(database: Database, bus: Bus, onError: (error: unknown) => void, sharedAt?: string): Relay {
  const underWay = new Map<string, Promise<void>>()
  const sweep = sweeps(sharedAt ? sweepShared : sweepAlone, DOUBTFUL_AFTER_MS, (error) => {
    onError(error)
    if (sharedAt) sweep.soon(TAKEN_OVER_AFTER_MS)
  })
  const sent = sentRows(database, (error) => {
    onError(error)
    doubtful()
  })
  let news: OutboxNews | undefined
  let lastFault: unknown

  const publishAll = (messages: OutboxRow['messages']) => Promise.all(messages.map((message) => bus.publish(message)))

  async function publish({ id, messages }: OutboxRow) {
    try {
      await publishAll(messages)
      sent.add(id)
    } catch (error) {
      if (error !== lastFault) onError(error) // one request to the bus fails for all that it carried
      lastFault = error // the row is left behind: a later sweep takes it up
      if (sharedAt) sweep.soon(TAKEN_OVER_AFTER_MS)
    } finally {
      underWay.delete(id)
    }
  }

  function committed(rows: readonly OutboxRow[]) {
    for (const row of rows)
      if (!underWay.has(row.id))
        underWay.set(
          row.id,
          detached(() => publish(row)),
        )
    news?.announce()
  }

  function doubtful() {
    sweep.soon(sharedAt ? TAKEN_OVER_AFTER_MS : DOUBTFUL_AFTER_MS + 1_000)
  }

  async function sweepAlone(ageMs: number) {
    committed(await readUnsent(database, ageMs, SWEEP_BATCH + underWay.size))
  }

  async function sweepShared() {
    await takeOver(database, {
      ageMs: TAKEN_OVER_AFTER_MS,
      limit: SWEEP_BATCH,
      except: () => [...underWay.keys()],
      publish: publishAll,
      onRefused: onError,
      isOver: () => sweep.areStopped,
    })
    if (await isAnythingUnsent(database)) sweep.soon(TAKEN_OVER_AFTER_MS)
  }

  return {
    committed,
    doubtful,
    async start() {
      if (sharedAt) news = outboxNews(sharedAt, () => sweep.soon(TAKEN_OVER_AFTER_MS), onError)
      sweep.every(SWEEP_EVERY_MS)
      await sweep.now(0)
    },
    async [Symbol.asyncDispose]() {
      const swept = sweep.stop()
      await news?.[Symbol.asyncDispose]()
      await swept
      if (sharedAt && underWay.size > 0)
        await Promise.race([Promise.all(underWay.values()), pause(FLUSH_PATIENCE_MS, undefined, { ref: false })])
      await sent.removeNow()
    },
  }
}
