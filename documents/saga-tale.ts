/**
 * Plays purchases: the pure engine runs the saga's definition against participants that answer as a tale says. Everything
 * that the documents draw and count was played here, and nothing is written by hand.
 */
import type { MessageContract } from '#contracts'
import { readConfig } from '#platform/config'
import {
  begin,
  type Decision,
  decide,
  isFinal,
  type Moment,
  type Saga,
  type SagaDefinition,
  type SagaInput,
} from '#saga'
import { purchaseSaga } from '../services/orquestrador/purchase-saga.ts'
import { answerOf, NOW, REQUEST, reasonsOf, TRANSACTION } from './saga-answers.ts'

/** The next event: the awaited answer is a success, a refusal or silence; the buyer cancels; an operator resumes or gives up. */
export type Word = 'done' | 'failed' | 'silence' | 'cancel' | 'resume' | 'give_up'

export interface Scene {
  /** Null at the beginning. */
  readonly input: SagaInput | null
  readonly before: Saga | null
  readonly decision: Decision
  /** Milliseconds since the previous scene, until a deadline passed. */
  readonly waited: number
}

const STEP_TIMEOUT_MS = readConfig({}).SAGA_STEP_TIMEOUT_SECONDS * 1_000

export const momentAt = (now: Date): Moment => ({ now, stepTimeoutMs: STEP_TIMEOUT_MS })

/** The words in their order, then `done` until nothing is awaited any more. */
export function tell(words: readonly Word[], request: object = { ...REQUEST, payment_type: 'cash' }): Scene[] {
  let now = NOW
  const scenes: Scene[] = [
    { input: null, before: null, waited: 0, decision: begin(purchaseSaga, TRANSACTION, request, momentAt(now)) },
  ]
  for (let position = 0; ; position += 1) {
    const before = scenes.at(-1)?.decision.saga as Saga
    const word = words[position] ?? (isAwaiting(before) ? 'done' : undefined)
    if (!word) return scenes
    const input = inputOf(word, before)
    const waited = word === 'silence' && before.deadline ? before.deadline.getTime() - now.getTime() : 0
    now = new Date(now.getTime() + waited)
    scenes.push({ input, before, waited, decision: decide(purchaseSaga, before, input, momentAt(now)) })
  }
}

const isAwaiting = (saga: Saga) => !isFinal(saga) && saga.deadline !== null

export function inputOf(word: Word, saga: Saga): SagaInput {
  if (word === 'cancel') return { kind: 'cancel', reason: 'changed_mind' }
  if (word === 'resume') return { kind: 'resume', by: 'admin' }
  if (word === 'give_up') return { kind: 'give_up', by: 'admin', reason: 'vehicle_lost' }
  if (word === 'silence') return { kind: 'deadline' }
  const awaited = awaitedBy(purchaseSaga, saga)
  if (!awaited) {
    if (word === 'done') return { kind: 'call_answered', step: saga.step, answer: { pickup_code: 'Y9Q7HYD3' } }
    return { kind: 'call_refused', step: saga.step, reason: 'Vehicle is reserved by another transaction' }
  }
  if (word === 'done') return { kind: 'reply', type: awaited.done.topic, body: answerOf(awaited.done) }
  if (!awaited.failed) throw new Error(`${saga.step} cannot be refused`)
  return { kind: 'reply', type: awaited.failed.topic, body: { reason: reasonsOf(awaited.failed)[0] } }
}

interface Awaited {
  readonly done: MessageContract
  readonly failed?: MessageContract
}

/** The replies that count at the saga's position; undefined where it awaits a call. */
export function awaitedBy({ steps }: SagaDefinition, { step: name, unwinding }: Saga): Awaited | undefined {
  const step = steps.find((one) => one.name === (unwinding?.remaining[0] ?? name))
  if (step?.kind !== 'ask') return undefined
  return unwinding ? step.undo : step.ask
}
