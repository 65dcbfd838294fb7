/** Purchases paid through a PSP, told over HTTP: paid, given up, never paid, refunded; with the PSP slow, deaf or down. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, test } from 'node:test'
import pino from 'pino'
import { readConfig } from '#platform/config'
import { startEmbedded } from '../../app/embedded/embedded.ts'
import { databasePrefix, testServer } from '../fixtures/database.ts'
import {
  type Api,
  adminOf,
  apiAt,
  buy,
  customerOf,
  customerWith,
  ORQUESTRADOR,
  PAGAMENTO,
  sagaOf,
  settled,
  startSystem,
  until,
  vehicleAt,
  vehicleOf,
} from '../fixtures/system.ts'
import { inFiles } from './certificates.ts'
import { CLIENT_ID, CLIENT_SECRET, PIX_KEY, startPsp } from './psp.ts'

const psp = await startPsp()
after(() => psp[Symbol.asyncDispose]())
afterEach(() => assert.deepEqual(psp.faults.splice(0), []))

const files = await inFiles({
  certificate: psp.client.certificate,
  key: psp.client.key,
  ca: psp.authority.certificate,
})
const environment = {
  PAYMENT_PROVIDER: 'pix',
  PIX_BASE_URL: psp.baseUrl,
  PIX_TOKEN_URL: psp.tokenUrl,
  PIX_CLIENT_ID: CLIENT_ID,
  PIX_CLIENT_SECRET: CLIENT_SECRET,
  PIX_CERTIFICATE_FILE: files.certificate,
  PIX_KEY_FILE: files.key,
  PIX_CA_FILE: files.ca,
  PIX_KEY,
}
const api = await startSystem(environment)

const PUT = 'PUT /cob/{txid}'
const GET = 'GET /cob/{txid}'
const PATCH = 'PATCH /cob/{txid}'
const REFUND = 'PUT /pix/{e2eid}/devolucao/{id}'

async function waitingPurchase(price: number, from: Api = api) {
  const vehicle = await vehicleAt(from, price)
  const transaction = await buy(from, await customerWith(from), vehicle, 'pix')
  const { context } = await until('the code is shown', async () => {
    const saga = await sagaOf(from, transaction)
    return saga.current_step === 'PAYMENT_PROCESSING' && saga
  })
  return { vehicle, transaction, context, ...(await codeOf(transaction, from)) }
}

async function codeOf(transaction: string, from: Api = api): Promise<{ code: string; txid: string; status: string }> {
  const [found] = (await from.call(PAGAMENTO, 'GET', `/payment-codes?transaction_id=${transaction}`)).body
  return found ?? {}
}

const paymentsOf = async (transaction: string, from: Api = api) =>
  (await from.call(PAGAMENTO, 'GET', `/payments?transaction_id=${transaction}`)).body
const unmatchedOf = async (transaction: string) =>
  (await api.call(PAGAMENTO, 'GET', `/unmatched-payments?transaction_id=${transaction}`)).body.unmatched_payments
const tell = async (...end_to_end_ids: string[]) =>
  (await api.call(PAGAMENTO, 'POST', '/webhooks/pix', psp.callback(...end_to_end_ids))).status
const giveUp = (transaction: string) => api.call(ORQUESTRADOR, 'POST', `/purchase/${transaction}/cancel`)
const chargeOf = (txid: string) => psp.charges.get(txid) ?? assert.fail(`the PSP has no charge ${txid}`)
const asFarAsThePspKnows = (txid: string) =>
  chargeOf(txid).pix.map(({ devolucoes }) => devolucoes.map(({ status }) => status))

test('the buyer gets the copy-and-paste text of the PSP, pays, and the callback lets the purchase go on', async () => {
  const { transaction, txid, context, vehicle } = await waitingPurchase(41_000.5)
  assert.equal(chargeOf(txid).valor, '41000.50')
  assert.ok(context.pix_copy_paste.includes(chargeOf(txid).location))
  const end_to_end_id = psp.pay(txid)
  assert.deepEqual([await tell(end_to_end_id), await tell(end_to_end_id)], [204, 204])
  assert.equal((await settled(api, transaction)).status, 'COMPLETED')
  assert.equal(await tell(end_to_end_id), 204)
  assert.equal((await vehicleOf(api, vehicle)).status, 'sold')
  const [payment, ...more] = await paymentsOf(transaction)
  assert.deepEqual([payment.status, payment.end_to_end_id, more], ['completed', end_to_end_id, []])
})

test('a report that a code is paid is not believed: the PSP is asked', async () => {
  const { transaction, code, txid } = await waitingPurchase(42_000)
  const body = { payment_code: code }
  const refused = await api.call(PAGAMENTO, 'POST', '/payments', body)
  assert.deepEqual([refused.status, refused.body.detail], [400, 'Payment has not been received'])
  const invented = { endToEndId: `E${'0'.repeat(31)}`, txid, valor: '42000.00', horario: new Date().toISOString() }
  const others = { ...invented, txid: 'f'.repeat(32) }
  assert.equal((await api.call(PAGAMENTO, 'POST', '/webhooks/pix', { pix: [invented, others] })).status, 204)
  assert.equal((await codeOf(transaction)).status, 'pending')
  psp.pay(txid)
  psp.next(GET, { kind: 'answer', status: 503 })
  assert.equal((await api.call(PAGAMENTO, 'POST', '/payments', body)).status, 503)
  const paid = await api.call(PAGAMENTO, 'POST', '/payments', body)
  assert.deepEqual([paid.status, paid.body.status], [201, 'completed'])
  assert.equal((await settled(api, transaction)).status, 'COMPLETED')
})

test('cash and credit need no PSP', async () => {
  const before = psp.requests.length
  const customer = await customerWith(api, { initial_balance: 900.13, credit_limit: 0 })
  const transaction = await buy(api, customer, await vehicleAt(api, 900.13), 'cash')
  assert.equal((await settled(api, transaction)).status, 'COMPLETED')
  assert.deepEqual([psp.requests.length, (await customerOf(api, customer)).account_balance], [before, 0])
})

test('a buyer who gives up can not pay any more, and the vehicle is free', async () => {
  const { transaction, txid, vehicle } = await waitingPurchase(43_000)
  await giveUp(transaction)
  assert.equal((await settled(api, transaction)).status, 'CANCELLED')
  assert.deepEqual(
    [chargeOf(txid).status, (await codeOf(transaction)).status, (await vehicleOf(api, vehicle)).status],
    ['REMOVIDA_PELO_USUARIO_RECEBEDOR', 'voided', 'available'],
  )
})

test('a buyer who pays while the charge is being cancelled has the money back', async () => {
  const { transaction, txid, vehicle } = await waitingPurchase(44_000)
  psp.next(PATCH, { kind: 'meanwhile', happens: () => void psp.pay(txid) })
  await giveUp(transaction)
  assert.equal((await settled(api, transaction)).status, 'CANCELLED')
  assert.deepEqual(asFarAsThePspKnows(txid), [['DEVOLVIDO']])
  assert.deepEqual(
    [(await codeOf(transaction)).status, (await paymentsOf(transaction))[0].status],
    ['used', 'refunded'],
  )
  assert.equal((await vehicleOf(api, vehicle)).status, 'available')
})

test('money that arrives after the charge was removed goes back by itself', async () => {
  const { transaction, txid } = await waitingPurchase(45_000)
  await giveUp(transaction)
  await settled(api, transaction)
  const late = psp.pay(txid)
  assert.equal(await tell(late), 204)
  await until('it has gone back', async () => (await paymentsOf(transaction))[0]?.status === 'refunded')
  assert.deepEqual(asFarAsThePspKnows(txid), [['DEVOLVIDO']])
})

test('a second Pix goes back, one of another amount waits for an operator', async () => {
  const { transaction, txid } = await waitingPurchase(46_000)
  await tell(psp.pay(txid, '4600.00'))
  assert.equal((await codeOf(transaction)).status, 'pending')
  const [parked] = await unmatchedOf(transaction)
  assert.deepEqual([parked.reason, parked.amount], ['wrong_amount', 4_600])
  await tell(psp.pay(txid), psp.pay(txid))
  assert.equal((await settled(api, transaction)).status, 'COMPLETED')
  await until('the second has gone back', async () => {
    const second = (await unmatchedOf(transaction)).find(({ reason }: { reason: string }) => reason === 'paid_twice')
    return second?.status === 'refunded'
  })
  assert.deepEqual(asFarAsThePspKnows(txid), [[], [], ['DEVOLVIDO']])
  await api.call(PAGAMENTO, 'POST', `/unmatched-payments/${parked.id}/refund`)
  await until('it has gone back', async () => (await unmatchedOf(transaction))[1].status === 'refunded')
  assert.deepEqual(asFarAsThePspKnows(txid), [['DEVOLVIDO'], [], ['DEVOLVIDO']])
})

test('a PSP that fails, is busy, or loses its answers makes one charge in the end', async () => {
  psp.next(
    PUT,
    { kind: 'answer', status: 500 },
    { kind: 'answer', status: 429, headers: { 'retry-after': '1' } },
    { kind: 'lost_answer' },
  )
  const { transaction, txid } = await waitingPurchase(47_000)
  await tell(psp.pay(txid))
  assert.equal((await settled(api, transaction)).status, 'COMPLETED')
})

test('a charge that the PSP refuses ends the purchase at once, with nothing to pay', async () => {
  const vehicle = await vehicleAt(api, 48_000)
  psp.next(PUT, { kind: 'answer', status: 403 })
  const transaction = await buy(api, await customerWith(api), vehicle, 'pix')
  const saga = await settled(api, transaction)
  assert.deepEqual([saga.status, saga.context.failure_reason], ['FAILED_COMPENSATED', 'provider_refused'])
  assert.equal((await vehicleOf(api, vehicle)).status, 'available')
})

test('a refund that the PSP does not carry out is asked for anew, and the money is back in the end', async () => {
  const { transaction, txid, vehicle } = await waitingPurchase(49_000)
  psp.next(REFUND, { kind: 'answer', status: 400 }, { kind: 'lost_answer' })
  psp.next(PATCH, { kind: 'meanwhile', happens: () => void psp.pay(txid) })
  await giveUp(transaction)
  await until('the refusal is on record', async () => (await paymentsOf(transaction))[0]?.refund_failures === 1)
  assert.equal((await settled(api, transaction)).status, 'CANCELLED')
  assert.deepEqual(asFarAsThePspKnows(txid), [['DEVOLVIDO']])
  assert.equal((await vehicleOf(api, vehicle)).status, 'available')
})

test('a purchase that is never paid expires at the PSP too; an unreported payment is found', async () => {
  const hasty = await startSystem({ ...environment, PAYMENT_CODE_TTL_SECONDS: '1.5' })
  const [unpaid, paid] = await Promise.all([waitingPurchase(50_000, hasty), waitingPurchase(51_000, hasty)])
  psp.pay(paid.txid)
  const [one, other] = await Promise.all([settled(hasty, unpaid.transaction), settled(hasty, paid.transaction)])
  assert.deepEqual([one.status, one.context.failure_reason], ['FAILED_COMPENSATED', 'payment_code_expired'])
  assert.equal(chargeOf(unpaid.txid).status, 'REMOVIDA_PELO_USUARIO_RECEBEDOR')
  assert.equal(other.status, 'COMPLETED', 'nobody has told of it, but the PSP was asked before the code was closed')
})

test('work that was begun goes on after a restart', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mercado-veiculo-psp-'))
  after(() => rm(folder, { recursive: true, force: true }))
  const ports = Object.fromEntries(
    ['CLIENTE', 'VEICULO', 'PAGAMENTO', 'ORQUESTRADOR', 'GATEWAY'].map((name) => [`PORT_${name}`, '0']),
  )
  const config = readConfig({
    ...environment,
    ...ports,
    DATABASE_URL: testServer(),
    DATABASE_PREFIX: databasePrefix(),
    DATA_DIR: folder,
  })
  const log = pino({ level: 'silent' })
  const start = async () => {
    const system = await startEmbedded({ config, log })
    return { system, api: apiAt((service) => system.addressOf(service), await adminOf(config.DATA_DIR)) }
  }
  const first = await start()
  const vehicle = await vehicleAt(first.api, 52_000)
  const asked = () => psp.requests.filter((one) => one === PUT).length
  const before = asked()
  psp.next(PUT, { kind: 'silence' })
  const transaction = await buy(first.api, await customerWith(first.api), vehicle, 'pix')
  await until('the PSP is asked', async () => asked() > before)
  await first.system[Symbol.asyncDispose]()
  const second = await start()
  after(() => second.system[Symbol.asyncDispose]())
  await until('the code is shown', async () => {
    const saga = await sagaOf(second.api, transaction)
    return saga.current_step === 'PAYMENT_PROCESSING'
  })
  const { code, txid } = await codeOf(transaction, second.api)
  psp.pay(txid)
  await second.api.call(PAGAMENTO, 'POST', '/payments', { payment_code: code })
  assert.equal((await settled(second.api, transaction)).status, 'COMPLETED')
})
