/** What every message contract promises: one topic each, subscriptions named after who listens. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as contracts from '#contracts'

const all = Object.values<unknown>(contracts).filter(
  (value): value is contracts.MessageContract => typeof value === 'object' && value !== null && 'topic' in value,
)

test('a topic belongs to one contract, and says command or event', () => {
  assert.ok(all.length >= 20)
  assert.equal(new Set(all.map(({ topic }) => topic)).size, all.length)
  for (const { topic } of all) assert.match(topic, /^(commands|events)\.[a-z]+\.[a-z_]+$/)
})

test('a command has exactly one owner, and each subscription starts with the name of a service', () => {
  for (const { topic, subscriptions } of all) {
    if (topic.startsWith('commands.')) assert.equal(subscriptions.length, 1, topic)
    for (const subscription of subscriptions) {
      assert.ok(contracts.subscriberOf(subscription), subscription)
      assert.ok(subscription.endsWith('-sub'), subscription)
    }
  }
})

test('no two processes of the roster share a variable, a port, a path or a subject of messages', () => {
  const every = Object.values(contracts.processes)
  const each = Object.values(contracts.services)
  for (const told of [
    every.map(({ port: [variable] }) => variable),
    every.map(({ port: [, standard] }) => standard),
    each.map(({ url }) => url),
    each.flatMap(({ paths }) => [...paths]),
    each.flatMap(({ owns }) => [...owns]),
  ])
    assert.equal(new Set<unknown>(told).size, told.length, told.join(', '))
})

test('a topic or a subscription without an owner is refused, and the message says where to name the owner', () => {
  assert.equal(contracts.publisherOf('commands.credit.reserve'), 'orquestrador')
  assert.equal(contracts.publisherOf('events.credit.reserved'), 'cliente-service')
  assert.throws(() => contracts.publisherOf('events.weather.changed'), /contracts\/services\.ts/)
  assert.throws(() => contracts.subscriberOf('bench-purchase-completed-sub'), /bench-purchase-completed-sub/)
})
