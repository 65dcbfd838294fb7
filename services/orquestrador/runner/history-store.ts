/** The SQL that archives the histories of purchases that ended long ago. */
import type { Queryable } from '#platform/database/database'

/**
 * Moves the histories of up to `limit` final purchases that began before `before`, oldest first from `after` on, and returns
 * the ids of those purchases. An id begins with its time, so the key finds them. Rows that another replica has locked are
 * skipped, because that replica is moving them.
 */
export const archiveHistories = (
  tx: Queryable,
  { after, before, limit }: { readonly after: string; readonly before: Date; readonly limit: number },
) =>
  tx.query<{ transaction_id: string }>(
    `with old as (
       select transaction_id from saga_history join sagas using (transaction_id)
       where transaction_id > $1 and transaction_id < (lpad(to_hex($2::bigint), 12, '0') || repeat('0', 20))::uuid
         and sagas.deadline is null and not needs_operator
       group by transaction_id order by transaction_id limit $3),
     own as (
       select transaction_id from sagas where transaction_id in (select transaction_id from old)
       order by transaction_id for update skip locked),
     moved as (
       delete from saga_history using own where saga_history.transaction_id = own.transaction_id returning saga_history.*),
     kept as (
       insert into saga_history_archive (transaction_id, lines)
       select transaction_id, json_agg(json_build_object('id', id, 'at', at, 'step', step, 'status', status, 'what', what,
         'attempt', attempt, 'reason', reason) order by id)
       from moved group by transaction_id
       on conflict (transaction_id) do update
         set lines = (saga_history_archive.lines::jsonb || excluded.lines::jsonb)::json) -- it was redone since
     select transaction_id from old order by transaction_id`,
    [after, before.getTime(), limit],
  )
