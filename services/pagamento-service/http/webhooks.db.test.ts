/** Webhooks of payments as providers send them: signed, repeated, late, twice, of the wrong amount, all at once. */
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, test } from 'node:test'
import { pino } from 'pino'
import { generatePaymentCode, type PaymentType, refundPayment } from '#contracts'
import { systemIds } from '#platform/clock'
import { httpApp } from '#platform/http/app'
import { openAccess } from '../../../tests/fixtures/access.ts'
import { counterParts } from '../../../tests/fixtures/counter.ts'
import { messageOf, testDatabase } from '../../../tests/fixtures/database.ts'
import { paymentCommands } from '../charges/commands.ts'
import { expireCodes } from '../charges/expiry.ts'
import { newCode, txidOf } from '../charges/new-code.ts'
import type { Provider, RemoteCharges } from '../domain/provider.ts'
import { type ErrandParts, runErrands } from '../errands/errands.ts'
import { routes } from '../http.ts'
import { simulatedGiveBack, simulatedProvider } from '../provider/simulated-provider.ts'

const { database, vault, unitOfWork, sent } = await testDatabase(new URL('../migrations/', import.meta.url))

const TTL_MS = 60_000
const SECRETS = ['the-old-secret-of-2025', 'the-new-secret-of-2026']
let now = new Date('2026-11-23T12:00:00Z')
const clock = { now: () => now }
const wait = (ms: number) => {
  now = new Date(now.getTime() + ms)
}

const provider = simulatedProvider
const commandsWith = (provider: Provider) =>
  paymentCommands({ clock, provider, newCode, timeToLiveMs: TTL_MS, onExpiry: () => {} })
const [generating, , refunding] = commandsWith(provider)
/** Its charges lie with a provider over the network. */
const [generatingThere] = commandsWith({ ...provider, issue: (_charge, code) => ({ ok: true, txid: txidOf(code) }) })
const there: RemoteCharges = {
  open: async () => ({ ok: true, pix_copy_paste: '000201' }),
  look: async () => ({ status: 'open', pix: [] }),
  close: async () => ({ status: 'closed', pix: [] }),
}
assert.ok(generating && refunding)
const app = await httpApp({
  access: openAccess(),
  title: 'pagamento-service',
  description: '',
  version: '0',
  log: pino({ level: 'silent' }),
})
let errands = 0
routes({
  ...counterParts(vault, clock),
  database,
  vault,
  unitOfWork,
  clock,
  provider,
  secrets: SECRETS,
  onErrand: () => void errands++,
})(app)
await app.ready()
after(() => app.close())

const errandParts: ErrandParts = {
  database,
  unitOfWork,
  clock,
  giveBack: simulatedGiveBack,
  onError: (error) => assert.fail(String(error)),
}
const giveBackAll = () => runErrands(errandParts)

const signed = (text: string | Buffer, secret = SECRETS[1] ?? '', at = now) => {
  const t = Math.floor(at.getTime() / 1_000)
  return `t=${t},v1=${createHmac('sha256', secret).update(`${t}.`).update(text).digest('hex')}`
}

async function post(url: string, body: object | string, signature?: string | null) {
  const payload = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)
  const proof = signature === undefined ? signed(payload) : signature
  const headers = { 'content-type': 'application/json', ...(proof !== null && { 'x-signature': proof }) }
  const answer = await app.inject({ method: 'POST', url, payload, headers })
  return { status: answer.statusCode, detail: answer.body ? answer.json().detail : undefined, body: answer.body }
}

const get = async (url: string) => (await app.inject({ method: 'GET', url })).json()

let counter = 0
const endToEndId = () => `E${String(++counter).padStart(31, '0')}`

async function someCode(amount_cents = 4_500_000, payment_type: PaymentType = 'pix', generate = generating) {
  const transaction_id = systemIds.uuid()
  const charge = { customer_id: 7, vehicle_id: 3, amount_cents, payment_type }
  const command = messageOf(generatePaymentCode, transaction_id, charge)
  await unitOfWork(async (tx, send) => generate?.handle(tx, [command], send))
  const [{ code }] = await get(`/payment-codes?transaction_id=${transaction_id}`)
  const undo = messageOf(refundPayment, transaction_id, { ...charge, resumptions: 0 })
  return {
    transaction_id,
    code: code as string,
    status: async () => (await get(`/payment-codes/${code}`)).status,
    payments: () => get(`/payments?transaction_id=${transaction_id}`),
    unmatched: async () => (await get(`/unmatched-payments?transaction_id=${transaction_id}`)).unmatched_payments,
    undo: () => unitOfWork(async (tx, send) => refunding?.handle(tx, [undo], send)),
    told: () =>
      sent
        .filter((message) => message.transaction_id === transaction_id)
        .map(({ type, body }) => [type.replace('events.payment.', ''), body])
        .filter(([type]) => type !== 'code_generated'),
  }
}

type SomeCode = Awaited<ReturnType<typeof someCode>>

const pay = ({ code }: SomeCode, end_to_end_id?: string, more = {}) =>
  post('/webhooks/payments', { payment_code: code, status: 'paid', ...(end_to_end_id && { end_to_end_id }), ...more })
const pixOf = ({ code }: SomeCode, valor = '45000.00', id = endToEndId()) => ({
  endToEndId: id,
  txid: code,
  valor,
  horario: now.toISOString(),
})

test('a code that is reported paid is paid, and its purchase told, once', async () => {
  const bought = await someCode()
  const id = endToEndId()
  assert.deepEqual([(await pay(bought, id)).status, (await pay(bought, id)).status], [204, 204])
  wait(1_000)
  assert.equal((await pay(bought, id)).body, '')
  assert.equal(await bought.status(), 'used')
  const [payment, ...more] = await bought.payments()
  assert.deepEqual([payment.status, payment.payment_method, payment.end_to_end_id], ['completed', 'pix', id])
  assert.deepEqual(more, [])
  assert.deepEqual(bought.told(), [['processed', { payment_id: payment.id, amount_cents: 4_500_000 }]])
})

test('a delivery without a good signature has no effect, even if all else is right', async () => {
  const bought = await someCode()
  const body = JSON.stringify({ payment_code: bought.code, status: 'paid' })
  const good = signed(body)
  const [t = '', mark = ''] = good.split(',')
  const bad: (string | null)[] = [
    null,
    '',
    mark,
    t,
    `${t},v1=`,
    `${t},v1=${'0'.repeat(64)}`,
    `${t},v2=${mark.slice(3)}`,
    `t=${now.getTime()},${mark}`,
    signed(body, 'a-secret-of-somebody-else'),
    signed(` ${body}`),
    signed(body, SECRETS[1], new Date(now.getTime() - 301_000)),
    signed(body, SECRETS[1], new Date(now.getTime() + 301_000)),
  ]
  for (const signature of bad) {
    const { status, detail } = await post('/webhooks/payments', body, signature)
    assert.deepEqual([status, detail], [401, 'The webhook signature is missing, wrong or too old'], String(signature))
  }
  assert.equal(
    (await post('/webhooks/payments', '{"status":"lost"}', null)).status,
    401,
    'before anything is said of it',
  )
  assert.equal(await bought.status(), 'pending')
  const old = signed(body, SECRETS[0], new Date(now.getTime() - 299_000))
  assert.equal((await post('/webhooks/payments', body, `${old},v1=${'0'.repeat(64)}`)).status, 204)
  assert.equal(await bought.status(), 'used')
})

test('the signature is over the bytes as they were sent, spaces, order and escapes included', async () => {
  const bought = await someCode()
  const text = `{ "status" : "paid",\n "payment_code":"${bought.code}", "note": "ç\\u00e7", "exact": 9007199254740993.10 }`
  assert.equal((await post('/webhooks/payments', text)).status, 204)
  assert.equal(await bought.status(), 'used')
})

test('a signed body is read as any other: bytes that are no UTF-8, and a key that is named twice, are refused', async () => {
  const bought = await someCode()
  const text = `{"payment_code":"${bought.code}","status":"paid","note":"ç"}`
  const refused = {
    'Latin-1': Buffer.from(text, 'latin1'),
    'named twice': text.replace('"note"', '"status":"cancelled","note"'),
  }
  for (const [what, body] of Object.entries(refused))
    assert.equal((await post('/webhooks/payments', body)).status, 400, what)
  assert.equal(await bought.status(), 'pending')
  assert.equal((await post('/webhooks/payments?account=7', text)).status, 204, 'providers append parameters')
})

test('a provider that only tries whether somebody listens gets a success', async () => {
  for (const ping of [{}, { pix: [] }, { evento: 'teste_webhook', data_criacao: '2026-03-02' }])
    assert.equal((await post('/webhooks/pix', ping)).status, 204, JSON.stringify(ping))
  assert.equal((await post('/webhooks/pix', {}, null)).status, 401, 'a ping proves itself, too')
})

test('a body that does not fit is refused by field, and an unknown code is not found', async () => {
  const answers = [
    await post('/webhooks/payments', { payment_code: newCode(), status: 'paid' }),
    await post('/webhooks/payments', { payment_code: newCode(), status: 'cancelled' }),
    await post('/webhooks/payments', { payment_code: 'x y', status: 'perhaps' }),
    await post('/webhooks/payments', { payment_code: newCode(), status: 'paid', paid_at: 'soon' }),
    await post('/webhooks/payments', '{'),
    await post('/webhooks/payments', '', signed('')),
    await post('/webhooks/pix', { pix: [{ endToEndId: 'not an id', valor: '1', horario: 'now' }] }),
  ]
  assert.deepEqual(
    answers.map(({ status }) => status),
    [404, 404, 422, 422, 400, 422, 422],
  )
})

test('a cancelled payment fails its code, and its purchase is told why, once', async () => {
  const bought = await someCode(4_500_023)
  const cancel = () => post('/webhooks/payments', { payment_code: bought.code, status: 'cancelled' })
  assert.deepEqual([(await cancel()).status, (await cancel()).status], [204, 204])
  assert.equal(await bought.status(), 'failed')
  assert.deepEqual(bought.told(), [['failed', { reason: 'payment_cancelled' }]])
  assert.equal((await pay(bought, endToEndId())).status, 204)
  assert.equal(await bought.status(), 'failed')
  const [late] = await bought.unmatched()
  assert.deepEqual([late.reason, late.status], ['code_closed', 'refunding'])
  const paid = await someCode()
  await pay(paid)
  await post('/webhooks/payments', { payment_code: paid.code, status: 'cancelled' })
  assert.equal(await paid.status(), 'used', 'what is paid stays paid')
})

test('a cancelled payment that its purchase is already taking back is left to be closed, without a failure message', async () => {
  const bought = await someCode(4_500_000, 'pix', generatingThere)
  await runErrands({ ...errandParts, charges: there })
  await bought.undo()
  assert.equal((await post('/webhooks/payments', { payment_code: bought.code, status: 'cancelled' })).status, 204)
  assert.deepEqual([await bought.status(), bought.told()], ['pending', []])
  await runErrands({ ...errandParts, charges: there })
  assert.deepEqual([await bought.status(), bought.told()], ['voided', [['refunded', { refunded_cents: 0 }]]])
})

test('a payment that comes too late is on record and goes back by itself; its purchase hears nothing of it', async () => {
  const [expired, voided] = [await someCode(), await someCode()]
  wait(TTL_MS)
  await expireCodes(database, unitOfWork, clock)
  await voided.undo()
  for (const [late, told] of [
    [expired, [['failed', { reason: 'payment_code_expired' }]]],
    [
      voided,
      [
        ['failed', { reason: 'payment_code_expired' }],
        ['refunded', { refunded_cents: 0 }],
      ],
    ],
  ] as const) {
    const before = errands
    const id = endToEndId()
    await pay(late, id)
    await pay(late, id)
    assert.ok(errands > before)
    assert.equal((await late.payments())[0].status, 'completed')
    await giveBackAll()
    const [payment, ...more] = await late.payments()
    assert.deepEqual([payment.status, payment.refunded_at, more], ['refunded', now.toISOString(), []])
    await pay(late, id)
    assert.deepEqual(await late.unmatched(), [])
    assert.equal(await giveBackAll(), 0)
    assert.deepEqual(late.told(), told)
    assert.equal(await late.status(), 'expired')
  }
})

test('a late payment whose refund is refused is tried again by itself', async () => {
  const bought = await someCode(4_500_019)
  await bought.undo()
  await pay(bought)
  await giveBackAll()
  assert.deepEqual(
    (await bought.payments()).map((one: Record<string, unknown>) => [one.status, one.refund_failures]),
    [['completed', 1]],
  )
  assert.equal(await giveBackAll(), 0, 'not at once')
  wait(30_000)
  await giveBackAll()
  assert.equal((await bought.payments())[0].status, 'refunded')
})

test('a second Pix for one code goes back, however often it is told of, and the first one counts', async () => {
  const bought = await someCode()
  const [first, second] = [endToEndId(), endToEndId()]
  await pay(bought, first)
  for (let times = 0; times < 3; times++) await pay(bought, second)
  const [unmatched, ...more] = await bought.unmatched()
  assert.deepEqual(
    [unmatched.reason, unmatched.status, unmatched.end_to_end_id, unmatched.amount, more],
    ['paid_twice', 'refunding', second, 45_000, []],
  )
  await giveBackAll()
  assert.equal((await bought.unmatched())[0].status, 'refunded')
  assert.deepEqual(
    (await bought.payments()).map((one: Record<string, unknown>) => [one.status, one.end_to_end_id]),
    [['completed', first]],
  )
  assert.equal(bought.told().length, 1)
})

test('a Pix of another amount waits for an operator, who gives it back; the code can still be paid', async () => {
  const bought = await someCode()
  const pix = pixOf(bought, '4500.00')
  assert.equal((await post('/webhooks/pix', { pix: [pix, pix] })).status, 204)
  assert.equal((await post('/webhooks/pix', { pix: [pix] })).status, 204)
  const [parked, ...more] = await bought.unmatched()
  assert.deepEqual([parked.reason, parked.status, parked.amount, more], ['wrong_amount', 'parked', 4_500, []])
  assert.equal(await bought.status(), 'pending')
  await giveBackAll()
  assert.equal((await bought.unmatched())[0].status, 'parked', 'nobody has asked for it')
  const url = `/unmatched-payments/${parked.id}/refund`
  const asked = await app.inject({ method: 'POST', url })
  assert.deepEqual([asked.statusCode, asked.json().status], [202, 'refunding'])
  await giveBackAll()
  const again = await app.inject({ method: 'POST', url })
  assert.deepEqual(
    [again.statusCode, again.json().status, again.json().refunded_at],
    [202, 'refunded', now.toISOString()],
  )
  const acts = await database.query('select act, about from journal where about_id = $1', [String(parked.id)])
  assert.deepEqual(acts, [{ act: 'refund_begun', about: 'unmatched_payment' }], 'once, who began it')
  assert.equal((await app.inject({ method: 'POST', url: '/unmatched-payments/999999/refund' })).statusCode, 404)
  await post('/webhooks/pix', { pix: [pixOf(bought)] })
  assert.equal(await bought.status(), 'used')
})

test('a batch of Pix is taken as one: each pays its own code, and one that names none is parked', async () => {
  const bought = await Promise.all(Array.from({ length: 12 }, () => someCode()))
  const strange = { ...pixOf(bought[0] as SomeCode), txid: 'NobodysTxid', endToEndId: endToEndId() }
  const pix = [...bought.map((one) => pixOf(one)), strange, { ...strange, txid: undefined, endToEndId: endToEndId() }]
  assert.equal((await post('/webhooks/pix', { pix })).status, 204)
  assert.deepEqual(await Promise.all(bought.map((one) => one.status())), Array(12).fill('used'))
  const { unmatched_payments } = await get('/unmatched-payments?status=parked')
  const found = unmatched_payments.find((one: Record<string, unknown>) => one.end_to_end_id === strange.endToEndId)
  assert.deepEqual([found.reason, found.txid, 'payment_code' in found], ['unknown_code', 'NobodysTxid', false])
  assert.equal((await post('/webhooks/pix', { pix }, null)).status, 401)
  assert.equal((await post('/webhooks/pix', { pix: [] })).status, 204)
})

test('one Pix pays one code: told for another as well, it is parked', async () => {
  const [one, other] = [await someCode(), await someCode()]
  const id = endToEndId()
  await pay(one, id)
  await pay(other, id)
  assert.deepEqual([await one.status(), await other.status()], ['used', 'pending'])
  assert.equal((await other.unmatched())[0].reason, 'end_to_end_id_reused')
})

test('deliveries of one payment at the same time, and of two, count one and give the other back', async () => {
  for (let round = 0; round < 10; round++) {
    const bought = await someCode()
    const ids = [endToEndId(), endToEndId()]
    const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => pay(bought, ids[index % 2])))
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([204]))
    assert.equal((await bought.payments()).length, 1)
    const unmatched = await bought.unmatched()
    assert.deepEqual(
      unmatched.map((one: Record<string, unknown>) => one.reason),
      ['paid_twice'],
    )
    assert.equal(bought.told().length, 1)
  }
  await giveBackAll()
})

test('unmatched money is listed page by page, the newest first, by status and purchase', async () => {
  const { total, unmatched_payments, next_cursor } = await get('/unmatched-payments?limit=2')
  assert.ok(total > 3 && unmatched_payments.length === 2)
  const next = await get(`/unmatched-payments?limit=2&cursor=${next_cursor}`)
  assert.ok(next.unmatched_payments[0].id < unmatched_payments[1].id)
  const all = await get('/unmatched-payments?limit=100')
  assert.deepEqual([all.unmatched_payments.length, all.next_cursor], [total, null])
  const { unmatched_payments: parked } = await get('/unmatched-payments?status=parked&limit=100')
  assert.ok(parked.length > 0 && parked.every(({ status }: { status: string }) => status === 'parked'))
})
