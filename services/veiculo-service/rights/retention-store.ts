/** The SQL of what is known of vehicles for a time only. */
import type { Queryable } from '#platform/database/database'

/** Of vehicles that were handed over before then, so many at the most; returns of how many. */
export async function forgetReceivers(tx: Queryable, before: Date, limit: number): Promise<number> {
  const forgotten = await tx.query(
    `update vehicles set received_by = null where id in (
       select id from vehicles where received_by is not null and picked_up_at < $1
       order by picked_up_at limit $2 for update skip locked)
     returning id`,
    [before, limit],
  )
  return forgotten.length
}
