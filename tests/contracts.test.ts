/** What every message contract promises: one topic each, subscriptions named after who listens. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as contracts from '#contracts'
import { services } from '../app/embedded/embedded.ts'

const all = Object.values<unknown>(contracts).filter(
  (value): value is contracts.MessageContract => typeof value === 'object' && value !== null && 'topic' in value,
)

test('a topic belongs to one contract, and says command or event', () => {
  assert.ok(all.length >= 20)
  assert.equal(new Set(all.map(({ topic }) => topic)).size, all.length)
  for (const { topic } of all)
    assert.match(topic, /^(commands|events)\.(credit|customer|vehicle|payment|purchase)\.[a-z_]+$/)
})

test('a command has exactly one owner, and each subscription starts with the name of a service', () => {
  const names = services.map(({ name }) => name)
  for (const { topic, subscriptions } of all) {
    if (topic.startsWith('commands.')) assert.equal(subscriptions.length, 1, topic)
    for (const subscription of subscriptions) {
      assert.ok(
        names.some((name) => subscription.startsWith(`${name}-`)) && subscription.endsWith('-sub'),
        subscription,
      )
    }
  }
})
