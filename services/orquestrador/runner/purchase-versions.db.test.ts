/** A process leaves purchases of unknown versions alone, and the others go on beside them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ForNewerProcess } from '#messaging'
import { systemClock, systemIds } from '#platform/clock'
import type { SagaDefinition, SagaInput } from '#saga'
import { testDatabase } from '../../../tests/fixtures/database.ts'
import { type PurchaseRequest, purchaseSaga } from '../purchase-saga.ts'
import { passDeadlines } from './deadlines.ts'
import { sagaRunner } from './run-saga.ts'
import { makeCallsDue } from './saga-store.ts'

const { database, unitOfWork, sent } = await testDatabase(new URL('../migrations/', import.meta.url))
const nextSaga: SagaDefinition = { ...purchaseSaga, version: 2 }
const STEP_TIMEOUT_MS = 70_000

const runnerOf = (definitions: readonly SagaDefinition[]) =>
  sagaRunner({
    definitions,
    unitOfWork,
    clock: systemClock,
    stepTimeoutMs: STEP_TIMEOUT_MS,
    makeCall: async () => ({ refused: 'nobody is asked here' }),
    onDeadline: () => {},
    onMoved: () => {},
    onFault: (error) => assert.fail(String(error)),
  })
const old = runnerOf([purchaseSaga])
const young = runnerOf([purchaseSaga, nextSaga])

const request: PurchaseRequest = {
  customer_id: 1,
  vehicle_id: 1,
  amount_cents: 100_000,
  payment_type: 'cash',
  vehicle: { brand: 'Fiat', model: 'Strada', year: 2023 },
}
const creditIsReserved: SagaInput = {
  kind: 'reply',
  type: 'events.credit.reserved',
  body: { customer_id: 1, amount_cents: 100_000 },
}

async function begun(by: typeof old): Promise<string> {
  const { saga } = await by.start(systemIds.uuid(), request)
  return saga.transaction_id
}

const rowOf = async (transaction_id: string) =>
  (
    await database.query<{ version: number; step: string }>('select * from sagas where transaction_id = $1', [
      transaction_id,
    ])
  )[0]

const overdueSince = (transaction_ids: readonly string[], minutes: number) =>
  database.query(
    `update sagas set deadline = now() - $2 * interval '1 minute' where transaction_id = any($1::uuid[])`,
    [transaction_ids, minutes],
  )

test('new purchases begin under the last version, and an old process leaves them as they are', async () => {
  const transaction = await begun(young)
  const before = await rowOf(transaction)
  assert.equal(before?.version, 2)
  const inputs: SagaInput[] = [
    creditIsReserved,
    { kind: 'deadline' },
    { kind: 'cancel', reason: 'x' },
    { kind: 'resume', by: 'admin' },
  ]
  for (const input of inputs) await assert.rejects(old.apply(transaction, input), ForNewerProcess)
  assert.deepEqual(await rowOf(transaction), before)
  await young.apply(transaction, creditIsReserved)
  assert.equal((await rowOf(transaction))?.step, 'VEHICLE_RESERVATION')
})

test('purchases that it knows go on in the same batch, each once', async () => {
  const strange = await begun(young)
  const own = await Promise.all(Array.from({ length: 5 }, () => begun(old)))
  const before = sent.length
  const results = await Promise.allSettled([strange, ...own].map((id) => old.apply(id, creditIsReserved)))
  assert.deepEqual(
    results.map(({ status }) => status),
    ['rejected', ...own.map(() => 'fulfilled')],
  )
  for (const id of own) assert.equal((await rowOf(id))?.step, 'VEHICLE_RESERVATION')
  assert.equal(sent.length - before, own.length, 'one command each')
})

test('it leaves their deadlines alone, however many have passed, and passes those of its own purchases', async () => {
  const strange = await Promise.all(Array.from({ length: 200 }, () => begun(young)))
  const own = await begun(old)
  await overdueSince(strange, 10)
  await overdueSince([own], 5)
  const next = await passDeadlines(database, old, systemClock)
  assert.ok(!next || next > new Date(), 'nothing that it could do is due any more')
  const { rows } = { rows: await database.query<{ attempt: number }>('select attempt from sagas where version = 2') }
  assert.ok(rows.every(({ attempt }) => attempt === 1))
  const [mine] = await database.query<{ attempt: number }>('select attempt from sagas where transaction_id = $1', [own])
  assert.equal(mine?.attempt, 2)
})

test('a purchase that waits for an operator goes on waiting when a process comes up, even at a call', async () => {
  const parked = await begun(old)
  await database.query(
    `update sagas set step = $2, status = 'FAILED_REQUIRES_MANUAL_INTERVENTION', deadline = null where transaction_id = $1`,
    [parked, purchaseSaga.pivot],
  )
  const before = await rowOf(parked)
  await makeCallsDue(database, [purchaseSaga], systemClock.now())
  assert.deepEqual(await rowOf(parked), before)
})

test('it leaves alone calls that a newer process may just be making', async () => {
  const strange = await begun(young)
  await database.query(`update sagas set step = $2, deadline = now() + interval '1 hour' where transaction_id = $1`, [
    strange,
    purchaseSaga.pivot,
  ])
  const before = await rowOf(strange)
  await makeCallsDue(database, [purchaseSaga], systemClock.now())
  assert.deepEqual(await rowOf(strange), before)
  await makeCallsDue(database, [purchaseSaga, nextSaga], systemClock.now())
  assert.notDeepEqual(await rowOf(strange), before)
})
