/** The SQL that tells how long each step takes. */
import type { Queryable } from '#platform/database/database'

export interface StepTime {
  readonly step: string
  readonly times: number
  readonly median_seconds: number
  readonly p95_seconds: number
}

/** Lines of the newest purchases and returns that are looked at: an id begins with its time, so the key finds them. */
const LINES = 5_000

/** From one line of a history to the next; the last line of each has no end yet, and is none. */
export const stepTimes = (tx: Queryable): Promise<StepTime[]> =>
  tx.query<StepTime>(
    `with newest as (
       select transaction_id, id, at, step from saga_history order by transaction_id desc, id desc limit ${LINES}),
     steps as (
       select step, extract(epoch from lead(at) over (partition by transaction_id order by id) - at)::float8 as seconds
       from newest)
     select step, count(*)::int as times, percentile_cont(0.5) within group (order by seconds) as median_seconds,
       percentile_cont(0.95) within group (order by seconds) as p95_seconds
     from steps where seconds is not null group by step order by step`,
  )
