/** The bus within one process: what every transport promises, and what it adds because the outbox is its store. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { busSuite, message, subscribed, until } from './bus.suite.ts'
import { embeddedBus } from './embedded.ts'

busSuite('embedded', async () => embeddedBus())

test('embedded: a lone message is delivered before anything else gets a turn', async () => {
  await using bus = embeddedBus()
  const { deliveries } = subscribed(bus)
  void bus.publish(message())
  await turn()
  assert.equal(deliveries().length, 1)
})

test('embedded: publishing ends only once every subscription has handled the message, however often it came', async () => {
  await using bus = embeddedBus()
  const sent = message()
  const first = subscribed(bus, undefined, 'first-sub')
  const second = subscribed(bus, ({ attempt }) => attempt < 2, 'second-sub')
  let ended = false
  const publishing = bus.publish(sent).then(() => {
    ended = true
  })
  await until('both have it', () => first.deliveries().length === 1 && second.deliveries().length === 1)
  await turn()
  assert.equal(ended, false)
  await publishing
  assert.deepEqual(second.attemptsOf(sent), [1, 2])
})

test('embedded: a message that was not handled before the stop never counts as published', async () => {
  const bus = embeddedBus()
  const { deliveries } = subscribed(bus, () => true)
  let ended = false
  void bus.publish(message()).then(() => {
    ended = true
  })
  await until('it has failed', () => deliveries().length === 1)
  await bus[Symbol.asyncDispose]()
  await turn()
  assert.equal(ended, false, 'its row stays in the outbox for the next start')
})
