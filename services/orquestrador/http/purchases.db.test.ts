/** The orquestrador's routes on the whole system: purchases under a key, and the list of purchases. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  buy,
  CLIENTE,
  customerWith,
  ORQUESTRADOR,
  sagaOf,
  settled,
  startSystem,
  until,
  vehicleAt,
} from '../../../tests/fixtures/system.ts'

const api = await startSystem()

test('twenty copies of a purchase under one key start one saga and get one answer', async () => {
  const customer = await customerWith(api, { initial_balance: 9_000 })
  const order = { customer_id: customer, vehicle_id: await vehicleAt(api, 4_000), payment_type: 'cash' }
  const send = (body: object) =>
    api.call(ORQUESTRADOR, 'POST', '/purchase', body, { 'idempotency-key': `click-${order.vehicle_id}` })
  const answers = await Promise.all(Array.from({ length: 20 }, () => send(order)))
  assert.equal(answers[0]?.status, 202, JSON.stringify(answers[0]?.body))
  for (const answer of answers) assert.deepEqual(answer, answers[0])
  await settled(api, answers[0]?.body.transaction_id)
  assert.deepEqual(await send(order), answers[0], 'the same answer when the vehicle is sold')
  const { body } = await api.call(ORQUESTRADOR, 'GET', `/saga-states?customer_id=${customer}`)
  assert.equal(body.total, 1)
  const reused = await send({ ...order, payment_type: 'credit' })
  assert.deepEqual([reused.status, /idempotency_key_reused$/.test(reused.body.type)], [422, true])
})

test('a purchase that was refused may be tried again under its key', async () => {
  const order = { customer_id: await customerWith(api), vehicle_id: await vehicleAt(api, 500), payment_type: 'cash' }
  const send = () =>
    api.call(ORQUESTRADOR, 'POST', '/purchase', order, { 'idempotency-key': `try-${order.vehicle_id}` })
  assert.equal((await send()).status, 400)
  const paid = { amount: 500, kind: 'deposit', reason: 'Paid at the counter' }
  assert.equal((await api.call(CLIENTE, 'POST', `/customers/${order.customer_id}/adjustments`, paid)).status, 201)
  assert.equal((await send()).status, 202)
})

test('a buyer who was shown another price is told the price of now, and nothing is started', async () => {
  const [customer_id, vehicle_id] = [await customerWith(api, { initial_balance: 9_000 }), await vehicleAt(api, 4_000.1)]
  const order = { customer_id, vehicle_id, payment_type: 'cash' }
  const send = (expected_price: unknown) => api.call(ORQUESTRADOR, 'POST', '/purchase', { ...order, expected_price })
  const moved = await send(3_999.99)
  assert.deepEqual([moved.status, moved.body.detail, moved.body.price], [409, 'Price has changed', 4_000.1])
  for (const wrong of ['4000.10', -1, 4_000.101]) {
    const { status, body } = await send(wrong)
    assert.deepEqual([status, body.errors[0].path], [422, '/expected_price'])
  }
  const { body } = await api.call(ORQUESTRADOR, 'GET', `/saga-states?customer_id=${customer_id}`)
  assert.equal(body.total, 0)
  assert.equal((await send(4_000.1)).status, 202)
})

test('purchases are listed by status, step, customer and vehicle, with their total', async () => {
  const [customer_id, vehicle_id] = [await customerWith(api), await vehicleAt(api, 45_000)]
  const transaction = await buy(api, customer_id, vehicle_id, 'pix')
  await until('it waits', async () => (await sagaOf(api, transaction)).current_step === 'PAYMENT_PROCESSING')
  const listed = async (query: string) => (await api.call(ORQUESTRADOR, 'GET', `/saga-states?${query}`)).body
  for (const query of [
    `customer_id=${customer_id}`,
    `vehicle_id=${vehicle_id}`,
    `customer_id=${customer_id}&status=IN_PROGRESS`,
    `vehicle_id=${vehicle_id}&current_step=PAYMENT_PROCESSING`,
  ]) {
    const { sagas, total, next_cursor } = await listed(query)
    assert.deepEqual([sagas.length, total, next_cursor, sagas[0]?.transaction_id], [1, 1, null, transaction], query)
  }
  assert.equal((await listed(`customer_id=${customer_id}&status=COMPLETED`)).total, 0)
})

test('avisos-service is told of purchases by their ids, nobody else is, and what is no id is refused', async () => {
  const customer = await customerWith(api, { initial_balance: 4_000 })
  const id = await buy(api, customer, await vehicleAt(api, 4_000))
  const avisos = await api.as({ role: 'service', subject: 'avisos-service' })
  const ask = (ids: string, headers = avisos) =>
    api.call(ORQUESTRADOR, 'GET', `/saga-states/purchases?ids=${ids}`, undefined, headers)
  const unknown = '01a22897-adf2-700b-8c00-00677a699ce1'
  const { status, body } = await ask(`${id},${unknown}`)
  assert.deepEqual([status, body.purchases.length, body.purchases[0].transaction_id], [200, 1, id])
  for (const ids of ['x', '-'.repeat(36), `${id},`, Array(129).fill(id).join()])
    assert.equal((await ask(ids)).status, 422, ids)
  assert.equal((await ask(id, await api.as({ role: 'admin' }))).status, 403)
  assert.equal((await ask(id, await api.as({ role: 'service', subject: 'veiculo-service' }))).status, 403)
})
