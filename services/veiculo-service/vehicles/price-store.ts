/** The SQL of prices, and of who sold a vehicle by hand or took it off sale. */
import type { Queryable, Tx } from '#platform/database/database'

export interface PriceMark {
  readonly author: string
  readonly approval_id: string | null
}

export const insertPrice = (
  tx: Tx,
  { id, price_cents }: { readonly id: number; readonly price_cents: number },
  { author, approval_id }: PriceMark,
  at: Date,
): void =>
  tx.write(
    `insert into vehicle_prices (vehicle_id, price_cents, at, author, approval_id) values ($1, $2, $3, $4, $5)`,
    [id, price_cents, at, author, approval_id],
  )

/** For so long, an earlier price limits how low a new one may be. */
export const PRICES_COUNT_MS = 30 * 86_400_000

/** The highest price since then, including the price at that moment and the present one. */
export async function highestSince(tx: Queryable, vehicle_id: number, since: Date): Promise<number> {
  const [row] = await tx.query<{ highest: number }>(
    `select greatest(max(prices.price_cents), (select price_cents from vehicles where id = $1)) as highest
     from vehicle_prices as prices where vehicle_id = $1 and (at >= $2 or id = (
       select max(id) from vehicle_prices where vehicle_id = $1 and at < $2))`,
    [vehicle_id, since],
  )
  return row?.highest ?? 0
}

/** The latest first. */
export const findPrices = (tx: Queryable, vehicle_id: number) =>
  tx.query<{ price_cents: number; at: Date }>(
    `select price_cents, at from vehicle_prices where vehicle_id = $1 order by id desc limit 1000`,
    [vehicle_id],
  )

// Both run at once, and are not kept for the commit: there, two updates of one row would become one statement.

export const markSoldBy = (tx: Tx, id: number, author: string) =>
  tx.query(`update vehicles set sold_by = $2 where id = $1`, [id, author])

/** `author` null: it is on sale again. */
export const markWithdrawnBy = (tx: Tx, id: number, author: string | null) =>
  tx.query(`update vehicles set withdrawn_by = $2 where id = $1`, [id, author])

export interface PriceDrop {
  readonly vehicle_id: number
  readonly author: string | null
  readonly before_cents: number
  readonly after_cents: number
  readonly dropped_at: Date
  readonly sold_at: Date
}

/** Vehicles sold since then whose price fell by so many percent in the day before, without an approval. */
export const dropsBeforeSales = (tx: Queryable, since: Date, percent: number, limit: number) =>
  tx.query<PriceDrop>(
    `select vehicles.id as vehicle_id, after.author, before.price_cents as before_cents, after.price_cents as after_cents,
       after.at as dropped_at, vehicles.sold_at
     from vehicle_prices as after
     join vehicles on vehicles.id = after.vehicle_id
     join lateral (select price_cents from vehicle_prices where vehicle_id = after.vehicle_id and id < after.id
       order by id desc limit 1) as before on true
     where after.at >= $1::timestamptz - interval '1 day' and vehicles.sold_at >= $1
       and vehicles.sold_at between after.at and after.at + interval '1 day'
       and after.price_cents * 100 <= before.price_cents * (100 - $2::float8)
       and not exists (select from approvals where approvals.id = after.approval_id and approvals.status = 'approved')
     order by after.at limit $3`,
    [since, percent, limit],
  )
