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

/** An item that staff enter by hand. */
export async function insertLine(tx: Queryable, owed: Owed, now: Date): Promise<OwedItem> {
  const [line] = await tx.query<OwedItem>(
    `insert into owed_items (source, transaction_id, return_id, customer_id, amount_cents, reason, status, created_at)
     values ($1, $2, $3, $4, $5, $6, 'open', $7) returning ${OWED_COLUMNS}`,
    [owed.source, owed.transaction_id, owed.return_id, owed.customer_id, owed.amount_cents, owed.reason, now],
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

/** Whether it was given already: then what it came from stands. */
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

export interface Settlement {
  readonly settled_at: Date
  readonly settled_by: string
  readonly settled_method: string
  readonly settled_reference: string
}

/** Undefined when it was settled already. Call it with its charge locked. */
export async function settleOwed(tx: Queryable, id: number, how: Settlement): Promise<OwedItem | undefined> {
  const [settled] = await tx.query<OwedItem>(
    `update owed_items set status = 'settled', settled_at = $2, settled_by = $3, settled_method = $4,
       settled_reference = $5
     where id = $1 and status = 'open' returning ${OWED_COLUMNS}`,
    [id, how.settled_at, how.settled_by, how.settled_method, how.settled_reference],
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

/** Newest first; `before` is the last id of the page before. */
export const listOwed = (tx: Queryable, filter: OwedFilter, before: number | null, limit: number) =>
  tx.query<OwedItem>(
    `select ${OWED_COLUMNS} from owed_items where ${LISTED} and ($5::bigint is null or id < $5) order by id desc limit $6`,
    [...valuesOf(filter), before, limit],
  )

export const countOwed = (tx: Queryable, filter: OwedFilter) =>
  totalOf(tx, `select from owed_items where ${LISTED}`, valuesOf(filter))
