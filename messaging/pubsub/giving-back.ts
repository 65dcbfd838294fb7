/** Messages that a handler wants again are held here for a back-off, then given back to Pub/Sub, whose retry policy does the rest. */
import type { Message } from '@google-cloud/pubsub'
import { redeliveryDelayMs } from '../bus.ts'

export interface GivingBack {
  /** From 1. */
  attemptOf(received: Message): number
  later(received: Message, attempt: number): void
  /** It was handled. */
  forget(received: Message): void
  /** Held messages still belong to Pub/Sub: closing the subscription gives them back. Later ones are given back at once. */
  stop(): void
}

/** The policy's own back-off comes on top; Google's emulator starts with 45 ms whatever the policy says. */
const LONGEST_HOLD_MS = 1_000
/**
 * Without a dead-letter policy, messages do not tell how often they were delivered: the last ones are counted here, up to
 * this many.
 */
const REMEMBERED = 10_000

export function givingBack(): GivingBack {
  const holds = new Set<NodeJS.Timeout>()
  const attempts = new Map<string, number>()
  let isStopped = false

  function remember(id: string, attempt: number) {
    attempts.set(id, attempt)
    const [oldest] = attempts.keys()
    if (attempts.size > REMEMBERED && oldest !== undefined) attempts.delete(oldest)
  }

  return {
    attemptOf: ({ deliveryAttempt, id }) => deliveryAttempt || 1 + (attempts.get(id) ?? 0),
    later(received, attempt) {
      if (!received.deliveryAttempt) remember(received.id, attempt)
      if (isStopped) return received.nack()
      const wait = Math.min(redeliveryDelayMs(attempt), LONGEST_HOLD_MS)
      const hold = setTimeout(() => {
        holds.delete(hold)
        received.nack()
      }, wait)
      holds.add(hold)
    },
    forget: ({ id }) => void attempts.delete(id),
    stop() {
      isStopped = true
      for (const hold of holds) clearTimeout(hold)
    },
  }
}
