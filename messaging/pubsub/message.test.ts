/** The form of a message on Pub/Sub, and what becomes of a message in another form. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { message } from '../bus.suite.ts'
import { decode, encode } from './message.ts'

const publishTime = new Date('2026-11-23T12:00:00Z')
const read = (attributes: Record<string, string>, text: string) =>
  decode({ id: '7', data: Buffer.from(text), attributes, publishTime }, 'events.credit.reserved')

test('the body is JSON, everything else is an attribute, and both come back as they were', () => {
  const sent = { ...message(), traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' }
  const { data, attributes } = encode(sent)
  assert.deepEqual(JSON.parse(data.toString()), sent.body)
  const ours = Object.keys(attributes).filter((name) => !/^(ce-|content-type$)/.test(name))
  assert.deepEqual(ours.sort(), [
    'message_id',
    'occurred_at',
    'schema_version',
    'traceparent',
    'transaction_id',
    'type',
  ])
  assert.deepEqual(read({ ...attributes }, data.toString()), { message: sent })
  assert.ok(!('traceparent' in encode(message()).attributes))
})

test('a reader of CloudEvents finds the attributes of version 1.0, and the trace in their extension', () => {
  const sent = { ...message(), traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' }
  const { attributes } = encode(sent)
  const event = Object.entries(attributes).filter(([name]) => /^(ce-|content-type$)/.test(name))
  assert.deepEqual(Object.fromEntries(event), {
    'content-type': 'application/json',
    'ce-specversion': '1.0',
    'ce-id': sent.message_id,
    'ce-source': '/mercado-veiculo/cliente-service',
    'ce-type': sent.type,
    'ce-subject': sent.transaction_id,
    'ce-time': sent.occurred_at,
    'ce-traceparent': sent.traceparent,
  })
})

test('a message of a release without CloudEvents is read as before', () => {
  const sent = message()
  const { attributes, data } = encode(sent)
  const old = Object.fromEntries(Object.entries(attributes).filter(([name]) => !/^(ce-|content-type$)/.test(name)))
  assert.deepEqual(read(old, data.toString()), { message: sent })
})

test('a message that lacks an attribute, is no JSON or has no version is passed on with every fault named', () => {
  const { message: told, unreadable } = read({ schema_version: 'two', occurred_at: 'x' }, '{')
  assert.equal(
    unreadable,
    'cannot be read: it lacks the attributes message_id, transaction_id; it is no JSON; it has schema_version two',
  )
  assert.deepEqual([told.message_id, told.type, told.body], ['pubsub-7', 'events.credit.reserved', '{'])
})

test('a dead letter tells whose it was and how often it was delivered', () => {
  const { attributes, data } = encode(message())
  const added = {
    CloudPubSubDeadLetterSourceSubscription: 'orquestrador-credit-reserved-sub',
    CloudPubSubDeadLetterSourceDeliveryCount: '10',
  }
  const { givenUp } = read({ ...attributes, ...added }, data.toString())
  assert.deepEqual(givenUp, { subscription: 'orquestrador-credit-reserved-sub', attempts: 10 })
})
