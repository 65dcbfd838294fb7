/** Purchases over HTTP, one test an outcome: how a buyer and a seller see them, whichever bus carries the messages. */
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
  stepsOf,
  until,
  VEICULO,
  vehicleAt,
  vehicleOf,
} from '../fixtures/system.ts'

const FORWARD = ['CREDIT_RESERVATION', 'VEHICLE_RESERVATION', 'PAYMENT_CODE_GENERATION', 'PAYMENT_PROCESSING']

export async function purchaseFlows(environment: Record<string, string> = {}): Promise<void> {
  const api = await startSystem({ SAGA_STEP_TIMEOUT_SECONDS: '2', ...environment })

  test('a cash purchase takes the price from the balance and sells the vehicle', async () => {
    const customer = await customerWith(api, { initial_balance: 100_000.5 })
    const vehicle = await vehicleAt(api, 80_000.25)
    const transaction = await buy(api, customer, vehicle)

    const saga = await settled(api, transaction)
    assert.equal(saga.status, 'COMPLETED')
    assert.equal(saga.current_step, 'SAGA_COMPLETE')
    assert.equal(saga.amount, 80_000.25)
    assert.match(saga.context.payment_code, /^[A-Za-z0-9]{1,25}$/)
    const buyer = await api.as({ role: 'customer', customer_id: customer })
    const theirs = await api.call(ORQUESTRADOR, 'GET', `/saga-states/${transaction}`, undefined, buyer)
    assert.ok(theirs.body.context.pickup_code)
    assert.deepEqual(await stepsOf(api, transaction), [...FORWARD, 'MARK_VEHICLE_AS_SOLD', 'SAGA_COMPLETE'])
    assert.equal((await customerOf(api, customer)).account_balance, 20_000.25)
    const sold = await vehicleOf(api, vehicle)
    assert.equal(sold.status, 'sold')
    assert.ok(sold.sold_at)
    const payments = await api.call(PAGAMENTO, 'GET', `/payments?transaction_id=${transaction}`)
    assert.equal(payments.body.length, 1)
    assert.equal(payments.body[0].status, 'completed')
  })

  test('a credit purchase uses the credit limit and leaves the balance alone', async () => {
    const customer = await customerWith(api, { initial_balance: 5, credit_limit: 90_000 })
    const transaction = await buy(api, customer, await vehicleAt(api, 60_000), 'credit')
    assert.equal((await settled(api, transaction)).status, 'COMPLETED')
    const { account_balance, used_credit, available_credit } = await customerOf(api, customer)
    assert.deepEqual(
      { account_balance, used_credit, available_credit },
      { account_balance: 5, used_credit: 60_000, available_credit: 30_000 },
    )
  })

  test('a pix purchase waits with its code until it is paid, and then goes on by itself', async () => {
    const customer = await customerWith(api)
    const transaction = await buy(api, customer, await vehicleAt(api, 45_000), 'pix')
    const waiting = await until('the code is shown', async () => {
      const saga = await sagaOf(api, transaction)
      return saga.current_step === 'PAYMENT_PROCESSING' && saga
    })
    assert.match(waiting.context.pix_copy_paste, /br\.gov\.bcb\.pix/)
    assert.ok(new Date(waiting.context.expires_at) > new Date())
    const paid = await api.call(PAGAMENTO, 'POST', '/payments', { payment_code: waiting.context.payment_code })
    assert.equal(paid.status, 201)
    assert.equal((await settled(api, transaction)).status, 'COMPLETED')
    const again = await api.call(PAGAMENTO, 'POST', '/payments', { payment_code: waiting.context.payment_code })
    assert.equal(again.status, 400)
    assert.equal(again.body.detail, 'Payment code already used')
  })

  test('a declined payment gives the credit and the vehicle back', async () => {
    const customer = await customerWith(api, { initial_balance: 50_000 })
    const vehicle = await vehicleAt(api, 30_000.13)
    const transaction = await buy(api, customer, vehicle)
    const saga = await settled(api, transaction)
    assert.equal(saga.status, 'FAILED_COMPENSATED')
    assert.equal(saga.context.failure_reason, 'payment_declined')
    const back = ['PAYMENT_REFUND', 'VEHICLE_RELEASE', 'CREDIT_RELEASE', 'COMPENSATION_COMPLETE']
    assert.deepEqual(await stepsOf(api, transaction), [...FORWARD, ...back])
    assert.equal((await customerOf(api, customer)).account_balance, 50_000)
    assert.equal((await vehicleOf(api, vehicle)).status, 'available')
  })

  test('a payment code that cannot be generated gives the credit and the vehicle back', async () => {
    const customer = await customerWith(api, { credit_limit: 50_000 })
    const vehicle = await vehicleAt(api, 30_000.17)
    const transaction = await buy(api, customer, vehicle, 'credit')
    assert.equal((await settled(api, transaction)).status, 'FAILED_COMPENSATED')
    const steps = await stepsOf(api, transaction)
    assert.ok(!steps.includes('PAYMENT_REFUND'), 'a step that answered with a failure has nothing to undo')
    assert.equal((await customerOf(api, customer)).used_credit, 0)
    assert.equal((await vehicleOf(api, vehicle)).status, 'available')
  })

  test('a purchase that cannot begin is refused at once, with the words of the contract', async () => {
    const poor = await customerWith(api, { initial_balance: 10, credit_limit: 10 })
    const vehicle = await vehicleAt(api, 20_000)
    const order = { customer_id: poor, vehicle_id: vehicle, payment_type: 'cash' }
    const refusal = async (body: object) => {
      const answer = await api.call(ORQUESTRADOR, 'POST', '/purchase', body)
      return [answer.status, answer.body.detail]
    }
    assert.deepEqual(await refusal(order), [400, 'Insufficient account balance'])
    assert.deepEqual(await refusal({ ...order, payment_type: 'credit' }), [400, 'Insufficient credit limit'])
    assert.deepEqual(await refusal({ ...order, customer_id: 999_999 }), [404, 'Customer not found'])
    assert.deepEqual(await refusal({ ...order, vehicle_id: 999_999 }), [404, 'Vehicle not found'])
    const rich = await customerWith(api, { initial_balance: 20_000 })
    await settled(api, await buy(api, rich, vehicle))
    assert.deepEqual(await refusal({ ...order, customer_id: rich }), [400, 'Vehicle is not available'])
    const misfit = await api.call(ORQUESTRADOR, 'POST', '/purchase', { customer_id: 'x', payment_type: 'gold' })
    assert.equal(misfit.status, 422)
    const paths = misfit.body.errors.map(({ path }: { path: string }) => path).sort()
    assert.deepEqual(paths, ['/customer_id', '/payment_type', '/vehicle_id'])
  })

  test('a refund that the provider refuses ends with an operator, whose retry finishes it', async () => {
    const customer = await customerWith(api)
    const vehicle = await vehicleAt(api, 1_000.19)
    const transaction = await buy(api, customer, vehicle, 'pix')
    const { context } = await until('the code is shown', async () => {
      const saga = await sagaOf(api, transaction)
      return saga.current_step === 'PAYMENT_PROCESSING' && saga
    })
    // paid and cancelled at once: either the money comes back or the sale stands
    const [paid, cancelled] = await Promise.all([
      api.call(PAGAMENTO, 'POST', '/payments', { payment_code: context.payment_code }),
      api.call(ORQUESTRADOR, 'POST', `/purchase/${transaction}/cancel`),
    ])
    const saga = await settled(api, transaction)
    if (saga.status === 'FAILED_REQUIRES_MANUAL_INTERVENTION') {
      assert.equal(paid.status, 201)
      assert.equal(saga.current_step, 'CANCELLATION_PAYMENT_REFUND')
      const retried = await api.call(ORQUESTRADOR, 'POST', `/saga-states/${transaction}/retry`)
      assert.equal(retried.status, 202)
      assert.equal((await settled(api, transaction)).status, 'CANCELLED')
    } else if (cancelled.status === 200) assert.equal(saga.status, 'CANCELLED')
    else assert.equal(saga.status, 'COMPLETED')
    const expected = saga.status === 'COMPLETED' ? 'sold' : 'available'
    assert.equal((await vehicleOf(api, vehicle)).status, expected)
  })

  test('twenty buyers want one vehicle: one gets it, the others have all their money', async () => {
    const vehicle = await vehicleAt(api, 30_000)
    const buyers = await Promise.all(Array.from({ length: 20 }, () => customerWith(api, { initial_balance: 30_000 })))
    const order = (customer_id: number) => ({ customer_id, vehicle_id: vehicle, payment_type: 'cash' })
    const answers = await Promise.all(buyers.map((id) => api.call(ORQUESTRADOR, 'POST', '/purchase', order(id))))
    const started = answers.filter(({ status }) => status === 202)
    const sagas = await Promise.all(started.map(({ body }) => settled(api, body.transaction_id)))
    const winners = sagas.filter(({ status }) => status === 'COMPLETED')
    assert.equal(winners.length, 1)
    assert.ok(sagas.every(({ status }) => status === 'COMPLETED' || status === 'FAILED_COMPENSATED'))
    const balances = await Promise.all(buyers.map(async (id) => (await customerOf(api, id)).account_balance))
    assert.deepEqual(balances.filter((balance) => balance === 0).length, 1)
    assert.deepEqual(balances.filter((balance) => balance === 30_000).length, 19)
  })

  test('one buyer wants ten vehicles with money for three: three are sold, seven stay on sale', async () => {
    const customer = await customerWith(api, { initial_balance: 3_500 })
    const vehicles = await Promise.all(Array.from({ length: 10 }, () => vehicleAt(api, 1_000)))
    const order = (vehicle_id: number) => ({ customer_id: customer, vehicle_id, payment_type: 'cash' })
    const answers = await Promise.all(vehicles.map((id) => api.call(ORQUESTRADOR, 'POST', '/purchase', order(id))))
    const started = answers.filter(({ status }) => status === 202)
    const sagas = await Promise.all(started.map(({ body }) => settled(api, body.transaction_id)))
    assert.equal(sagas.filter(({ status }) => status === 'COMPLETED').length, 3)
    assert.equal(sagas.filter(({ status }) => status === 'FAILED').length, sagas.length - 3)
    assert.equal((await customerOf(api, customer)).account_balance, 500)
    const statuses = await Promise.all(vehicles.map(async (id) => (await vehicleOf(api, id)).status))
    assert.deepEqual(statuses.filter((status) => status === 'sold').length, 3)
    assert.deepEqual(statuses.filter((status) => status === 'available').length, 7)
  })

  test('every service says that it is healthy and ready, and documents itself', async () => {
    const names = {
      [CLIENTE]: 'customer-service',
      [VEICULO]: 'vehicle-service',
      [PAGAMENTO]: 'payment-service',
      [ORQUESTRADOR]: 'orquestrador',
    }
    for (const [service, name] of Object.entries(names)) {
      const { status, body } = await api.call(service, 'GET', '/health')
      assert.equal(status, 200)
      assert.deepEqual([body.status, body.service], ['healthy', name])
      assert.equal((await api.call(service, 'GET', '/ready')).status, 200)
      const { body: document } = await api.call(service, 'GET', '/openapi.json')
      assert.match(document.openapi, /^3\.1/)
    }
  })
}
