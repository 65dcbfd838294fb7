/** The SQL of approvals whose deciders were told. */
import type { Queryable, Tx } from '#platform/database/database'

/** Takes those of the ids that nobody was told of, and marks them as told. Of two processes at once, only one gets each. */
export async function takeUntold(tx: Tx, approval_ids: readonly string[], now: Date): Promise<string[]> {
  const rows = await tx.query<{ approval_id: string }>(
    `insert into approvals_told (approval_id, at) select distinct id, $2::timestamptz from unnest($1::uuid[]) as id order by 1
     on conflict do nothing returning approval_id`,
    [approval_ids, now],
  )
  return rows.map(({ approval_id }) => approval_id)
}

/** A chore. */
export const forgetTold = async (database: Queryable, before: Date, limit: number): Promise<number> =>
  (
    await database.query(
      `delete from approvals_told where approval_id in (
         select approval_id from approvals_told where at < $1 order by at limit $2 for update skip locked)
       returning 1 as removed`,
      [before, limit],
    )
  ).length
