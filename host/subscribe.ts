/** A service's handlers, and what Pub/Sub itself gave up, subscribed to the bus; each batch is measured, each fault logged. */
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
  // Pub/Sub has nothing to give up for a service that takes no messages, and the plan has no dead letters for it
  if (handlers.length === 0) return
  const measured = batchMeasures(telemetry)
  for (const handler of handlers) {
    const { subscription, contract, gatherMs = 0 } = handler
    const onFault = (err: unknown, message?: { message_id: string; transaction_id: string }) => {
      const { message_id, transaction_id } = message ?? {}
      log.error({ err, subscription, message_id, transaction_id }, 'a message could not be handled')
    }
    // an intake commits elsewhere, in a group commit that takes its own turn
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
