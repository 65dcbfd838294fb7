/**
 * The SQL of errands: the requests that must be made over the network. A process leases an errand, so that no two run the same
 * one. If no result is recorded before the lease ends, it is due again.
 */
import type { Cents } from '#contracts'
import type { Queryable } from '#platform/database/database'
import type { CodeTask } from '../domain/charge.ts'

export interface CodeErrand {
  readonly transaction_id: string
  readonly txid: string
  readonly amount_cents: Cents
  readonly task: CodeTask
  /** Including this one. */
  readonly attempts: number
}

export interface RefundErrand {
  readonly id: number
  readonly transaction_id: string | null
  readonly end_to_end_id: string | null
  readonly amount_cents: Cents
  readonly failures: number
  readonly attempts: number
}

// an array of ids: with a join, the planner did not know the limit and read the whole table
export const claimCodeTasks = (tx: Queryable, now: Date, leaseUntil: Date, limit: number) =>
  tx.query<CodeErrand>(
    `update payment_codes c set task_due_at = $2, task_attempts = task_attempts + 1
     where id = any (array(
       select id from payment_codes where task_due_at <= $1 order by task_due_at limit $3 for update skip locked))
     returning c.transaction_id, c.txid, c.amount_cents, c.task, c.task_attempts as attempts`,
    [now, leaseUntil, limit],
  )

export const claimRefunds = (tx: Queryable, now: Date, leaseUntil: Date, limit: number) =>
  tx.query<RefundErrand>(
    `update payments p set refund_due_at = $2, refund_attempts = refund_attempts + 1
     where id = any (array(
       select id from payments where refund_due_at <= $1 order by refund_due_at limit $3 for update skip locked))
     returning p.id, p.transaction_id, p.end_to_end_id, p.amount_cents - p.abated_cents as amount_cents,
       p.refund_failures as failures, p.refund_attempts as attempts`,
    [now, leaseUntil, limit],
  )

export const claimPartRefunds = (tx: Queryable, now: Date, leaseUntil: Date, limit: number) =>
  tx.query<RefundErrand>(
    `update payment_parts p set refund_due_at = $2, refund_attempts = refund_attempts + 1
     where id = any (array(
       select id from payment_parts where refund_due_at <= $1 order by refund_due_at limit $3 for update skip locked))
     returning p.id, p.transaction_id, p.end_to_end_id, p.back_cents as amount_cents, p.refund_failures as failures,
       p.refund_attempts as attempts`,
    [now, leaseUntil, limit],
  )

export const claimUnmatchedRefunds = (tx: Queryable, now: Date, leaseUntil: Date, limit: number) =>
  tx.query<RefundErrand>(
    `update unmatched_payments u set refund_due_at = $2, refund_attempts = refund_attempts + 1
     where id = any (array(
       select id from unmatched_payments where refund_due_at <= $1 order by refund_due_at limit $3 for update skip locked))
     returning u.id, u.transaction_id, u.end_to_end_id, u.amount_cents, u.refund_failures as failures,
       u.refund_attempts as attempts`,
    [now, leaseUntil, limit],
  )

/** Makes the errand due again at that time, because the provider could not be asked or has not decided. */
export const postponeCodeTask = (tx: Queryable, transaction_id: string, until: Date) =>
  tx.query(`update payment_codes set task_due_at = $2 where transaction_id = $1 and task is not null`, [
    transaction_id,
    until,
  ])

export const postponeRefund = (tx: Queryable, id: number, until: Date) =>
  tx.query(`update payments set refund_due_at = $2 where id = $1 and refund_due_at is not null`, [id, until])

export const postponePartRefund = (tx: Queryable, id: number, until: Date) =>
  tx.query(`update payment_parts set refund_due_at = $2 where id = $1 and refund_due_at is not null`, [id, until])

export const postponeUnmatchedRefund = (tx: Queryable, id: number, until: Date) =>
  tx.query(`update unmatched_payments set refund_due_at = $2 where id = $1 and refund_due_at is not null`, [id, until])

/** Without `tasks` only refunds count: a process without a provider over the network cannot run the others, and must not wait for them. */
export async function nextErrand(tx: Queryable, tasks: boolean): Promise<Date | null> {
  const [row] = await tx.query<{ at: Date | null }>(
    `select least(case when $1 then (select min(task_due_at) from payment_codes) end,
       (select min(refund_due_at) from payments), (select min(refund_due_at) from payment_parts),
       (select min(refund_due_at) from unmatched_payments)) as at`,
    [tasks],
  )
  return row?.at ?? null
}
