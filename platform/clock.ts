/** Time and ids come in from outside, so that a run can be replayed. */
import { v7 } from 'uuid'

export interface Clock {
  now(): Date
}

export interface Ids {
  /** A UUID v7 (RFC 9562): unique, and sorted by the time it was made. */
  uuid(): string
}

export const systemClock: Clock = { now: () => new Date() }
let millisecond = 0
let sequence = 0

export const systemIds: Ids = {
  uuid() {
    const random = randomBytes16()
    const now = Date.now()
    sequence = now > millisecond ? (random[0] ?? 0) << 16 : sequence + 1 // ids of one millisecond are sorted, too
    millisecond = Math.max(now, millisecond)
    return v7({ random, msecs: millisecond, seq: sequence })
  },
}

const pool = new Uint8Array(4_096)
let used = pool.length

/** Random bytes are fetched for many ids at once: fetched for each id, they took 3 % of a busy process's time. */
function randomBytes16(): Uint8Array {
  if (used === pool.length) {
    crypto.getRandomValues(pool)
    used = 0
  }
  used += 16
  return pool.slice(used - 16, used)
}
