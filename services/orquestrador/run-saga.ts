/**
 * The runner: brings the pure engine to the database. Whatever happens to sagas (a start, a reply, a cancellation, a
 * deadline, the answer of a call) goes through one group commit: load the batch, decide, save with history and outbox
 * in one transaction; then make the calls that the new states ask for.
 */
import { ForNewerProcess, type UnitOfWork } from '#messaging'
import type { Clock } from '#platform/clock'
import type { Tx } from '#platform/database'
import { groupCommit } from '#platform/group-commit'
import type { Turns } from '#platform/turns'
import {
  type Again,
  begin,
  type Decision,
  decide,
  type Effect,
  type Refusal,
  type Saga,
  type SagaDefinition,
  type SagaInput,
} from '#saga'
import { type HistoryEntry, insertHistory, insertSagas, lockSagas, updateSagas } from './saga-store.ts'

export type CallResult = { readonly answer: unknown } | { readonly refused: string }

/** Makes a named call; throws on a fault, which the step's deadline then retries. */
export type CallMaker = (name: string, transaction_id: string, request: unknown) => Promise<CallResult>

export interface RunnerParts {
  /** All versions that running sagas may have; new ones start under the last. */
  readonly definitions: readonly SagaDefinition[]
  readonly unitOfWork: UnitOfWork
  readonly clock: Clock
  /** Milliseconds. */
  readonly stepTimeout: number
  readonly makeCall: CallMaker
  readonly turns?: Turns | undefined
  readonly onDeadline: (at: Date) => void
  /** Told after the commit of each saga that has a new line in its history; must be as cheap as a look into a Map. */
  readonly onMoved: (transaction_id: string) => void
  readonly onFault: (error: unknown, transaction_id: string) => void
}

interface Outcome {
  readonly saga: Saga
  readonly refusal?: Refusal
}

export interface SagaRunner {
  readonly definitions: readonly SagaDefinition[]
  /** Resolves once the saga and its first command are durable. `alongside` may write in the same transaction. */
  start(transaction_id: string, request: object, alongside?: Alongside): Promise<Outcome>
  /**
   * Resolves once the input is durable, or was found to change nothing; undefined when there is no such saga. Throws
   * ForNewerProcess when the saga runs under a version that is not known here.
   */
  apply(transaction_id: string, input: SagaInput): Promise<Outcome | undefined>
  /** Begins one whose state was lost; fails when there is one of this id. */
  startAgain(transaction_id: string, request: object, again: Again): Promise<Outcome>
  /** Resolves when no input and no call is under way. */
  idle(): Promise<void>
}

/** Is called with the started saga before its transaction commits; when its write fails, the saga does not start. */
type Alongside = (tx: Tx, saga: Saga) => void

type Work = { readonly transaction_id: string } & (
  | { readonly request: object; readonly alongside?: Alongside | undefined; readonly again?: Again }
  | { readonly input: SagaInput }
)
type CallEffect = Effect & { kind: 'call' }

/** Of one input: what it did, or that its saga is not for this process; undefined when there is no such saga. */
type Answer = Decision | 'newer' | undefined

/**
 * Flushes at once. Each locks its sagas in the order of their ids, so two that name one saga only wait. One flush at
 * a time was busy 93% of the time at 256 purchases in flight; several gave 1.15 times the throughput there.
 */
const LANES = 4

export function sagaRunner(parts: RunnerParts): SagaRunner {
  const { definitions, clock, stepTimeout } = parts
  const calls = new Set<Promise<void>>()
  const inputs = groupCommit<Work, Answer>(applyBatch, { turns: parts.turns, lanes: LANES })

  async function applyBatch(batch: readonly Work[]): Promise<Answer[]> {
    const moment = { now: clock.now(), stepTimeout }
    const answers = await parts.unitOfWork(async (tx, send) => {
      const known = batch.filter((work) => 'input' in work).map((work) => work.transaction_id)
      const loaded = known.length > 0 ? await lockSagas(tx, [...new Set(known)]) : []
      const current = new Map<string, Saga>(loaded.map((saga) => [saga.transaction_id, saga]))
      const found = batch.map((work) => {
        const answer = decideOn(work, current.get(work.transaction_id), moment)
        if (!isDecision(answer)) return answer
        current.set(work.transaction_id, answer.saga)
        if ('request' in work) work.alongside?.(tx, answer.saga)
        return answer
      })
      const made = found.filter(isDecision)
      for (const { transaction_id, contract, body } of made.flatMap(sends)) send({ transaction_id, contract, body })
      const changed = new Set(made.flatMap(({ saga, transition }) => (transition ? [saga.transaction_id] : [])))
      const started = new Set(batch.filter((work) => 'request' in work).map((work) => work.transaction_id))
      const states = [...current.values()].filter((saga) => changed.has(saga.transaction_id))
      await Promise.all([
        insertSagas(
          tx,
          states.filter((saga) => started.has(saga.transaction_id)),
          moment.now,
        ),
        updateSagas(
          tx,
          states.filter((saga) => !started.has(saga.transaction_id)),
          loaded,
          moment.now,
        ),
        insertHistory(tx, made.flatMap(historyOf)),
      ])
      return found
    })
    for (const answer of answers) if (isDecision(answer)) followUp(answer)
    return answers
  }

  function decideOn(work: Work, saga: Saga | undefined, moment: { now: Date; stepTimeout: number }): Answer {
    if ('request' in work) return begin(lastOf(definitions), work.transaction_id, work.request, moment, work.again)
    if (!saga) return undefined
    const own = definitions.find(({ name, version }) => name === saga.definition && version === saga.version)
    return own ? decide(own, saga, work.input, moment) : 'newer'
  }

  function followUp({ saga, effects, transition }: Decision) {
    if (transition) parts.onMoved(saga.transaction_id)
    if (saga.deadline) parts.onDeadline(saga.deadline)
    for (const effect of effects) {
      if (effect.kind !== 'call') continue
      const call = makeCall(saga.transaction_id, effect).finally(() => calls.delete(call))
      calls.add(call)
    }
  }

  async function makeCall(transaction_id: string, { name, step, request }: CallEffect) {
    try {
      const result = await parts.makeCall(name, transaction_id, request)
      const input: SagaInput =
        'answer' in result
          ? { kind: 'call_answered', step, answer: result.answer }
          : { kind: 'call_refused', step, reason: result.refused }
      await inputs.submit({ transaction_id, input })
    } catch (error) {
      parts.onFault(error, transaction_id) // the deadline of the step makes the call again
    }
  }

  async function started(work: Work & { readonly request: object }): Promise<Outcome> {
    const outcome = await inputs.submit(work)
    if (!isDecision(outcome)) throw new Error('a started saga has an outcome')
    return outcome
  }

  return {
    definitions,
    start: (transaction_id, request, alongside) => started({ transaction_id, request, alongside }),
    startAgain: (transaction_id, request, again) => started({ transaction_id, request, again }),
    async apply(transaction_id, input) {
      const outcome = await inputs.submit({ transaction_id, input })
      if (outcome === 'newer') throw new ForNewerProcess(`the purchase ${transaction_id} runs under a version to come`)
      return outcome
    },
    async idle() {
      while (calls.size > 0) await Promise.all(calls)
      await inputs.idle()
    },
  }
}

function lastOf(definitions: readonly SagaDefinition[]): SagaDefinition {
  const last = definitions.at(-1)
  if (!last) throw new Error('a runner needs a definition')
  return last
}

const isDecision = (answer: Answer): answer is Decision => typeof answer === 'object'

function sends({ saga: { transaction_id }, effects }: Decision) {
  return effects.flatMap((effect) => (effect.kind === 'send' ? [{ transaction_id, ...effect }] : []))
}

function historyOf({ saga: { transaction_id }, transition }: Decision): HistoryEntry[] {
  return transition ? [{ transaction_id, ...transition }] : []
}
