/** Histories of purchases that ended long ago move to the archive and read as before; other histories stay. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock, systemIds } from '#platform/clock'
import { tidyUp } from '../../../host/housekeeping.ts'
import { testDatabase } from '../../../tests/fixtures/database.ts'
import { readNewLines } from '../events/feed-store.ts'
import { type PurchaseRequest, purchaseSaga } from '../purchase-saga.ts'
import { erasePurchases, eraseReasons } from '../rights/erasure-store.ts'
import { historyChores } from './history-archive.ts'
import { archiveHistories } from './history-store.ts'
import { sagaRunner } from './run-saga.ts'
import { readHistory } from './saga-store.ts'

const { database, unitOfWork } = await testDatabase(new URL('../migrations/', import.meta.url))
const runner = sagaRunner({
  definitions: [purchaseSaga],
  unitOfWork,
  clock: systemClock,
  stepTimeoutMs: 70_000,
  makeCall: async () => ({ refused: 'nobody is asked here' }),
  onDeadline: () => {},
  onMoved: () => {},
  onFault: (error) => assert.fail(String(error)),
})
const request: PurchaseRequest = {
  customer_id: 1,
  vehicle_id: 1,
  amount_cents: 100_000,
  payment_type: 'cash',
  vehicle: { brand: 'Fiat', model: 'Strada', year: 2023 },
}
const DAYS = 30
const NEVER_SEEN = '00000000-0000-0000-0000-000000000000'
const inDays = (days: number) => ({ now: () => new Date(Date.now() + days * 86_400_000) })

async function begun(): Promise<string> {
  return (await runner.start(systemIds.uuid(), request)).saga.transaction_id
}

async function ended(): Promise<string> {
  const transaction = await begun()
  const type = 'events.credit.reservation_failed'
  await runner.apply(transaction, { kind: 'reply', type, body: { reason: 'insufficient_balance' } })
  return transaction
}

const linesLeft = async (transaction_id: string) =>
  (await database.query('select from saga_history where transaction_id = $1', [transaction_id])).length

const tidy = (days: number, chores = historyChores(DAYS)) => tidyUp({ database, clock: inDays(days), chores })

test('the history of a purchase that ended is archived in time, and reads as before', async () => {
  const old = await ended()
  const seen = { transaction_id: old, after: 0 }
  const [before, news] = [await readHistory(database, old), await readNewLines(database, [seen])]
  assert.equal(before.length, 2)
  await tidy(DAYS - 1)
  assert.equal(await linesLeft(old), 2, 'it is too young')
  await tidy(DAYS + 1)
  assert.equal(await linesLeft(old), 0)
  assert.deepEqual(await readHistory(database, old), before)
  assert.deepEqual(await readNewLines(database, [seen]), news)
  assert.deepEqual(await readNewLines(database, [{ ...seen, after: news[0]?.id ?? 0 }]), news.slice(1))
})

test('a purchase that is under way, or waits for an operator, stays where it is', async () => {
  const [open, stuck] = [await begun(), await begun()]
  await database.query(
    `update sagas set status = 'FAILED_REQUIRES_MANUAL_INTERVENTION', deadline = null where transaction_id = $1`,
    [stuck],
  )
  await tidy(DAYS + 1)
  assert.deepEqual([await linesLeft(open), await linesLeft(stuck)], [1, 1])
})

test('a purchase that an operator ran again is archived again, behind its earlier lines', async () => {
  const old = await ended()
  await tidy(DAYS + 1)
  await runner.apply(old, { kind: 'redo', by: 'admin', reason: 'restored' })
  for (const type of ['events.payment.refunded', 'events.vehicle.released', 'events.credit.released'])
    await runner.apply(old, { kind: 'reply', type, body: {} })
  const whole = await readHistory(database, old)
  assert.deepEqual(
    whole.map(({ what }) => what),
    [
      'started',
      'events.credit.reservation_failed',
      'redone',
      'events.payment.refunded',
      'events.vehicle.released',
      'events.credit.released',
    ],
  )
  await tidy(DAYS + 1)
  assert.equal(await linesLeft(old), 0)
  assert.deepEqual(await readHistory(database, old), whole)
})

test('words that a person wrote are erased from the archive too, and all of it once nothing needs to be kept', async () => {
  const { saga } = await runner.start(systemIds.uuid(), { ...request, customer_id: 77 })
  const { transaction_id } = saga
  await runner.apply(transaction_id, { kind: 'cancel', reason: 'my aunt Joana is ill' })
  await runner.apply(transaction_id, { kind: 'reply', type: 'events.credit.released', body: {} })
  await tidy(DAYS + 1)
  assert.equal(await linesLeft(transaction_id), 0)
  await database.transaction((tx) => eraseReasons(tx, [77]))
  const lines = await readHistory(database, transaction_id)
  assert.deepEqual(
    lines.map(({ reason }) => reason),
    [null, 'erased', 'erased'],
  )
  await database.transaction((tx) => erasePurchases(tx, [77]))
  assert.deepEqual(await readHistory(database, transaction_id), [])
})

test('days of 0 mean never', async () => {
  const old = await ended()
  await tidy(10_000, historyChores(0))
  assert.equal(await linesLeft(old), 2)
})

test('many batches by many replicas at once move each history once, and find the end', async () => {
  const many = await Promise.all(Array.from({ length: 450 }, ended))
  await Promise.all([tidy(DAYS + 1), tidy(DAYS + 1), tidy(DAYS + 1)])
  for (const transaction of many) {
    assert.equal(await linesLeft(transaction), 0)
    assert.equal((await readHistory(database, transaction)).length, 2)
  }
  const left = await archiveHistories(database, { after: NEVER_SEEN, before: inDays(1).now(), limit: 10 })
  assert.deepEqual(left, [])
})
