/**
 * The transport port. What every transport guarantees, and its conformance suite (bus.suite.ts) proves:
 *
 * - Each subscription of a topic gets each message of it at least once; order is not promised, copies are possible.
 * - `publish` resolves once the transport has taken responsibility for the message. Until then it is the outbox's.
 * - A message counts as delivered only after its handler has resolved. What the handler returns is delivered again
 *   after a back-off that doubles, with `attempt` one higher. When it throws, the whole batch comes again after a
 *   back-off and no attempt is counted: nothing is known to be wrong with the messages.
 * - A batch holds what is waiting, up to `BATCH_LIMIT`; a lone message is not held back for company, unless its subscription asks for
 *   it by `gatherMs`.
 * - One subscription's batches are handled one at a time by each subscriber.
 */
import type { Message } from '#contracts'
import type { Turns } from '#platform/batching/turns'

export interface Delivery {
  readonly message: Message
  /** From 1. */
  readonly attempt: number
  /** Why the transport could not read what came; `message` then holds what can be said of it, and is to be parked. */
  readonly unreadable?: string
  /** Of a message that the transport gave up on, and brings to its owner's dead-letter subscription. */
  readonly givenUp?: { readonly subscription: string; readonly attempts: number }
}

/** Handles a batch and returns the deliveries that have to come again. */
export type BatchHandler = (batch: readonly Delivery[]) => Promise<readonly Delivery[]>

export interface Bus extends AsyncDisposable {
  publish(message: Message): Promise<void>
  /** Takes effect at once. `topic` is a contract's topic, `subscription` one of its subscriptions. */
  subscribe(topic: string, subscription: string, handle: BatchHandler, options?: SubscribeOptions): void
  /** Resolves once what has been subscribed so far gets every message that is published from then on. */
  opened(): Promise<void>
  /** Finishes the batches under way and begins no other; publishing goes on until the bus is disposed of. */
  stopTaking(): Promise<void>
}

export interface SubscribeOptions {
  /** Milliseconds that messages may wait for company: for views that nobody waits for. */
  readonly gatherMs?: number
  /** Batches that are transactions take turns with the process's other ones. */
  readonly turns?: Turns | undefined
}

export const BATCH_LIMIT = 128

/** Milliseconds before delivery `attempt + 1`: 100 ms doubling up to 30 s. */
export const redeliveryDelay = (attempt: number): number => Math.min(100 * 2 ** (attempt - 1), 30_000)
