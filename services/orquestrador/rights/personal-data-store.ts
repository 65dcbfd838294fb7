/** The SQL of the data held here about one person. */
import type { Queryable } from '#platform/database/database'
import { RETURN_COLUMNS, type StoredReturn } from '../returns/return-store.ts'
import { SAGA_COLUMNS, type StoredSaga } from '../runner/saga-store.ts'

export const sagasOf = (tx: Queryable, customer_id: number) =>
  tx.query<StoredSaga>(`select ${SAGA_COLUMNS} from sagas where customer_id = $1 order by transaction_id`, [
    customer_id,
  ])

export const returnsOf = (tx: Queryable, customer_id: number) =>
  tx.query<StoredReturn>(`select ${RETURN_COLUMNS} from purchase_returns where customer_id = $1 order by return_id`, [
    customer_id,
  ])

/** Purchases that wait for an operator count too. */
export async function hasUnfinished(tx: Queryable, customer_id: number): Promise<boolean> {
  const found = await tx.query(
    `select from sagas where customer_id = $1
       and status not in ('COMPLETED', 'FAILED', 'FAILED_COMPENSATED', 'CANCELLED') limit 1`,
    [customer_id],
  )
  return found.length > 0
}

/** Where webhooks about these purchases were sent, whatever the outcome: once sent, they may have been read. */
export const toldOf = (tx: Queryable, transaction_ids: readonly string[]) =>
  tx.query<{ transaction_id: string; type: string; url: string; at: Date }>(
    `select d.transaction_id, d.type, s.url, coalesce(d.finished_at, d.created_at) as at
     from webhook_deliveries d join webhook_subscriptions s on s.id = d.subscription_id
     where d.transaction_id = any($1::uuid[]) and d.attempts > 0 order by d.id`,
    [transaction_ids],
  )
