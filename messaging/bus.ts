/**
 * The transport port. What every transport guarantees, and its conformance suite (bus.suite.ts) proves:
 *
 * - Each subscription of a topic gets each message of it at least once; order is not promised, copies are possible.
 * - `publish` resolves once the transport has taken responsibility for the message. Until then it is the outbox's.
 * - A message counts as delivered only after its handler has resolved. The deliveries that the handler returns come again
 *   after a back-off that doubles, with `attempt` one higher. When the handler throws, the whole batch comes again after a
 *   back-off and no attempt is counted, because nothing is known to be wrong with the messages.
 * - A batch holds the messages that are waiting, up to `BATCH_LIMIT`. A lone message is not held back for company, unless
 *   its subscription asks for that by `gatherMs`.
 * - One subscription's batches are handled one at a time by each subscriber.
 */
import type { Message } from '#contracts'
import type { Turns } from '#platform/batching/turns'

export interface Delivery {
  readonly message: Message
  /** From 1. */
  readonly attempt: number
  /** Why the transport could not read the message. `message` then holds the parts that it could read, to be parked. */
  readonly unreadable?: string
  /** Set when the transport gave up on the message, and brings it to its owner's dead-letter subscription. */
  readonly givenUp?: { readonly subscription: string; readonly attempts: number }
}

/** Handles a batch and returns the deliveries that have to come again. */
export type BatchHandler = (batch: readonly Delivery[]) => Promise<readonly Delivery[]>

export interface Bus extends AsyncDisposable {
  publish(message: Message): Promise<void>
  /** Takes effect at once. `topic` is a contract's topic, `subscription` one of its subscriptions. */
  subscribe(topic: string, subscription: string, handle: BatchHandler, options?: SubscribeOptions): void
  /** Resolves once every subscription made so far will get each message that is published from then on. */
  opened(): Promise<void>
  /** Finishes the batches under way and begins no other; publishing goes on until the bus is disposed of. */
  stopTaking(): Promise<void>
}

export interface SubscribeOptions {
  /** How long messages may wait for company: for views that nobody is waiting for. */
  readonly gatherMs?: number
  /** Batches that run a transaction take turns with the process's other transactions. */
  readonly turns?: Turns | undefined
}

export const BATCH_LIMIT = 128

/** Milliseconds before delivery `attempt + 1`: 100 ms doubling up to 30 s. */
export const redeliveryDelayMs = (attempt: number): number => Math.min(100 * 2 ** (attempt - 1), 30_000)
