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

export const settleByProvider: typeof real.settleByProvider = (tx, sources, now) => {
  const settled = { status: 'settled', settled_at: now, settled_by: 'provider', settled_method: 'pix' } as const
  for (const source of sources)
    staged(tx).update(owedItems, source, (row) => (row.status === 'open' ? { ...row, ...settled } : row))
}
