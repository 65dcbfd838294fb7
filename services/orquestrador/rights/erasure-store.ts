/** The SQL that removes people's data from purchases. */
import type { Tx } from '#platform/database/database'

/** Replaces a text that somebody typed. */
const ERASED = 'erased'

/** The reason of a cancellation is the only text that people themselves write into a purchase. */
export async function eraseReasons(tx: Tx, customer_ids: readonly number[]): Promise<void> {
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

/** Everything about these people's purchases. */
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
  await tx.query(`delete from sagas where transaction_id = any($1::uuid[])`, transactions)
}
