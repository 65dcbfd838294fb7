/**
 * How often each of many keys may come: the generic cell rate algorithm (ITU-T I.371), one number a key. A quiet key may come
 * `limit` times at once, then `limit` times a minute, evenly. Memory is bounded: when there are too many keys, the one that
 * came least recently is forgotten.
 */
export interface Standing {
  readonly allowed: boolean
  /** Times a minute. */
  readonly limit: number
  /** How many more may come now. */
  readonly remaining: number
  /** Whole seconds until all of `limit` may come again. */
  readonly resetSeconds: number
  /** Whole seconds until one more may come, at least 1. */
  readonly retryAfterSeconds: number
}

export interface Pace {
  /** Counts one, or its cost, unless that is too much. `now`: milliseconds. Undefined when there is no limit. */
  take(key: string, now: number, factor?: number, cost?: number): Standing | undefined
  /** The same, without counting. */
  look(key: string, now: number, factor?: number): Standing | undefined
}

const MINUTE_MS = 60_000
/** Some 10 MB. */
const ROOM = 50_000

/** `perMinute` 0: no limit. */
export function paceOf(perMinute: number, room = ROOM): Pace {
  /** When each key will be quiet again, in the order in which the keys last came. */
  const free = new Map<string, number>()

  function judge(key: string, now: number, factor: number, cost: number): Standing | undefined {
    if (perMinute === 0) return undefined
    const limit = perMinute * factor
    const each = MINUTE_MS / limit
    const until = Math.max(free.get(key) ?? 0, now)
    const wanted = each * Math.min(Math.max(cost, 1), limit) // a request that costs more than a minute's worth could never pass
    const allowed = until + wanted - now <= MINUTE_MS + each / 1_000 // allows for rounding in sums of fractions
    const after = allowed && cost > 0 ? until + wanted : until
    if (allowed && cost > 0) keep(key, after)
    return {
      allowed,
      limit,
      remaining: Math.max(0, Math.floor((MINUTE_MS - (after - now)) / each + 1 / 1_000)),
      resetSeconds: Math.ceil((after - now) / 1_000),
      retryAfterSeconds: Math.max(1, Math.ceil((until + wanted - now - MINUTE_MS) / 1_000)),
    }
  }

  function keep(key: string, until: number) {
    free.delete(key) // set again at the end of the order
    free.set(key, until)
    if (free.size <= room) return
    const [oldest] = free.keys()
    if (oldest !== undefined) free.delete(oldest)
  }

  return {
    take: (key, now, factor = 1, cost = 1) => judge(key, now, factor, cost),
    look: (key, now, factor = 1) => judge(key, now, factor, 0),
  }
}
