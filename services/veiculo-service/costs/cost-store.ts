/** The SQL of acquisitions and expenses. */
import type { Queryable, Tx } from '#platform/database/database'
import type { Acquisition, Costs, Expense } from '../domain/acquisition.ts'

/** `isFinal`: an admin states the cost, so an earlier, higher one no longer counts. */
export async function upsertAcquisition(
  tx: Tx,
  vehicle_id: number,
  { acquired_at, cost_cents, source, owner_customer_id, owner_share_percent }: Acquisition,
  author: string,
  isFinal: boolean,
  at: Date,
): Promise<void> {
  await tx.query(
    `insert into vehicle_acquisitions (vehicle_id, acquired_at, cost_cents, source, owner_customer_id, owner_share_percent,
       author, updated_at, highest_cost_cents)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $3)
     on conflict (vehicle_id) do update set acquired_at = excluded.acquired_at, cost_cents = excluded.cost_cents,
       source = excluded.source, owner_customer_id = excluded.owner_customer_id,
       owner_share_percent = excluded.owner_share_percent, author = excluded.author, updated_at = excluded.updated_at,
       highest_cost_cents = case when $9 then excluded.cost_cents else
         greatest(vehicle_acquisitions.highest_cost_cents, vehicle_acquisitions.cost_cents, excluded.cost_cents) end`,
    [vehicle_id, acquired_at, cost_cents, source, owner_customer_id, owner_share_percent, author, at, isFinal],
  )
}

export async function findAcquisition(tx: Queryable, vehicle_id: number): Promise<Acquisition | undefined> {
  const [found] = await tx.query<Acquisition>(
    `select acquired_at::text, cost_cents, source, owner_customer_id, owner_share_percent::float8
     from vehicle_acquisitions where vehicle_id = $1`,
    [vehicle_id],
  )
  return found
}

export async function insertExpense(
  tx: Tx,
  vehicle_id: number,
  { what, amount_cents, spent_on }: Pick<Expense, 'what' | 'amount_cents' | 'spent_on'>,
  author: string,
  at: Date,
): Promise<Expense> {
  const [row] = await tx.query<Expense>(
    `insert into vehicle_expenses (vehicle_id, what, amount_cents, spent_on, author, at) values ($1, $2, $3, $4, $5, $6)
     returning id, what, amount_cents, spent_on::text, author, at`,
    [vehicle_id, what, amount_cents, spent_on, author, at],
  )
  if (!row) throw new Error('the insert returned no row')
  return row
}

/** In the order in which they were entered. */
export const findExpenses = (tx: Queryable, vehicle_id: number) =>
  tx.query<Expense>(
    `select id, what, amount_cents, spent_on::text, author, at from vehicle_expenses where vehicle_id = $1 order by id`,
    [vehicle_id],
  )

/**
 * The costs that limit a discount, for `costOfSale` to judge: the highest cost since an admin stated one, and the expenses. An entry
 * that takes an expense back counts only if an admin or a return made it. Otherwise somebody could lower the cost first and the price afterwards.
 */
export async function costsThatCount(tx: Queryable, vehicle_id: number): Promise<Costs> {
  const [found] = await tx.query<{ highest_cents: number; expenses_cents: number }>(
    `select greatest(cost_cents, highest_cost_cents) as highest_cents,
       coalesce((select sum(amount_cents)::bigint from vehicle_expenses
         where vehicle_id = $1 and (amount_cents > 0 or split_part(author, ' ', 1) in ('admin', 'return'))), 0) as expenses_cents
     from vehicle_acquisitions where vehicle_id = $1`,
    [vehicle_id],
  )
  const acquisition = await findAcquisition(tx, vehicle_id)
  if (!found || !acquisition) return { acquisition: null, expenses_cents: 0 }
  return { acquisition: { ...acquisition, cost_cents: found.highest_cents }, expenses_cents: found.expenses_cents }
}
