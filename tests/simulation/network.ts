/**
 * Everything between the services: messages in flight, in no order, and calls over HTTP with their answers. A message that is not
 * handled to the end comes again. A cut line keeps its messages.
 */
import type { Message } from '#contracts'
import * as contracts from '#contracts'
import type { Delivery } from '../../messaging/bus.ts'
import type { CallResult } from '../../services/orquestrador/runner/calls.ts'

export interface Call {
  readonly transaction_id: string
  readonly vehicle_id: number
  /** Settles the promise of the process that made the call; whether it is still there is its own affair. */
  readonly resolve: (result: CallResult) => void
  readonly reject: (error: Error) => void
}

export interface Answer {
  readonly call: Call
  readonly result: CallResult | Error
}

const subscriptions = new Map<string, readonly string[]>(
  Object.values(contracts).flatMap((one) =>
    typeof one === 'object' && 'topic' in one && 'subscriptions' in one
      ? [[one.topic, one.subscriptions] as const]
      : [],
  ),
)

export class Network {
  /** By subscription, for those that somebody here listens to. */
  readonly queues = new Map<string, Delivery[]>()
  readonly cut = new Set<string>()
  readonly #handled = new Set<string>()
  /** How purchases were said to end, by transaction; a message that is published twice counts once. */
  readonly endings = new Map<string, Map<string, string>>()
  /** Messages that were published to a subscription and have never been handled to the end. */
  readonly unhandled = new Map<string, Message>()
  calls: Call[] = []
  answers: Answer[] = []
  callsAreCut = false

  listen(subscription: string): void {
    if (!this.queues.has(subscription)) this.queues.set(subscription, [])
  }

  publish(message: Message): void {
    const { type, message_id, transaction_id } = message
    if (type.startsWith('events.purchase.')) {
      const told = this.endings.get(transaction_id) ?? new Map<string, string>()
      this.endings.set(transaction_id, told.set(message_id, type))
    }
    for (const subscription of subscriptions.get(type) ?? []) {
      const queue = this.queues.get(subscription)
      const name = `${subscription} ${message_id}`
      if (queue && !this.#handled.has(name)) this.unhandled.set(name, message)
      queue?.push({ message, attempt: 1 })
    }
  }

  handled(subscription: string, messages: readonly Message[]): void {
    for (const { message_id } of messages) {
      this.unhandled.delete(`${subscription} ${message_id}`)
      this.#handled.add(`${subscription} ${message_id}`)
    }
  }

  /** The subscriptions where messages wait and come through. */
  get waiting(): string[] {
    return [...this.queues].filter(([name, queue]) => queue.length > 0 && !this.cut.has(name)).map(([name]) => name)
  }

  mend(): void {
    this.cut.clear()
    this.callsAreCut = false
  }
}
