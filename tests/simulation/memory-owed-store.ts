/** The twin of pagamento-service's owed-store.ts in memory, as far as commands and errands go. */
import type * as real from '../../services/pagamento-service/owed/owed-store.ts'
import { staged, type Table } from './memory.ts'

export const owedItems: Table<real.OwedItem> = { name: 'owed_items' }

export const insertOwed: typeof real.insertOwed = (tx, owed, now) => {
  for (const one of owed) {
    const open = { settled_at: null, settled_by: null, settled_method: null, settled_reference: null }
    const made = { ...one, ...open, id: staged(tx).nextId(), status: 'open' as const, created_at: now }
    staged(tx).upsert(owedItems, one.source, (before) => before ?? made)
  }
}

/** Kept by counter.ts. */
export interface PartRow {
  readonly id: number
  readonly transaction_id: string
  readonly customer_id: number
  readonly amount_cents: number
  readonly state: 'promised' | 'received' | 'reversed' | 'owed' | 'cancelled'
}

export const parts: Table<PartRow> = { name: 'payment_parts' }

export const oweParts: typeof real.oweParts = (tx, charges, now) => {
  const memory = staged(tx)
  for (const { code, payment } of charges)
    for (const part of [...memory.rows(parts).values()].filter((one) => one.transaction_id === code.transaction_id)) {
      const { id, transaction_id, customer_id, amount_cents, state } = part
      if (state !== 'promised' && state !== 'received') continue
      const over = state === 'received' ? ('owed' as const) : ('cancelled' as const)
      memory.update(parts, id, (row) => ({ ...row, state: over }))
      const of = { transaction_id, return_id: payment?.return_id ?? null, customer_id, amount_cents }
      if (state === 'received') insertOwed(tx, [{ source: `part ${id}`, ...of, reason: 'part_undone' }], now)
    }
}

export const settleByProvider: typeof real.settleByProvider = (tx, sources, now) => {
  const settled = { status: 'settled', settled_at: now, settled_by: 'provider', settled_method: 'pix' } as const
  for (const source of sources)
    staged(tx).update(owedItems, source, (row) => (row.status === 'open' ? { ...row, ...settled } : row))
}
