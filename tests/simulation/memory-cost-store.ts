/** The twin of veiculo-service's cost-store.ts in memory, as far as returns go. */
import type * as real from '../../services/veiculo-service/costs/cost-store.ts'
import { on, type Table } from './memory.ts'

interface ExpenseRow {
  readonly vehicle_id: number
  readonly amount_cents: number
}

export const expenses: Table<ExpenseRow> = { name: 'vehicle_expenses' }

export const insertExpense: typeof real.insertExpense = (tx, vehicle_id, expense, author, at) =>
  on(tx, (memory) => {
    const id = memory.nextId()
    memory.insert(expenses, id, { vehicle_id, amount_cents: expense.amount_cents })
    return { id, ...expense, author, at }
  })
