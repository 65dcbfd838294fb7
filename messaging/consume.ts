/**
 * The consumer's side: takes a batch of deliveries, sets aside what does not fit its contract, handles the rest in ONE
 * unit of work, and finds the message that poisons a batch by handling each alone.
 */

import { Compile } from 'typebox/compile'
import type { BodyOf, Message, MessageContract } from '#contracts'
import type { Tx } from '#platform/database/database'
import { isUnavailable } from '#platform/database/pg-errors'
import { wordsOf } from '#platform/fault'
import type { BatchHandler, Delivery } from './bus.ts'
import { park } from './dead-letters.ts'
import type { Send, UnitOfWork } from './outbox/unit-of-work.ts'
import { handledInTraces } from './traced-messages.ts'

/** What a service does with the messages of one subscription. */
export interface MessageHandler {
  readonly subscription: string
  readonly contract: MessageContract
  /** How long messages may wait for company: for views that nobody is waiting for. Default: no wait. */
  readonly gatherMs?: number
  /** Must be idempotent by record: any message can come again, and several of a batch can name one record. */
  readonly handle: (tx: Tx, messages: readonly Message[], send: Send) => Promise<void>
}

/** The same for a consumer that commits by itself, in a transaction it shares with other inputs. */
export interface MessageIntake {
  readonly subscription: string
  readonly contract: MessageContract
  /** As for MessageHandler. */
  readonly gatherMs?: number
  /** Resolves when all of them are durable; rejects when one is not, and then may get any of them again. */
  readonly take: (messages: readonly Message[]) => Promise<unknown>
}

/** Handles the contract's messages in the service's own transaction; throwing puts the whole batch back. */
export function handler<Contract extends MessageContract>(
  contract: Contract,
  subscription: Contract['subscriptions'][number],
  handle: (tx: Tx, messages: readonly Message<BodyOf<Contract>>[], send: Send) => Promise<void> | void,
  gatherMs = 0,
): MessageHandler {
  return {
    contract,
    subscription,
    gatherMs,
    async handle(tx, messages, send) {
      await handle(tx, messages as readonly Message<BodyOf<Contract>>[], send)
    },
  }
}

/**
 * A message or a request that only a newer release understands, as happens during a rollout. Nothing is wrong: it is given
 * back, however often, until a process of that release gets it.
 */
export class ForNewerProcess extends Error {
  /** A caller that meets it over HTTP may try again. */
  readonly statusCode = 503
}

/** How often a message is tried before it is parked as a dead letter. */
const MAX_ATTEMPTS = 5

export function consumer(
  receiver: MessageHandler | MessageIntake,
  unitOfWork: UnitOfWork,
  onFault: (error: unknown, message: Message | undefined) => void,
  onParked: () => void = () => {},
): BatchHandler {
  const { subscription, contract } = receiver
  const misfit = misfitOf(contract)

  async function setAside({ message, attempt: attempts }: Delivery, reason: string) {
    await unitOfWork((tx) => park(tx, { subscription, reason, message, attempts }))
    onParked()
  }

  async function handleTogether(deliveries: readonly Delivery[]) {
    const messages = deliveries.map(({ message }) => message)
    await handledInTraces(subscription, messages, async () => {
      if ('take' in receiver) await receiver.take(messages)
      else await unitOfWork((tx, send) => receiver.handle(tx, messages, send))
    })
  }

  async function handleAlone(delivery: Delivery): Promise<Delivery[]> {
    try {
      await handleTogether([delivery])
      return []
    } catch (error) {
      if (error instanceof ForNewerProcess) return [delivery]
      onFault(error, delivery.message)
      if (isUnavailable(error)) throw error
      if (delivery.attempt < MAX_ATTEMPTS) return [delivery]
      await setAside(delivery, wordsOf(error))
      return []
    }
  }

  return async (batch) => {
    const fitting: Delivery[] = []
    for (const delivery of batch) {
      const reason = misfit(delivery)
      if (reason) await setAside(delivery, reason)
      else fitting.push(delivery)
    }
    if (fitting.length === 0) return []
    try {
      await handleTogether(fitting)
      return []
    } catch (error) {
      if (isUnavailable(error)) throw error
      const again: Delivery[] = []
      for (const delivery of fitting) again.push(...(await handleAlone(delivery)))
      return again
    }
  }
}

/** Why a delivery cannot be handled at all; undefined when it can. */
export function misfitOf({ version, body }: MessageContract): (delivery: Delivery) => string | undefined {
  const fits = Compile(body)
  return ({ message, unreadable }) => {
    if (unreadable) return unreadable
    if (message.schema_version > version) return `unknown version ${message.schema_version} of ${message.type}`
    if (fits.Check(message.body)) return undefined
    const wrong = fits.Errors(message.body).map(({ instancePath, message: why }) => `${instancePath || '/'} ${why}`)
    return `does not fit its contract: ${wrong.slice(0, 5).join('; ')}`
  }
}
