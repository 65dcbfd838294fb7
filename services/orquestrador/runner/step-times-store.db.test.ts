import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../../tests/fixtures/database.ts'
import { stepTimes } from './step-times-store.ts'

const { database } = await testDatabase(new URL('../migrations/', import.meta.url))

const line = (transaction: number, id: number, seconds: number, step: string) =>
  database.query(
    `insert into saga_history (transaction_id, id, at, step, status, what, attempt)
     overriding system value
     values ($1, $2, $3, $4, 'IN_PROGRESS', 'happened', 1)`,
    [
      `01990000-0000-7000-8000-${String(transaction).padStart(12, '0')}`,
      id,
      new Date(Date.UTC(2026, 2, 2, 12) + seconds * 1_000),
      step,
    ],
  )

test('a step takes from its line to the next of the same purchase, and the last line of one says nothing yet', async () => {
  assert.deepEqual(await stepTimes(database), [])
  for (const [transaction, seconds] of [
    [1, 1],
    [2, 3],
    [3, 11],
  ] as const) {
    await line(transaction, transaction * 10, 0, 'CREDIT_RESERVATION')
    await line(transaction, transaction * 10 + 1, seconds, 'VEHICLE_RESERVATION')
  }
  await line(1, 12, 1.5, 'PAYMENT_CODE_GENERATION')
  const [credit, vehicle, ...more] = await stepTimes(database)
  assert.deepEqual([credit?.step, credit?.times, credit?.median_seconds], ['CREDIT_RESERVATION', 3, 3])
  assert.ok((credit?.p95_seconds ?? 0) > 9 && (credit?.p95_seconds ?? 0) <= 11)
  assert.deepEqual([vehicle?.step, vehicle?.times, vehicle?.median_seconds], ['VEHICLE_RESERVATION', 1, 0.5])
  assert.deepEqual(more, [])
})
