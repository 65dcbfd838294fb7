/**
 * One subscription by streaming pull. The client library keeps the leases: it extends what is held here by 10 s or more at a time,
 * for at most an hour, so a slow batch is not delivered a second time meanwhile. Flow control stops the stream at a few
 * batches. What a handler wants again is given back after a back-off, and Pub/Sub's retry policy has the rest.
 */
import type { Message, PubSub, Subscription, SubscriptionOptions } from '@google-cloud/pubsub'
import { BATCH_LIMIT, redeliveryDelay } from '../bus.ts'
import type { Queue } from '../queue.ts'
import { decode } from './message.ts'

export interface Parts {
  readonly client: PubSub
  readonly topic: string
  readonly name: string
  readonly queue: Queue
  readonly options: SubscriptionOptions
  /** The stream broke for good: reported, then `reopen` resolves when it may be opened anew. */
  readonly onFault: (error: unknown) => void
  readonly beforeReopening: () => Promise<void>
}

/** Messages held here at most. */
export const HELD_AT_MOST = 4 * BATCH_LIMIT
const REOPEN_AFTER = 500
/** The policy's own back-off comes on top; Google's emulator starts with 45 ms whatever the policy says. */
const LONGEST_HOLD = 1_000
/** Of subscriptions without a dead-letter policy, whose messages do not tell how often they were delivered. */
const REMEMBERED = 10_000

export function pullFrom(parts: Parts) {
  const { client, topic, name, queue, options } = parts
  const holds = new Map<NodeJS.Timeout, Message>()
  const returned = new Map<string, number>()
  let subscription: Subscription | undefined
  let reopening: NodeJS.Timeout | undefined
  let stopped = false

  function open() {
    if (stopped) return
    const opened = client.subscription(name, options)
    opened.on('message', take)
    opened.once('error', (error) => {
      parts.onFault(error) // the library closes what has failed, and gives back what it held
      opened.removeListener('message', take)
      opened.on('error', () => {})
      if (subscription === opened && !stopped) reopenLater()
    })
    subscription = opened
  }

  function reopenLater() {
    reopening ??= setTimeout(async () => {
      try {
        await parts.beforeReopening()
        reopening = undefined
        open()
      } catch (error) {
        parts.onFault(error)
        reopening = undefined
        if (!stopped) reopenLater()
      }
    }, REOPEN_AFTER)
  }

  function take(received: Message) {
    if (stopped) return received.nack()
    const attempt = received.deliveryAttempt || 1 + (returned.get(received.id) ?? 0)
    queue.put({
      ...decode(received, topic),
      attempt,
      handled() {
        returned.delete(received.id)
        received.ack()
      },
      again: () => giveBackLater(received, attempt),
    })
  }

  function giveBackLater(received: Message, attempt: number) {
    if (!received.deliveryAttempt) remember(received.id, attempt)
    if (stopped) return received.nack()
    const hold = setTimeout(
      () => {
        holds.delete(hold)
        received.nack()
      },
      Math.min(redeliveryDelay(attempt), LONGEST_HOLD),
    )
    holds.set(hold, received)
  }

  function remember(id: string, attempt: number) {
    returned.set(id, attempt)
    const [oldest] = returned.keys()
    if (returned.size > REMEMBERED && oldest !== undefined) returned.delete(oldest)
  }

  return {
    open,
    /** Finishes the batch under way, then gives back what else is held here. */
    async stop() {
      stopped = true
      clearTimeout(reopening)
      for (const hold of holds.keys()) clearTimeout(hold)
      await queue.stop()
      await subscription?.close()
    },
  }
}
