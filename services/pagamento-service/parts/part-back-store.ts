/** The SQL of parts on their way back, once their purchase is undone. */
import type { Queryable, Tx } from '#platform/database/database'
import type { PartBack } from '../domain/parts-back.ts'

/** A part that failed, and whose buyer has paid the debt since, counts as received in the way in which that was paid. */
const PARTS = `select part.id, part.transaction_id, part.customer_id, coalesce(debt.settled_method, method) as method,
    case when debt.id is null then state else 'received' end as state, part.amount_cents,
    coalesce(debt.settled_at, received_at, part.created_at) as processed_at,
    case when debt.id is null then end_to_end_id end as end_to_end_id, payer_document is not null as is_of_another,
    coalesce(back_cents, case when state in ('refunding', 'refunded', 'owed') then part.amount_cents else 0 end)::bigint as back_cents,
    refund_due_at, refund_failures
  from payment_parts part left join payment_debts debt on part_id = part.id and state = 'failed' and status = 'paid'`

/** Those of these purchases, in order. Call it with their codes locked. */
export const findPartsBack = (tx: Queryable, transaction_ids: readonly string[]) =>
  tx.query<PartBack>(
    `${PARTS} where part.transaction_id = any($1::uuid[]) and (state not in ('asked', 'reversed', 'failed', 'cancelled')
       or debt.id is not null) order by part.id`,
    [transaction_ids],
  )

export function updatePartsBack(tx: Tx, parts: readonly PartBack[], now: Date): void {
  if (parts.length === 0) return
  tx.write(
    `update payment_parts set state = new.state, back_cents = new.back_cents, refund_due_at = new.refund_due_at,
       refund_attempts = case when payment_parts.refund_failures = new.refund_failures then refund_attempts else 0 end,
       refund_failures = new.refund_failures, updated_at = $6,
       refunded_at = case when new.state = 'refunded' then coalesce(refunded_at, $6) end
     from unnest($1::bigint[], $2::text[], $3::bigint[], $4::timestamptz[], $5::int[])
       as new(id, state, back_cents, refund_due_at, refund_failures)
     where payment_parts.id = new.id`,
    [
      parts.map((part) => part.id),
      parts.map((part) => part.state),
      parts.map((part) => part.back_cents),
      parts.map((part) => part.refund_due_at),
      parts.map((part) => part.refund_failures),
      now,
    ],
  )
}

/** A condition: a bank gave the money, or was to give it, and does not know yet that the purchase is undone. */
export const OF_BANK_UNTOLD = `method in ('financing', 'card') and state in ('cancelled', 'owed') and bank_told_at is null`

/** The debts that failed parts have left are nobody's any more. */
export function voidDebts(tx: Tx, transaction_ids: readonly string[], now: Date): void {
  tx.write(
    `update payment_debts set status = 'void', settled_at = $2
     where transaction_id = any($1::uuid[]) and status = 'open' and part_id is not null`,
    [transaction_ids, now],
  )
}

/** Whether it was recorded: it is of a bank, its purchase is undone, and nobody has told the bank before. */
export async function markBankTold(tx: Tx, id: number, by: string, now: Date): Promise<boolean> {
  const told = await tx.query(
    `update payment_parts set bank_told_at = $2, bank_told_by = $3
     where id = $1 and ${OF_BANK_UNTOLD} returning id`,
    [id, now, by],
  )
  return told.length > 0
}
