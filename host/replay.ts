/** Handles a dead letter once more, by its own subscription's handler, when an operator asks for it. */

import type { Send, UnitOfWork } from '#messaging'
import {
  type KeptDeadLetter,
  lockDeadLetter,
  type MessageHandler,
  type MessageIntake,
  markReplayed,
  misfitOf,
  noteFailure,
  type Operator,
} from '#messaging'
import type { Tx } from '#platform/database/database'
import { isUnavailable } from '#platform/database/pg-errors'
import { wordsOf } from '#platform/fault'

export type Replayed =
  /** `before`: an earlier replay had already succeeded. */
  | { readonly outcome: 'handled' | 'handled_before' | 'failed'; readonly letter: KeptDeadLetter }
  | { readonly outcome: 'unknown' }

/** Tells of a letter that was handled, in the transaction that handled it. */
export type ReplayWitness = (tx: Tx, letter: KeptDeadLetter) => Promise<void>

export interface ReplayParts {
  readonly unitOfWork: UnitOfWork
  readonly receivers: readonly (MessageHandler | MessageIntake)[]
  readonly onFault: (error: unknown, letter: KeptDeadLetter) => void
}

/**
 * The letter's row is locked meanwhile, and settled in the handler's own transaction. So a message is handled once,
 * however many operators ask. Throws only when the database cannot be reached.
 *
 * One replay at a time: an intake commits on a second connection while the row's lock holds the first, and as many
 * replays as the pool has connections would wait for each other.
 */
export function replayer({ unitOfWork, receivers, onFault }: ReplayParts) {
  const known = new Map(
    receivers.map((receiver) => [receiver.subscription, { receiver, misfit: misfitOf(receiver.contract) }]),
  )
  let last: Promise<unknown> = Promise.resolve()

  async function handle(letter: KeptDeadLetter, take: (receiver: MessageHandler | MessageIntake) => Promise<unknown>) {
    const found = known.get(letter.subscription)
    if (!found) throw new NoUse(`this service has no handler of the subscription ${letter.subscription}`)
    const misfit = found.misfit({ message: letter.message, attempt: 1 })
    if (misfit) throw new NoUse(misfit)
    await take(found.receiver)
  }

  async function replayNow(id: number, operator: Operator, witness?: ReplayWitness): Promise<Replayed> {
    let letter: KeptDeadLetter | undefined
    try {
      const outcome = await unitOfWork(async (tx, send: Send) => {
        letter = await lockDeadLetter(tx, id)
        if (!letter) return 'unknown'
        if (letter.status === 'replayed') return 'handled_before'
        const { message } = letter
        await handle(letter, (receiver) =>
          'take' in receiver ? receiver.take([message]) : receiver.handle(tx, [message], send),
        )
        markReplayed(tx, id, operator)
        await witness?.(tx, letter)
        return 'handled'
      })
      if (!letter || outcome === 'unknown') return { outcome: 'unknown' }
      return { outcome, letter: outcome === 'handled' ? settledBy(letter, operator) : letter }
    } catch (error) {
      if (!letter || isUnavailable(error)) throw error
      if (!(error instanceof NoUse)) onFault(error, letter)
      return { outcome: 'failed', letter: await noted(letter, error, operator) }
    }
  }

  async function noted(letter: KeptDeadLetter, error: unknown, operator: Operator): Promise<KeptDeadLetter> {
    const reason = error instanceof NoUse ? error.message : wordsOf(error)
    return (await unitOfWork((tx) => noteFailure(tx, letter.id, reason, operator))) ?? letter
  }

  return (id: number, operator: Operator, witness?: ReplayWitness): Promise<Replayed> => {
    const replayed = last.then(() => replayNow(id, operator, witness))
    last = replayed.catch(() => {})
    return replayed
  }
}

/** Handling it could not succeed, so it was not tried. */
class NoUse extends Error {}

const settledBy = (letter: KeptDeadLetter, { by, now }: Operator): KeptDeadLetter => ({
  ...letter,
  status: 'replayed',
  attempts: letter.attempts + 1,
  settled_at: now,
  settled_by: by,
  settled_because: null,
})
