/** Overload: which requests are refused, which are not, and how the event loop is watched. */
import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { after, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import Fastify from 'fastify'
import pino from 'pino'
import { problems } from '#contracts'
import { openAccess } from '../../tests/fixtures/access.ts'
import { telemetry } from '../telemetry.ts'
import { httpApp } from './app.ts'
import { loopWatch, shedLoad } from './overload.ts'

const log = pino({ level: 'silent' })
const limits = { requestsInFlight: 2, loopDelayMs: 1_000 }

test('requests beyond the limit are turned away and told when to come again, the others are answered', async () => {
  const app = await httpApp({ access: openAccess(), title: 'a service', description: '', version: '1', log, limits })
  after(() => app.close())
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  app.get('/slow', async () => released.then(() => ({ done: true })))
  app.get('/health', async () => ({ status: 'healthy' }))
  app.get('/ends-work', { config: { neverShed: true } }, async () => ({ done: true }))
  await app.ready()

  const ask = async () => app.inject('/slow') // sent at once: an injection by itself is only sent when it is awaited
  const admitted = [ask(), ask()]
  const refused = [await ask(), await ask()]
  for (const answer of refused) {
    assert.equal(answer.json().type, problems.overloaded.type)
    assert.equal(answer.statusCode, 503)
    assert.equal(answer.headers['retry-after'], String(answer.json().retry_after))
  }
  assert.notEqual(refused[0]?.headers['retry-after'], refused[1]?.headers['retry-after'], 'not all at once again')
  for (const path of ['/health', '/ends-work']) assert.equal((await app.inject(path)).statusCode, 200, path)
  const metrics = (await app.inject('/metrics')).body
  assert.match(metrics, /mercado_http_in_flight\{service="a service"\} 2/)
  assert.match(metrics, /mercado_http_shed_total\{reason="in_flight",service="a service"\} 2/)

  release()
  for (const answer of await Promise.all(admitted)) assert.equal(answer.statusCode, 200)
  assert.equal((await app.inject('/slow')).statusCode, 200)
})

test('an event stream that stays open takes no place', async () => {
  const app = await httpApp({ access: openAccess(), title: 'a service', description: '', version: '1', log, limits })
  after(() => app.close())
  const streams: PassThrough[] = []
  app.get('/events', (_request, reply) => {
    const stream = new PassThrough()
    stream.write(': open\n\n')
    streams.push(stream)
    return reply.type('text/event-stream').send(stream)
  })
  app.get('/things', async () => ({}))
  const origin = await app.listen({ host: '127.0.0.1', port: 0 })
  const open = await Promise.all([1, 2, 3].map(() => fetch(`${origin}/events`)))
  assert.equal((await fetch(`${origin}/things`)).status, 200)
  for (const stream of streams) stream.end()
  await Promise.all(open.map((answer) => answer.text()))
})

test('a request whose client went away gives its place back', async () => {
  const app = await httpApp({ access: openAccess(), title: 'a service', description: '', version: '1', log, limits })
  after(() => app.close())
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>()
  app.get('/never', () => {
    arrive()
    return new Promise<never>(() => {})
  })
  const origin = await app.listen({ host: '127.0.0.1', port: 0 })
  const impatient = new AbortController()
  const asked = fetch(`${origin}/never`, { signal: impatient.signal }).catch(() => 'gone')
  await arrived
  assert.match((await app.inject('/metrics')).body, /mercado_http_in_flight\{.*\} 1/)
  impatient.abort()
  assert.equal(await asked, 'gone')
  while (!/mercado_http_in_flight\{.*\} 0/.test((await app.inject('/metrics')).body)) await pause(5)
})

test('while the event loop is late again and again, new requests are turned away', async () => {
  let late = 5_000
  const app = Fastify()
  after(() => app.close())
  const watch = { latelyMs: () => late, sustainedMs: () => late }
  shedLoad(app as never, limits, telemetry('a service'), watch)
  app.get('/things', async () => ({}))
  app.get('/health', async () => ({}))
  assert.notEqual((await app.inject('/things')).statusCode, 200)
  assert.equal((await app.inject('/health')).statusCode, 200)
  late = 10
  assert.equal((await app.inject('/things')).statusCode, 200)
})

test('one long pause is no overload, a loop that is late in every window is', async () => {
  using watch = loopWatch(50)
  const tick = () => pause(1)
  await untilTrue(() => watch.latelyMs() > 0)
  block(400)
  await untilTrue(() => watch.latelyMs() > 200)
  assert.ok(watch.sustainedMs() < 200, 'once')
  await untilTrue(async () => {
    block(100)
    await tick()
    return watch.sustainedMs() > 50
  })
  await untilTrue(() => watch.sustainedMs() < 50)
})

function block(milliseconds: number) {
  const until = performance.now() + milliseconds
  while (performance.now() < until);
}

async function untilTrue(condition: () => boolean | Promise<boolean>) {
  const giveUp = performance.now() + 10_000
  while (!(await condition())) {
    if (performance.now() > giveUp) throw new Error('waited in vain')
    await pause(5)
  }
}
