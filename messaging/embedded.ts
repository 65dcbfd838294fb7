/**
 * The bus within one process. Its durable store is the outbox itself: a message stays there until every subscription
 * has handled it, and a start after a crash publishes what is left. Queues in memory carry the rest.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { Message } from '#contracts'
import { BATCH_LIMIT, type BatchHandler, type Bus, type Delivery, redeliveryDelay } from './bus.ts'

interface Queued extends Delivery {
  readonly handled: () => void
}

export function embeddedBus(): Bus {
  const topics = new Map<string, ReturnType<typeof queue>[]>()
  const queues: ReturnType<typeof queue>[] = []

  return {
    async publish(message) {
      const subscribers = topics.get(message.type) ?? []
      await Promise.all(subscribers.map((subscriber) => subscriber.deliver(message)))
    },
    subscribe(topic, _subscription, handle, { gather = 0 } = {}) {
      const subscriber = queue(handle, gather)
      topics.set(topic, [...(topics.get(topic) ?? []), subscriber])
      queues.push(subscriber)
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(queues.map((one) => one.stop()))
    },
  }
}

function queue(handle: BatchHandler, gather: number) {
  const waiting: Queued[] = []
  const timers = new Set<NodeJS.Timeout>()
  let pump: Promise<void> | undefined
  let stopped = false
  const stopping = new AbortController()
  let outages = 0

  function put(...deliveries: readonly Queued[]) {
    waiting.push(...deliveries)
    pump ??= drain()
  }

  function putLater(deliveries: readonly Queued[], delay: number) {
    if (stopped) return
    const timer = setTimeout(() => {
      timers.delete(timer)
      put(...deliveries)
    }, delay)
    timers.add(timer)
  }

  async function drain() {
    await Promise.resolve() // what was published in this same turn comes along
    while (waiting.length > 0 && !stopped) {
      if (gather > 0 && waiting.length < BATCH_LIMIT)
        await pause(gather, undefined, { signal: stopping.signal }).catch(ignore)
      if (!stopped) await deliverBatch(waiting.splice(0, BATCH_LIMIT))
    }
    pump = undefined
  }

  async function deliverBatch(batch: readonly Queued[]) {
    try {
      const again = new Set(await handle(batch))
      outages = 0
      for (const delivery of batch) {
        if (again.has(delivery))
          putLater([{ ...delivery, attempt: delivery.attempt + 1 }], redeliveryDelay(delivery.attempt))
        else delivery.handled()
      }
    } catch {
      outages += 1
      putLater(batch, redeliveryDelay(Math.min(outages, 6)))
    }
  }

  return {
    deliver: (message: Message) => new Promise<void>((handled) => put({ message, attempt: 1, handled })),
    /** Finishes the batch under way; what waits stays in the outbox for the next start. */
    async stop() {
      stopped = true
      stopping.abort()
      for (const timer of timers) clearTimeout(timer)
      await pump
    },
  }
}

const ignore = () => {}
