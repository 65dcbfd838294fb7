/**
 * Places where personal data must not show: logs, problem details, metric labels, messages and saga data. Personal values go in by
 * every part of a request, faults that repeat them are provoked, and all output is searched.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as contracts from '#contracts'
import { openDatabase } from '#platform/database/database'
import { openLog } from '#platform/log'
import { databasePrefix, testServer } from '../fixtures/database.ts'
import {
  buy,
  CLIENTE,
  customerWith,
  ORQUESTRADOR,
  PAGAMENTO,
  sagaOf,
  settled,
  startSystem,
  VEICULO,
  vehicleAt,
} from '../fixtures/system.ts'
import { foundIn } from './encodings.ts'

const DATABASE_PREFIX = databasePrefix()
const lines: string[] = []
const log = openLog('trace', {}, { write: (line) => void lines.push(line) })
const api = await startSystem({ DATABASE_PREFIX }, log)

const HERMES = {
  name: 'Hermenegildo Trindade',
  email: 'hermenegildo.trindade@correio.example',
  phone: '+5521991735841',
  document: '39053344705',
  birth_date: '1961-11-23',
  driver_license: '62472927637',
  refund_pix_key: 'chave-do-hermenegildo@banco.example',
}
const PLATE = 'QXZ4J17'
const SECRETS = [...Object.values(HERMES), 'Hermenegildo', 'Trindade', PLATE, '390.533.447-05']

const leaksIn = (text: string) => SECRETS.flatMap((value) => foundIn(text, value).map((how) => `${value}: ${how}`))

function databaseOf(service: string) {
  const url = new URL(testServer())
  url.pathname = `/${DATABASE_PREFIX}${service}`
  return openDatabase({ url: url.href, poolSize: 2, onIdleError: () => {} })
}

/** Puts a value into every place where it does not belong. Returns the problem without `instance`. */
async function everyWrongRequest(): Promise<string> {
  const said: string[] = []
  const query = new URLSearchParams({ ...HERMES, status: HERMES.name, cursor: HERMES.email, limit: HERMES.document })
  const headers = {
    'content-type': 'application/json',
    'x-request-id': HERMES.document,
    'idempotency-key': HERMES.document,
    'x-customer': HERMES.email,
    'if-match': HERMES.document,
    ...(await api.as({ role: 'admin' })),
  }
  const bodies = [
    JSON.stringify({ ...HERMES, document: '39053344706' }),
    JSON.stringify({ ...HERMES, customer_id: HERMES.document, vehicle_id: HERMES.name, payment_type: HERMES.email }),
    `{"name": "${HERMES.name}", "document": ${HERMES.document}`,
    JSON.stringify([HERMES]),
    JSON.stringify(HERMES.document),
  ]
  for (const [service, paths] of [
    [CLIENTE, ['/customers', '/customers/1', '/customers/1/consents', '/customers/1/block', '/customers/1/document']],
    [VEICULO, ['/vehicles', '/vehicles/1', '/vehicles/1/pickup', '/vehicles/sales', '/vehicles/1/mark_as_sold']],
    [PAGAMENTO, ['/payments', '/webhooks/payments', '/payment-codes']],
    [ORQUESTRADOR, ['/purchase', '/saga-states', '/webhook-subscriptions']],
  ] as const) {
    for (const path of paths) {
      for (const method of ['POST', 'PUT', 'PATCH'])
        for (const body of bodies) said.push(await problemOf(service, `${path}?${query}`, { method, headers, body }))
      said.push(
        await problemOf(service, `${path}?${query}`, {
          headers: { ...headers, authorization: `Bearer ${HERMES.document}` },
        }),
      )
    }
  }
  return said.join('\n')
}

async function problemOf(service: string, path: string, request: RequestInit): Promise<string> {
  const response = await fetch(`${api.system.addressOf(service)}${path}`, request)
  const text = await response.text()
  assert.notEqual(response.status, 500, text)
  if (response.status < 400) return ''
  const { instance, ...problem } = JSON.parse(text)
  assert.ok(!instance.includes('?'), 'what was asked is not repeated')
  return JSON.stringify(problem)
}

test('problem details name the wrong field, and not its content', async () => {
  const said = await everyWrongRequest()
  assert.match(said, /is not a valid document|is not a field of this request/)
  assert.deepEqual(leaksIn(said), [])
})

test('faults that repeat values, from the database or a handler, are logged without them', async () => {
  await using customers = databaseOf('cliente_service')
  // PostgreSQL then tells the whole row, and the value that it cannot read
  await customers.query(`alter table customer_consents add constraint nobody check (purpose <> 'marketing') not valid`)
  const body = { ...HERMES, consents: { marketing: true } }
  const failed = await api.call(CLIENTE, 'POST', '/customers', body)
  assert.deepEqual([failed.status, failed.body.detail], [500, 'Something went wrong on our side'])
  assert.deepEqual(leaksIn(JSON.stringify(failed.body)), [])
  await customers.query(`alter table customer_consents drop constraint nobody`)
  const made = await api.call(CLIENTE, 'POST', '/customers', body)
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const twin = await api.call(CLIENTE, 'POST', '/customers', { ...body, document: '52998224725' })
  assert.equal(twin.status, 409)

  const fault = lines.map((line) => JSON.parse(line)).find(({ err }) => err?.constraint === 'nobody')
  assert.deepEqual([fault.err.code, fault.err.table, fault.route], ['23514', 'customer_consents', '/customers'])
  assert.equal('message' in fault.err, false)
  assert.deepEqual(leaksIn(lines.join('\n')), [])
})

test('after a purchase and everything around it, neither logs, metrics nor the saga name anybody', async () => {
  const { body: found } = await api.call(CLIENTE, 'GET', '/customers?limit=100')
  const { id } = found.customers.find(({ name }: { name: string }) => name === HERMES.name)
  const deposit = { amount: 100_000, kind: 'deposit', reason: 'Paid at the counter' }
  assert.equal((await api.call(CLIENTE, 'POST', `/customers/${id}/adjustments`, deposit)).status, 201)
  const vehicle = await vehicleAt(api, 40_000, { license_plate: PLATE })
  const bought = await buy(api, id, vehicle)
  assert.equal((await settled(api, bought)).status, 'COMPLETED')
  const own = await api.as({ role: 'customer', customer_id: id })
  const { body: saga } = await api.call(ORQUESTRADOR, 'GET', `/saga-states/${bought}`, undefined, own)
  const pickup = { pickup_code: saga.context.pickup_code, received_by: `${HERMES.name}, CPF 390.533.447-05` }
  assert.equal((await api.call(VEICULO, 'POST', `/vehicles/${vehicle}/pickup`, pickup)).status, 200)

  const given = await buy(api, id, await vehicleAt(api, 30_000), 'pix')
  const reason = `Ask ${HERMES.email} or ${HERMES.phone}, CPF 390.533.447-05, plate ${PLATE}`
  await api.call(ORQUESTRADOR, 'POST', `/purchase/${given}/cancel`, { reason }, own)
  await settled(api, given)
  assert.equal((await api.call(CLIENTE, 'GET', `/customers/${id}/personal-data`, undefined, own)).status, 200)
  const looked = `/customers/${id}/unmasked?fields=document,name&reason=${encodeURIComponent(reason)}`
  assert.equal((await api.call(CLIENTE, 'GET', looked)).status, 200)

  for (const { name, url } of api.system.services) {
    const metrics = await (await fetch(`${url}/metrics`)).text()
    assert.match(metrics, /mercado_|process_/)
    assert.deepEqual(leaksIn(metrics), [], name)
  }
  const sagas = [await sagaOf(api, bought), await sagaOf(api, given)]
  const histories = await Promise.all(
    [bought, given].map((one) => api.call(ORQUESTRADOR, 'GET', `/saga-states/${one}/history`)),
  )
  assert.deepEqual(leaksIn(JSON.stringify([sagas, histories])), [])
  const accesses = await api.call(CLIENTE, 'GET', '/access-log')
  assert.ok(accesses.body.entries.length >= 2)
  assert.deepEqual(leaksIn(JSON.stringify(accesses.body)), [])
  assert.deepEqual(leaksIn(lines.join('\n')), [])
  assert.ok(lines.length > 0)
})

test('the search would find them: a name as it is, and a document in base64, in a log that is not ours', () => {
  assert.notDeepEqual(leaksIn(`{"name":"${HERMES.name}"}`), [])
  assert.notDeepEqual(leaksIn(Buffer.from(`x${HERMES.document}y`).toString('base64')), [])
})

/** Texts that a message may carry: what a vehicle is, codes that we make ourselves, and words of our own. */
const FREE_TEXTS = ['brand', 'model', 'color', 'pix_copy_paste', 'reason', 'failed_step', 'cancelled_step']
const NUMBERS = [
  'customer_id',
  'vehicle_id',
  'payment_id',
  'claim_id',
  'amount_cents',
  'cost_cents',
  'expenses_cents',
  'owner_share_basis_points',
  'price_cents',
  'agreed_cents',
  'released_cents',
  'returned_cents',
  'abated_cents',
  'owed_cents',
  'refunded_cents',
  'mileage_km',
  'revision',
  'year',
  'days',
  'resumptions',
]

test('messages carry numbers, codes and words of our own: no contract has room for anything about a person', () => {
  const wrong: string[] = []
  let seen = 0
  for (const contract of Object.values<unknown>(contracts)) {
    if (typeof contract !== 'object' || contract === null || !('topic' in contract)) continue
    const { topic, body } = contract as contracts.MessageContract
    const { properties } = body as {
      properties?: Record<string, { type?: string; enum?: unknown[]; format?: string; pattern?: string }>
    }
    for (const [name, schema] of Object.entries(properties ?? {})) {
      seen += 1
      const isChosen = Array.isArray(schema.enum)
      const isNumber = schema.type === 'integer' && NUMBERS.includes(name)
      const isShaped =
        schema.type === 'string' &&
        (['date', 'date-time', 'uuid'].includes(schema.format ?? '') ||
          (name === 'kind' && schema.pattern === '^[a-z_]{1,40}$') ||
          (name === 'proof' && schema.pattern?.startsWith('^v1\\.') === true) ||
          name === 'payment_code')
      const isFree = schema.type === 'string' && FREE_TEXTS.includes(name)
      if (!isChosen && !isNumber && !isShaped && !isFree) wrong.push(`${topic} ${name}`)
    }
  }
  assert.ok(seen >= 50, `only ${seen} fields seen`)
  assert.deepEqual(wrong, [])
})

test('a client’s trace context is passed on and kept nowhere', async () => {
  const before = lines.length
  const headers = {
    traceparent: `00-${HERMES.document}-${HERMES.name}`,
    tracestate: `customer=${HERMES.email}`,
    baggage: `cpf=${HERMES.document}`,
  }
  const id = await customerWith(api, { initial_balance: 50_000 })
  const vehicle_id = await vehicleAt(api, 20_000)
  const started = await api.call(
    ORQUESTRADOR,
    'POST',
    '/purchase',
    { customer_id: id, vehicle_id, payment_type: 'cash' },
    headers,
  )
  await settled(api, started.body.transaction_id)
  await using sagas = databaseOf('orquestrador')
  const rows = await sagas.query(`select * from sagas where transaction_id = $1`, [started.body.transaction_id])
  assert.deepEqual(leaksIn(JSON.stringify([rows, lines.slice(before)])), [])
})
