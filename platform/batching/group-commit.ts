/**
 * Group commit: items that arrive while a flush is under way go into the next one together. So the cost per item falls as
 * load grows, and a lone item never waits for company.
 */
import { isUnavailable } from '../database/pg-errors.ts'
import { type Context, contextNow, together } from '../tracing.ts'
import type { Turns } from './turns.ts'

export interface GroupCommit<Item, Result> {
  /** Resolves or rejects when the flush that took the item has. */
  submit(item: Item): Promise<Result>
  /** Resolves when nothing is waiting or under way. */
  idle(): Promise<void>
}

interface Waiting<Item, Result> {
  readonly item: Item
  /** The trace that the item is part of. */
  readonly within: Context | undefined
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

export interface GroupCommitOptions {
  /** Name in traces of a flush for several items. */
  readonly name?: string
  /** The most items of one flush. */
  readonly limit?: number
  /** The most flushes under way at once; a further one begins only when COMPANY items wait for it. */
  readonly lanes?: number
  /** For flushes that are transactions: they take turns with the process's other batches. */
  readonly turns?: Turns | undefined
  /** Whether to retry the items one by one after this error. Default: yes, unless the database was unreachable. */
  readonly mayFailAlone?: (error: unknown) => boolean
}

/** With this many items waiting, another flush beside the one under way is worth its cost. */
const COMPANY = 24

/**
 * `flush` gets up to `limit` items and returns one result for each, in their order. When it throws for more than one
 * item, each is flushed again by itself, so that a bad item fails alone.
 */
export function groupCommit<Item, Result>(
  flush: (items: readonly Item[]) => Promise<readonly Result[]>,
  {
    name = 'batch',
    limit = 128,
    lanes = 1,
    turns,
    mayFailAlone = (error) => !isUnavailable(error),
  }: GroupCommitOptions = {},
): GroupCommit<Item, Result> {
  let waiting: Waiting<Item, Result>[] = []
  const running = new Set<Promise<void>>()

  function openLane() {
    const lane: Promise<void> = drain(() => running.delete(lane))
    running.add(lane)
  }

  async function drain(done: () => void) {
    await Promise.resolve() // so that items submitted in this same turn of the event loop come along
    while (waiting.length > 0) {
      await turns?.begin(() => waiting.length)
      const batch = waiting.slice(0, limit)
      waiting = waiting.slice(limit)
      if (batch.length > 0) await settle(batch) // another lane may have taken all items while this one waited for its turn
      turns?.end()
    }
    done()
  }

  async function settle(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const contexts = batch.map(({ within }) => within)
      const results = await together(name, contexts, () => flush(batch.map(({ item }) => item)))
      batch.forEach(({ resolve }, index) => {
        resolve(results[index] as Result)
      })
    } catch (error) {
      if (batch.length > 1 && mayFailAlone(error)) for (const one of batch) await settle([one])
      else for (const { reject } of batch) reject(error)
    }
  }

  return {
    submit: (item) =>
      new Promise((resolve, reject) => {
        waiting.push({ item, within: contextNow(), resolve, reject })
        if (running.size === 0 || (running.size < lanes && waiting.length >= COMPANY)) openLane()
        turns?.grown()
      }),
    async idle() {
      while (running.size > 0) await Promise.all(running)
    },
  }
}
