/** The parts that a sale at the counter is paid in, and their sums. Pure. */
import type { Payment, PaymentCode } from '../../clients/typescript/operations.ts'

export interface Part
  extends Pick<Payment, 'id' | 'amount' | 'payment_method' | 'reference' | 'processed_at' | 'paid_by'> {
  readonly state: string
  /** Whether the part counts towards the price. */
  readonly counts: boolean
}

export interface Parts {
  readonly parts: readonly Part[]
  readonly price: number
  readonly received: number
  readonly promised: number
  readonly due: number
}

const COUNTS = ['promised', 'received']

export function partsFor(code: Pick<PaymentCode, 'amount'>, payments: readonly Payment[]): Parts {
  const parts = payments
    .map(({ id, amount, payment_method, reference, processed_at, paid_by, state = 'received' }) => ({
      ...{ id, amount, payment_method, processed_at, state },
      ...(reference !== undefined && { reference }),
      ...(paid_by !== undefined && { paid_by }),
      counts: COUNTS.includes(state),
    }))
    .sort((a, b) => a.id - b.id)
  const sum = (state: string) => cents(parts.filter((part) => part.state === state))
  const [received, promised] = [sum('received'), sum('promised')]
  const due = Math.round(code.amount * 100) - received - promised
  return { parts, price: code.amount, received: received / 100, promised: promised / 100, due: Math.max(0, due) / 100 }
}

const cents = (parts: readonly Part[]) => parts.reduce((sum, { amount }) => sum + Math.round(amount * 100), 0)
