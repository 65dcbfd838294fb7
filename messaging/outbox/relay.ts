/**
 * Takes committed messages from one service's outbox to the bus and removes them once the bus has taken over. In the
 * common case a message goes from its transaction straight to the bus and is never read back; rows left by a crash,
 * or by a commit whose answer was lost, are found by a sweep. Many replicas may share an outbox: then what a sweep finds is
 * claimed, and the replicas tell each other when there is something to find.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { Database } from '#platform/database/database'
import type { Bus } from '../bus.ts'
import { claimUnsent, isAnythingUnsent, type OutboxRow, readUnsent, removeSent } from './outbox.ts'
import { type OutboxNews, outboxNews } from './outbox-news.ts'
import type { Committed } from './unit-of-work.ts'

export interface Relay extends Committed, AsyncDisposable {
  /** Publishes what an earlier run, or another replica, left behind. */
  start(): Promise<void>
}

const SWEEP_BATCH = 1_000
/** A row younger than this may belong to a transaction that is just handing it over. */
const DOUBTFUL_AFTER = 5_000
/** Among replicas a copy does no harm, and a dead one's purchases wait. */
const TAKEN_OVER_AFTER = 2_000
const SWEEP_EVERY = 30_000
const REMOVE_AFTER = 100
/** How long a stop waits for the bus to take what is on its way; the rest is another replica's, or the next start's. */
const FLUSH_PATIENCE = 4_000

/** `sharedAt` is the database's URL when other processes run the same service. */
export function relay(database: Database, bus: Bus, onError: (error: unknown) => void, sharedAt?: string): Relay {
  const underWay = new Map<string, Promise<void>>()
  let handled: string[] = []
  let removal: NodeJS.Timeout | undefined
  let sweeper: NodeJS.Timeout | undefined
  let soon: NodeJS.Timeout | undefined
  let sweeping: Promise<void> | undefined
  let stopped = false
  let news: OutboxNews | undefined
  let lastFault: unknown

  const publishAll = (messages: OutboxRow['messages']) => Promise.all(messages.map((message) => bus.publish(message)))

  async function publish({ id, messages }: OutboxRow) {
    try {
      await publishAll(messages)
      handled.push(id)
      removal ??= setTimeout(() => void removeHandled(), REMOVE_AFTER)
    } catch (error) {
      if (error !== lastFault) onError(error) // one request to the bus fails for all that it carried
      lastFault = error // the row is still there: a later sweep takes it up
      if (sharedAt) sweepSoon(TAKEN_OVER_AFTER)
    } finally {
      underWay.delete(id)
    }
  }

  /** In one go, a little later: a row that stays for longer costs nothing, a transaction for each does. */
  async function removeHandled() {
    clearTimeout(removal)
    removal = undefined
    const ids = handled
    handled = []
    try {
      if (ids.length > 0) await removeSent(database, ids)
    } catch (error) {
      onError(error) // a sweep publishes them once more, which does no harm, and removes them
      doubtful()
    }
  }

  function committed(rows: readonly OutboxRow[]) {
    for (const row of rows) if (!underWay.has(row.id)) underWay.set(row.id, publish(row))
    news?.announce()
  }

  async function sweepOnce(age: number) {
    try {
      if (sharedAt) await takeOver()
      else committed(await readUnsent(database, age, SWEEP_BATCH + underWay.size))
    } catch (error) {
      onError(error)
      if (sharedAt) sweepSoon(TAKEN_OVER_AFTER)
    } finally {
      sweeping = undefined
    }
  }

  /** The locks are the claim: they end with the transaction, or with the process that holds them. */
  async function takeOver() {
    for (let claimed = SWEEP_BATCH; claimed === SWEEP_BATCH && !stopped; ) {
      claimed = await database.transaction(async (tx) => {
        const rows = await claimUnsent(tx, TAKEN_OVER_AFTER, [...underWay.keys()], SWEEP_BATCH)
        const published = await Promise.allSettled(rows.map(({ messages }) => publishAll(messages)))
        const refused = published.find(({ status }) => status === 'rejected')
        const sent = rows.filter((_row, index) => published[index]?.status === 'fulfilled').map(({ id }) => id)
        if (sent.length > 0) await removeSent(tx, sent)
        if (refused?.status === 'rejected') onError(refused.reason)
        return refused ? 0 : rows.length
      })
    }
    if (await isAnythingUnsent(database)) sweepSoon(TAKEN_OVER_AFTER)
  }

  function sweep(age = DOUBTFUL_AFTER) {
    sweeping ??= sweepOnce(age)
    return sweeping
  }

  function sweepSoon(delay: number) {
    if (stopped) return
    soon ??= setTimeout(() => {
      soon = undefined
      void sweep()
    }, delay)
  }

  function doubtful() {
    sweepSoon(sharedAt ? TAKEN_OVER_AFTER : DOUBTFUL_AFTER + 1_000)
  }

  return {
    committed,
    doubtful,
    async start() {
      if (sharedAt) news = outboxNews(sharedAt, () => sweepSoon(TAKEN_OVER_AFTER), onError)
      sweeper = setInterval(() => void sweep(), SWEEP_EVERY)
      await sweep(0)
    },
    async [Symbol.asyncDispose]() {
      stopped = true
      clearInterval(sweeper)
      clearTimeout(soon)
      await news?.[Symbol.asyncDispose]()
      await sweeping
      if (sharedAt && underWay.size > 0)
        await Promise.race([Promise.all(underWay.values()), pause(FLUSH_PATIENCE, undefined, { ref: false })])
      await removeHandled()
    },
  }
}
