/** The list of payments stays quick when there are many: its pages are read by id, from both payments and parts. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Queryable } from '#platform/database/database'
import { testDatabase } from '../../../tests/fixtures/database.ts'
import { listPayments, type PaymentFilter } from './listing-store.ts'

const MANY = 20_000
const { database } = await testDatabase(new URL('../migrations/', import.meta.url))
// their codes do not matter here
await database.query('alter table payments drop constraint payments_payment_code_fkey')
await database.query(
  `insert into payments (id, transaction_id, payment_code, customer_id, vehicle_id, amount_cents, payment_type, payment_method, status,
     processed_at, created_at)
   overriding system value
   select n * 2, gen_random_uuid(), 'code' || n, n % 1000, 3, 100, 'pix', 'pix', 'completed', now(), now() from generate_series(1, $1::int) n`,
  [MANY],
)
await database.query(
  `insert into payment_parts (id, transaction_id, payment_code, customer_id, vehicle_id, amount_cents, method, state, author, created_at,
     updated_at)
   select n * 2 + 1, gen_random_uuid(), 'part' || n, n % 1000, 3, 100, 'card', 'received', 'staff rui', now(), now()
   from generate_series(1, $1::int) n`,
  [MANY],
)
await database.query('analyze payments, payment_parts')

interface Node {
  readonly 'Node Type': string
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly Plans?: readonly Node[]
}

/** The number of rows that PostgreSQL read for this list. */
async function rowsRead(filter: PaymentFilter, limit: number): Promise<number> {
  let read = 0
  const explaining: Queryable = {
    async query(text: string, values: readonly unknown[] = []) {
      const [row] = await database.query<{ 'QUERY PLAN': { Plan: Node }[] }>(
        `explain (analyze, format json) ${text}`,
        values,
      )
      read = leaves(row?.['QUERY PLAN'][0]?.Plan)
      return []
    },
  } as Queryable
  await listPayments(explaining, filter, limit)
  return read
}

function leaves(node: Node | undefined): number {
  if (!node) return 0
  if (!node.Plans?.length) return node['Actual Rows'] * node['Actual Loops']
  return node.Plans.reduce((sum, one) => sum + leaves(one), 0)
}

test('a page of all payments has both kinds, the newest first, and reads few rows that it does not show', async () => {
  const page = await listPayments(database, {}, 5)
  assert.deepEqual(
    page.map(({ id }) => id),
    [2 * MANY + 1, 2 * MANY, 2 * MANY - 1, 2 * MANY - 2, 2 * MANY - 3],
  )
  assert.ok((await rowsRead({}, 50)) < 200)
  assert.ok((await rowsRead({ before: MANY }, 50)) < 200)
  assert.ok((await rowsRead({ id: MANY }, 1)) < 10)
})

test('payments are found by their purchase', async () => {
  const [part] = await listPayments(database, {}, 1)
  assert.ok(part)
  const { transaction_id } = part
  assert.equal((await listPayments(database, { transaction_id }, 50)).length, 1)
  assert.ok((await rowsRead({ transaction_id }, 50)) < 10)
})

test('money that was promised is found among many, and leaves the list when it comes', async () => {
  const [one, other] = [3, 5]
  await database.query(
    `update payment_parts set state = 'promised', created_at = now() - interval '200 days' where id in ($1, $2)`,
    [one, other],
  )
  const ids = async (filter: PaymentFilter) => (await listPayments(database, filter, 50)).map(({ id }) => id)
  assert.deepEqual(await ids({ state: 'promised' }), [other, one])
  assert.ok((await rowsRead({ state: 'promised' }, 50)) < 10)
  await database.query(`update payment_parts set state = 'received', received_at = now() where id = $1`, [one])
  assert.deepEqual(await ids({ state: 'promised' }), [other])
})

test('the money of a day has what came on it, also of a part that was promised long before', async () => {
  const [today, tomorrow] = await days()
  await database.query(`update payments set processed_at = '2026-01-01T12:00:00Z'`)
  await database.query(`update payment_parts set received_at = '2026-01-01T12:00:00Z' where state = 'received'`)
  await database.query(
    `update payment_parts set state = 'received', created_at = '2025-10-01T12:00:00Z', received_at = now() where id = 7`,
  )
  const ids = async (came_on: string) => (await listPayments(database, { came_on }, 50)).map(({ id }) => id)
  assert.deepEqual(await ids(today), [7])
  assert.deepEqual(await ids(tomorrow), [])
})

async function days(): Promise<readonly [string, string]> {
  const [row] = await database.query<{ today: string; tomorrow: string }>(
    `select (now() at time zone 'America/Sao_Paulo')::date::text as today,
       ((now() at time zone 'America/Sao_Paulo')::date + 1)::text as tomorrow`,
  )
  assert.ok(row)
  return [row.today, row.tomorrow]
}
