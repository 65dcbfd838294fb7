/** The SQL that removes people's data from purchases. */
import type { Tx } from '#platform/database/database'

/** Stands in the place of a text that somebody typed. */
const ERASED = 'erased'

/** Texts that people typed: why a purchase was cancelled or returned, and what staff found at the return. */
export async function eraseReasons(tx: Tx, customer_ids: readonly number[]): Promise<void> {
  await tx.query(
    `update purchase_returns set reason = case when reason is not null then $2 end, notes = case when notes is not null then $2 end
     where customer_id = any($1::bigint[]) and (reason is not null or notes is not null)`,
    [customer_ids, ERASED],
  )
  const sagas = await tx.query<{ transaction_id: string }>(
    `select transaction_id from sagas where customer_id = any($1::bigint[]) order by transaction_id for update`,
    [customer_ids],
  )
  const transactions = sagas.map(({ transaction_id }) => transaction_id)
  await tx.query(
    `update saga_history set reason = $2 from sagas
     where sagas.transaction_id = any($1::uuid[]) and unwinding ->> 'because' = 'cancellation'
       and saga_history.transaction_id = sagas.transaction_id and saga_history.reason = unwinding ->> 'reason'`,
    [transactions, ERASED],
  )
  await tx.query(
    `update saga_history_archive set lines = (
       select json_agg(case when line ->> 'reason' = unwinding ->> 'reason'
         then jsonb_set(line, '{reason}', to_jsonb($2::text)) else line end order by place)
       from jsonb_array_elements(lines::jsonb) with ordinality as t(line, place))
     from sagas
     where sagas.transaction_id = any($1::uuid[]) and unwinding ->> 'because' = 'cancellation'
       and saga_history_archive.transaction_id = sagas.transaction_id`,
    [transactions, ERASED],
  )
  await tx.query(
    `update sagas set unwinding = jsonb_set(unwinding::jsonb, '{reason}', to_jsonb($2::text))::json,
       updated_at = clock_timestamp() -- so that no process holds on to what it remembers
     where transaction_id = any($1::uuid[]) and unwinding ->> 'because' = 'cancellation'`,
    [transactions, ERASED],
  )
}

/** Everything about these people's purchases and their returns. */
export async function erasePurchases(tx: Tx, customer_ids: readonly number[]): Promise<void> {
  const sagas = await tx.query<{ transaction_id: string }>(
    `select transaction_id from sagas where customer_id = any($1::bigint[]) and deadline is null
     order by transaction_id for update`,
    [customer_ids],
  )
  const transactions = [sagas.map(({ transaction_id }) => transaction_id)]
  await tx.query(`delete from webhook_deliveries where transaction_id = any($1::uuid[])`, transactions)
  await tx.query(`delete from saga_history where transaction_id = any($1::uuid[])`, transactions)
  await tx.query(`delete from saga_history_archive where transaction_id = any($1::uuid[])`, transactions)
  await tx.query(
    `delete from purchase_returns where return_id = any($1::uuid[]) or purchase_id = any($1::uuid[])`,
    transactions,
  )
  await tx.query(`delete from sagas where transaction_id = any($1::uuid[])`, transactions)
}
