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
export const systemIds: Ids = { uuid: () => v7() }
