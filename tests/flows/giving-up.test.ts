/** A step that waits for an operator is given up with a reason: the rest is done, nobody loses money or a car, and it is on record. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { breakTable, startOperated } from '../fixtures/operator.ts'
import {
  buy,
  customerOf,
  customerWith,
  ORQUESTRADOR,
  PAGAMENTO,
  sagaOf,
  settled,
  stepsOf,
  vehicleAt,
  vehicleOf,
} from '../fixtures/system.ts'

const api = await startOperated({ SAGA_STEP_TIMEOUT_SECONDS: '0.5' })
const MONEY = 50_000

/** A purchase whose sale veiculo-service cannot write down. */
async function stuckSale(price: number) {
  const buyer = await customerWith(api, { initial_balance: MONEY })
  const vehicle = await vehicleAt(api, price)
  const mend = await breakTable(api.databaseOf('veiculo_service'), 'vehicles', `new.status = 'sold'`)
  const id = await buy(api, buyer, vehicle)
  assert.equal((await settled(api, id)).status, 'FAILED_REQUIRES_MANUAL_INTERVENTION')
  await mend()
  return { id, buyer, vehicle }
}

const giveUp = (id: string, reason: string) => api.run('ops', 'saga', 'give-up', id, '--reason', reason)
const audited = async () => JSON.parse((await api.run('audit', '--json')).stdout).findings

test('a sale that cannot be done is given up: the money and the vehicle go back', async () => {
  const { id, buyer, vehicle } = await stuckSale(30_000)
  const { code, stdout, stderr } = await giveUp(id, 'the vehicle burnt down')
  assert.equal(code, 0, stderr)
  assert.match(stdout, /^Given up: at PAYMENT_REFUND, now COMPENSATING/)
  const saga = await settled(api, id)
  assert.equal(saga.status, 'FAILED_COMPENSATED')
  const [entry, ...more] = saga.context.given_up
  assert.deepEqual(
    [entry.step, entry.by, entry.reason, more],
    ['MARK_VEHICLE_AS_SOLD', 'admin', 'the vehicle burnt down', []],
  )
  assert.deepEqual((await stepsOf(api, id)).slice(-4), [
    'PAYMENT_REFUND',
    'VEHICLE_RELEASE',
    'CREDIT_RELEASE',
    'COMPENSATION_COMPLETE',
  ])
  assert.equal((await customerOf(api, buyer)).account_balance, MONEY)
  assert.equal((await vehicleOf(api, vehicle)).status, 'available')
  assert.deepEqual(await audited(), [])
  const mine = await api.call(
    ORQUESTRADOR,
    'GET',
    `/saga-states/${id}`,
    undefined,
    await api.as({ role: 'customer', customer_id: buyer }),
  )
  assert.equal(mine.body.context.given_up, undefined, 'who works here is not the buyer’s business')
})

test('a refund that stays refused is given up too, and the audit knows that it was dealt with by hand', async () => {
  const { id, buyer, vehicle } = await stuckSale(30_000.19)
  await giveUp(id, 'the vehicle burnt down')
  const refused = await settled(api, id)
  assert.deepEqual([refused.status, refused.current_step], ['FAILED_REQUIRES_MANUAL_INTERVENTION', 'PAYMENT_REFUND'])
  assert.deepEqual(
    (await audited()).map(({ kind }: { kind: string }) => kind),
    ['purchase_needs_operator'],
  )
  const history = await api.run('ops', 'saga', id)
  assert.match(history.stdout, /given_up +the vehicle burnt down \(by admin\)/)
  assert.equal((await giveUp(id, 'paid back at the desk, receipt 17')).code, 0)
  const saga = await settled(api, id)
  assert.equal(saga.status, 'FAILED_COMPENSATED')
  assert.deepEqual(
    saga.context.given_up.map(({ step }: { step: string }) => step),
    ['MARK_VEHICLE_AS_SOLD', 'PAYMENT_REFUND'],
  )
  assert.equal((await customerOf(api, buyer)).account_balance, MONEY)
  assert.equal((await vehicleOf(api, vehicle)).status, 'available')
  const { body } = await api.call(PAGAMENTO, 'GET', `/payments?transaction_id=${id}`)
  assert.equal(body[0].status, 'completed', 'the record tells that it was never given back by itself')
  assert.deepEqual(await audited(), [])
})

test('a sale that has happened after all is not given up, but resumed', async () => {
  const buyer = await customerWith(api, { initial_balance: MONEY })
  const vehicle = await vehicleAt(api, 30_000)
  const id = await buy(api, buyer, vehicle)
  assert.equal((await settled(api, id)).status, 'COMPLETED')
  await api.databaseOf('orquestrador').query(
    `update sagas set status = 'FAILED_REQUIRES_MANUAL_INTERVENTION', step = 'MARK_VEHICLE_AS_SOLD'
     where transaction_id = $1`,
    [id],
  )
  const { code, stderr } = await giveUp(id, 'no answer came')
  assert.equal(code, 1)
  assert.match(stderr, /The vehicle is sold to this purchase/)
  assert.equal((await api.run('ops', 'saga', 'retry', id)).code, 0)
  assert.equal((await settled(api, id)).status, 'COMPLETED')
  assert.equal((await customerOf(api, buyer)).account_balance, MONEY - 30_000)
  const { body } = await api.call(ORQUESTRADOR, 'GET', `/saga-states/${id}/history`)
  assert.ok(
    body.history.some(({ reason }: { reason?: string }) => reason === 'by admin'),
    'who resumed it is on record',
  )
})

test('only a step that waits for an operator is given up, and only with a reason', async () => {
  const id = await buy(api, await customerWith(api), await vehicleAt(api, 30_000), 'pix')
  const call = (body: object) => api.call(ORQUESTRADOR, 'POST', `/saga-states/${id}/give-up`, body)
  assert.equal((await call({})).status, 422)
  assert.equal((await call({ reason: ' '.repeat(9) })).status, 422)
  const early = await call({ reason: 'I want to' })
  assert.deepEqual([early.status, early.body.type], [409, 'urn:mercado-veiculo:problem:not_abandonable'])
  const nobody = `/saga-states/00000000-0000-7000-8000-000000000000/give-up`
  assert.equal((await api.call(ORQUESTRADOR, 'POST', nobody, { reason: 'I want to' })).status, 404)
  assert.equal((await api.run('ops', 'saga', 'give-up', id)).code, 2)
  assert.equal((await sagaOf(api, id)).status, 'IN_PROGRESS')
})
