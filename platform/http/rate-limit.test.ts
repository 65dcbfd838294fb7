/** A client that asks too often is told when to come again; others are not held up, and guesses count once they have failed. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import pino from 'pino'
import { Type } from 'typebox'
import { openAccess } from '../../tests/fixtures/access.ts'
import { httpApp } from './app.ts'
import { addressKey, trustedProxies } from './client-address.ts'
import { Limit } from './page.ts'
import { paceOf } from './rate-limit-pace.ts'

const rates = { perAddress: 5, perIdentity: 0, purchases: 2, lookups: 2, guesses: 2, loopback: false }
const log = pino({ level: 'silent' })
const Rows = Type.Object({ limit: Limit, ids: Type.Optional(Type.String()) })
const app = await httpApp({
  access: openAccess({
    verify: (token) =>
      token === 'g.o.od'
        ? Promise.resolve({ role: 'staff', subject: 'ana' })
        : Promise.reject(new Error('no such token')),
  }),
  title: 'paced',
  description: 'for tests',
  version: '1',
  log,
  rates,
  proxies: 1,
})
app.get('/things', async () => ({}))
app.post('/buy', { config: { pace: 'purchase' } }, async () => ({}))
app.get('/sums', { config: { looksAtAll: true } }, async () => ({}))
app.get('/rows', { schema: { querystring: Rows } }, async () => ({}))
app.get('/health', async () => ({}))
after(() => app.close())

type Ask = { address: string; url?: string; method?: 'GET' | 'POST'; authorization?: string }
const ask = ({ address, url = '/things', method = 'GET', authorization }: Ask) =>
  app.inject({
    method,
    url,
    remoteAddress: '10.0.0.1',
    headers: { 'x-forwarded-for': `1.1.1.1, ${address}`, ...(authorization && { authorization }) },
  })

test('an address that asks too often gets 429 with the time to wait, and another one is not held up', async () => {
  const first = await ask({ address: '200.1.1.1' })
  assert.deepEqual(
    [first.statusCode, first.headers['ratelimit-limit'], first.headers['ratelimit-remaining']],
    [200, '5', '4'],
  )
  assert.equal(first.headers['ratelimit-policy'], '"address";q=5;w=60')
  assert.match(String(first.headers.ratelimit), /^"address";r=4;t=\d+$/)
  for (let more = 0; more < 4; more++) await ask({ address: '200.1.1.1' })
  const refused = await ask({ address: '200.1.1.1' })
  assert.equal(refused.statusCode, 429)
  assert.match(refused.headers['content-type'] as string, /problem\+json/)
  assert.ok(Number(refused.headers['retry-after']) >= 1)
  assert.equal((await ask({ address: '200.1.1.2' })).statusCode, 200)
  assert.equal((await ask({ address: '200.1.1.1', url: '/health' })).statusCode, 200)
})

test('what watches a service is counted by itself, and is no way to keep it busy', async () => {
  const answers = []
  for (let n = 0; n < 6; n++) answers.push((await ask({ address: '200.1.1.9', url: '/health' })).statusCode)
  assert.deepEqual(answers, [200, 200, 200, 200, 200, 429])
  assert.equal((await ask({ address: '200.1.1.9' })).statusCode, 200)
})

test('whoever goes on after sixty refusals waits for each further one, which nobody else notices', async () => {
  const order: number[] = []
  const insists = Array.from({ length: 90 }, () =>
    ask({ address: '200.1.1.10' }).then(({ statusCode }) => order.push(statusCode)),
  )
  assert.equal((await ask({ address: '200.1.1.11' })).statusCode, 200)
  assert.ok(order.length < 90, `${order.length} answers came before`)
  await Promise.all(insists)
  assert.equal(order.filter((status) => status === 429).length, 85)
})

test('nobody becomes a client of this machine, whom no limit holds, by saying so in a header', async () => {
  const answers = []
  for (let n = 0; n < 6; n++) answers.push((await ask({ address: '127.0.0.1' })).statusCode)
  assert.deepEqual(answers, [200, 200, 200, 200, 200, 429])
})

test('purchases are held more strictly than reading', async () => {
  const buy = () => ask({ address: '200.1.1.3', url: '/buy', method: 'POST' })
  assert.deepEqual([(await buy()).statusCode, (await buy()).statusCode, (await buy()).statusCode], [200, 200, 429])
  assert.equal((await ask({ address: '200.1.1.3' })).statusCode, 200)
})

test('whoever guesses tokens is refused once too many have failed, but not a proven caller at the same address', async () => {
  const guess = () => ask({ address: '200.1.1.4', url: '/things', authorization: 'Bearer a.b.c' })
  const answers = [await guess(), await guess(), await guess(), await guess()]
  assert.deepEqual(
    answers.map(({ statusCode }) => statusCode),
    [401, 401, 429, 429],
  )
  const last = answers.at(-1)
  assert.match(String(last?.headers['content-type']), /problem\+json/)
  assert.ok(Number(last?.headers['retry-after']) >= 1)
  assert.equal(last?.json().type, 'urn:mercado-veiculo:problem:rate_limited')
  const honest = () => ask({ address: '200.1.1.4', authorization: 'Bearer g.o.od' })
  assert.deepEqual([(await honest()).statusCode, (await ask({ address: '200.1.1.4' })).statusCode], [200, 200])
})

test('every answer carries the security headers and its id', async () => {
  const { headers } = await ask({ address: '200.1.1.5' })
  assert.equal(headers['x-content-type-options'], 'nosniff')
  assert.equal(headers['cache-control'], 'no-store')
  assert.match(headers['content-security-policy'] as string, /default-src 'none'/)
  assert.ok(headers['x-request-id'])
})

test('an even pace is never refused, and forgotten keys bound the memory', () => {
  const pace = paceOf(60, 2)
  for (let n = 0; n < 60; n++) assert.ok(pace.take('a', 0)?.allowed)
  assert.equal(pace.take('a', 0)?.allowed, false)
  assert.equal(pace.take('a', 0)?.retryAfterSeconds, 1)
  for (let n = 1; n < 100; n++) assert.ok(pace.take('a', n * 1_000)?.allowed)
  pace.take('b', 0)
  pace.take('c', 0)
  assert.equal(pace.look('a', 99_000)?.remaining, 60)
})

test('an IPv6 client is its /64, and only the configured number of proxies is believed', () => {
  assert.equal(addressKey('2001:db8:1:2:3:4:5:6'), addressKey('2001:db8:1:2::9'))
  assert.equal(addressKey('::ffff:10.0.0.1'), '10.0.0.1')
  assert.equal(addressKey('a'.repeat(9_000)), addressKey('no address'))
  assert.deepEqual([trustedProxies(0)('10.0.0.1', 0), trustedProxies(0)('127.0.0.1', 0)], [false, true])
  assert.deepEqual([trustedProxies(1)('10.0.0.1', 0), trustedProxies(1)('10.0.0.1', 1)], [true, false])
})

test('a long list costs more than a record, and nothing costs more than a minute', () => {
  const pace = paceOf(60)
  assert.equal(pace.take('a', 0, 1, 4)?.remaining, 56)
  assert.equal(pace.take('a', 0, 1, 57)?.allowed, false)
  assert.equal(pace.take('a', 0, 1, 56)?.remaining, 0)
  assert.equal(pace.take('b', 0, 1, 1_000)?.allowed, true)
  assert.equal(pace.take('b', 0, 1, 1)?.allowed, false)
})

test('a request costs as much as it looks at, however it is written', async () => {
  const left = async (address: string, url: string) =>
    Number((await ask({ address, url })).headers['ratelimit-remaining'])
  const many = Array.from({ length: 100 }, (_, index) => index + 1).join(',')
  assert.equal(await left('10.7.0.1', '/things'), 4)
  assert.equal(await left('10.7.0.2', '/rows?limit=100'), 1)
  assert.equal(await left('10.7.0.3', `/rows?limit=1&ids=${many}`), 1)
  assert.equal(await left('10.7.0.4', '/sums'), 0)
})
