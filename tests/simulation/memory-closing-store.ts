/** The twin of pagamento-service's closing-store.ts in memory, as far as parts that go back leave the till. */
import type * as real from '../../services/pagamento-service/closings/closing-store.ts'
import { staged, type Table } from './memory.ts'

interface TillRow {
  readonly method: string
  readonly amount_cents: number
}

export const tillEntries: Table<TillRow> = { name: 'till_entries' }

export const insertTillEntry: typeof real.insertTillEntry = (tx, { source, method, amount_cents }) =>
  staged(tx).upsert(tillEntries, source, (before) => before ?? { method, amount_cents })
