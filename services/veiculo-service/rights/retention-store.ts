/** The SQL of data about vehicles that is kept for a time only. */
import type { Queryable } from '#platform/database/database'

/** For vehicles that were handed over before then, at most `limit` of them; returns how many. */
export async function forgetReceivers(tx: Queryable, before: Date, limit: number): Promise<number> {
  const forgotten = await tx.query(
    `with forgotten as (update vehicle_handovers set proof = null where proof is not null and at < $1)
     update vehicles set received_by = null where id in (
       select id from vehicles where received_by is not null and picked_up_at < $1
       order by picked_up_at limit $2 for update skip locked)
     returning id`,
    [before, limit],
  )
  return forgotten.length
}
