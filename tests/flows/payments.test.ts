/** The sale paid by Pix, told by webhooks: paid, cancelled, never paid, paid too late, twice, or with the wrong amount. */
import assert from 'node:assert/strict'
import { createHmac, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import {
  buy,
  customerWith,
  PAGAMENTO,
  sagaOf,
  settled,
  startSystem,
  stepsOf,
  until,
  vehicleAt,
  vehicleOf,
} from '../fixtures/system.ts'

const SECRET = randomBytes(24).toString('base64url')
const environment = { PAYMENT_WEBHOOK_SECRETS: `an-older-secret-of-ours,${SECRET}` }
const api = await startSystem(environment)

async function deliver(path: string, body: object) {
  const t = Math.floor(Date.now() / 1_000)
  const mark = createHmac('sha256', SECRET)
    .update(`${t}.${JSON.stringify(body)}`)
    .digest('hex')
  return (await api.call(PAGAMENTO, 'POST', path, body, { 'x-signature': `t=${t},v1=${mark}` })).status
}

const endToEndId = () => `E${randomBytes(16).toString('hex').slice(1)}`

/** A purchase that waits to be paid. */
async function waitingPurchase(price: number, from = api) {
  const vehicle = await vehicleAt(from, price)
  const transaction = await buy(from, await customerWith(from), vehicle, 'pix')
  const { context } = await until('the code is shown', async () => {
    const saga = await sagaOf(from, transaction)
    return saga.current_step === 'PAYMENT_PROCESSING' && saga
  })
  return { vehicle, transaction, code: context.payment_code as string, context }
}

const paymentsOf = async (transaction: string, from = api) =>
  (await from.call(PAGAMENTO, 'GET', `/payments?transaction_id=${transaction}`)).body
const unmatchedOf = async (transaction: string) =>
  (await api.call(PAGAMENTO, 'GET', `/unmatched-payments?transaction_id=${transaction}`)).body.unmatched_payments

test('while a Pix purchase waits, the buyer is shown all that is needed to pay', async () => {
  const { code, context } = await waitingPurchase(31_000)
  assert.match(context.pix_copy_paste, /^000201.*br\.gov\.bcb\.pix.*6304[0-9A-F]{4}$/)
  assert.ok(context.pix_copy_paste.includes(code))
  assert.ok(Date.parse(context.expires_at) > Date.now())
  const picture = await fetch(`${api.system.addressOf(PAGAMENTO)}/payment-codes/${code}/qr.svg`, {
    headers: await api.as({ role: 'admin' }),
  })
  assert.deepEqual([picture.status, picture.headers.get('content-type')], [200, 'image/svg+xml'])
  assert.match(await picture.text(), /^<svg /)
})

test('a purchase goes on when the provider reports it paid, and repeats change nothing', async () => {
  const { vehicle, transaction, code } = await waitingPurchase(32_000)
  const news = { payment_code: code, status: 'paid', paid_at: new Date().toISOString(), end_to_end_id: endToEndId() }
  assert.equal(await deliver('/webhooks/payments', news), 204)
  assert.equal((await settled(api, transaction)).status, 'COMPLETED')
  assert.equal(await deliver('/webhooks/payments', news), 204)
  assert.equal((await vehicleOf(api, vehicle)).status, 'sold')
  const [payment, ...more] = await paymentsOf(transaction)
  assert.deepEqual([payment.status, payment.amount, more], ['completed', 32_000, []])
})

test("a purchase goes on when the API Pix's callback names its code", async () => {
  const { transaction, code } = await waitingPurchase(32_500.5)
  const pix = [{ endToEndId: endToEndId(), txid: code, valor: '32500.50', horario: new Date().toISOString() }]
  assert.equal(await deliver('/webhooks/pix', { pix }), 204)
  assert.equal((await settled(api, transaction)).status, 'COMPLETED')
})

test('a purchase whose payment the provider reports cancelled gives everything back', async () => {
  const { vehicle, transaction, code } = await waitingPurchase(33_000.23)
  assert.equal(await deliver('/webhooks/payments', { payment_code: code, status: 'cancelled' }), 204)
  const saga = await settled(api, transaction)
  assert.deepEqual([saga.status, saga.context.failure_reason], ['FAILED_COMPENSATED', 'payment_cancelled'])
  assert.equal((await vehicleOf(api, vehicle)).status, 'available')
})

test('a purchase that is never paid expires; money that comes after that goes back by itself', async () => {
  const hasty = await startSystem({ ...environment, PAYMENT_CODE_TTL_SECONDS: '1' })
  const { vehicle, transaction, code } = await waitingPurchase(34_000, hasty)
  const saga = await settled(hasty, transaction)
  assert.deepEqual([saga.status, saga.context.failure_reason], ['FAILED_COMPENSATED', 'payment_code_expired'])
  assert.ok((await stepsOf(hasty, transaction)).includes('VEHICLE_RELEASE'))
  assert.equal((await vehicleOf(hasty, vehicle)).status, 'available')
  const t = Math.floor(Date.now() / 1_000)
  const news = { payment_code: code, status: 'paid', end_to_end_id: endToEndId() }
  const mark = createHmac('sha256', SECRET)
    .update(`${t}.${JSON.stringify(news)}`)
    .digest('hex')
  const proof = { 'x-signature': `t=${t},v1=${mark}` }
  assert.equal((await hasty.call(PAGAMENTO, 'POST', '/webhooks/payments', news, proof)).status, 204)
  const payment = await until('the late payment is refunded', async () => {
    const [late] = await paymentsOf(transaction, hasty)
    return late?.status === 'refunded' && late
  })
  assert.deepEqual([payment.amount, payment.end_to_end_id], [34_000, news.end_to_end_id])
  assert.equal((await vehicleOf(hasty, vehicle)).status, 'available')
  assert.equal((await sagaOf(hasty, transaction)).status, 'FAILED_COMPENSATED')
})

test('a Pix of the wrong amount is parked for an operator, and the purchase waits on', async () => {
  const { transaction, code } = await waitingPurchase(35_000)
  const pix = (valor: string) => ({
    pix: [{ endToEndId: endToEndId(), txid: code, valor, horario: new Date().toISOString() }],
  })
  assert.equal(await deliver('/webhooks/pix', pix('3500.00')), 204)
  const [parked] = await unmatchedOf(transaction)
  assert.deepEqual([parked.reason, parked.status, parked.amount], ['wrong_amount', 'parked', 3_500])
  assert.equal((await sagaOf(api, transaction)).current_step, 'PAYMENT_PROCESSING')
  assert.equal((await api.call(PAGAMENTO, 'POST', `/unmatched-payments/${parked.id}/refund`)).status, 202)
  await until('it has gone back', async () => (await unmatchedOf(transaction))[0].status === 'refunded')
  assert.equal(await deliver('/webhooks/pix', pix('35000.00')), 204)
  assert.equal((await settled(api, transaction)).status, 'COMPLETED')
})

test('a buyer who pays twice buys once, and gets the second Pix back', async () => {
  const { transaction, code } = await waitingPurchase(36_000)
  const pay = () => deliver('/webhooks/payments', { payment_code: code, status: 'paid', end_to_end_id: endToEndId() })
  assert.deepEqual([await pay(), await pay()], [204, 204])
  assert.equal((await settled(api, transaction)).status, 'COMPLETED')
  await until('the second has gone back', async () => {
    const [second] = await unmatchedOf(transaction)
    return second?.reason === 'paid_twice' && second.status === 'refunded'
  })
  assert.deepEqual(
    (await paymentsOf(transaction)).map(({ status }: { status: string }) => status),
    ['completed'],
  )
})
