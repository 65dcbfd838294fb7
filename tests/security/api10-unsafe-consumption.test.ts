/** OWASP API10:2023 Unsafe consumption of APIs: neither a false payment provider nor the real one is believed blindly. */
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, test } from 'node:test'
import { newCode, txidOf } from '../../services/pagamento-service/charges/new-code.ts'
import { ProviderFault } from '../../services/pagamento-service/domain/provider.ts'
import { pixCharges, pixGiveBack } from '../../services/pagamento-service/provider/pix/charges.ts'
import { pixConnection } from '../../services/pagamento-service/provider/pix/connection.ts'
import {
  type Api,
  buy,
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
import { inFiles } from '../psp/certificates.ts'
import { CLIENT_ID, CLIENT_SECRET, PIX_KEY, startPsp } from '../psp/psp.ts'
import { attackOn } from './attack.ts'

const attack = attackOn('API10')
const SECRET = 'the-secret-of-this-test-alone'
const OLD_SECRET = 'the-one-that-is-being-replaced'
const api = await startSystem({ PAYMENT_WEBHOOK_SECRETS: `${SECRET},${OLD_SECRET}` })

async function waiting(price: number, from: Api = api) {
  const vehicle = await vehicleAt(from, price)
  const transaction = await buy(from, await customerWith(from), vehicle, 'pix')
  const { context } = await until('the code is shown', async () => {
    const saga = await sagaOf(from, transaction)
    return saga.context.payment_code !== undefined && saga
  })
  return { vehicle, transaction, code: context.payment_code as string }
}

const now = () => Math.floor(Date.now() / 1_000)
const mark = (body: string, secret = SECRET, t = now()) =>
  createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')
const signature = (body: string, secret = SECRET, t = now()) => `t=${t},v1=${mark(body, secret, t)}`

async function deliver(path: string, body: string, signed?: string, type = 'application/json') {
  const url = `${api.system.addressOf(PAGAMENTO)}${path}`
  const headers = { 'content-type': type, ...(signed !== undefined && { 'x-signature': signed }) }
  const response = await fetch(url, { method: 'POST', headers, body })
  return { status: response.status, body: await response.text() }
}

test('a webhook that is not signed by the provider, now, over these very bytes, pays nothing', async () => {
  const { code, transaction } = await waiting(31_000)
  const paid = JSON.stringify({ payment_code: code, status: 'paid' })
  const other = JSON.stringify({ payment_code: 'another', status: 'paid' })
  const right = mark(paid)
  const forged: readonly (string | undefined)[] = [
    undefined,
    '',
    'v1=',
    `t=${now()}`,
    `v1=${right}`,
    `t=${now()},v1=${'0'.repeat(64)}`,
    `t=${now()},v1=${right.slice(0, 63)}`,
    `t=${now()},v1=${right}00`,
    `t=${now()},v2=${right}`,
    `t=${now()},v1=${Buffer.from(right, 'hex').toString('base64')}`,
    signature(paid, 'a-secret-that-is-not-theirs'),
    signature(paid, ''),
    signature(other),
    signature(`${paid} `),
    signature(paid, SECRET, now() - 301),
    signature(paid, SECRET, now() + 600),
    signature(paid, SECRET, 0),
    signature(paid, SECRET, -1),
    `t=${now()},v1=${mark(paid, SECRET, now() - 3_600)}`,
    `t=${now() - 3_600},t=${now()},v1=${mark(paid)}`,
    `t=1e10,v1=${mark(paid, SECRET, 1e10)}`,
    `t=${now()}.0,v1=${right}`,
    `t=${now()},${Array.from({ length: 8 }, () => `v1=${'0'.repeat(64)}`).join()},v1=${right}`,
  ]
  for (const path of ['/webhooks/payments', '/webhooks/pix'])
    for (const signed of forged) await attack.refused(`${path}: ${signed}`, deliver(path, paid, signed), 401)
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/xml',
    'multipart/form-data; boundary=a',
  ])
    await attack.refused(type, deliver('/webhooks/payments', paid, signature(paid), type), 401, 415)
  for (const body of [
    paid.replace('"paid"', '"refunded"'),
    '[]',
    'null',
    '""',
    `{"payment_code":"${code}"}`,
    `{"payment_code":["${code}"],"status":"paid"}`,
    `{"payment_code":"${code}","status":"paid","paid_at":"yesterday"}`,
    `{"payment_code":"${code}","status":"paid","end_to_end_id":"a b"}`,
    paid.slice(0, -1),
    `{"payment_code":"' or '1'='1","status":"paid"}`,
  ])
    await attack.refused(body, deliver('/webhooks/payments', body, signature(body)), 400, 404, 422)
  assert.equal((await sagaOf(api, transaction)).status, 'IN_PROGRESS')
})

test('a recorded webhook plays once, whether it says paid or cancelled, in whatever order', async () => {
  const { code, transaction } = await waiting(32_000)
  const paid = JSON.stringify({ payment_code: code, status: 'paid' })
  const cancelled = JSON.stringify({ payment_code: code, status: 'cancelled' })
  assert.equal((await deliver('/webhooks/payments', paid, signature(paid, OLD_SECRET))).status, 204)
  for (let n = 0; n < 5; n++) {
    await attack.refused('paid again', deliver('/webhooks/payments', paid, signature(paid)), 204)
    await attack.refused(
      'cancelled after it was paid',
      deliver('/webhooks/payments', cancelled, signature(cancelled)),
      204,
    )
  }
  assert.equal((await settled(api, transaction)).status, 'COMPLETED')
  const { body } = await api.call(PAGAMENTO, 'GET', `/payments?transaction_id=${transaction}`)
  assert.deepEqual(
    body.map(({ status }: { status: string }) => status),
    ['completed'],
  )
})

test('money of another amount is no payment: less, more, nothing, or somebody else’s', async () => {
  const { code, transaction, vehicle } = await waiting(33_000)
  for (const [index, valor] of ['0.01', '32999.99', '33000.01', '330000.00', '3300.00', '0.00'].entries()) {
    const endToEndId = `E${String(index).padStart(31, '0')}`
    const body = JSON.stringify({ pix: [{ endToEndId, txid: code, valor, horario: new Date().toISOString() }] })
    await attack.refused(`paid ${valor}`, deliver('/webhooks/pix', body, signature(body)), 204)
    attack.failed(`sold for ${valor}`, (await sagaOf(api, transaction)).status === 'IN_PROGRESS')
  }
  for (const valor of ['-33000.00', '3.3e4', '33000', '33000.000', '33,000.00', ' 33000.00', '33000.00 ', '٣٣٠٠٠.٠٠']) {
    const body = JSON.stringify({
      pix: [{ endToEndId: 'E'.padEnd(32, '1'), txid: code, valor, horario: new Date().toISOString() }],
    })
    await attack.refused(`paid ${valor}`, deliver('/webhooks/pix', body, signature(body)), 422)
  }
  const paid = { endToEndId: 'E'.padEnd(32, '9'), txid: code, valor: '33000.00', horario: new Date().toISOString() }
  const other = await waiting(33_000)
  const twice = JSON.stringify({ pix: [paid, { ...paid, txid: other.code }] })
  await attack.refused('one payment for two purchases', deliver('/webhooks/pix', twice, signature(twice)), 204)
  assert.equal((await settled(api, transaction)).status, 'COMPLETED')
  assert.equal((await sagaOf(api, other.transaction)).status, 'IN_PROGRESS')
  assert.deepEqual(
    [(await vehicleOf(api, vehicle)).status, (await vehicleOf(api, other.vehicle)).status],
    ['sold', 'reserved'],
  )
})

const psp = await startPsp()
after(() => psp[Symbol.asyncDispose]())
const { certificate, key } = psp.client
const connection = pixConnection({
  ...{ baseUrl: psp.baseUrl, tokenUrl: psp.tokenUrl, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET },
  ...{ certificate, key, ca: psp.authority.certificate, timeoutMs: 700 },
})
after(() => connection[Symbol.asyncDispose]())
const provider = {
  ...pixCharges(connection, { pixKey: PIX_KEY, lifetimeSeconds: 1_800 }),
  giveBack: pixGiveBack(connection),
}

const GET = 'GET /cob/{txid}'
const PUT = 'PUT /cob/{txid}'
const REFUND = 'PUT /pix/{e2eid}/devolucao/{id}'
const isFault = (error: unknown) => error instanceof ProviderFault

type Told = (body: Record<string, unknown>) => unknown

/** Claims about a charge that must not be believed. */
const LIES: Readonly<Record<string, Told>> = {
  'another charge': (body) => ({ ...body, txid: txidOf(newCode()) }),
  'no charge at all': () => ({}),
  'a list': (body) => [body],
  null: () => null,
  'a text': () => 'CONCLUIDA',
  'a status that is none': (body) => ({ ...body, status: 'PAGA' }),
  'a status in a list': (body) => ({ ...body, status: ['CONCLUIDA'] }),
  'paid by nothing': (body) => ({ ...body, status: 'CONCLUIDA', pix: [] }),
  'an amount below nothing': (body) => ({ ...body, valor: { original: '-1.00' } }),
  'an amount that is a number': (body) => ({ ...body, valor: { original: 45_990.9 } }),
  'an amount with an exponent': (body) => ({ ...body, valor: { original: '4.5e4' } }),
  'a payment without an id': (body) => ({
    ...body,
    status: 'CONCLUIDA',
    pix: [{ valor: '1.00', horario: '2026-01-01T00:00:00Z' }],
  }),
  'a payment with a path for an id': (body) => ({
    ...body,
    status: 'CONCLUIDA',
    pix: [payment({ endToEndId: '../../cob/x' })],
  }),
  'a payment at no time': (body) => ({ ...body, status: 'CONCLUIDA', pix: [payment({ horario: 'soon' })] }),
  'a payment of no amount': (body) => ({ ...body, status: 'CONCLUIDA', pix: [payment({ valor: 'all' })] }),
  'payments that are no list': (body) => ({ ...body, status: 'CONCLUIDA', pix: { 0: payment({}) } }),
}

const payment = (other: object) => ({
  endToEndId: 'E'.padEnd(32, '0'),
  valor: '45990.90',
  horario: '2026-01-01T00:00:00Z',
  ...other,
})

test('a provider that tells what can’t be is asked again another time, and never believed', async () => {
  const txid = txidOf(newCode())
  assert.ok((await provider.open({ txid, amount_cents: 4_599_090 })).ok)
  for (const [lie, told] of Object.entries(LIES)) {
    psp.next(GET, { kind: 'lie', told })
    await assert.rejects(provider.look(txid), isFault, lie)
    attack.failed(lie, true)
  }
  assert.deepEqual(await provider.look(txid), { status: 'open', pix: [] })
})

test('a charge is shown to the buyer only if it asks for their money, and can be read', async () => {
  const opened = (told: Told) => {
    psp.next(PUT, { kind: 'lie', told })
    return provider.open({ txid: txidOf(newCode()), amount_cents: 4_599_090 })
  }
  for (const [what, told] of Object.entries<Told>({
    'less than the price': (body) => ({ ...body, valor: { original: '0.01' } }),
    'more than the price': (body) => ({ ...body, valor: { original: '45990.91' } }),
    'no text to copy': ({ pixCopiaECola: _, ...body }) => body,
    'a text that is no BR Code': (body) => ({ ...body, pixCopiaECola: '<script>alert(1)</script>' }),
    'a BR Code with another checksum': (body) => ({
      ...body,
      pixCopiaECola: `${String(body.pixCopiaECola).slice(0, -4)}0000`,
    }),
    'a charge that was removed': (body) => ({ ...body, status: 'REMOVIDA_PELO_PSP' }),
  }))
    attack.failed(what, !(await opened(told)).ok)
  for (const [what, told] of Object.entries<Told>({
    'another charge': (body) => ({ ...body, txid: txidOf(newCode()) }),
    'a text beyond measure': (body) => ({ ...body, pixCopiaECola: 'a'.repeat(600) }),
  })) {
    await assert.rejects(opened(told), isFault, what)
    attack.failed(what, true)
  }
})

test('a refund counts as done only if it is this one, of this amount', async () => {
  const txid = txidOf(newCode())
  await provider.open({ txid, amount_cents: 4_599_090 })
  const end_to_end_id = psp.pay(txid)
  let attempt = 0
  const asked = (told: Told) => {
    psp.next(REFUND, { kind: 'lie', told })
    return provider.giveBack({
      refund_id: `P1A${attempt++}`,
      end_to_end_id,
      amount_cents: 100,
      failures: 0,
      attempts: 1,
    })
  }
  const done = (body: Record<string, unknown>) => ({ ...body, status: 'DEVOLVIDO' })
  assert.equal((await asked(done)).status, 'done')
  attack.failed('a cent went back', (await asked((body) => ({ ...done(body), valor: '0.01' }))).status === 'refused')
  for (const [what, told] of Object.entries<Told>({
    'another refund': (body) => ({ ...done(body), id: 'P9A9' }),
    'a status that is none': (body) => ({ ...body, status: 'FEITO' }),
    nothing: () => ({}),
  })) {
    await assert.rejects(asked(told), isFault, what)
    attack.failed(what, true)
  }
})

test('an answer without an end, or one that trickles, costs a moment and no more', async () => {
  const txid = txidOf(newCode())
  await provider.open({ txid, amount_cents: 100 })
  psp.next(GET, { kind: 'endless', piece: 'x'.repeat(200_000), every: 1 })
  await assert.rejects(provider.look(txid), /too long/)
  attack.failed('an answer of megabytes', true)
  psp.next(GET, { kind: 'endless', piece: ' ', every: 50 })
  await assert.rejects(provider.look(txid), isFault)
  attack.failed('an answer of a byte at a time', true)
  psp.next(GET, { kind: 'answer', status: 302, headers: { location: 'http://169.254.169.254/latest/meta-data' } })
  await assert.rejects(provider.look(txid), isFault)
  attack.failed('a redirect', true)
})

test('a token that no header takes is not kept, so that the next call asks for another', async () => {
  for (const access_token of ['a\r\nx-forged: 1', '', 'é', 7, null, 'x'.repeat(9_000)]) {
    psp.forgetTokens()
    psp.next('token', { kind: 'lie', told: (body) => ({ ...body, access_token, expires_in: 1e300 }) })
    await assert.rejects(provider.look(txidOf(newCode())), isFault)
    attack.failed(
      `the token ${JSON.stringify(access_token)?.slice(0, 40)}`,
      (await provider.look(txidOf(newCode()))).status === 'unknown',
    )
  }
})

test('the callback of a Pix makes nobody believe it, and calls on the provider only for charges that are ours, at a pace', async () => {
  const files = await inFiles({ certificate, key, ca: psp.authority.certificate })
  const real = await startSystem({
    ...{ PAYMENT_PROVIDER: 'pix', PIX_BASE_URL: psp.baseUrl, PIX_TOKEN_URL: psp.tokenUrl, PIX_CLIENT_ID: CLIENT_ID },
    ...{
      PIX_CLIENT_SECRET: CLIENT_SECRET,
      PIX_CERTIFICATE_FILE: files.certificate,
      PIX_KEY_FILE: files.key,
      PIX_CA_FILE: files.ca,
    },
    ...{ PIX_KEY, RATE_LIMIT_PER_ADDRESS: '60', RATE_LIMIT_LOOPBACK: 'true' },
  })
  const { code, transaction } = await waiting(34_000, real)
  const claim = (txid: string) => ({
    endToEndId: 'E'.padEnd(32, '0'),
    txid,
    valor: '34000.00',
    horario: new Date().toISOString(),
  })
  const told = async (body: object) => {
    const { status } = await real.call(PAGAMENTO, 'POST', '/webhooks/pix', body, { authorization: '' })
    return { status }
  }
  const before = psp.requests.length
  await attack.refused('paid, it says', told({ pix: [claim(code)] }), 204)
  assert.equal((await sagaOf(real, transaction)).status, 'IN_PROGRESS')
  const asked = psp.requests.length - before
  await attack.refused(
    'a thousand charges of others',
    told({ pix: Array.from({ length: 900 }, () => claim(txidOf(newCode()))) }),
    204,
  )
  attack.failed('the provider was asked for others', psp.requests.length - before === asked)
  const flood = await Promise.all(Array.from({ length: 80 }, () => told({ pix: [claim(code)] })))
  for (const answer of flood) attack.failed(`a flood: ${answer.status}`, [204, 429].includes(answer.status))
  assert.ok(flood.some(({ status }) => status === 429))
  const { status } = await real.call(ORQUESTRADOR, 'POST', `/purchase/${transaction}/cancel`, {})
  assert.equal(status, 200)
})

attack.tell()
