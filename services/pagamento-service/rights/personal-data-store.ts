/** The SQL of the data held here about one person. */
import type { Queryable } from '#platform/database/database'
import type { StoredCode, StoredPayment } from '../charges/listing-store.ts'
import { OWED_COLUMNS, type OwedItem } from '../owed/owed-store.ts'
import type { StoredUnmatched } from '../receipts/unmatched-store.ts'

export const codesOf = (tx: Queryable, customer_id: number) =>
  tx.query<StoredCode>(
    `select id, code, transaction_id, customer_id, vehicle_id, amount_cents, payment_type, status, pix_copy_paste, txid,
       expires_at, held_cents, received_cents, created_at
     from payment_codes where customer_id = $1 order by id`,
    [customer_id],
  )

export const paymentsOf = (tx: Queryable, transaction_ids: readonly string[]) =>
  tx.query<StoredPayment>(
    `select id, payment_code, transaction_id, customer_id, vehicle_id, amount_cents, payment_type, payment_method, status,
       processed_at, end_to_end_id, refund_failures, refunded_at, paid_by, created_at
     from payments where transaction_id = any($1::uuid[]) order by id`,
    [transaction_ids],
  )

export const partsOf = (tx: Queryable, transaction_ids: readonly string[]) =>
  tx.query<StoredPayment>(
    `select id, payment_code, transaction_id, customer_id, vehicle_id, amount_cents, 'counter' as payment_type,
       method as payment_method, case when state = 'failed' then 'failed' when state in ('reversed', 'cancelled', 'refunded', 'owed')
         then 'refunded' else 'completed' end as status,
       coalesce(received_at, created_at) as processed_at, end_to_end_id, refund_failures, refunded_at,
       author as paid_by, created_at, state, reference
     from payment_parts where transaction_id = any($1::uuid[]) order by id`,
    [transaction_ids],
  )

export const unmatchedOf = (tx: Queryable, transaction_ids: readonly string[]) =>
  tx.query<StoredUnmatched>(
    `select id, reason, status, payment_code, transaction_id, txid, end_to_end_id, amount_cents, received_at,
       refund_failures, refund_failure, refunded_at, created_at
     from unmatched_payments where transaction_id = any($1::uuid[]) order by id`,
    [transaction_ids],
  )

/** The money open between the shop and this person: parts that fell through or are only promised, and money to be given back. */
export async function openMoneyOf(
  tx: Queryable,
  customer_id: number,
): Promise<{ counter_debt_cents: number; owed_back_cents: number }> {
  const [found] = await tx.query<{ counter_debt_cents: number; owed_back_cents: number }>(
    `select (coalesce((select sum(amount_cents) from payment_debts where customer_id = $1 and status = 'open'), 0)
         + coalesce((select sum(amount_cents) from payment_parts where customer_id = $1 and state = 'promised'), 0))::bigint
         as counter_debt_cents,
       (coalesce((select sum(amount_cents) from owed_items where customer_id = $1 and status = 'open'), 0)
         + coalesce((select sum(back_cents) from payment_parts where customer_id = $1 and state = 'refunding'), 0))::bigint
         as owed_back_cents`,
    [customer_id],
  )
  return found ?? { counter_debt_cents: 0, owed_back_cents: 0 }
}

export const owedTo = (tx: Queryable, customer_id: number) =>
  tx.query<OwedItem>(`select ${OWED_COLUMNS} from owed_items where customer_id = $1 order by id`, [customer_id])
