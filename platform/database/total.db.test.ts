import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../tests/fixtures/database.ts'
import { COUNTED_UP_TO, totalOf } from './total.ts'

const { database } = await testDatabase()
await database.query(`create table numbers as select n from generate_series(1, 40000) as n`)
await database.query(`analyze numbers`)

test('a short list is counted', async () => {
  assert.equal(await totalOf(database, `select from numbers where n <= $1`, [7]), 7)
  assert.equal(await totalOf(database, `select from numbers where n <= $1`, [COUNTED_UP_TO]), COUNTED_UP_TO)
  assert.equal(await totalOf(database, `select from numbers where n < $1`, [1]), 0)
})

test('the total of a long list is an estimate of the right size', async () => {
  const total = await totalOf(database, `select from numbers where n > $1`, [0])
  assert.ok(total > 30_000 && total < 50_000, `${total}`)
})
