/** The twin of pagamento-service's part-back-store.ts in memory: parts on their way back. Parts are entered by counter.ts. */
import type { PartBack } from '../../services/pagamento-service/domain/parts-back.ts'
import type * as real from '../../services/pagamento-service/parts/part-back-store.ts'
import { on, staged, type Table } from './memory.ts'

export interface PartRow extends PartBack {
  readonly refund_attempts: number
}

export const parts: Table<PartRow> = {
  name: 'payment_parts',
  check({ state, refund_due_at, back_cents, amount_cents }) {
    if ((state === 'refunding') !== (refund_due_at !== null)) return 'payment_parts_refund_due'
    return back_cents < 0 || back_cents > amount_cents ? 'payment_parts_back_at_most_paid' : undefined
  },
}

export const findPartsBack: typeof real.findPartsBack = (tx, transaction_ids) =>
  on(tx, ({ rows }) =>
    [...rows(parts).values()].filter(
      ({ transaction_id, state }) =>
        transaction_ids.includes(transaction_id) && !['asked', 'reversed', 'failed', 'cancelled'].includes(state),
    ),
  )

export const updatePartsBack: typeof real.updatePartsBack = (tx, changed) => {
  for (const { id, state, back_cents, refund_due_at, refund_failures } of changed)
    staged(tx).update(parts, id, (row) => {
      const refund_attempts = row.refund_failures === refund_failures ? row.refund_attempts : 0
      return { ...row, state, back_cents, refund_due_at, refund_failures, refund_attempts }
    })
}

/** No part fails here, so there are no debts. */
export const voidDebts: typeof real.voidDebts = () => {}
