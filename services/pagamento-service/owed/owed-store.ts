/** The SQL of owed items: money that staff have to give back by hand. */
import type { Queryable, Tx } from '#platform/database/database'
import { totalOf } from '#platform/database/total'
import type { Owed } from '../domain/coming-back.ts'

type OwedStatus = 'open' | 'settled'

export interface OwedItem extends Owed {
  readonly id: number
  readonly status: OwedStatus
  readonly created_at: Date
  readonly settled_at: Date | null
  readonly settled_by: string | null
  readonly settled_method: string | null
  readonly settled_reference: string | null
}

export const OWED_COLUMNS = `id, source, transaction_id, return_id, customer_id, amount_cents, reason, status, created_at, settled_at,
  settled_by, settled_method, settled_reference`

interface Entered {
  readonly entered_by: string
  readonly entered_approval_id: string | null
}

/** An item that staff enter by hand. */
export async function insertLine(tx: Queryable, owed: Owed & Entered, now: Date): Promise<OwedItem> {
  const [line] = await tx.query<OwedItem>(
    `insert into owed_items (source, transaction_id, return_id, customer_id, amount_cents, reason, status, created_at,
       entered_by, entered_approval_id)
     values ($1, $2, $3, $4, $5, $6, 'open', $7, $8, $9) returning ${OWED_COLUMNS}`,
    [
      ...[owed.source, owed.transaction_id, owed.return_id, owed.customer_id, owed.amount_cents, owed.reason, now],
      ...[owed.entered_by, owed.entered_approval_id],
    ],
  )
  if (!line) throw new Error('the insert returned no row')
  return line
}

/** An item that is found again stays one item. */
export function insertOwed(tx: Tx, owed: readonly Owed[], now: Date): void {
  if (owed.length === 0) return
  tx.write(
    `insert into owed_items (source, transaction_id, return_id, customer_id, amount_cents, reason, status, created_at)
     select *, 'open', $7::timestamptz
     from unnest($1::text[], $2::uuid[], $3::uuid[], $4::bigint[], $5::bigint[], $6::text[])
       as one(source, transaction_id, return_id, customer_id, amount_cents, reason) order by source
     on conflict (source) do nothing`,
    [
      owed.map((one) => one.source),
      owed.map((one) => one.transaction_id),
      owed.map((one) => one.return_id),
      owed.map((one) => one.customer_id),
      owed.map((one) => one.amount_cents),
      owed.map((one) => one.reason),
      now,
    ],
  )
}

/** Closes the item, because the provider has refunded the money after all. */
export function settleByProvider(tx: Tx, sources: readonly string[], now: Date): void {
  if (sources.length === 0) return
  tx.write(
    `update owed_items set status = 'settled', settled_at = $2, settled_by = 'provider', settled_method = 'pix'
     where source = any($1::text[]) and status = 'open'`,
    [sources, now],
  )
}

/** Whether the money was given already: then the part that it came from cannot be struck. */
export async function isGiven(tx: Queryable, source: string): Promise<boolean> {
  const given = await tx.query(
    `select from owed_items where source = $1 and status = 'settled' and settled_method <> 'struck' for update`,
    [source],
  )
  return given.length > 0
}

/** Strikes a debt whose part was struck, unless it was settled already. */
export const strikeOwed = (tx: Tx, source: string, by: string, now: Date): void =>
  tx.write(
    `update owed_items set status = 'settled', settled_at = $2, settled_by = $3, settled_method = 'struck'
     where source = $1 and status = 'open'`,
    [source, now, by],
  )

/** The amount of lines that this person has entered for this customer since then without a second one. */
export const enteredAlone = (tx: Tx, customer_id: number, author: string, since: Date): Promise<number> =>
  sumOf(
    tx,
    customer_id,
    `select coalesce(sum(amount_cents), 0)::bigint as cents from owed_items
     where customer_id = $1 and entered_by = $2 and created_at >= $3 and entered_approval_id is null`,
    [author, since],
  )

/** The amount that this person has given back to this customer since then without a second one. */
export const settledAlone = (tx: Tx, customer_id: number, author: string, since: Date): Promise<number> =>
  sumOf(
    tx,
    customer_id,
    `select coalesce(sum(amount_cents), 0)::bigint as cents from owed_items
     where customer_id = $1 and settled_by = $2 and settled_at >= $3 and settled_approval_id is null
       and settled_method <> 'struck'`,
    [author, since],
  )

/** Requests that add up sums of one customer wait for each other here, so that a sum misses nothing. */
async function sumOf(tx: Tx, customer_id: number, sql: string, values: readonly [string, Date]): Promise<number> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('owed to customer ' || $1::text, 0))`, [customer_id])
  const [found] = await tx.query<{ cents: number }>(sql, [customer_id, ...values])
  return found?.cents ?? 0
}

export interface Settlement {
  readonly settled_at: Date
  readonly settled_by: string
  readonly settled_method: string
  readonly settled_reference: string
  readonly settled_approval_id: string | null
}

/** Undefined when it was settled already. Call it with its charge locked. */
export async function settleOwed(tx: Queryable, id: number, how: Settlement): Promise<OwedItem | undefined> {
  const [settled] = await tx.query<OwedItem>(
    `update owed_items set status = 'settled', settled_at = $2, settled_by = $3, settled_method = $4,
       settled_reference = $5, settled_approval_id = $6
     where id = $1 and status = 'open' returning ${OWED_COLUMNS}`,
    [id, how.settled_at, how.settled_by, how.settled_method, how.settled_reference, how.settled_approval_id],
  )
  return settled
}

export interface OwedFilter {
  readonly id?: number | undefined
  readonly status?: OwedStatus | undefined
  readonly transaction_id?: string | undefined
  readonly customer_id?: number | undefined
}

const LISTED = `($1::bigint is null or id = $1) and ($2::text is null or status = $2)
  and ($3::uuid is null or transaction_id = $3) and ($4::bigint is null or customer_id = $4)`

const valuesOf = ({ id, status, transaction_id, customer_id }: OwedFilter) => [
  id ?? null,
  status ?? null,
  transaction_id ?? null,
  customer_id ?? null,
]

export async function findOwed(tx: Queryable, id: number): Promise<OwedItem | undefined> {
  const [found] = await listOwed(tx, { id }, null, 1)
  return found
}

/** Newest first; `before` is the last id of the page before. */
export const listOwed = (tx: Queryable, filter: OwedFilter, before: number | null, limit: number) =>
  tx.query<OwedItem>(
    `select ${OWED_COLUMNS} from owed_items where ${LISTED} and ($5::bigint is null or id < $5) order by id desc limit $6`,
    [...valuesOf(filter), before, limit],
  )

export const countOwed = (tx: Queryable, filter: OwedFilter) =>
  totalOf(tx, `select from owed_items where ${LISTED}`, valuesOf(filter))
