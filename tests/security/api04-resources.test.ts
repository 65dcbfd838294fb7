/** OWASP API4:2023 Unrestricted resource consumption: a client that asks for too much is refused, and others are served. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { test } from 'node:test'
import {
  buy,
  CLIENTE,
  customerWith,
  ORQUESTRADOR,
  PAGAMENTO,
  startSystem,
  VEICULO,
  vehicleAt,
} from '../fixtures/system.ts'
import { attackOn, say, statusesIn } from './attack.ts'

const attack = attackOn('API4')
const api = await startSystem()
const paced = await startSystem({
  RATE_LIMIT_GUESSES: '5',
  RATE_LIMIT_LOOKUPS: '5',
  RATE_LIMIT_PURCHASES: '5',
  RATE_LIMIT_PER_ADDRESS: '200',
  RATE_LIMIT_LOOPBACK: 'true',
})
const door = api.system.addressOf('gateway')
const admin = await api.as({ role: 'admin' })
const customer = await customerWith(api)
const own = await api.as({ role: 'customer', customer_id: customer })

const MILLION = 1_000_000

async function send(url: string, path: string, body: string | ReadableStream, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { ...admin, 'content-type': 'application/json', ...headers },
    body,
    ...(typeof body !== 'string' && { duplex: 'half' }),
    signal: AbortSignal.timeout(20_000),
  } as RequestInit)
  return { status: response.status, body: await response.text() }
}

test('a body of any route is small, or refused before it is read', async () => {
  const routes = [
    [CLIENTE, '/customers'],
    [VEICULO, '/vehicles'],
    [PAGAMENTO, '/payments'],
    [PAGAMENTO, '/webhooks/payments'],
    [PAGAMENTO, '/webhooks/pix'],
    [ORQUESTRADOR, '/purchase'],
    [ORQUESTRADOR, '/webhook-subscriptions'],
  ] as const
  for (const [service, path] of routes) {
    for (const url of [api.system.addressOf(service), door]) {
      await attack.refused(`1 MB to ${path}`, send(url, path, JSON.stringify({ name: 'x'.repeat(MILLION) })), 413)
      await attack.refused(`1 MB, unannounced, to ${path}`, send(url, path, pieces('x'.repeat(50_000), 20)), 413)
    }
  }
})

function pieces(piece: string, times: number) {
  let left = times
  return new ReadableStream({
    pull: (controller) => (left-- > 0 ? controller.enqueue(new TextEncoder().encode(piece)) : controller.close()),
  })
}

test('nesting, lists, numbers and names beyond measure are refused, quickly', async () => {
  const deep = 120_000
  const bodies: Record<string, string> = {
    'arrays in arrays': '['.repeat(deep) + ']'.repeat(deep),
    'objects in objects': `${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}`,
    'arrays that never end': '['.repeat(250_000),
    'a long list': `{"events":[${'"purchase",'.repeat(20_000)}"purchase"]}`,
    'many names': `{${Array.from({ length: 20_000 }, (_, n) => `"n${n}":1`).join(',')}}`,
    'one name many times': `{${'"name":"x",'.repeat(20_000)}"name":"x"}`,
    'a long number': `{"initial_balance":${'9'.repeat(200_000)}}`,
    'a small number': `{"initial_balance":1e-${'9'.repeat(1_000)}}`,
    'a long text': JSON.stringify({ name: 'x'.repeat(200_000) }),
    'a text of escapes': `{"name":"${'\\u0041'.repeat(40_000)}"}`,
    'an e-mail for a slow pattern': JSON.stringify({ email: `${'a.'.repeat(50_000)}@` }),
    'a document for a slow pattern': JSON.stringify({ document: '1.'.repeat(50_000) }),
    'a phone for a slow parser': JSON.stringify({ phone: '+55 (11) '.repeat(20_000) }),
  }
  for (const [what, body] of Object.entries(bodies))
    for (const [service, path] of [
      [CLIENTE, '/customers'],
      [ORQUESTRADOR, '/webhook-subscriptions'],
    ] as const)
      await attack.refused(`${what} to ${path}`, send(api.system.addressOf(service), path, body), 400, 413, 422)
})

test('a query asks for no more than a page', async () => {
  const long = 'a'.repeat(5_000)
  const queries = [
    ...['limit=101', 'limit=1000000000', 'limit=-1', 'limit=0', 'limit=1e3', 'limit=NaN', 'limit=Infinity'],
    ...[`cursor=${long}`, 'cursor=9'.repeat(3), `limit=1&limit=100`],
  ]
  for (const [service, path] of [
    [CLIENTE, '/customers'],
    [VEICULO, '/vehicles'],
    [ORQUESTRADOR, '/saga-states'],
    [ORQUESTRADOR, '/dead-letters'],
    [ORQUESTRADOR, '/webhook-subscriptions'],
  ] as const)
    for (const query of queries)
      await attack.refused(`${path}?${query}`, api.call(service, 'GET', `${path}?${query}`), 400, 422)
  const ids = Array.from({ length: 129 }, (_, n) => n).join(',')
  for (const [service, path] of [
    [CLIENTE, `/customers?ids=${ids}`],
    [VEICULO, `/vehicles?ids=${ids}`],
    [VEICULO, `/vehicles?status_filter=available&q=${long}`],
    [VEICULO, `/vehicles?status_filter=available&brand=${long}`],
  ] as const)
    await attack.refused(path.slice(0, 60), api.call(service, 'GET', path), 400, 422)
})

test('a head is short, or the connection ends', async () => {
  for (const head of [
    `x-large: ${'a'.repeat(20_000)}\r\n`,
    'x-many: 1\r\n'.repeat(3_000),
    `authorization: Bearer ${'a'.repeat(20_000)}\r\n`,
    `cookie: ${'a=b; '.repeat(5_000)}\r\n`,
  ]) {
    const answer = await say(door, `GET /vehicles HTTP/1.1\r\nhost: x\r\n${head}connection: close\r\n\r\n`)
    await attack.refused(head.slice(0, 30), { status: statusesIn(answer)[0] ?? 0 }, 431)
  }
  const answer = await say(door, `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)
  await attack.refused('a long path', { status: statusesIn(answer)[0] ?? 0 }, 400, 414, 431)
})

test('one customer opens a few event streams, and leaves the others theirs', async () => {
  const waiting = await buy(api, customer, await vehicleAt(api, 7_000), 'pix')
  const url = `${api.system.addressOf(ORQUESTRADOR)}/saga-states/${waiting}/events`
  const streams: IncomingMessage[] = []
  async function open(headers: Record<string, string>) {
    const [stream] = (await once(get(url, { headers, agent: false }), 'response')) as [IncomingMessage]
    streams.push(stream)
    return stream.statusCode ?? 0
  }
  for (let n = 0; n < 20; n++) assert.equal(await open(own), 200)
  for (let n = 0; n < 10; n++) await attack.refused('one stream more', { status: await open(own) }, 503)
  assert.equal(await open(admin), 200)
  for (const stream of streams) stream.destroy()
})

test('guesses, look-ups and purchases are counted, and the count is not escaped by a made-up address', async () => {
  // not X-Forwarded-For: a caller on this machine may be a proxy (platform/http/rate-limit.test.ts tries it from afar)
  const forged = (n: number) => ({
    forwarded: `for=203.0.113.${n}`,
    'x-real-ip': `203.0.113.${n}`,
    'cf-connecting-ip': `203.0.113.${n}`,
    'true-client-ip': `203.0.113.${n}`,
  })
  const through = (service: string, method: string, path: string, body?: object, headers = {}) =>
    Promise.all(
      Array.from({ length: 12 }, async (_, n) => {
        const { status } = await paced.call(service, method, path, body, { ...headers, ...forged(n) })
        return status
      }),
    )
  const buyer = await paced.as({ role: 'customer', customer_id: 1 })
  const order = { customer_id: 1, vehicle_id: 1, payment_type: 'cash' }
  const person = { name: 'Eva Lima', email: 'eva@example.com', phone: '11987654321', document: '52998224725' }
  const floods = {
    purchases: () => through(ORQUESTRADOR, 'POST', '/purchase', order, buyer),
    payments: () => through(PAGAMENTO, 'POST', '/payments', { payment_code: 'guess' }, buyer),
    'payment codes': () => through(PAGAMENTO, 'GET', '/payment-codes/guess', undefined, buyer),
    documents: () => through('gateway', 'POST', '/customers', person, { authorization: '' }),
    signatures: () =>
      through('gateway', 'POST', '/webhooks/payments', {}, { authorization: '', 'x-signature': 't=1,v1=0' }),
  }
  for (const [what, flood] of Object.entries(floods)) {
    const statuses = await flood()
    for (const status of statuses)
      attack.failed(`${what}: ${status}`, [202, 201, 401, 404, 409, 422, 429].includes(status))
    assert.ok(statuses.filter((status) => status === 429).length >= 5, `${what}: ${statuses}`)
  }
})

attack.tell()
