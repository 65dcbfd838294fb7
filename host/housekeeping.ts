/** Removes rows that have served their time, in small batches: a table that grows for ever slows everything else. */
import { setTimeout as pause } from 'node:timers/promises'
import { type Alarm, startAlarm } from '#platform/alarm'
import type { Clock } from '#platform/clock'
import type { Queryable } from '#platform/database/database'

/** Rows of one kind that are old enough to go, oldest first. */
export interface Chore {
  readonly what: string
  /** Milliseconds. */
  readonly keepForMs: number
  /** Rows at a time; absent: a thousand. */
  readonly batch?: number
  /** Removes up to `limit` rows older than `before`, and returns how many. Rows that another replica is removing are skipped. */
  readonly remove: (database: Queryable, before: Date, limit: number) => Promise<number>
}

const HOUR_MS = 3_600_000
const BATCH = 1_000
/** Milliseconds between two batches: purchases go first. */
const BREATHER_MS = 20

/** An answer under an Idempotency-Key is promised for a day. For a year it may matter who settled a dead letter. */
const CHORES: readonly Chore[] = [
  {
    what: 'idempotency keys',
    keepForMs: 48 * HOUR_MS,
    remove: (database, before, limit) =>
      removed(
        database,
        `delete from idempotency_keys where (scope, key) in (
           select scope, key from idempotency_keys where at < $1 order by at limit $2 for update skip locked)
         returning 1 as removed`,
        [before, limit],
      ),
  },
  {
    what: 'settled dead letters',
    keepForMs: 365 * 24 * HOUR_MS,
    remove: (database, before, limit) =>
      removed(
        database,
        `delete from dead_letters where id in (
           select id from dead_letters where settled_at < $1 order by settled_at limit $2 for update skip locked)
         returning 1 as removed`,
        [before, limit],
      ),
  },
]

const removed = async (database: Queryable, text: string, values: readonly unknown[]) =>
  (await database.query(text, values)).length

export interface HousekeepingParts {
  readonly database: Queryable
  readonly clock: Clock
  /** The service's own chores, beside those of every service. */
  readonly chores?: readonly Chore[] | undefined
  readonly onError: (error: unknown) => void
}

/** At once, and then every hour. */
export function startHousekeeping(parts: HousekeepingParts): Alarm {
  const { clock, onError } = parts
  const stopping = new AbortController()
  let next = clock.now()
  const alarm = startAlarm(
    async () => {
      if (clock.now() < next) return next // an alarm may ring before its time
      await tidyUp(parts, stopping.signal)
      next = new Date(clock.now().getTime() + HOUR_MS)
      return next
    },
    onError,
    60_000,
  )
  return {
    expect: alarm.expect,
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await alarm[Symbol.asyncDispose]()
    },
  }
}

/** Returns how many rows were removed, by kind. When a chore fails, the others are still done; then this rejects. */
export async function tidyUp(
  { database, clock, chores = [] }: Omit<HousekeepingParts, 'onError'>,
  signal?: AbortSignal,
): Promise<Readonly<Record<string, number>>> {
  const gone: Record<string, number> = {}
  const failures: unknown[] = []
  for (const { what, keepForMs, remove, batch = BATCH } of [...CHORES, ...chores]) {
    const before = new Date(clock.now().getTime() - keepForMs)
    let all = 0
    try {
      for (let count = batch; count === batch && !signal?.aborted; ) {
        count = await remove(database, before, batch)
        all += count
        await pause(BREATHER_MS, undefined, { ref: false })
      }
    } catch (error) {
      failures.push(error)
    }
    gone[what] = all
  }
  if (failures.length > 0) throw failures[0]
  return gone
}
