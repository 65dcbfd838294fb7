/** The metrics, and that reading them can harm nobody. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import pino from 'pino'
import { openAccess } from '../tests/fixtures/access.ts'
import { httpApp } from './http/app.ts'
import { telemetry } from './telemetry.ts'

test('a gauge is read when it is asked for, once for all who ask at the same time or soon after', async () => {
  const told = telemetry('a service')
  let reads = 0
  told.gauge({
    name: 'mercado_things',
    help: 'Things by kind',
    labels: ['kind'],
    read: async () => [{ labels: { kind: 'old' }, value: ++reads }],
  })
  assert.equal(reads, 0)
  const texts = await Promise.all([told.text(), told.text()])
  texts.push(await told.text())
  for (const text of texts) assert.match(text, /^mercado_things\{kind="old",service="a service"\} 1$/m)
})

test('a gauge is read anew once it is old, and what it no longer tells is forgotten', async () => {
  const told = telemetry('a service', 0)
  const kinds = ['old', 'new']
  told.gauge({
    name: 'mercado_things',
    help: 'Things by kind',
    labels: ['kind'],
    read: async () => [{ labels: { kind: kinds.shift() ?? '' }, value: 1 }],
  })
  assert.match(await told.text(), /mercado_things\{kind="old"/)
  const later = await told.text()
  assert.match(later, /mercado_things\{kind="new"/)
  assert.doesNotMatch(later, /kind="old"/)
})

test('a gauge that cannot be read is left out and counted, and hides no other', async () => {
  const told = telemetry('a service')
  told.gauge({ name: 'mercado_lost', help: 'Lost', read: () => Promise.reject(new Error('no database')) })
  told.gauge({ name: 'mercado_found', help: 'Found', read: async () => [{ value: 7 }] })
  const text = await told.text()
  assert.doesNotMatch(text, /^mercado_lost\{/m)
  assert.match(text, /^mercado_found\{service="a service"\} 7$/m)
  assert.match(text, /^mercado_gauge_failures_total\{gauge="mercado_lost",service="a service"\} 1$/m)
})

test('services of one process keep their figures apart, and each tells of the process', async () => {
  const [one, other] = [telemetry('one'), telemetry('other')]
  one.gauge({ name: 'mercado_things', help: 'Things', read: async () => [{ value: 1 }] })
  other.gauge({ name: 'mercado_things', help: 'Things', read: async () => [{ value: 2 }] })
  for (const [told, value] of [
    [one, 1],
    [other, 2],
  ] as const) {
    const text = await told.text()
    assert.match(text, new RegExp(`^mercado_things\\{.*\\} ${value}$`, 'm'))
    assert.match(text, /^nodejs_eventloop_lag_p99_seconds \d/m)
    assert.match(text, /^process_resident_memory_bytes \d/m)
  }
})

test('requests are measured by the pattern of their route and their status, never by what was in the address', async () => {
  const app = await httpApp({
    access: openAccess(),
    title: 'a service',
    description: '',
    version: '1',
    log: pino({ level: 'silent' }),
  })
  app.get('/customers/:id', async () => ({}))
  for (const id of ['1', '2', '52998224725']) await app.inject(`/customers/${id}`)
  for (const path of ['/nowhere', '/ana@example.com']) await app.inject(path)
  const answer = await app.inject('/metrics')
  assert.match(String(answer.headers['content-type']), /^text\/plain; version=0\.0\.4/)
  const counts = answer.body.match(/^mercado_http_request_seconds_count.*$/gm)
  assert.deepEqual(counts, [
    'mercado_http_request_seconds_count{service="a service",method="GET",route="/customers/:id",status="200"} 3',
    'mercado_http_request_seconds_count{service="a service",method="GET",route="none",status="404"} 2',
  ])
  assert.doesNotMatch(answer.body, /52998224725|example/)
  await app.close()
})
