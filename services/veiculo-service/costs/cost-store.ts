/** The SQL of acquisitions and expenses. */
import type { Queryable, Tx } from '#platform/database/database'
import type { Acquisition, Expense } from '../domain/acquisition.ts'

export async function upsertAcquisition(
  tx: Tx,
  vehicle_id: number,
  { acquired_at, cost_cents, source, owner_customer_id, owner_share_percent }: Acquisition,
  author: string,
  at: Date,
): Promise<void> {
  await tx.query(
    `insert into vehicle_acquisitions (vehicle_id, acquired_at, cost_cents, source, owner_customer_id, owner_share_percent,
       author, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (vehicle_id) do update set acquired_at = excluded.acquired_at, cost_cents = excluded.cost_cents,
       source = excluded.source, owner_customer_id = excluded.owner_customer_id,
       owner_share_percent = excluded.owner_share_percent, author = excluded.author, updated_at = excluded.updated_at`,
    [vehicle_id, acquired_at, cost_cents, source, owner_customer_id, owner_share_percent, author, at],
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
 * The price paid, with all expenses. Undefined while nobody has entered the price, and for a consignment, which costs
 * something only when it is sold.
 */
export async function costOf(tx: Queryable, vehicle_id: number): Promise<number | undefined> {
  const [found] = await tx.query<{ cost_cents: number }>(
    `select cost_cents + coalesce((select sum(amount_cents)::bigint from vehicle_expenses where vehicle_id = $1), 0) as cost_cents
     from vehicle_acquisitions where vehicle_id = $1 and source <> 'consignment'`,
    [vehicle_id],
  )
  return found?.cost_cents
}
