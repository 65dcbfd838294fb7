/**
 * Takes committed messages from one service's outbox to the bus and removes them once the bus has taken over. In the
 * common case a message goes from its transaction straight to the bus and is never read back; rows left by a crash,
 * or by a commit whose answer was lost, are found by a sweep.
 */
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/database'
import type { Bus } from './bus.ts'
import { type OutboxRow, readUnsent, removeSent } from './outbox.ts'
import type { Committed } from './unit-of-work.ts'

export interface Relay extends Committed, AsyncDisposable {
  /** Publishes what an earlier run left behind. */
  start(): Promise<void>
}

const SWEEP_BATCH = 1_000
/** A row younger than this may belong to a transaction that is just handing it over. */
const DOUBTFUL_AFTER = 5_000
const SWEEP_EVERY = 30_000
const REMOVE_AFTER = 50

export function relay(database: Database, bus: Bus, clock: Clock, onError: (error: unknown) => void): Relay {
  const underWay = new Map<number, Promise<void>>()
  let handled: number[] = []
  let removal: NodeJS.Timeout | undefined
  let sweeper: NodeJS.Timeout | undefined
  let soon: NodeJS.Timeout | undefined
  let sweeping: Promise<void> | undefined

  async function publish({ id, message }: OutboxRow) {
    try {
      await bus.publish(message)
      handled.push(id)
      removal ??= setTimeout(() => void removeHandled(), REMOVE_AFTER)
    } catch (error) {
      onError(error) // the row is still there: a later sweep takes it up
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
      if (ids.length > 0) await database.transaction((tx) => removeSent(tx, ids))
    } catch (error) {
      onError(error) // they are published again after the next start, which does no harm
    }
  }

  function committed(rows: readonly OutboxRow[]) {
    for (const row of rows) if (!underWay.has(row.id)) underWay.set(row.id, publish(row))
  }

  async function sweepOnce(before: Date) {
    try {
      committed(await readUnsent(database, before, SWEEP_BATCH + underWay.size))
    } catch (error) {
      onError(error)
    } finally {
      sweeping = undefined
    }
  }

  function sweep(before = new Date(clock.now().getTime() - DOUBTFUL_AFTER)) {
    sweeping ??= sweepOnce(before)
    return sweeping
  }

  return {
    committed,
    doubtful() {
      soon ??= setTimeout(() => {
        soon = undefined
        void sweep()
      }, DOUBTFUL_AFTER + 1_000)
    },
    async start() {
      sweeper = setInterval(() => void sweep(), SWEEP_EVERY)
      await sweep(new Date(clock.now().getTime() + 60_000))
    },
    async [Symbol.asyncDispose]() {
      clearInterval(sweeper)
      clearTimeout(soon)
      await sweeping
      await removeHandled()
    },
  }
}
