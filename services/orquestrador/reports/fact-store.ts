/** The SQL of facts, of the known state of vehicles, and of the ledger's entries. */
import type { Queryable, Tx } from '#platform/database/database'
import { costOf, type Entry, type Known, type Sellers } from '../domain/ledger.ts'
import type { Fact } from './fact.ts'

/** A fact with its place in the order in which facts were heard. */
export interface Heard {
  readonly id: number
  readonly body: Fact
}

/** Inserts the new ones, in the order given, and returns them. */
export function insertFacts(tx: Tx, facts: readonly Fact[]): Promise<Heard[]> {
  return tx.query<Heard>(
    `insert into report_facts (key, vehicle_id, at, body)
     select key, vehicle_id, at, body from unnest($1::text[], $2::bigint[], $3::timestamptz[], $4::jsonb[])
       with ordinality as new(key, vehicle_id, at, body, number) order by number
     on conflict (key) do nothing returning id, body`,
    [
      facts.map(({ key }) => key),
      facts.map(({ vehicle_id }) => vehicle_id),
      facts.map(({ at }) => at),
      facts.map((fact) => JSON.stringify(fact)),
    ],
  )
}

export interface HeardReturn {
  readonly id: number
  readonly at: string
}

/** Those of the purchases whose vehicle has come back. */
export async function findReturns(tx: Queryable, purchase_ids: readonly string[]): Promise<Map<string, HeardReturn>> {
  const rows = await tx.query<{ id: number; key: string; at: Date }>(
    `select id, key, at from report_facts where key = any($1::text[])`,
    [purchase_ids.map((id) => `return:${id}`)],
  )
  return new Map(rows.map(({ id, key, at }) => [key.slice('return:'.length), { id, at: at.toISOString() }]))
}

/** From the one behind `after` on, in the order in which they were heard. */
export const listFacts = (tx: Queryable, after: number, limit: number) =>
  tx.query<Heard>(`select id, body from report_facts where id > $1 order by id limit $2`, [after, limit])

export async function forgetReports(tx: Tx): Promise<void> {
  await tx.query(`delete from report_entries`)
  await tx.query(`delete from report_vehicles`)
}

/** Locked in the order of their ids. A vehicle without a row is a new one: nothing is known of it yet. */
export async function lockKnown(tx: Tx, vehicle_ids: readonly number[]): Promise<Map<number, Known>> {
  await tx.query(
    `insert into report_vehicles (vehicle_id, known, in_stock)
     select id, '{"account": null, "sold": null}', false from unnest($1::bigint[]) as id order by id
     on conflict (vehicle_id) do nothing`,
    [vehicle_ids],
  )
  const rows = await tx.query<{ vehicle_id: number; known: Known }>(
    `select vehicle_id, known from report_vehicles where vehicle_id = any($1::bigint[]) order by vehicle_id for update`,
    [vehicle_ids],
  )
  return new Map(rows.map(({ vehicle_id, known }) => [vehicle_id, known]))
}

const IN_STOCK = ['preparation', 'available', 'reserved', 'withdrawn']

export async function updateKnown(tx: Tx, known: ReadonlyMap<number, Known>): Promise<void> {
  const rows = [...known].map(([vehicle_id, { account, sold }]) => ({
    vehicle_id,
    known: { account, sold },
    in_stock: account !== null && sold === null && IN_STOCK.includes(account.status),
    brand: account?.brand ?? null,
    since: account && (account.acquired_on ?? account.taken_in_on),
    price_cents: account?.price_cents ?? null,
    cost_cents: account && costOf({ ...account, owner_share_basis_points: 0 }, 0),
  }))
  await tx.query(
    `update report_vehicles as kept set known = new.known, in_stock = new.in_stock, brand = new.brand, since = new.since,
       price_cents = new.price_cents, cost_cents = new.cost_cents
     from jsonb_to_recordset($1::jsonb) as new(vehicle_id bigint, known jsonb, in_stock boolean, brand text, since date,
       price_cents bigint, cost_cents bigint)
     where kept.vehicle_id = new.vehicle_id`,
    [JSON.stringify(rows)],
  )
}

const COLUMNS = `kind text, at timestamptz, sold_at timestamptz, transaction_id uuid, vehicle_id bigint, brand text, seller text,
  sellers jsonb, payment_type text, reason text, count int, revenue_cents bigint, discount_cents bigint, cost_cents bigint, margin_cents bigint, uncosted int,
  days_in_stock int`
const NAMES = COLUMNS.replace(/(\w+) \w+(,|$)/g, '$1$2')

export async function insertEntries(tx: Tx, entries: readonly Entry[]): Promise<void> {
  if (entries.length === 0) return
  await tx.query(
    `insert into report_entries (${NAMES}) select ${NAMES} from jsonb_to_recordset($1::jsonb) as new(${COLUMNS})`,
    [JSON.stringify(entries)],
  )
}

export interface SoldBy {
  readonly began_by?: string | undefined
  readonly sellers?: Sellers | undefined
}

/** For each of these purchases, the person who began it and, where they were named, its sellers. */
export async function soldBy(tx: Queryable, transaction_ids: readonly string[]): Promise<Map<string, SoldBy>> {
  const rows = await tx.query<{ transaction_id: string; began_by: string | null; sellers: Sellers | null }>(
    `select transaction_id, data ->> 'began_by' as began_by, data -> 'sellers' as sellers
     from sagas where transaction_id = any($1::uuid[])`,
    [transaction_ids],
  )
  return new Map(
    rows.map(({ transaction_id, began_by, sellers }) => [
      transaction_id,
      { ...(began_by !== null && { began_by }), ...(sellers && { sellers }) },
    ]),
  )
}
