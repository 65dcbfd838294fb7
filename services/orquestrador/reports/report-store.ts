/** The SQL of the owner's reports. */
import type { Database, Queryable, Tx } from '#platform/database/database'

export const SALES_GROUPS = ['day', 'month', 'brand', 'seller', 'payment_type'] as const
export type SalesGroup = (typeof SALES_GROUPS)[number]

/** Days of São Paulo, both included. */
export interface Period {
  readonly from: string
  readonly to: string
}

const KEYS: Readonly<Record<SalesGroup, (at: string) => string>> = {
  day: (at) => `to_char(${at} at time zone 'America/Sao_Paulo', 'YYYY-MM-DD')`,
  month: (at) => `to_char(${at} at time zone 'America/Sao_Paulo', 'YYYY-MM')`,
  brand: () => `coalesce(brand, '')`,
  seller: () => 'part.seller',
  payment_type: () => `coalesce(payment_type, '')`,
}

export interface SalesRow {
  readonly key: string
  readonly sales: number
  readonly returns: number
  readonly revenue_cents: number
  readonly discount_cents: number
  readonly cost_cents: number
  /** Only of sales with a known cost. */
  readonly margin_cents: number
  /** Sales whose vehicle has no known cost. */
  readonly uncosted: number
  readonly days_in_stock: number | null
}

/**
 * A whole entry, or each seller's share of it. Each cent belongs to one seller, so the shares add up to the entry, and a return takes back the same shares.
 * The person who began a sale is written with a role, a named seller without one; both may be the same person.
 */
const WHOLE = `cross join lateral (select '' as seller, 0 as above, 100 as upto) as part`
const IN_SHARES = `cross join lateral (
    select regexp_replace(coalesce(seller, ''), '^(staff|admin) (?=.)', '') as seller, 0 as above, 100 as upto where sellers is null
    union all
    select id, sum(share) over (order by number) - share, sum(share) over (order by number)
    from rows from (jsonb_to_recordset(sellers) as (id text, share int)) with ordinality as named(id, share, number)
  ) as part`
const share = (column: string) =>
  `sum(trunc(${column} * part.upto / 100.0) - trunc(${column} * part.above / 100.0))::bigint as ${column}`

/** `booked`: by the day of each entry, so that a closed month never changes; `sold`: by that of the sale it concerns. */
export const salesBy = (tx: Queryable, { from, to }: Period, group: SalesGroup, view: 'booked' | 'sold') => {
  const at = view === 'booked' ? 'at' : 'sold_at'
  return tx.query<SalesRow>(
    `select ${KEYS[group](at)} as key,
       count(*) filter (where kind = 'sale') + coalesce(sum(count) filter (where kind = 'sellers'), 0) as sales, count(*) filter (where kind = 'return') as returns,
       ${['revenue_cents', 'discount_cents', 'cost_cents', 'margin_cents'].map(share).join(', ')},
       sum(uncosted) as uncosted,
       round(avg(days_in_stock) filter (where kind = 'sale'), 1)::float8 as days_in_stock
     from report_entries ${group === 'seller' ? IN_SHARES : WHOLE} where kind <> 'failure'
         and ${at} >= $1::date::timestamp at time zone 'America/Sao_Paulo'
         and ${at} < ($2::date + 1)::timestamp at time zone 'America/Sao_Paulo'
     group by 1 order by 1`,
    [from, to],
  )
}

export const failuresBy = (tx: Queryable, { from, to }: Period) =>
  tx.query<{ reason: string; count: number }>(
    `select reason, count(*) as count from report_entries where kind = 'failure'
       and at >= $1::date::timestamp at time zone 'America/Sao_Paulo'
       and at < ($2::date + 1)::timestamp at time zone 'America/Sao_Paulo'
     group by reason order by count desc, reason`,
    [from, to],
  )

export interface StockRow {
  readonly key: string
  readonly count: number
  readonly price_cents: number
  readonly cost_cents: number
  readonly uncosted: number
  readonly days_in_stock: number | null
}

/** The number of days in stock at which each band begins. */
const STANDING_BANDS = [0, 31, 61, 91] as const

const STOCK_KEYS = {
  brand: `coalesce(brand, '')`,
  days: `(array['0-30', '31-60', '61-90', '91+'])[width_bucket($1::date - since, array[${STANDING_BANDS.join(', ')}])]`,
} as const

export const STOCK_GROUPS = ['days', 'brand'] as const

/** The vehicles in the house on that day, at their cost so far. */
export const stockBy = (tx: Queryable, today: string, group: (typeof STOCK_GROUPS)[number]) =>
  tx.query<StockRow>(
    `select ${STOCK_KEYS[group]} as key, count(*) as count, sum(price_cents)::bigint as price_cents,
       coalesce(sum(cost_cents), 0)::bigint as cost_cents, count(*) filter (where cost_cents is null) as uncosted,
       round(avg(greatest(0, $1::date - since)), 1)::float8 as days_in_stock
     from report_vehicles where in_stock group by 1 order by min($1::date - since), 1`,
    [today],
  )

export interface StandingVehicle {
  readonly vehicle_id: number
  readonly since: string
  readonly days_in_stock: number
  readonly price_cents: number
  readonly cost_cents: number | null
  readonly name: string
}

/** Those that have stood longest come first. */
export const longestStanding = (tx: Queryable, today: string, limit: number) =>
  tx.query<StandingVehicle>(
    `select vehicle_id, since::text, greatest(0, $1::date - since) as days_in_stock, price_cents, cost_cents,
       concat_ws(' ', known -> 'account' ->> 'brand', known -> 'account' ->> 'model', known -> 'account' ->> 'year') as name
     from report_vehicles where in_stock order by since, vehicle_id limit $2`,
    [today, limit],
  )

/** When something was last heard; null: never. */
export async function asOf(tx: Queryable): Promise<Date | null> {
  const [row] = await tx.query<{ at: Date }>(`select at from report_facts order by id desc limit 1`)
  return row?.at ?? null
}

/** Reads all figures in one snapshot. */
export const atOnce = <Result>(database: Database, read: (tx: Tx) => Promise<Result>): Promise<Result> =>
  database.transaction(async (tx) => {
    await tx.query(`set transaction isolation level repeatable read, read only`)
    return read(tx)
  })
