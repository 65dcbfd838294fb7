/** Pickup codes as the orquestrador keeps them: sealed until the pickup, whichever message comes first. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Message, vehiclePickedUp } from '#contracts'
import { systemIds } from '#platform/clock'
import { rotateKeys } from '#platform/vault/reseal-store'
import { begin, type Saga } from '#saga'
import { messageOf, testDatabase } from '../../../tests/fixtures/database.ts'
import { purchaseSaga } from '../purchase-saga.ts'
import { findSaga, insertSagas, updateSagas } from '../runner/saga-store.ts'
import { sealedCodes, sealPlainCodes } from './pickup-code-store.ts'
import { pickupEvents, sealingAnswers, showCodes } from './pickup-codes.ts'

const { database, vault, unitOfWork } = await testDatabase(new URL('../migrations/', import.meta.url))
const show = showCodes(vault)
const [forgetting] = pickupEvents
const now = new Date('2026-11-23T12:00:00Z')

async function started(): Promise<Saga> {
  const request = {
    ...{ customer_id: 7, vehicle_id: 3, amount_cents: 9_000, payment_type: 'cash' },
    vehicle: { brand: 'Fiat', model: 'Uno', year: 2020 },
  }
  const { saga } = begin(purchaseSaga, systemIds.uuid(), request, { now, stepTimeoutMs: 30_000 })
  await database.transaction(async (tx) => insertSagas(tx, [saga], now))
  return saga
}

/** The answer of the sale, as the runner stores it. */
async function sold(saga: Saga, code: string | undefined): Promise<void> {
  const answer = { answer: code === undefined ? {} : { pickup_code: code } }
  const result = await sealingAnswers(vault, async () => answer)('mark_vehicle_as_sold', saga.transaction_id, {})
  assert.ok('answer' in result)
  const after = { ...saga, data: { ...saga.data, ...Object(result.answer) } }
  await database.transaction(async (tx) => updateSagas(tx, [{ saga: after, from: saga, as_of: null }], now))
}

const pickedUp = (...sagas: Saga[]) =>
  unitOfWork(async (tx, send) => {
    const body = { vehicle_id: 3, picked_up_at: now.toISOString() }
    const messages: Message[] = sagas.map(({ transaction_id }) => messageOf(vehiclePickedUp, transaction_id, body))
    await forgetting?.handle(tx, messages, send)
  })

async function shownCode({ transaction_id }: Saga): Promise<string | undefined> {
  const saga = await findSaga(database, transaction_id)
  assert.ok(saga)
  return (await show([saga]))[0]?.shown_code
}

const rowOf = async ({ transaction_id }: Saga) =>
  JSON.stringify(await database.query('select * from sagas where transaction_id = $1', [transaction_id]))

test('a code is shown to whoever may see it, and lies nowhere unsealed', async () => {
  const saga = await started()
  await sold(saga, '34679ACD')
  assert.equal(await shownCode(saga), '34679ACD')
  assert.ok(!(await rowOf(saga)).includes('34679ACD'))
})

test('it is gone after the pickup, even if the message comes twice or is about an unknown purchase', async () => {
  const [one, two] = [await started(), await started()]
  await sold(one, '34679ACD')
  await sold(two, 'GHJKMNPQ')
  await pickedUp(one, one, { ...one, transaction_id: systemIds.uuid() })
  await pickedUp(one)
  assert.deepEqual([await shownCode(one), await shownCode(two)], [undefined, 'GHJKMNPQ'])
})

test('a sale whose answer comes after the pickup brings no code back', async () => {
  const saga = await started()
  await pickedUp(saga)
  await sold(saga, '34679ACD')
  assert.equal(await shownCode(saga), undefined)
  const other = await started()
  await sold(other, undefined)
  assert.equal(await shownCode(other), undefined)
})

test('a code that is moved to another purchase opens to nobody', async () => {
  const [one, two] = [await started(), await started()]
  await sold(one, '34679ACD')
  await database.query(
    `update sagas set pickup_code = (select pickup_code from sagas where transaction_id = $1) where transaction_id = $2`,
    [one.transaction_id, two.transaction_id],
  )
  const intact = await started()
  await sold(intact, 'KMNPQRTV')
  const page = await Promise.all([two, intact].map(({ transaction_id }) => findSaga(database, transaction_id)))
  const shown = await show(page.filter((saga) => saga !== undefined))
  assert.deepEqual(
    shown.map(({ shown_code }) => shown_code),
    [undefined, 'KMNPQRTV'],
    'and costs the page of others nothing',
  )
  await pickedUp(two)
})

test('codes of the release before are shown, then sealed; those that were picked up go', async () => {
  const [waiting, taken] = [await started(), await started()]
  await pickedUp(taken)
  for (const { transaction_id } of [waiting, taken])
    await database.query(
      `update sagas set data = (data::jsonb || '{"pickup_code": "34679ACD"}')::json where transaction_id = $1`,
      [transaction_id],
    )
  assert.equal(await shownCode(waiting), '34679ACD')
  assert.equal(await sealPlainCodes(database, vault), 2)
  assert.equal(await sealPlainCodes(database, vault), 0)
  assert.deepEqual([await shownCode(waiting), await shownCode(taken)], ['34679ACD', undefined])
  assert.ok(!(await rowOf(waiting)).includes('34679ACD'))
})

test('a new data key reaches the codes of all purchases', async () => {
  const saga = await started()
  await sold(saga, 'TVWXY346')
  const before = await rowOf(saga)
  const { resealed } = await rotateKeys(database, vault, [sealedCodes], new Date())
  assert.ok((resealed.sagas ?? 0) >= 1)
  assert.notEqual(await rowOf(saga), before)
  assert.equal(await shownCode(saga), 'TVWXY346')
})
