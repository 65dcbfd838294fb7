/** Messages that could not be handled, kept with their reason until an operator has looked. */
import type { Message } from '#contracts'
import type { Tx } from '#platform/database'
import type { BatchHandler } from './bus.ts'
import type { UnitOfWork } from './unit-of-work.ts'

export interface DeadLetter {
  readonly subscription: string
  readonly message: Message
  readonly reason: string
  readonly attempts: number
}

/** Parking the same message again keeps the first reason. */
export async function park(tx: Tx, { subscription, message, reason, attempts }: DeadLetter): Promise<void> {
  await tx.query(
    `insert into dead_letters (subscription, message_id, message, reason, attempts) values ($1, $2, $3, $4, $5)
     on conflict (subscription, message_id) do nothing`,
    [subscription, message.message_id, JSON.stringify(message), reason, attempts],
  )
}

/** Takes what the transport itself gave up on, so that an operator finds it in the same place as everything else. */
export const parkGivenUp =
  (unitOfWork: UnitOfWork): BatchHandler =>
  async (batch) => {
    await unitOfWork(async (tx) => {
      for (const { message, attempt, givenUp, unreadable } of batch) {
        const { subscription = 'unknown', attempts = attempt } = givenUp ?? {}
        const reason = unreadable ?? `delivered ${attempts} times without an answer`
        await park(tx, { subscription, message, reason, attempts })
      }
    })
    return []
  }
