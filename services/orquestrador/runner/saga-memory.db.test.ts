/** A process never takes its memory of sagas for the truth: when others have moved them, nothing is lost or done twice. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock, systemIds } from '#platform/clock'
import type { Saga, SagaInput } from '#saga'
import { testDatabase } from '../../../tests/fixtures/database.ts'
import { type PurchaseRequest, purchaseSaga } from '../purchase-saga.ts'
import { sagaRunner } from './run-saga.ts'
import { sagaMemory } from './saga-memory.ts'
import { findSaga, readHistory } from './saga-store.ts'

const { database, unitOfWork, sent } = await testDatabase(new URL('../migrations/', import.meta.url))

const aProcess = () =>
  sagaRunner({
    definitions: [purchaseSaga],
    unitOfWork,
    clock: systemClock,
    stepTimeoutMs: 70_000,
    memory: sagaMemory(),
    makeCall: async () => ({ refused: 'nobody is asked here' }),
    onDeadline: () => {},
    onMoved: () => {},
    onFault: (error) => assert.fail(String(error)),
  })
const one = aProcess()
const other = aProcess()

const request: PurchaseRequest = {
  customer_id: 1,
  vehicle_id: 1,
  amount_cents: 100_000,
  payment_type: 'cash',
  vehicle: { brand: 'Fiat', model: 'Strada', year: 2023 },
}
const reply = (type: string): SagaInput => ({ kind: 'reply', type, body: { customer_id: 1, amount_cents: 100_000 } })
const CREDIT = reply('events.credit.reserved')
const VEHICLE = reply('events.vehicle.reserved')

async function begunBy(runner: typeof one): Promise<string> {
  return (await runner.start(systemIds.uuid(), request)).saga.transaction_id
}

const told = async (id: string) => (await readHistory(database, id)).map(({ what }) => what)
const commandsOf = (id: string) => sent.filter(({ transaction_id }) => transaction_id === id).map(({ type }) => type)

const CREDIT_TOLD = ['started', 'events.credit.reserved']
const CREDIT_SENT = ['commands.credit.reserve', 'commands.vehicle.reserve']
const VEHICLE_TOLD = [...CREDIT_TOLD, 'events.vehicle.reserved']
const VEHICLE_SENT = [...CREDIT_SENT, 'commands.payment.generate_code']

test('a reply to what the process has just written moves the saga on', async () => {
  const id = await begunBy(one)
  await one.apply(id, CREDIT)
  const moved = await one.apply(id, VEHICLE)
  assert.equal(moved?.saga.step, (await findSaga(database, id))?.step)
  assert.deepEqual(await told(id), VEHICLE_TOLD)
  assert.deepEqual(commandsOf(id), VEHICLE_SENT)
})

test('the second copy of a reply finds that another process has taken the first', async () => {
  const id = await begunBy(one)
  await other.apply(id, CREDIT)
  await one.apply(id, CREDIT)
  assert.deepEqual(await told(id), CREDIT_TOLD)
  assert.deepEqual(commandsOf(id), CREDIT_SENT)
})

test('the next reply counts, though the process remembers the saga where it did not await it yet', async () => {
  const id = await begunBy(one)
  await other.apply(id, CREDIT)
  await one.apply(id, VEHICLE)
  assert.deepEqual(await told(id), VEHICLE_TOLD)
  assert.deepEqual(commandsOf(id), VEHICLE_SENT)
})

for (const [what, move] of [
  ['step', `step = 'VEHICLE_RESERVATION'`],
  ['attempt', `attempt = 2`],
  ['moment', `updated_at = updated_at + interval '1 millisecond'`],
] as const)
  test(`a saga that was moved elsewhere, even by its ${what} alone, is read again and never written over`, async () => {
    const id = await begunBy(one)
    await database.query(`update sagas set ${move}, resumptions = 7 where transaction_id = $1`, [id])
    await one.apply(id, CREDIT)
    assert.equal((await findSaga(database, id))?.resumptions, 7)
  })

test('sagas that were moved elsewhere hold up none of the others in their batch', async () => {
  const ids = await Promise.all(Array.from({ length: 40 }, () => begunBy(one)))
  await Promise.all(ids.filter((_, index) => index % 4 === 0).map((id) => other.apply(id, CREDIT)))
  await Promise.all(ids.map((id) => one.apply(id, CREDIT)))
  for (const id of ids) {
    assert.deepEqual(await told(id), CREDIT_TOLD)
    assert.deepEqual(commandsOf(id), CREDIT_SENT)
  }
})

test('replies and cancellations that come at once to many are taken one after the other', async () => {
  const ids = await Promise.all(Array.from({ length: 60 }, () => begunBy(one)))
  const cancel: SagaInput = { kind: 'cancel', reason: 'changed my mind' }
  const inputs = ids.flatMap((id) => [CREDIT, cancel, CREDIT, VEHICLE].map((input) => ({ id, input })))
  await Promise.all([one, other].flatMap((runner) => inputs.map(({ id, input }) => runner.apply(id, input))))
  for (const id of ids) {
    const lines = await told(id)
    const firsts = lines.slice(0, lines.indexOf('cancel_requested') + 1)
    assert.ok(
      [CREDIT_TOLD, VEHICLE_TOLD, ['started']].some((told) => `${told},cancel_requested` === `${firsts}`),
      `${lines}`,
    )
    assert.equal(lines.filter((what) => what === 'cancel_requested').length, 1)
  }
})

test('a saga that awaits nothing, or that was not touched for longest, is forgotten', () => {
  const saga = (transaction_id: string, deadline: Date | null = new Date()) => ({ transaction_id, deadline }) as Saga
  const memory = sagaMemory(2)
  for (const id of ['a', 'b', 'c']) memory.keep(saga(id), new Date())
  memory.keep(saga('c', null), new Date())
  assert.deepEqual(
    ['a', 'b', 'c', 'b'].map((id) => memory.take(id)?.saga.transaction_id),
    [undefined, 'b', undefined, undefined],
  )
})
