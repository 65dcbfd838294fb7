/** How many rows a list has, at a cost that does not grow with the list. */
import type { Queryable } from './database.ts'

/** A total is counted up to this; beyond, it is PostgreSQL's estimate from its statistics, and never below this. */
export const COUNTED_UP_TO = 10_000

/** `rows` is a select of the list's rows, without order or limit. Exact up to COUNTED_UP_TO, an estimate beyond. */
export async function totalOf(tx: Queryable, rows: string, values: readonly unknown[]): Promise<number> {
  const [counted] = await tx.query<{ total: number }>(
    `select count(*) as total from (${rows} limit ${COUNTED_UP_TO + 1}) as counted`,
    values,
  )
  const total = counted?.total ?? 0
  if (total <= COUNTED_UP_TO) return total
  const [plan] = await tx.query<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>(
    `explain (format json) ${rows}`,
    values,
  )
  return Math.max(plan?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0, total)
}
