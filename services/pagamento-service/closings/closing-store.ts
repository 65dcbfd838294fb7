/** The SQL of the till and its closings. */
import type { Queryable, Tx } from '#platform/database/database'
import type { Entry } from '../domain/closing.ts'

interface TillEntry extends Entry {
  readonly source: string
}

/** An entry that is inserted again counts once. */
export const insertTillEntry = (tx: Tx, { source, method, amount_cents }: TillEntry, at: Date): void =>
  tx.write(
    `insert into till_entries (source, method, amount_cents, at) values ($1, $2, $3, $4) on conflict (source) do nothing`,
    [source, method, amount_cents, at],
  )

export interface Closing {
  readonly id: number
  readonly kind: 'day' | 'month'
  readonly period: string
  readonly totals: Readonly<Record<string, number>>
  readonly opening_cents: number | null
  readonly withdrawn_cents: number | null
  readonly expected_cents: number | null
  readonly counted_cents: number | null
  readonly float_cents: number | null
  readonly reason: string | null
  readonly closed_by: string
  readonly closed_at: Date
}

const COLUMNS = `id, kind, period, totals, opening_cents, withdrawn_cents, expected_cents, counted_cents, float_cents, reason, closed_by,
  closed_at`

/** Of two people who close at once, the second waits and finds the first one's closing. */
export async function lockClosings(tx: Tx, kind: Closing['kind']): Promise<Closing | undefined> {
  const [, [last]] = await Promise.all([
    tx.query(`select pg_advisory_xact_lock(hashtext('closings'))`),
    tx.query<Closing>(`select ${COLUMNS} from closings where kind = $1 order by period desc limit 1`, [kind]),
  ])
  return last
}

/** The entries that are in no closing yet. Those that commit later belong to the next one. */
export const openEntries = (tx: Tx) =>
  tx.query<Entry & { readonly id: number }>(
    `select id, method, amount_cents from till_entries where closing_id is null order by id for update`,
  )

export async function insertClosing(
  tx: Tx,
  closing: Omit<Closing, 'id'> & { readonly approval_id: string | null },
  entry_ids: readonly number[],
): Promise<Closing> {
  const [made] = await tx.query<Closing>(
    `with made as (
       insert into closings (kind, period, totals, opening_cents, withdrawn_cents, expected_cents, counted_cents, float_cents,
         reason, closed_by, closed_at, approval_id)
       values ($1, $2, $3::jsonb, $4, $5, $6, $7, $8, $9, $10, $11, $12) returning *
     ), taken as (
       update till_entries set closing_id = made.id from made where till_entries.id = any($13::bigint[])
     ) select ${COLUMNS} from made`,
    [
      ...[closing.kind, closing.period, JSON.stringify(closing.totals)],
      ...[closing.opening_cents, closing.withdrawn_cents, closing.expected_cents, closing.counted_cents],
      ...[closing.float_cents, closing.reason, closing.closed_by, closing.closed_at, closing.approval_id, entry_ids],
    ],
  )
  if (!made) throw new Error('the insert returned no row')
  return made
}

/**
 * What this person has taken out of the till, or found missing or too much, since then without a second one. Call it behind the lock
 * of the closings.
 */
export async function takenOutAlone(tx: Queryable, author: string, since: Date): Promise<number> {
  const [found] = await tx.query<{ cents: number }>(
    `select coalesce(sum(withdrawn_cents + abs(counted_cents - expected_cents)), 0)::bigint as cents from closings
     where kind = 'day' and closed_by = $1 and closed_at >= $2 and approval_id is null`,
    [author, since],
  )
  return found?.cents ?? 0
}

/** Whether an entry before this moment is in no closing yet. */
export async function hasOpenBefore(tx: Queryable, at: Date): Promise<boolean> {
  const found = await tx.query(`select from till_entries where closing_id is null and at < $1 limit 1`, [at])
  return found.length > 0
}

export const daysOf = (tx: Queryable, month: string) =>
  tx.query<Closing>(`select ${COLUMNS} from closings where kind = 'day' and period like $1 || '-%' order by period`, [
    month,
  ])

/** Newest first; `before` is the last id of the page before. */
export const listClosings = (tx: Queryable, kind: Closing['kind'] | undefined, before: number | null, limit: number) =>
  tx.query<Closing>(
    `select ${COLUMNS} from closings where ($1::text is null or kind = $1) and ($2::bigint is null or id < $2)
     order by id desc limit $3`,
    [kind ?? null, before, limit],
  )
