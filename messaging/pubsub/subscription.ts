/**
 * One subscription by streaming pull. The client library keeps the leases: it extends what is held here by 10 s or more at a time,
 * for at most an hour, so a slow batch is not delivered a second time meanwhile. Flow control stops the stream at a few
 * batches. Messages that a handler wants again are given back after a back-off, and Pub/Sub's retry policy does the rest.
 */
import type { Message, PubSub, Subscription, SubscriptionOptions } from '@google-cloud/pubsub'
import { BATCH_LIMIT } from '../bus.ts'
import type { Queue } from '../queue.ts'
import { givingBack } from './giving-back.ts'
import { decode } from './message.ts'

export interface Parts {
  readonly client: PubSub
  readonly topic: string
  readonly name: string
  readonly queue: Queue
  readonly options: SubscriptionOptions
  /** Told when the stream broke for good. It is opened anew once `beforeReopening` resolves. */
  readonly onFault: (error: unknown) => void
  readonly beforeReopening: () => Promise<void>
}

/** Messages held here at most. */
export const HELD_AT_MOST = 4 * BATCH_LIMIT
const REOPEN_AFTER_MS = 500

export function pullFrom(parts: Parts) {
  const { client, topic, name, queue, options } = parts
  const returns = givingBack()
  let subscription: Subscription | undefined
  let reopening: NodeJS.Timeout | undefined
  let stopped = false

  function open() {
    if (stopped) return
    const opened = client.subscription(name, options)
    opened.on('message', take)
    opened.once('error', (error) => {
      parts.onFault(error) // the library closes a failed subscription, and gives back the messages it held
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
    }, REOPEN_AFTER_MS)
  }

  function take(received: Message) {
    if (stopped) return received.nack()
    const attempt = returns.attemptOf(received)
    queue.put({
      ...decode(received, topic),
      attempt,
      handled() {
        returns.forget(received)
        received.ack()
      },
      again: () => returns.later(received, attempt),
    })
  }

  return {
    open,
    /** Finishes the batch under way, then gives back what else is held here. */
    async stop() {
      stopped = true
      clearTimeout(reopening)
      returns.stop()
      await queue.stop()
      await subscription?.close()
    },
  }
}
