/** The twin of pagamento-service's charge-store.ts in memory: codes and their payments, both by transaction. */
import type * as real from '../../services/pagamento-service/charges/charge-store.ts'
import type { Charge, Payment, PaymentCode } from '../../services/pagamento-service/domain/charge.ts'
import { type MemoryTx, on, staged, type Table } from './memory.ts'

export interface CodeRow extends PaymentCode {
  readonly task_attempts: number
}

export interface PaymentRow extends Payment {
  readonly id: number
  readonly transaction_id: string
  readonly amount_cents: number
  readonly refund_attempts: number
}

export const codes: Table<CodeRow> = { name: 'payment_codes' }

export const payments: Table<PaymentRow> = {
  name: 'payments',
  check(row, rows) {
    if (row.refund_due_at && row.status !== 'completed') return 'payments_refund_due'
    if (row.end_to_end_id === null) return undefined
    for (const other of rows)
      if (other !== row && other.end_to_end_id === row.end_to_end_id) return 'payments_end_to_end_id'
    return undefined
  },
}

/** Looks at the rows again after waiting for their locks, because they may have changed meanwhile. */
function locked(
  tx: Parameters<typeof real.lockCharges>[0],
  isWanted: (code: CodeRow) => boolean,
  isSkipping = false,
): Promise<Charge[]> {
  const memory = staged(tx)
  let keys: string[] = []
  const find = () => {
    const free = [...memory.rows(codes).values()].filter(
      (code) => isWanted(code) && (!isSkipping || memory.isFree(codes, code.transaction_id)),
    )
    keys = free.map(({ transaction_id }) => transaction_id).sort()
    return keys
  }
  const read = () =>
    keys.flatMap((key) => {
      const row = memory.get(codes, key)
      return row && isWanted(row) ? (chargeOf(memory, key) ?? []) : []
    })
  return on(tx, read, [codes, find])
}

function chargeOf({ get }: MemoryTx, transaction_id: string): Charge | undefined {
  const row = get(codes, transaction_id)
  if (!row) return undefined
  const { task_attempts, ...code } = row
  const paid = get(payments, transaction_id)
  return { code, payment: paid ? paymentOf(paid) : null }
}

function paymentOf({ transaction_id, amount_cents, refund_attempts, ...payment }: PaymentRow): Payment {
  return payment
}

export const lockCharges: typeof real.lockCharges = (tx, ids) =>
  locked(tx, ({ transaction_id }) => ids.includes(transaction_id))

export const lockChargesNamed: typeof real.lockChargesNamed = (tx, names) =>
  locked(tx, ({ code, txid }) => names.includes(code) || (txid !== null && names.includes(txid)))

export const lockExpired: typeof real.lockExpired = async (tx, now, limit) => {
  const isDue = ({ status, expires_at, task, held_cents }: CodeRow) =>
    status === 'pending' && held_cents === 0 && expires_at <= now && (task === null || task.kind === 'issue')
  return (await locked(tx, isDue, true)).slice(0, limit)
}

export const insertCodes: typeof real.insertCodes = (tx, made) => {
  for (const code of made) staged(tx).insert(codes, code.transaction_id, { ...code, task_attempts: 0 })
}

export const updateCodes: typeof real.updateCodes = (tx, changed) => {
  for (const { transaction_id, status, reason, pix_copy_paste, task } of changed)
    staged(tx).update(codes, transaction_id, (row) => {
      const task_attempts = row.task?.kind === task?.kind ? row.task_attempts : 0
      return { ...row, status, reason, pix_copy_paste, task, task_attempts }
    })
}

export const updateCounterCodes: typeof real.updateCounterCodes = (tx, changed) => {
  for (const { transaction_id, status, reason, held_cents, received_cents } of changed)
    staged(tx).update(codes, transaction_id, (row) => ({ ...row, status, reason, held_cents, received_cents }))
}

export const takePaymentIds: typeof real.takePaymentIds = (tx, count) =>
  on(tx, (memory) => Array.from({ length: count }, () => memory.nextId()))

export const insertPayments: typeof real.insertPayments = (tx, made) => {
  for (const { code, payment } of made) {
    const { transaction_id, amount_cents } = code
    const started = { ...payment, transaction_id, amount_cents, refund_attempts: 0 }
    staged(tx).insert(payments, transaction_id, { ...started, refund_failures: 0, refunded_at: null })
  }
}

export const updatePayments: typeof real.updatePayments = (tx, changed) => {
  for (const {
    id,
    status,
    end_to_end_id,
    refund_due_at,
    refund_failures,
    refunded_at,
    return_id,
    ...back
  } of changed) {
    const key = [...staged(tx).rows(payments).values()].find((row) => row.id === id)?.transaction_id
    if (!key) continue
    staged(tx).update(payments, key, (row) => {
      const refund_attempts = row.refund_failures === refund_failures ? row.refund_attempts : 0
      const refund = { refund_due_at, refund_failures, refunded_at, refund_attempts, abated_cents: back.abated_cents }
      return { ...row, status, end_to_end_id, ...refund, return_id }
    })
  }
}

export const nextExpiry: typeof real.nextExpiry = (tx) =>
  on(tx, ({ rows }) => {
    const times = [...rows(codes).values()].flatMap(({ status, held_cents, task, expires_at }) =>
      status === 'pending' && held_cents === 0 && (task === null || task.kind === 'issue') ? expires_at.getTime() : [],
    )
    return times.length > 0 ? new Date(Math.min(...times)) : null
  })
