/** The SQL of event streams: the new lines of many histories at once, and the sagas they belong to. */
import type { Queryable } from '#platform/database/database'
import type { HistoryEntry, StoredSaga } from '../runner/saga-store.ts'
import { SAGA_COLUMNS } from '../runner/saga-store.ts'

/** `id` rises along a saga's history, because its changes are committed one by one under the lock of its row. */
export interface HistoryLine extends Omit<HistoryEntry, 'reason'> {
  readonly id: number
  readonly reason: string | null
}

export interface Seen {
  readonly transaction_id: string
  /** The id of the last line that is known, 0 when none is. */
  readonly after: number
}

/** The lines after those already seen, oldest first. */
export const readNewLines = (tx: Queryable, seen: readonly Seen[]) =>
  tx.query<HistoryLine>(
    `select h.id, h.transaction_id, h.at, h.step, h.status, h.what, h.attempt, h.reason
     from unnest($1::uuid[], $2::bigint[]) as seen(transaction_id, after)
     join saga_history_whole h on h.transaction_id = seen.transaction_id and h.id > seen.after order by h.id`,
    [seen.map(({ transaction_id }) => transaction_id), seen.map(({ after }) => after)],
  )

export const findSagas = (tx: Queryable, transaction_ids: readonly string[]) =>
  tx.query<StoredSaga>(`select ${SAGA_COLUMNS} from sagas where transaction_id = any($1::uuid[])`, [transaction_ids])
