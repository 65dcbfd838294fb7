/** One subscription's queue in memory. Waiting messages are handled in batches, one batch at a time. Both transports use it. */
import { setTimeout as pause } from 'node:timers/promises'
import { BATCH_LIMIT, type BatchHandler, type Delivery, redeliveryDelayMs, type SubscribeOptions } from './bus.ts'

interface Queued extends Delivery {
  readonly handled: () => void
  /** Gives it back to the transport, which delivers it again. Absent: this queue delivers it again, as the next attempt. */
  readonly again?: () => void
}

export interface Queue {
  put(...deliveries: readonly Queued[]): void
  /** Finishes the batch under way; waiting messages are not handled any more. */
  stop(): Promise<void>
}

export function deliveryQueue(handle: BatchHandler, { gatherMs = 0, turns }: SubscribeOptions): Queue {
  const waiting: Queued[] = []
  const timers = new Set<NodeJS.Timeout>()
  let pump: Promise<void> | undefined
  let stopped = false
  const stopping = new AbortController()
  let outages = 0

  function put(...deliveries: readonly Queued[]) {
    waiting.push(...deliveries)
    pump ??= drain()
    turns?.grown()
  }

  function putLater(deliveries: readonly Queued[], delayMs: number) {
    if (stopped) return
    const timer = setTimeout(() => {
      timers.delete(timer)
      put(...deliveries)
    }, delayMs)
    timers.add(timer)
  }

  async function drain() {
    await Promise.resolve() // so that messages published in this same turn come along
    while (waiting.length > 0 && !stopped) {
      if (gatherMs > 0 && waiting.length < BATCH_LIMIT)
        await pause(gatherMs, undefined, { signal: stopping.signal }).catch(ignore)
      await turns?.begin(() => waiting.length)
      if (!stopped) await deliverBatch(waiting.splice(0, BATCH_LIMIT))
      turns?.end()
    }
    pump = undefined
  }

  async function deliverBatch(batch: readonly Queued[]) {
    try {
      const again = new Set(await handle(batch))
      outages = 0
      for (const delivery of batch) {
        if (!again.has(delivery)) delivery.handled()
        else if (delivery.again) delivery.again()
        else putLater([{ ...delivery, attempt: delivery.attempt + 1 }], redeliveryDelayMs(delivery.attempt))
      }
    } catch {
      outages += 1
      putLater(batch, redeliveryDelayMs(Math.min(outages, 6)))
    }
  }

  return {
    put,
    async stop() {
      stopped = true
      stopping.abort()
      for (const timer of timers) clearTimeout(timer)
      await pump
    },
  }
}

const ignore = () => {}
