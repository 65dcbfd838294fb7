/** The SQL of returns, beside their sagas: who asked for each and why, and which purchase has one. */
import type { Queryable, Tx } from '#platform/database/database'
import { totalOf } from '#platform/database/total'
import { SAGA_COLUMNS, type StoredSaga } from '../runner/saga-store.ts'

/** A purchase has at most one return that is open or completed. */
export type ReturnStatus = 'open' | 'completed' | 'cancelled'

export interface NewReturn {
  readonly return_id: string
  readonly purchase_id: string
  readonly customer_id: number
  readonly vehicle_id: number
  readonly asked_by: string
  /** As it was typed; null when a buyer gave none. */
  readonly reason: string | null
  readonly asked_at: Date
}

export interface StoredReturn extends NewReturn {
  readonly status: ReturnStatus
  readonly received_at: Date | null
  readonly received_by: string | null
  readonly mileage_km: number | null
  readonly notes: string | null
  readonly ended_at: Date | null
}

export const RETURN_COLUMNS = `return_id, purchase_id, customer_id, vehicle_id, asked_by, reason, asked_at, status, received_at,
  received_by, mileage_km, notes, ended_at`

/** While this lock is held, no operator moves the purchase, and no other return of it begins. */
export async function lockPurchase(tx: Tx, purchase_id: string): Promise<StoredSaga | undefined> {
  const [purchase] = await tx.query<StoredSaga>(
    `select ${SAGA_COLUMNS} from sagas where transaction_id = $1 and definition = 'purchase' for update`,
    [purchase_id],
  )
  return purchase
}

/** Those of these purchases that have a return: operators may not move them any more. Call it with the purchases locked. */
export async function purchasesWithReturn(tx: Queryable, purchase_ids: readonly string[]): Promise<string[]> {
  const found = await tx.query<{ purchase_id: string }>(
    `select purchase_id from purchase_returns where purchase_id = any($1::uuid[]) and status <> 'cancelled'`,
    [purchase_ids],
  )
  return found.map(({ purchase_id }) => purchase_id)
}

export function insertReturn(tx: Tx, made: NewReturn): void {
  tx.write(
    `insert into purchase_returns (return_id, purchase_id, customer_id, vehicle_id, asked_by, reason, asked_at, status)
     values ($1, $2, $3, $4, $5, $6, $7, 'open')`,
    [made.return_id, made.purchase_id, made.customer_id, made.vehicle_id, made.asked_by, made.reason, made.asked_at],
  )
}

export interface ReceivedVehicle {
  readonly received_at: Date
  readonly received_by: string
  readonly mileage_km: number
  readonly notes: string | null
}

export function recordReceived(tx: Tx, return_id: string, received: ReceivedVehicle): void {
  tx.write(
    `update purchase_returns set received_at = $2, received_by = $3, mileage_km = $4, notes = $5 where return_id = $1`,
    [return_id, received.received_at, received.received_by, received.mileage_km, received.notes],
  )
}

/** Call it in the transaction in which their sagas end; a saga that is redone ends again. */
export function endReturns(
  tx: Tx,
  ended: readonly { readonly return_id: string; readonly status: ReturnStatus }[],
  now: Date,
): void {
  if (ended.length === 0) return
  tx.write(
    `update purchase_returns set status = new.status, ended_at = $3
     from unnest($1::uuid[], $2::text[]) as new(return_id, status) where purchase_returns.return_id = new.return_id`,
    [ended.map(({ return_id }) => return_id), ended.map(({ status }) => status), now],
  )
}

export async function findReturn(tx: Queryable, return_id: string): Promise<StoredReturn | undefined> {
  const [found] = await tx.query<StoredReturn>(`select ${RETURN_COLUMNS} from purchase_returns where return_id = $1`, [
    return_id,
  ])
  return found
}

export interface ReturnFilter {
  readonly status?: ReturnStatus | undefined
  readonly purchase_id?: string | undefined
  readonly customer_id?: number | undefined
  /** Who sold. */
  readonly seller?: string | undefined
}

const LISTED = `($1::text is null or status = $1) and ($2::uuid is null or purchase_id = $2)
  and ($3::bigint is null or customer_id = $3)
  and ($4::text is null or purchase_id in (select transaction_id from sale_sellers where seller = $4))`

const valuesOf = ({ status, purchase_id, customer_id, seller }: ReturnFilter) => [
  status ?? null,
  purchase_id ?? null,
  customer_id ?? null,
  seller ?? null,
]

/** Newest first; `before` is the last return_id of the page before. */
export const listReturns = (tx: Queryable, filter: ReturnFilter, before: string | null, limit: number) =>
  tx.query<StoredReturn>(
    `select ${RETURN_COLUMNS} from purchase_returns where ${LISTED} and ($5::uuid is null or return_id < $5)
     order by return_id desc limit $6`,
    [...valuesOf(filter), before, limit],
  )

export const countReturns = (tx: Queryable, filter: ReturnFilter) =>
  totalOf(tx, `select from purchase_returns where ${LISTED}`, valuesOf(filter))

/** Purchases that began before `began`, with returns that began since then; the page behind the return `after`. */
export const returnsOfOlderPurchases = (tx: Queryable, began: string, after: string, limit: number) =>
  tx.query<{ return_id: string; purchase_id: string }>(
    `select return_id, purchase_id from purchase_returns
     where return_id > $2 and return_id > $1 and purchase_id <= $1 order by return_id limit $3`,
    [began, after, limit],
  )
