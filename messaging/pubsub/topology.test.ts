/** The topics and subscriptions that Pub/Sub must have, as they follow from the contracts. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deadLetterSubscription, deadLetterTopic, topology } from './topology.ts'

const { topics, subscriptions } = topology()

test('every subscription listens to a topic of the list, and each name is there once', () => {
  assert.ok(subscriptions.length > 30)
  assert.equal(new Set(subscriptions.map(({ name }) => name)).size, subscriptions.length)
  assert.equal(new Set(topics).size, topics.length)
  for (const { topic, name } of subscriptions) assert.ok(topics.includes(topic), name)
})

test('every service has one dead-letter subscription, and every other one leads there', () => {
  const services = [
    'avisos-service',
    'cliente-service',
    'identidade-service',
    'orquestrador',
    'pagamento-service',
    'veiculo-service',
  ]
  const ends = subscriptions.filter(({ dead_letter }) => !dead_letter)
  assert.deepEqual(ends.map(({ name }) => name).sort(), services.map(deadLetterSubscription))
  for (const { service, dead_letter } of subscriptions)
    assert.equal(dead_letter?.topic ?? deadLetterTopic(service), deadLetterTopic(service))
})
