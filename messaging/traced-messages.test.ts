/** Messages in traces: a sent message names its trace, and a batch is linked to each of its messages. */
import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { context } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { creditReleased, type Message } from '#contracts'
import { systemClock, systemIds } from '#platform/clock'
import { asService, beginSpan, contextFrom, inContext, traceBy } from '#platform/tracing'
import { message } from './bus.suite.ts'
import { outgoing, stamp } from './outbox/outbox.ts'
import { handledInTraces } from './traced-messages.ts'

const exporter = new InMemorySpanExporter()
const SUBSCRIPTION = 'orquestrador-credit-reserved-sub'

beforeEach(() => {
  const tracer = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }).getTracer('test')
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  traceBy(() => tracer)
})
afterEach(() => {
  traceBy(undefined)
  context.disable()
  exporter.reset()
})

const traceparent = (n: number) => `00-${String(n).padStart(32, '0')}-00f067aa0ba902b7-01`
const incoming = (n: number): Message => ({ ...message(), traceparent: traceparent(n) })
const reply = (transaction_id: string) =>
  stamp(outgoing(creditReleased, transaction_id, { customer_id: 1, released_cents: 0 }), systemIds, systemClock)
const traceOf = ({ traceparent: given }: Message) => given?.split('-')[1]
const spans = () => exporter.getFinishedSpans()
const named = (name: string) => spans().filter((span) => span.name === name)

test('each answer of a batch is in the trace of its own question', async () => {
  const batch = [incoming(1), incoming(2)]
  const answers = await handledInTraces(SUBSCRIPTION, batch, async () =>
    batch.map(({ transaction_id }) => reply(transaction_id)),
  )
  assert.deepEqual(answers.map(traceOf), batch.map(traceOf))
  const [together] = named(`batch ${SUBSCRIPTION}`)
  assert.deepEqual(
    together?.links.map(({ context: { traceId } }) => traceId),
    batch.map(traceOf),
  )
  assert.equal(named(`process ${batch[0]?.type}`).length, 2)
})

test('a message alone is handled in its own trace, without a batch', async () => {
  const one = incoming(3)
  await handledInTraces(SUBSCRIPTION, [one], async () => reply(one.transaction_id))
  assert.deepEqual(new Set(spans().map((span) => span.spanContext().traceId)), new Set([traceOf(one)]))
})

test('a batch that fails says so, without the words of the error', async () => {
  const work = () =>
    handledInTraces(SUBSCRIPTION, [incoming(4)], () => Promise.reject(new TypeError('CPF 529.982.247-25')))
  await assert.rejects(work, TypeError)
  assert.deepEqual(
    spans().map(({ attributes }) => attributes['error.type']),
    ['TypeError'],
  )
  assert.doesNotMatch(JSON.stringify(spans().map(({ attributes, status }) => [attributes, status])), /529/)
})

test('a message gets no trace outside of one, nor while tracing is off', () => {
  assert.ok(!('traceparent' in reply(systemIds.uuid())))
  const begun = beginSpan('a request', asService('orquestrador'))
  traceBy(undefined)
  assert.ok(!('traceparent' in inContext(begun?.within, () => reply(systemIds.uuid()))))
})

for (const foreign of [
  '',
  '00-1-2-01',
  `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
  `ff-${'a'.repeat(32)}-00f067aa0ba902b7-01`,
]) {
  test(`"${foreign}" names no trace`, () => assert.equal(contextFrom(foreign), contextFrom(undefined)))
}
