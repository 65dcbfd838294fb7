/** One purchase is one trace, from the first request to the last message, and nothing in it identifies the buyer. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { after, test } from 'node:test'
import { type CollectedSpan, startCollector } from '../fixtures/collector.ts'
import {
  CLIENTE,
  customerWith,
  ORQUESTRADOR,
  PAGAMENTO,
  settled,
  startSystem,
  until,
  vehicleAt,
} from '../fixtures/system.ts'

const collector = await startCollector()
after(() => collector[Symbol.asyncDispose]())
const api = await startSystem({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, WEBHOOK_ALLOW_LOOPBACK: 'true' })

const receiver = createServer((request, response) => request.resume().once('end', () => response.writeHead(204).end()))
receiver.listen(0, '127.0.0.1')
await once(receiver, 'listening')
after(() => receiver.close())
const { port } = receiver.address() as { port: number }

/** The trace id that a client sends. */
const clientTrace = (n: number) => `${n}`.padStart(32, 'a')
const spansOf = (trace: string) => collector.spans.filter(({ traceId }) => traceId === trace)
const called = (spans: readonly CollectedSpan[], name: string) => spans.filter((span) => span.name === name)

async function purchase(n: number, payment_type: string, customer_id: number, vehicle_id: number) {
  const headers = { traceparent: `00-${clientTrace(n)}-00f067aa0ba902b7-01` }
  const body = { customer_id, vehicle_id, payment_type }
  const answer = await api.call('gateway', 'POST', '/purchase', body, headers)
  assert.equal(answer.status, 202, JSON.stringify(answer.body))
  return answer.body.transaction_id as string
}

const complete = (n: number, last: string) =>
  until(`${last} is exported`, () => {
    const spans = spansOf(clientTrace(n))
    return called(spans, last).length > 0 && spans
  })

test('a purchase is one trace through every service, without a gap and without personal data', async () => {
  const url = `http://127.0.0.1:${port}/hook`
  const subscribed = await api.call(ORQUESTRADOR, 'POST', '/webhook-subscriptions', {
    url,
    events: ['events.purchase.*'],
  })
  assert.equal(subscribed.status, 201)
  const customer = await customerWith(api, { initial_balance: 30_000 })
  await settled(api, await purchase(1, 'cash', customer, await vehicleAt(api, 30_000)))
  const spans = await complete(1, 'webhook events.purchase.completed')

  const services = new Set(spans.map(({ service }) => service))
  for (const one of ['gateway', ORQUESTRADOR, CLIENTE, 'veiculo-service', PAGAMENTO]) assert.ok(services.has(one), one)
  const known = new Set(['00f067aa0ba902b7', ...spans.map(({ spanId }) => spanId)])
  const orphans = spans.filter(({ parentSpanId = '' }) => !known.has(parentSpanId))
  assert.deepEqual(
    orphans.map(({ name }) => name),
    [],
  )
  const steps = spans.filter(({ name }) => name.startsWith('saga ')).map(({ name }) => name.slice(5))
  assert.deepEqual(
    new Set(steps),
    new Set([
      'CREDIT_RESERVATION',
      'VEHICLE_RESERVATION',
      'PAYMENT_CODE_GENERATION',
      'PAYMENT_PROCESSING',
      'MARK_VEHICLE_AS_SOLD',
      'SAGA_COMPLETE',
    ]),
  )
  const [handled] = called(spans, 'process commands.credit.reserve')
  const [sent] = called(spans, 'send commands.credit.reserve')
  assert.ok(handled && sent)
  assert.deepEqual([handled.service, handled.kind, handled.parentSpanId], [CLIENTE, 5, sent.spanId])
  const [asked] = called(spans, 'PATCH veiculo-service /vehicles')
  const [answered] = called(spans, 'PATCH /vehicles/:id/mark_as_sold')
  assert.ok(asked && answered, 'the outgoing call')
  assert.deepEqual([answered.service, answered.parentSpanId], ['veiculo-service', asked.spanId])
  assert.ok(
    spans.some(({ name, kind }) => kind === 3 && /insert outbox/.test(name)),
    'the statements, by name',
  )

  const { body } = await api.call(CLIENTE, 'GET', `/customers/${customer}`)
  const all = collector.texts.join('')
  for (const personal of [body.name, body.email, body.phone]) assert.ok(!all.includes(personal), personal)
})

test('a Pix that is paid by another request stays in the trace of the purchase, with a link to the payment', async () => {
  const customer = await customerWith(api)
  const transaction = await purchase(2, 'pix', customer, await vehicleAt(api, 20_000))
  const code = await until('there is a code', async () => {
    const { body } = await api.call(ORQUESTRADOR, 'GET', `/saga-states/${transaction}`)
    return body.context.payment_code as string | undefined
  })
  const paying = { traceparent: `00-${clientTrace(3)}-00f067aa0ba902b7-01` }
  const paid = await api.call('gateway', 'POST', '/payments', { payment_code: code }, paying)
  assert.equal(paid.status, 201, JSON.stringify(paid.body))
  await settled(api, transaction)
  const spans = await complete(2, 'saga SAGA_COMPLETE')
  const [step] = called(spans, 'saga MARK_VEHICLE_AS_SOLD')
  assert.deepEqual(
    step?.links?.map(({ traceId }) => traceId),
    [clientTrace(3)],
  )
})

test('health checks and the own work of a service make no trace', async () => {
  await api.call('gateway', 'GET', '/health')
  await api.call('gateway', 'GET', '/vehicles')
  await until('the list is exported', async () => called(collector.spans, 'GET /vehicles').length > 0)
  const roots = collector.spans.filter(({ parentSpanId = '' }) => parentSpanId === '')
  assert.deepEqual(
    roots
      .filter(({ kind, name, links = [] }) => kind !== 2 && !(name.startsWith('batch ') && links.length > 1))
      .map(({ name }) => name),
    [],
  )
  assert.ok(!collector.spans.some(({ name }) => /health|ready/.test(name)))
})
