/** A customer's life over HTTP: their money and where it went, their purchases, and the effect of a block. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  buy,
  CLIENTE,
  customerOf,
  customerWith,
  ORQUESTRADOR,
  PAGAMENTO,
  sagaOf,
  settled,
  startSystem,
  until,
  VEICULO,
  vehicleAt,
  vehicleOf,
} from '../fixtures/system.ts'

const api = await startSystem({ SAGA_STEP_TIMEOUT_SECONDS: '2' })

const block = (id: number) => api.call(CLIENTE, 'POST', `/customers/${id}/block`, { reason: 'Document under review' })

async function movementsOf(id: number): Promise<unknown[][]> {
  const { body } = await api.call(CLIENTE, 'GET', `/customers/${id}/statement`)
  return body.entries.map((entry: Record<string, unknown>) => [entry.kind, entry.amount, entry.transaction_id])
}

const waitingForPix = (transaction: string) =>
  until('the code is shown', async () => {
    const saga = await sagaOf(api, transaction)
    return saga.current_step === 'PAYMENT_PROCESSING' && saga
  })

test('a customer’s statement tells of a purchase that failed and of one that did not', async () => {
  const customer = await customerWith(api, { initial_balance: 50_000, credit_limit: 10_000 })
  const failed = await buy(api, customer, await vehicleAt(api, 30_000.13))
  assert.equal((await settled(api, failed)).status, 'FAILED_COMPENSATED')
  const bought = await buy(api, customer, await vehicleAt(api, 9_000), 'credit')
  assert.equal((await settled(api, bought)).status, 'COMPLETED')
  assert.deepEqual(await movementsOf(customer), [
    ['hold', -9_000, bought],
    ['release', 30_000.13, failed],
    ['hold', -30_000.13, failed],
    ['opening', 10_000, null],
    ['opening', 50_000, null],
  ])
  const { body } = await api.call(CLIENTE, 'GET', `/customers/${customer}/statement?limit=1`)
  const { account_balance, available_credit } = await customerOf(api, customer)
  assert.deepEqual(
    [body.entries[0].balance_after, body.entries[0].credit_after, body.total],
    [account_balance, available_credit, 5],
  )
})

test('customers see what they have bought, with the price that they paid', async () => {
  const [customer, other] = [await customerWith(api, { initial_balance: 20_000 }), await customerWith(api)]
  const vehicle = await vehicleAt(api, 12_345.67)
  const transaction = await buy(api, customer, vehicle)
  assert.equal((await settled(api, transaction)).status, 'COMPLETED')
  const boughtBy = async (id: number) =>
    (await api.call(CLIENTE, 'GET', `/customers/${id}/vehicles?status_filter=sold`)).body.vehicles
  const [bought, ...more] = await until('the sale is known', async () => {
    const vehicles = await boughtBy(customer)
    return vehicles.length > 0 && vehicles
  })
  assert.deepEqual(more, [])
  assert.deepEqual(
    [bought.vehicle_id, bought.status, bought.price, bought.transaction_id],
    [vehicle, 'sold', 12_345.67, transaction],
  )
  assert.ok(Date.parse(bought.bought_at) > Date.now() - 60_000)
  assert.deepEqual(await boughtBy(other), [])
  const { body } = await api.call(CLIENTE, 'GET', `/customers/${other}/vehicles`)
  assert.ok(!body.vehicles.some(({ vehicle_id }: { vehicle_id: number }) => vehicle_id === vehicle))
})

test('the list of a customer says which vehicles they can afford; a vehicle leaves it while it is reserved, and comes back', async () => {
  const customer = await customerWith(api, { initial_balance: 30_000, credit_limit: 5_000 })
  const vehicle = await vehicleAt(api, 20_000)
  const onSale = async () => {
    const { body } = await api.call(CLIENTE, 'GET', `/customers/${customer}/vehicles?limit=100`)
    return body.vehicles.find(({ vehicle_id }: { vehicle_id: number }) => vehicle_id === vehicle)
  }
  const shown = await until('the offer is known', onSale)
  assert.deepEqual(
    [shown.brand, shown.model, shown.price, shown.affordable],
    ['Fiat', 'Strada', 20_000, { cash: true, credit: false }],
  )
  const transaction = await buy(api, customer, vehicle, 'pix')
  await until('the reservation is known', async () => (await onSale()) === undefined)
  await waitingForPix(transaction)
  assert.equal((await api.call(ORQUESTRADOR, 'POST', `/purchase/${transaction}/cancel`)).status, 200)
  await until('it is offered again', onSale)
  assert.equal((await api.call(VEICULO, 'PUT', `/vehicles/${vehicle}`, { price: 4_000 })).status, 200)
  await until('the new price is known', async () => {
    const known = await onSale()
    return known?.price === 4_000 && known.affordable.credit
  })
  assert.equal((await api.call(VEICULO, 'POST', `/vehicles/${vehicle}/withdraw`)).status, 200)
  await until('it is known to be off sale', async () => (await onSale()) === undefined)
})

test('a blocked customer cannot start a purchase, by any way of paying, until they are unblocked', async () => {
  const customer = await customerWith(api, { initial_balance: 50_000, credit_limit: 50_000 })
  const vehicle = await vehicleAt(api, 10_000)
  assert.equal((await block(customer)).status, 200)
  for (const payment_type of ['cash', 'credit', 'pix']) {
    const order = { customer_id: customer, vehicle_id: vehicle, payment_type }
    const { status, body } = await api.call(ORQUESTRADOR, 'POST', '/purchase', order)
    assert.deepEqual([status, body.detail], [400, 'Customer is blocked'])
  }
  assert.equal((await vehicleOf(api, vehicle)).status, 'available')
  assert.equal((await movementsOf(customer)).length, 2)
  assert.equal((await api.call(CLIENTE, 'POST', `/customers/${customer}/unblock`)).status, 200)
  assert.equal((await settled(api, await buy(api, customer, vehicle))).status, 'COMPLETED')
})

test('a purchase in progress when its buyer is blocked goes on, or is given up, as any other', async () => {
  const customer = await customerWith(api)
  const [paid, givenUp] = [
    await buy(api, customer, await vehicleAt(api, 10_000), 'pix'),
    await buy(api, customer, await vehicleAt(api, 10_000), 'pix'),
  ]
  const { context } = await waitingForPix(paid)
  await waitingForPix(givenUp)
  assert.equal((await block(customer)).body.status, 'blocked')
  const { payment_code } = context
  assert.equal((await api.call(PAGAMENTO, 'POST', '/payments', { payment_code })).status, 201)
  assert.equal((await settled(api, paid)).status, 'COMPLETED')
  assert.equal((await api.call(ORQUESTRADOR, 'POST', `/purchase/${givenUp}/cancel`)).status, 200)
  assert.equal((await settled(api, givenUp)).status, 'CANCELLED')
})

test('a customer who is blocked while their purchases start gets only those that were held before', async () => {
  const customer = await customerWith(api, { initial_balance: 50_000 })
  const vehicles = await Promise.all(Array.from({ length: 8 }, () => vehicleAt(api, 1_000)))
  const order = (vehicle_id: number) => ({ customer_id: customer, vehicle_id, payment_type: 'cash' })
  const [answers] = await Promise.all([
    Promise.all(vehicles.map((id) => api.call(ORQUESTRADOR, 'POST', '/purchase', order(id)))),
    block(customer),
  ])
  const started = answers.filter(({ status }) => status === 202)
  for (const { body } of answers.filter(({ status }) => status !== 202)) {
    assert.equal(body.detail, 'Customer is blocked')
  }
  const sagas = await Promise.all(started.map(({ body }) => settled(api, body.transaction_id)))
  const completed = sagas.filter(({ status }) => status === 'COMPLETED')
  for (const { status, context } of sagas.filter((saga) => !completed.includes(saga))) {
    assert.deepEqual([status, context.failure_reason], ['FAILED', 'customer_blocked'])
  }
  assert.equal((await customerOf(api, customer)).account_balance, 50_000 - completed.length * 1_000)
})
