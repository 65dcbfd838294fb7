/** The SQL of unmatched money. */
import type { Queryable, Tx } from '#platform/database/database'
import { totalOf } from '#platform/database/total'
import type { Unmatched, UnmatchedStatus } from '../domain/unmatched.ts'

export interface StoredUnmatched extends Unmatched {
  readonly id: number
  readonly refund_failures: number
  readonly refund_failure: string | null
  readonly refunded_at: Date | null
  readonly created_at: Date
}

const COLUMNS = `id, reason, status, payment_code, transaction_id, txid, end_to_end_id, amount_cents, received_at,
  refund_failures, refund_failure, refunded_at, created_at`

/** Money that is reported again stays one row. */
export function insertUnmatched(tx: Tx, found: readonly Unmatched[], now: Date): void {
  if (found.length === 0) return
  tx.write(
    `insert into unmatched_payments (reason, status, payment_code, transaction_id, txid, end_to_end_id, amount_cents,
       received_at, refund_due_at, created_at)
     select *, case when status = 'refunding' then $9::timestamptz end, $9::timestamptz
     from unnest($1::text[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::bigint[], $8::timestamptz[])
       as found(reason, status, payment_code, transaction_id, txid, end_to_end_id, amount_cents, received_at)
     on conflict do nothing`,
    [
      found.map((one) => one.reason),
      found.map((one) => one.status),
      found.map((one) => one.payment_code),
      found.map((one) => one.transaction_id),
      found.map((one) => one.txid),
      found.map((one) => one.end_to_end_id),
      found.map((one) => one.amount_cents),
      found.map((one) => one.received_at),
      now,
    ],
  )
}

/** Which codes these end-to-end ids have paid already. */
export const codesPaidBy = (tx: Queryable, end_to_end_ids: readonly string[]) =>
  tx.query<{ end_to_end_id: string; payment_code: string }>(
    `select end_to_end_id, payment_code from payments where end_to_end_id = any($1::text[])`,
    [end_to_end_ids],
  )

/** Newest first; `before` is the last id of the page before. */
export const listUnmatched = (
  tx: Queryable,
  status: UnmatchedStatus | null,
  transaction_id: string | null,
  before: number | null,
  limit: number,
) =>
  tx.query<StoredUnmatched>(
    `select ${COLUMNS} from unmatched_payments where ${LISTED} and ($3::bigint is null or id < $3)
     order by id desc limit $4`,
    [status, transaction_id, before, limit],
  )

export const countUnmatched = (tx: Queryable, status: UnmatchedStatus | null, transaction_id: string | null) =>
  totalOf(tx, `select from unmatched_payments where ${LISTED}`, [status, transaction_id])

const LISTED = `($1::text is null or status = $1) and ($2::uuid is null or transaction_id = $2)`

export async function lockUnmatched(tx: Tx, id: number): Promise<StoredUnmatched | undefined> {
  const [found] = await tx.query<StoredUnmatched>(
    `select ${COLUMNS} from unmatched_payments where id = $1 for update`,
    [id],
  )
  return found
}

/** Starts the refund of parked money, from the first attempt; money in any other status stays as it is. */
export async function refundUnmatched(tx: Queryable, id: number, now: Date): Promise<StoredUnmatched | undefined> {
  const [found] = await tx.query<StoredUnmatched>(
    `update unmatched_payments set
       refund_due_at = case when status = 'parked' then $2::timestamptz else refund_due_at end,
       refund_attempts = case when status = 'parked' then 0 else refund_attempts end,
       status = case when status = 'parked' then 'refunding' else status end
     where id = $1 returning ${COLUMNS}`,
    [id, now],
  )
  return found
}

export interface RefundOutcome {
  readonly id: number
  /** The count when the refund was asked for: an answer to an earlier attempt changes nothing. */
  readonly failures: number
  readonly status: UnmatchedStatus
  readonly refused: string | null
  /** When it is tried again; null when it is not. */
  readonly due_at: Date | null
}

export const recordRefund = (
  tx: Queryable,
  { id, failures, status, refused, due_at }: RefundOutcome,
  now: Date,
): Promise<object[]> =>
  tx.query(
    `update unmatched_payments set status = $3, refund_due_at = $4,
       refund_failures = refund_failures + case when $5::text is null then 0 else 1 end,
       refund_attempts = case when $5::text is null then refund_attempts else 0 end,
       refund_failure = coalesce($5, refund_failure), refunded_at = case when $3 = 'refunded' then $6::timestamptz end
     where id = $1 and status = 'refunding' and refund_failures = $2`,
    [id, failures, status, due_at, refused, now],
  )
