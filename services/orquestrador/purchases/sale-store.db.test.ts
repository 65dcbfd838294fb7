/** Sellers and their sales in the database: the sales of somebody who left belong to one successor. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemIds } from '#platform/clock'
import { testDatabase } from '../../../tests/fixtures/database.ts'
import { handOverSales, insertSellers, isSoldBy } from './sale-store.ts'

const { database } = await testDatabase(new URL('../migrations/', import.meta.url))
const vehicle = { brand: 'Fiat', model: 'Uno', year: 2020 }
const request = { customer_id: 7, vehicle_id: 3, amount_cents: 9_000, payment_type: 'cash', vehicle } as const

async function soldBy(...sellers: readonly string[]): Promise<string> {
  const [first = '', ...others] = sellers
  const id = systemIds.uuid()
  const named = { sellers: others.map((one) => ({ id: one, share: 1 })) }
  await database.transaction(async (tx) => insertSellers(tx, id, { ...request, began_by: `staff ${first}`, ...named }))
  return id
}

const sellersOf = async (id: string) => {
  const rows = await database.query<{ seller: string }>(
    `select seller from sale_sellers where transaction_id = $1 order by seller`,
    [id],
  )
  return rows.map(({ seller }) => seller)
}

test('the sales of somebody who left are found by their successor, also if told twice', async () => {
  const [alone, shared, other] = [await soldBy('nina'), await soldBy('nina', 'otto'), await soldBy('rita')]
  for (let time = 0; time < 2; time += 1) await database.transaction((tx) => handOverSales(tx, 'nina', 'otto'))
  assert.deepEqual([await sellersOf(alone), await sellersOf(shared)], [['otto'], ['otto']])
  assert.deepEqual(await sellersOf(other), ['rita'])
  assert.deepEqual([await isSoldBy(database, 'nina', alone), await isSoldBy(database, 'otto', alone)], [false, true])
})

test('work that is handed over to its own seller stays theirs', async () => {
  const id = await soldBy('lia')
  await database.transaction((tx) => handOverSales(tx, 'lia', 'lia'))
  assert.deepEqual(await sellersOf(id), ['lia'])
})

test('an approved sale is found by its present seller, not only by the one who has left', async () => {
  const id = systemIds.uuid()
  const purchase = { ...request, began_by: 'staff nina' }
  await database.transaction(async (tx) => insertSellers(tx, id, purchase, { subject: 'otto', role: 'staff' }))
  assert.deepEqual(await sellersOf(id), ['nina', 'otto'])
  const byAdmin = systemIds.uuid()
  await database.transaction(async (tx) => insertSellers(tx, byAdmin, purchase, { subject: 'owner', role: 'admin' }))
  assert.deepEqual(await sellersOf(byAdmin), ['nina'])
})
