/** Subscribes a service's handlers to the bus, and one for messages that Pub/Sub gave up. Each batch is measured, each fault logged. */
import type { Logger } from 'pino'
import {
  type Bus,
  consumer,
  deadLetterSubscription,
  deadLetterTopic,
  type MessageHandler,
  type MessageIntake,
  parkGivenUp,
  type UnitOfWork,
} from '#messaging'
import type { Turns } from '#platform/batching/turns'
import type { Telemetry } from '#platform/telemetry'
import { batchMeasures } from './measures.ts'

export interface Subscriber {
  readonly name: string
  readonly handlers: readonly (MessageHandler | MessageIntake)[]
  readonly unitOfWork: UnitOfWork
  readonly turns: Turns
  readonly telemetry: Telemetry
  readonly log: Logger
}

export function subscribeAll(bus: Bus, { name, handlers, unitOfWork, turns, telemetry, log }: Subscriber): void {
  // a service that takes no messages has no dead letters, and no subscription to them
  if (handlers.length === 0) return
  const measured = batchMeasures(telemetry)
  for (const handler of handlers) {
    const { subscription, contract, gatherMs = 0 } = handler
    const onFault = (err: unknown, message?: { message_id: string; transaction_id: string }) => {
      const { message_id, transaction_id } = message ?? {}
      log.error({ err, subscription, message_id, transaction_id }, 'a message could not be handled')
    }
    // an intake commits in a group commit, which takes its own turn
    const options = 'handle' in handler ? { gatherMs, turns } : { gatherMs }
    const consume = measured(subscription, (onParked) => consumer(handler, unitOfWork, onFault, onParked))
    bus.subscribe(contract.topic, subscription, consume, options)
  }
  const last = deadLetterSubscription(name)
  bus.subscribe(
    deadLetterTopic(name),
    last,
    measured(last, (onParked) => parkGivenUp(unitOfWork, onParked)),
  )
}
