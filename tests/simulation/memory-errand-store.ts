/** The twin of pagamento-service's errand-store.ts in memory: claims with a lease. */
import type * as real from '../../services/pagamento-service/errands/errand-store.ts'
import { type Key, type MemoryTx, on, type Table } from './memory.ts'
import { codes, payments } from './memory-charge-store.ts'
import { parts } from './memory-part-back-store.ts'
import { unmatched } from './memory-unmatched-store.ts'

export * from '../../services/pagamento-service/errands/errand-store.ts'

export const claimCodeTasks: typeof real.claimCodeTasks = (tx, now, until, limit) =>
  on(tx, (memory) =>
    claimed(
      memory,
      codes,
      ({ task }) => task !== null && task.due_at <= now,
      limit,
      (row) => ({
        ...row,
        task: row.task && { ...row.task, due_at: until },
        task_attempts: row.task_attempts + 1,
      }),
    ).flatMap(({ transaction_id, txid, amount_cents, task, task_attempts }) =>
      task && txid ? { transaction_id, txid, amount_cents, task: task.kind, attempts: task_attempts } : [],
    ),
  )

interface Refundable {
  readonly id: number
  readonly transaction_id: string | null
  readonly end_to_end_id: string | null
  readonly amount_cents: number
  readonly refund_due_at: Date | null
  readonly refund_failures: number
  readonly refund_attempts: number
}

const claimOf =
  <Row extends Refundable>(table: Table<Row>, wanted: (row: Row) => number): typeof real.claimRefunds =>
  (tx, now, until, limit) =>
    on(tx, (memory) =>
      claimed(
        memory,
        table,
        ({ refund_due_at: due }) => due !== null && due <= now,
        limit,
        (row) => ({
          ...row,
          refund_due_at: until,
          refund_attempts: row.refund_attempts + 1,
        }),
      ).map((row) => ({
        ...{ id: row.id, transaction_id: row.transaction_id, end_to_end_id: row.end_to_end_id },
        ...{ amount_cents: wanted(row), failures: row.refund_failures, attempts: row.refund_attempts },
      })),
    )

export const claimRefunds = claimOf(payments, ({ amount_cents, abated_cents }) => amount_cents - abated_cents)
export const claimPartRefunds = claimOf(parts, ({ back_cents }) => back_cents)
export const claimUnmatchedRefunds = claimOf(unmatched, ({ amount_cents }) => amount_cents)

export const postponeCodeTask: typeof real.postponeCodeTask = (tx, transaction_id, until) =>
  on(tx, (memory) => {
    memory.update(codes, transaction_id, (row) => ({ ...row, task: row.task && { ...row.task, due_at: until } }))
    return []
  })

const postponeOf =
  <Row extends Refundable>(table: Table<Row>): typeof real.postponeRefund =>
  (tx, id, until) =>
    on(tx, (memory) => {
      for (const [key, row] of memory.rows(table))
        if (row.id === id) memory.update(table, key, (one) => ({ ...one, refund_due_at: one.refund_due_at && until }))
      return []
    })

export const postponeRefund = postponeOf(payments)
export const postponePartRefund = postponeOf(parts)
export const postponeUnmatchedRefund = postponeOf(unmatched)

export const nextErrand: typeof real.nextErrand = (tx, tasks) =>
  on(tx, ({ rows }) => {
    const times = [
      ...(tasks ? [...rows(codes).values()].flatMap(({ task }) => task?.due_at ?? []) : []),
      ...[...rows(payments).values()].flatMap(({ refund_due_at }) => refund_due_at ?? []),
      ...[...rows(parts).values()].flatMap(({ refund_due_at }) => refund_due_at ?? []),
      ...[...rows(unmatched).values()].flatMap(({ refund_due_at }) => refund_due_at ?? []),
    ].map((at) => at.getTime())
    return times.length > 0 ? new Date(Math.min(...times)) : null
  })

/** The due errands, in the order in which they came, as they are once claimed. */
function claimed<Row extends object>(
  tx: MemoryTx,
  table: Table<Row>,
  isDue: (row: Row) => boolean,
  limit: number,
  change: (row: Row) => Row,
): Row[] {
  const due: [Key, Row][] = [...tx.rows(table)].filter(([key, row]) => isDue(row) && tx.isFree(table, key))
  return due.slice(0, limit).map(([key, row]) => {
    tx.update(table, key, change)
    return change(row)
  })
}
