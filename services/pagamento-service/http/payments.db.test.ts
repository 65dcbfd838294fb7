/** The payments' routes as a buyer and a frontend meet them. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { getPixPayloadInfo } from '@brazilian-utils/brazilian-utils'
import { pino } from 'pino'
import { renderSVG } from 'uqr'
import { generatePaymentCode, type PaymentType, processPayment, refundPayment } from '#contracts'
import { systemIds } from '#platform/clock'
import { httpApp } from '#platform/http/app'
import { openAccess } from '../../../tests/fixtures/access.ts'
import { counterParts } from '../../../tests/fixtures/counter.ts'
import { messageOf, testDatabase } from '../../../tests/fixtures/database.ts'
import { paymentCommands } from '../charges/commands.ts'
import { expireCodes } from '../charges/expiry.ts'
import { newCode } from '../charges/new-code.ts'
import { routes } from '../http.ts'
import { simulatedProvider } from '../provider/simulated-provider.ts'

const { database, vault, unitOfWork, sent } = await testDatabase(new URL('../migrations/', import.meta.url))

const TTL_MS = 60_000
let now = new Date('2026-11-23T12:00:00Z')
const clock = { now: () => now }
const wait = (ms: number) => {
  now = new Date(now.getTime() + ms)
}

const provider = simulatedProvider
const commands = paymentCommands({ clock, provider, newCode, timeToLiveMs: TTL_MS, onExpiry: () => {} })
const [generating, processing, refunding] = commands
assert.ok(generating && processing && refunding)

const app = await httpApp({
  access: openAccess(),
  title: 'pagamento-service',
  description: '',
  version: '0',
  log: pino({ level: 'silent' }),
})
routes({
  ...counterParts(vault, clock),
  database,
  vault,
  unitOfWork,
  clock,
  provider,
  secrets: [],
  onErrand: () => {},
})(app)
await app.ready()
after(() => app.close())

async function call(method: 'GET' | 'POST', url: string, body?: object) {
  const answer = await app.inject({ method, url, ...(body && { payload: body }) })
  return { status: answer.statusCode, body: answer.json() }
}

const payFor = (payment_code: string) => call('POST', '/payments', { payment_code })

async function someCode(amount_cents = 4_500_000, payment_type: PaymentType = 'pix') {
  const transaction_id = systemIds.uuid()
  const charge = { customer_id: 7, vehicle_id: 3, amount_cents, payment_type }
  const command = messageOf(generatePaymentCode, transaction_id, charge)
  await unitOfWork(async (tx, send) => generating?.handle(tx, [command], send))
  const [stored] = (await call('GET', `/payment-codes?transaction_id=${transaction_id}`)).body
  return { transaction_id, charge, code: stored.code as string, stored }
}

type SomeCode = Awaited<ReturnType<typeof someCode>>

const refund = ({ transaction_id, charge }: SomeCode) =>
  unitOfWork(async (tx, send) => {
    await refunding?.handle(tx, [messageOf(refundPayment, transaction_id, { ...charge, resumptions: 0 })], send)
  })

const toldTo = ({ transaction_id }: { transaction_id: string }) =>
  sent
    .filter((message) => message.transaction_id === transaction_id && message.type.startsWith('events.payment.'))
    .map(({ type, body }) => [type.replace('events.payment.', ''), body])
    .filter(([type]) => type !== 'code_generated')

test('shows a code as it was generated, by itself and by its purchase', async () => {
  const { code, stored, transaction_id } = await someCode(4_599_090)
  const { id, pix_copy_paste, ...rest } = stored
  assert.ok(Number.isInteger(id))
  assert.match(code, /^[A-Za-z0-9]{25}$/)
  assert.ok(pix_copy_paste.includes(code))
  assert.deepEqual(rest, {
    code,
    transaction_id,
    customer_id: 7,
    vehicle_id: 3,
    amount: 45_990.9,
    payment_type: 'pix',
    status: 'pending',
    expires_at: new Date(now.getTime() + TTL_MS).toISOString(),
    created_at: now.toISOString(),
  })
  assert.deepEqual(await call('GET', `/payment-codes/${code}`), { status: 200, body: stored })
  assert.equal('pix_copy_paste' in (await someCode(100, 'cash')).stored, false)
})

test('a pending Pix code is shown as the QR code of its "copia e cola" text, and no other code is', async () => {
  const [bought, cash] = [await someCode(4_599_090), await someCode(100, 'cash')]
  const picture = (code: string) => app.inject({ method: 'GET', url: `/payment-codes/${code}/qr.svg` })
  const { statusCode, headers, body } = await picture(bought.code)
  assert.deepEqual([statusCode, headers['content-type']], [200, 'image/svg+xml'])
  assert.equal(body, renderSVG(bought.stored.pix_copy_paste, { ecc: 'M', border: 4 }))
  const { amount, txid } = getPixPayloadInfo(bought.stored.pix_copy_paste) ?? {}
  assert.deepEqual([Number(amount), txid], [45_990.9, bought.code])
  await payFor(bought.code)
  const refusals = await Promise.all([bought.code, cash.code, newCode()].map(picture))
  assert.deepEqual(
    refusals.map((answer) => [answer.statusCode, answer.json().detail]),
    [
      [404, 'Payment code has no QR code'],
      [404, 'Payment code has no QR code'],
      [404, 'Payment code not found'],
    ],
  )
})

test('codes are 25 characters of the whole alphabet, none like another', () => {
  const codes = Array.from({ length: 5_000 }, newCode)
  assert.equal(new Set(codes).size, codes.length)
  assert.ok(codes.every((code) => /^[A-Za-z0-9]{25}$/.test(code)))
  for (const position of [0, 12, 24]) assert.equal(new Set(codes.map((code) => code[position])).size, 62)
})

test('a payment under an Idempotency-Key is one payment, answered the same each time', async () => {
  const [bought, other] = [await someCode(), await someCode()]
  const pay = (payment_code: string) =>
    app.inject({
      method: 'POST',
      url: '/payments',
      payload: { payment_code },
      headers: { 'idempotency-key': 'my-first-car' },
    })
  const answers = await Promise.all([pay(bought.code), pay(bought.code), pay(bought.code)])
  answers.push(await pay(bought.code))
  assert.deepEqual(new Set(answers.map(({ statusCode }) => statusCode)), new Set([201]))
  assert.equal(new Set(answers.map(({ body }) => body)).size, 1)
  assert.equal(toldTo(bought).length, 1)
  const reused = await pay(other.code)
  assert.deepEqual([reused.statusCode, reused.json().type], [422, 'urn:mercado-veiculo:problem:idempotency_key_reused'])
  assert.equal((await call('GET', `/payment-codes/${other.code}`)).body.status, 'pending')
})

test('answers 404 for an unknown code or payment, on every route', async () => {
  for (const code of [newCode(), 'a-b', 'x'.repeat(26)]) {
    const { status, body } = await call('GET', `/payment-codes/${code}`)
    assert.deepEqual([status, body.detail], [404, 'Payment code not found'], code)
  }
  const unknown = await payFor(newCode())
  assert.deepEqual([unknown.status, unknown.body.detail], [404, 'Payment code not found'])
  assert.equal((await call('GET', '/payments/999999')).body.title, 'Not found')
  assert.equal((await call('GET', '/payments/999999')).status, 404)
})

test('paying a code answers with the payment and lets the purchase go on', async () => {
  const bought = await someCode()
  wait(1_000)
  const { status, body } = await payFor(bought.code)
  assert.equal(status, 201, JSON.stringify(body))
  const { id, ...rest } = body
  assert.deepEqual(rest, {
    payment_code: bought.code,
    transaction_id: bought.transaction_id,
    customer_id: 7,
    vehicle_id: 3,
    amount: 45_000,
    payment_type: 'pix',
    payment_method: 'pix',
    status: 'completed',
    paid_by: 'nobody', // the app of this test asks for no token
    processed_at: now.toISOString(),
    created_at: now.toISOString(),
  })
  assert.deepEqual(toldTo(bought), [['processed', { payment_id: id, amount_cents: 4_500_000 }]])
  assert.deepEqual((await call('GET', `/payments/${id}`)).body, body)
  assert.deepEqual((await call('GET', `/payments?transaction_id=${bought.transaction_id}`)).body, [body])
  assert.equal((await call('GET', `/payment-codes/${bought.code}`)).body.status, 'used')
})

test('a payment that the provider declines is on record as failed, and its purchase is told', async () => {
  const bought = await someCode(4_500_013)
  const { status, body } = await payFor(bought.code)
  assert.deepEqual([status, body.status], [201, 'failed'])
  assert.deepEqual(toldTo(bought), [['failed', { reason: 'payment_declined' }]])
  const again = await payFor(bought.code)
  assert.deepEqual([again.status, again.body.detail], [400, 'Payment code already failed'])
  assert.equal(toldTo(bought).length, 1)
})

test('a code that is used, voided or expired is refused with its reason, and no purchase hears of it', async () => {
  const [used, voided, expired] = [await someCode(), await someCode(), await someCode()]
  await payFor(used.code)
  await refund(voided)
  const after = async (bought: SomeCode) => {
    const told = toldTo(bought).length
    const { status, body } = await payFor(bought.code)
    assert.equal(toldTo(bought).length, told)
    return [status, body.detail]
  }
  assert.deepEqual(await after(used), [400, 'Payment code already used'])
  assert.deepEqual(await after(voided), [400, 'Payment code already voided'])
  wait(TTL_MS)
  await expireCodes(database, unitOfWork, clock)
  assert.equal((await call('GET', `/payment-codes/${expired.code}`)).body.status, 'expired')
  assert.deepEqual(await after(expired), [400, 'Payment code expired'])
  assert.deepEqual(toldTo(expired), [['failed', { reason: 'payment_code_expired' }]])
})

test('a code whose time is over is refused even before the clock has closed it, and its purchase told once', async () => {
  const bought = await someCode()
  wait(TTL_MS)
  const { status, body } = await payFor(bought.code)
  assert.deepEqual([status, body.detail], [400, 'Payment code expired'])
  assert.equal((await call('GET', `/payment-codes/${bought.code}`)).body.status, 'expired')
  await expireCodes(database, unitOfWork, clock)
  assert.deepEqual(toldTo(bought), [['failed', { reason: 'payment_code_expired' }]])
  assert.deepEqual((await call('GET', `/payments?transaction_id=${bought.transaction_id}`)).body, [])
})

test('the clock closes more codes than one batch holds, and says when the next is due', async () => {
  const early = await Promise.all(Array.from({ length: 103 }, () => someCode()))
  wait(TTL_MS / 2)
  const late = await someCode()
  wait(TTL_MS / 2)
  assert.equal((await expireCodes(database, unitOfWork, clock))?.toISOString(), late.stored.expires_at)
  for (const one of early) assert.deepEqual(toldTo(one), [['failed', { reason: 'payment_code_expired' }]])
  assert.deepEqual(toldTo(late), [])
  wait(TTL_MS / 2)
  assert.equal(await expireCodes(database, unitOfWork, clock), null)
})

test('of many payments of one code at the same time exactly one counts', async () => {
  const bought = await someCode()
  const answers = await Promise.all(Array.from({ length: 10 }, () => payFor(bought.code)))
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, ...Array(9).fill(400)])
  for (const { status, body } of answers) if (status === 400) assert.equal(body.detail, 'Payment code already used')
  assert.equal(toldTo(bought).length, 1)
})

test('of a payment and an undo at the same time one wins, and a payment that was made is given back', async () => {
  for (let round = 0; round < 30; round++) {
    const bought = await someCode()
    const [paid] = await Promise.all([payFor(bought.code), refund(bought)])
    const [payment] = (await call('GET', `/payments?transaction_id=${bought.transaction_id}`)).body
    const given = toldTo(bought).find(([type]) => type === 'refunded')
    if (paid.status === 201) {
      assert.equal(payment.status, 'refunded')
      assert.deepEqual(given, ['refunded', { refunded_cents: 4_500_000 }])
    } else {
      assert.deepEqual([paid.body.detail, payment], ['Payment code already voided', undefined])
      assert.deepEqual(given, ['refunded', { refunded_cents: 0 }])
    }
  }
})

test('a purchase that names another purchase’s code is told so, and nothing is paid', async () => {
  const [mine, other] = [await someCode(100, 'cash'), await someCode(200, 'cash')]
  const command = messageOf(processPayment, mine.transaction_id, { payment_code: other.code })
  await unitOfWork(async (tx, send) => processing.handle(tx, [command], send))
  assert.deepEqual(toldTo(mine), [['failed', { reason: 'payment_code_not_found' }]])
  for (const { code, transaction_id } of [mine, other]) {
    assert.equal((await call('GET', `/payment-codes/${code}`)).body.status, 'pending')
    assert.deepEqual((await call('GET', `/payments?transaction_id=${transaction_id}`)).body, [])
  }
})

test('lists are the newest first, as many as asked for, filtered by status', async () => {
  const codes = [await someCode(), await someCode(), await someCode()]
  const newest = codes.map(({ code }) => code).reverse()
  const listed = async (query: string) => (await call('GET', `/payment-codes?${query}`)).body as { code: string }[]
  assert.deepEqual(
    (await listed('status=pending&limit=3')).map(({ code }) => code),
    newest,
  )
  assert.equal(
    (await listed('status=used&limit=100')).some(({ code }) => newest.includes(code)),
    false,
  )
  assert.equal((await listed('')).length, 50)
  for (const { code } of codes) await payFor(code)
  const payments = (await call('GET', '/payments?status=completed&limit=2')).body as { payment_code: string }[]
  assert.deepEqual(
    payments.map(({ payment_code }) => payment_code),
    newest.slice(0, 2),
  )
})

const nextIn = (headers: { readonly link?: unknown }): string | undefined =>
  /^<(.+)>; rel="next"$/.exec(String(headers.link ?? ''))?.[1]

test('lists of money reach as far back as there is any, page by page, and by day and customer', async () => {
  const before = now
  now = new Date('2026-12-02T02:30:00Z') // the evening of 1 December in São Paulo
  try {
    const made = []
    for (let count = 0; count < 5; count += 1) made.push(await someCode(1_000 + count))
    for (const one of made) assert.equal((await payFor(one.code)).status, 201)
    for (const list of ['/payment-codes', '/payments']) {
      const seen: string[] = []
      let url: string | undefined = `${list}?from=2026-12-01&to=2026-12-01&customer_id=7&limit=2`
      for (let pages = 0; url !== undefined; pages += 1) {
        assert.ok(pages < 4, 'it ends')
        const asked: { readonly method: 'GET'; readonly url: string } = { method: 'GET', url }
        const answer = await app.inject(asked)
        assert.equal(answer.statusCode, 200, answer.body)
        seen.push(...answer.json().map(({ transaction_id }: { transaction_id: string }) => transaction_id))
        url = nextIn(answer.headers)
      }
      assert.deepEqual(seen, made.map(({ transaction_id }) => transaction_id).reverse(), list)
      assert.deepEqual((await call('GET', `${list}?from=2026-12-02`)).body, [])
      assert.deepEqual((await call('GET', `${list}?from=2026-12-01&customer_id=8`)).body, [])
      const { status, body } = await call('GET', `${list}?from=ontem&cursor=x`)
      assert.deepEqual(
        [status, body.errors.map(({ path }: { path: string }) => path).sort()],
        [422, ['/querystring/cursor', '/querystring/from']],
      )
    }
  } finally {
    now = before
  }
})

test('refuses what does not fit, naming each field, never with a fault', async () => {
  const wrong = await call('POST', '/payments', { payment_code: 'a b', payment_method: '', tip: 1 })
  assert.equal(wrong.status, 422)
  assert.deepEqual(wrong.body.errors.map(({ path }: { path: string }) => path).sort(), [
    '/payment_code',
    '/payment_method',
    '/tip',
  ])
  assert.deepEqual((await call('POST', '/payments')).body.errors, [{ path: '/payment_code', message: 'is required' }])
  for (const url of [
    '/payment-codes?status=lost',
    '/payment-codes?limit=0',
    '/payment-codes?limit=101',
    '/payment-codes?transaction_id=7',
    '/payments?status=pending',
    '/payments?customer=1',
  ])
    assert.equal((await call('GET', url)).status, 422, url)
  for (const id of ['0', 'abc', '0x1', '99999999999999999999'])
    assert.deepEqual((await call('GET', `/payments/${id}`)).body.detail, 'Payment not found', id)
  assert.equal((await call('GET', '/payment-codes/a%20b')).body.detail, 'Payment code not found')
})
