/**
 * Group commit: what arrives while a flush is under way goes into the next one together, so the cost per item falls
 * as load grows, and a lone item never waits for company.
 */
import { isUnavailable } from './database.ts'

export interface GroupCommit<Item, Result> {
  /** Resolves or rejects when the flush that took the item has. */
  submit(item: Item): Promise<Result>
  /** Resolves when nothing is waiting or under way. */
  idle(): Promise<void>
}

interface Waiting<Item, Result> {
  readonly item: Item
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

/**
 * `flush` gets up to `limit` items and returns one result for each, in their order. When it throws for more than one
 * item, each is flushed again by itself, so that a bad item fails alone.
 */
export function groupCommit<Item, Result>(
  flush: (items: readonly Item[]) => Promise<readonly Result[]>,
  limit = 128,
): GroupCommit<Item, Result> {
  let waiting: Waiting<Item, Result>[] = []
  let running: Promise<void> | undefined

  async function drain() {
    await Promise.resolve() // what is submitted in this same turn of the event loop comes along
    while (waiting.length > 0) {
      const batch = waiting.slice(0, limit)
      waiting = waiting.slice(limit)
      await settle(batch)
    }
    running = undefined
  }

  async function settle(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await flush(batch.map(({ item }) => item))
      batch.forEach(({ resolve }, index) => {
        resolve(results[index] as Result)
      })
    } catch (error) {
      if (batch.length > 1 && !isUnavailable(error)) for (const one of batch) await settle([one])
      else for (const { reject } of batch) reject(error)
    }
  }

  return {
    submit: (item) =>
      new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject })
        running ??= drain()
      }),
    idle: async () => running,
  }
}
