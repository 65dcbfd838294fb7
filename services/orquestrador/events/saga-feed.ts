/**
 * The followers of sagas in this process. All followers of a saga share one reading of its history. The runner of this process
 * reports at once which sagas have moved. Those that another replica moves are found by looking every second while somebody
 * follows: one statement for all, by key. NOTIFY would be half a second quicker, but its sender cannot know whether anybody
 * listens, and every transaction would pay for it (20,400 inserts a second became 4,350).
 */
import type { Database } from '#platform/database/database'
import type { ShowCodes, ShownSaga } from '../purchases/pickup-codes.ts'
import { findSagas, type HistoryLine, readNewLines } from './feed-store.ts'

/** Gets the whole history so far, at once if it is known, and again each time it grows. */
export type Follower = (saga: ShownSaga, history: readonly HistoryLine[]) => void

export interface SagaFeed extends AsyncDisposable {
  /** Returns a function that stops following. */
  follow(transaction_id: string, follower: Follower): () => void
  /** Cheap when nobody follows that saga: one look into a Map. */
  moved(transaction_id: string): void
}

interface Followed {
  readonly transaction_id: string
  readonly followers: Set<Follower>
  history: readonly HistoryLine[]
  saga: ShownSaga | undefined
}

const LOOK_EVERY_MS = 1_000

export function sagaFeed(
  database: Database,
  show: ShowCodes,
  onError: (error: unknown) => void,
  { lookEveryMs = LOOK_EVERY_MS }: { readonly lookEveryMs?: number } = {},
): SagaFeed {
  const followed = new Map<string, Followed>()
  let stale = new Set<Followed>()
  let reading: Promise<void> | undefined
  let looking: NodeJS.Timeout | undefined
  let stopped = false

  function readSoon() {
    if (!stopped && stale.size > 0) reading ??= readStale()
  }

  async function readStale() {
    await Promise.resolve() // so that all sagas that moved in this turn are read together
    try {
      while (stale.size > 0 && !stopped) {
        const asked = [...stale]
        stale = new Set()
        await tellNews(database, show, asked)
      }
    } catch (error) {
      onError(error) // the next look reads them
    }
    reading = undefined
  }

  function lookAtAll() {
    for (const one of followed.values()) stale.add(one)
    readSoon()
  }

  function leave(one: Followed, follower: Follower) {
    one.followers.delete(follower)
    if (one.followers.size > 0 || followed.get(one.transaction_id) !== one) return
    followed.delete(one.transaction_id)
    stale.delete(one)
    if (followed.size > 0) return
    clearInterval(looking)
    looking = undefined
  }

  return {
    follow(transaction_id, follower) {
      const one = followed.get(transaction_id) ?? {
        transaction_id,
        followers: new Set<Follower>(),
        history: [],
        saga: undefined,
      }
      followed.set(transaction_id, one)
      one.followers.add(follower)
      looking ??= setInterval(lookAtAll, lookEveryMs)
      if (one.saga) follower(one.saga, one.history)
      else {
        stale.add(one)
        readSoon()
      }
      return () => leave(one, follower)
    },
    moved(transaction_id) {
      const one = followed.get(transaction_id)
      if (!one) return
      stale.add(one)
      readSoon()
    },
    async [Symbol.asyncDispose]() {
      stopped = true
      clearInterval(looking)
      followed.clear()
      await reading
    },
  }
}

/** Reads the news of each saga, and tells its followers. */
async function tellNews(database: Database, show: ShowCodes, asked: readonly Followed[]): Promise<void> {
  const lines = await readNewLines(
    database,
    asked.map(({ transaction_id, history }) => ({ transaction_id, after: history.at(-1)?.id ?? 0 })),
  )
  const grown = Map.groupBy(lines, ({ transaction_id }) => transaction_id)
  if (grown.size === 0) return
  const sagas = new Map(
    (await show(await findSagas(database, [...grown.keys()]))).map((saga) => [saga.transaction_id, saga]),
  )
  for (const one of asked) {
    const news = grown.get(one.transaction_id)
    const saga = sagas.get(one.transaction_id)
    if (!news || !saga) continue
    one.history = [...one.history, ...news]
    one.saga = saga
    for (const follower of one.followers) follower(saga, one.history)
  }
}
