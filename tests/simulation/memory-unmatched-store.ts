/** The twin of pagamento-service's unmatched-store.ts in memory. */
import type * as real from '../../services/pagamento-service/receipts/unmatched-store.ts'
import { on, staged, type Table } from './memory.ts'
import { codes, payments } from './memory-charge-store.ts'

export * from '../../services/pagamento-service/receipts/unmatched-store.ts'

export interface UnmatchedRow extends real.StoredUnmatched {
  readonly refund_due_at: Date | null
  readonly refund_attempts: number
}

/** By its end-to-end id, or by its code when it has none. */
export const unmatched: Table<UnmatchedRow> = {
  name: 'unmatched_payments',
  check({ status, refund_due_at, refunded_at }) {
    if ((status === 'refunding') !== (refund_due_at !== null)) return 'unmatched_payments_due'
    return (status === 'refunded') !== (refunded_at !== null) ? 'unmatched_payments_refunded' : undefined
  },
}

export const insertUnmatched: typeof real.insertUnmatched = (tx, found, now) => {
  for (const one of found) {
    const id = staged(tx).nextId()
    const refund_due_at = one.status === 'refunding' ? now : null
    const none = { refund_failures: 0, refund_attempts: 0, refund_failure: null, refunded_at: null }
    const made: UnmatchedRow = { ...one, ...none, id, refund_due_at, created_at: now }
    staged(tx).upsert(unmatched, one.end_to_end_id ?? `code ${one.payment_code}`, (before) => before ?? made)
  }
}

export const codesPaidBy: typeof real.codesPaidBy = (tx, ids) =>
  on(tx, ({ rows, get }) =>
    [...rows(payments).values()].flatMap(({ end_to_end_id, transaction_id }) => {
      const payment_code = get(codes, transaction_id)?.code
      return payment_code && end_to_end_id && ids.includes(end_to_end_id) ? { end_to_end_id, payment_code } : []
    }),
  )

export const refundUnmatched: typeof real.refundUnmatched = (tx, id, now) =>
  on(tx, (memory) => {
    const [key, row] = [...memory.rows(unmatched)].find(([, one]) => one.id === id) ?? []
    if (!key || row?.status !== 'parked') return row
    const again = { ...row, status: 'refunding', refund_due_at: now, refund_attempts: 0 } as const
    memory.update(unmatched, key, () => again)
    return again
  })

export const recordRefund: typeof real.recordRefund = (tx, { id, failures, status, refused, due_at }, now) =>
  on(tx, (memory) => {
    const [key, row] = [...memory.rows(unmatched)].find(([, one]) => one.id === id) ?? []
    if (!key || row?.status !== 'refunding' || row.refund_failures !== failures) return []
    memory.update(unmatched, key, (one) => ({
      ...one,
      ...{ status, refund_due_at: due_at, refund_failures: failures + (refused === null ? 0 : 1) },
      refund_attempts: refused === null ? one.refund_attempts : 0,
      refund_failure: refused ?? one.refund_failure,
      refunded_at: status === 'refunded' ? now : null,
    }))
    return []
  })
