/**
 * The bus within one process. Its durable store is the outbox itself: a message stays there until every subscription
 * has handled it, and a start after a crash publishes what is left. Queues in memory carry the rest.
 */
import type { Message } from '#contracts'
import type { Bus } from './bus.ts'
import { deliveryQueue, type Queue } from './queue.ts'

export function embeddedBus(): Bus {
  const topics = new Map<string, Queue[]>()
  const queues: Queue[] = []

  /** Waiting messages stay in the outbox for the next start. */
  const stopTaking = async () => {
    await Promise.all(queues.map((one) => one.stop()))
  }

  return {
    async publish(message) {
      const subscribers = topics.get(message.type) ?? []
      await Promise.all(subscribers.map((subscriber) => delivered(subscriber, message)))
    },
    subscribe(topic, _subscription, handle, options = {}) {
      const subscriber = deliveryQueue(handle, options)
      topics.set(topic, [...(topics.get(topic) ?? []), subscriber])
      queues.push(subscriber)
    },
    opened: async () => {},
    stopTaking,
    [Symbol.asyncDispose]: stopTaking,
  }
}

const delivered = (queue: Queue, message: Message) =>
  new Promise<void>((handled) => queue.put({ message, attempt: 1, handled }))
