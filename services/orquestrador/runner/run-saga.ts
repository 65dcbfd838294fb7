/**
 * The runner: connects the pure engine to the database. Every input of a saga (a start, a reply, a cancellation, a deadline,
 * the answer of a call) goes through one group commit. It recalls or loads the batch, decides (decide-batch.ts), and saves states,
 * history and outbox in one transaction. Then it makes the calls that the new states ask for (calls.ts).
 */
import type { SagaKind } from '#contracts'
import { ForNewerProcess, type Send, type UnitOfWork } from '#messaging'
import { groupCommit } from '#platform/batching/group-commit'
import type { Turns } from '#platform/batching/turns'
import type { Clock } from '#platform/clock'
import type { Tx } from '#platform/database/database'
import {
  type Again,
  begin,
  type Decision,
  isFinal,
  type Moment,
  type Refusal,
  type Saga,
  type SagaDefinition,
  type SagaInput,
} from '#saga'
import { type CallMaker, callsUnderWay } from './calls.ts'
import {
  type Alongside,
  type Answer,
  begins,
  bySaga,
  decideInTurn,
  isDecision,
  isOperators,
  isSure,
  isTransition,
  lastOf,
  type Of,
  type Progress,
  type Start,
  type Witness,
  type Work,
} from './decide-batch.ts'
import { noMemory, type SagaMemory } from './saga-memory.ts'
import {
  type HistoryEntry,
  hasMoved,
  insertHistory,
  insertSagas,
  lockSagas,
  type SagaChange,
  updateSagas,
} from './saga-store.ts'
import { type StepSpans, stepSpans, withCause, withTrace } from './step-spans.ts'

export interface RunnerParts {
  /** All versions that running sagas may have, of every kind; each kind starts new sagas under its last one. */
  readonly definitions: readonly SagaDefinition[]
  readonly unitOfWork: UnitOfWork
  readonly clock: Clock
  /** Milliseconds. */
  readonly stepTimeoutMs: number
  readonly makeCall: CallMaker
  readonly turns?: Turns | undefined
  /** Absent: each saga is read before it moves. */
  readonly memory?: SagaMemory | undefined
  /** Those of these locked sagas that another saga has taken over: operators may not move them any more. */
  readonly takenOver?: (tx: Tx, transaction_ids: readonly string[]) => Promise<readonly string[]>
  /** May write in the transaction in which these sagas end. */
  readonly whenEnded?: (tx: Tx, ended: readonly Saga[], now: Date) => void
  readonly onDeadline: (at: Date) => void
  /** Called after the commit for each saga with a new line in its history; must be as cheap as a look into a Map. */
  readonly onMoved: (transaction_id: string) => void
  readonly onFault: (error: unknown, transaction_id: string) => void
}

interface Outcome {
  readonly saga: Saga
  readonly refusal?: Refusal
}

export interface SagaRunner {
  readonly definitions: readonly SagaDefinition[]
  /** Resolves once the purchase and its first command are durable. `alongside` may write in the same transaction. */
  start(transaction_id: string, request: object, alongside?: Alongside): Promise<Outcome>
  /** Begins one in a transaction of its own. `permit` runs first in it: it may lock and write, and refuses by throwing. */
  startPermitted(
    kind: SagaKind,
    transaction_id: string,
    request: object,
    permit: (tx: Tx, send: Send) => Promise<void>,
    again?: Again,
  ): Promise<Outcome>
  /** Begins one in the caller's transaction. It is not remembered here, because that transaction may not commit. */
  startWithin(tx: Tx, send: Send, kind: SagaKind, transaction_id: string, request: object): void
  /**
   * Resolves once the input is durable, or is known to change nothing; undefined when there is no such saga of this `kind`.
   * `alongside` may write in the same transaction, if the input changes anything. Throws ForNewerProcess when the saga runs
   * under a version that is unknown here.
   */
  apply(transaction_id: string, input: SagaInput, witness?: Witness, of?: Of): Promise<Outcome | undefined>
  /** Begins a saga whose state was lost; fails when a saga with this id exists. */
  startAgain(transaction_id: string, request: object, again: Again): Promise<Outcome>
  /** Resolves when no input and no call is under way. */
  idle(): Promise<void>
}

/**
 * The number of flushes at once. Each locks its sagas in the order of their ids, so two with the same saga only wait. One flush
 * at a time was busy 93% of the time at 256 purchases in flight; several gave 1.15 times the throughput there.
 */
const LANES = 4

export function sagaRunner(parts: RunnerParts): SagaRunner {
  const { definitions, memory = noMemory } = parts
  const inputs = groupCommit<Work, Answer>(applyBatch, { name: 'batch sagas', turns: parts.turns, lanes: LANES })
  const submit = (work: Work) => inputs.submit(withCause(work))
  const calls = callsUnderWay(parts.makeCall, submit, parts.onFault)

  async function applyBatch(batch: readonly Work[]): Promise<Answer[]> {
    try {
      return await applyTo(batch, memory)
    } catch (error) {
      if (hasMoved(error)) return applyTo(batch, noMemory)
      throw error
    }
  }

  async function applyTo(batch: readonly Work[], { take }: Pick<SagaMemory, 'take'>): Promise<Answer[]> {
    const moment = { now: parts.clock.now(), stepTimeoutMs: parts.stepTimeoutMs }
    const steps = stepSpans()
    const made = await parts
      .unitOfWork((tx, send) => moveAll(parts, tx, send, batch, take, moment, steps))
      .catch((error) => {
        steps.end(error)
        throw error
      })
    steps.end()
    for (const { saga, answers } of made) {
      if (saga && answers.some(isTransition)) memory.keep(saga, moment.now)
      for (const answer of answers)
        if (isDecision(answer)) steps.following(answer.saga.transaction_id, () => followUp(answer))
    }
    const answerTo = new Map(made.flatMap(({ works, answers }) => works.map((work, index) => [work, answers[index]])))
    return batch.map((work) => answerTo.get(work))
  }

  function followUp({ saga, effects, transition }: Decision) {
    if (transition) parts.onMoved(saga.transaction_id)
    if (saga.deadline) parts.onDeadline(saga.deadline)
    for (const effect of effects) {
      if (effect.kind !== 'call') continue
      calls.begin(saga.transaction_id, effect)
    }
  }

  async function started(work: Start): Promise<Outcome> {
    const outcome = await submit(work)
    if (!isDecision(outcome)) throw new Error('a started saga got no decision')
    return outcome
  }

  return {
    definitions,
    async startPermitted(kind, transaction_id, request, permit, again) {
      const moment = { now: parts.clock.now(), stepTimeoutMs: parts.stepTimeoutMs }
      const decision = begin(lastOf(definitions, kind), transaction_id, withTrace(request), moment, again)
      await parts.unitOfWork(async (tx, send) => {
        await permit(tx, send)
        putBegun(tx, send, decision, moment.now)
      })
      memory.keep(decision.saga, moment.now)
      followUp(decision)
      return decision
    },
    startWithin(tx, send, kind, transaction_id, request) {
      const moment = { now: parts.clock.now(), stepTimeoutMs: parts.stepTimeoutMs }
      const decision = begin(lastOf(definitions, kind), transaction_id, withTrace(request), moment)
      putBegun(tx, send, decision, moment.now)
      if (decision.saga.deadline) parts.onDeadline(decision.saga.deadline)
    },
    start: (transaction_id, request, alongside) => started({ transaction_id, request: withTrace(request), alongside }),
    startAgain: (transaction_id, request, again) => started({ transaction_id, request: withTrace(request), again }),
    async apply(transaction_id, input, witness, { kind, alongside } = {}) {
      const outcome = await submit({ transaction_id, input, witness, kind, alongside })
      if (outcome === 'newer') throw new ForNewerProcess(`the purchase ${transaction_id} runs under a version to come`)
      return outcome
    },
    async idle() {
      await calls.idle()
      await inputs.idle()
    },
  }
}

/** Decides a batch, and stores the results. */
async function moveAll(
  parts: RunnerParts,
  tx: Tx,
  send: Send,
  batch: readonly Work[],
  take: SagaMemory['take'],
  moment: Moment,
  steps: StepSpans,
): Promise<Progress[]> {
  const all = await decideAll(parts, tx, batch, take, moment)
  steps.begin(all)
  for (const { works, saga, answers } of all)
    for (const [index, work] of works.entries())
      if (work.alongside && saga && isTransition(answers[index])) work.alongside(tx, saga)
  const decisions = all.flatMap(({ answers }) => answers.filter(isDecision))
  steps.sending(() => {
    for (const { transaction_id, contract, body } of decisions.flatMap(sends)) send({ transaction_id, contract, body })
  })
  insertSagas(tx, all.flatMap(begun), moment.now)
  updateSagas(tx, all.flatMap(changed), moment.now)
  insertHistory(tx, decisions.flatMap(historyOf))
  parts.whenEnded?.(tx, all.flatMap(ended), moment.now)
  for (const witness of all.flatMap(witnesses)) await witness(tx)
  return all
}

/**
 * All sagas from memory, or all read under lock. A batch that locked one saga and wrote another without a lock could deadlock with
 * a batch that does the same the other way round.
 */
async function decideAll(
  { definitions, takenOver }: Pick<RunnerParts, 'definitions' | 'takenOver'>,
  tx: Tx,
  batch: readonly Work[],
  take: SagaMemory['take'],
  moment: Moment,
): Promise<Progress[]> {
  const sagas = bySaga(batch)
  const recalled = sagas.map(([id, works]) => decideInTurn(definitions, works, take(id), moment))
  if (recalled.every(isSure)) return recalled
  const ids = sagas.map(([id]) => id)
  const stored = new Map((await lockSagas(tx, ids)).map((saga) => [saga.transaction_id, { saga, as_of: null }]))
  const asked = sagas.flatMap(([id, works]) => (works.some(isOperators) ? [id] : []))
  const taken = asked.length > 0 ? await takenOver?.(tx, asked) : undefined
  return sagas.map(([id, works]) => decideInTurn(definitions, works, stored.get(id), moment, taken?.includes(id)))
}

function putBegun(tx: Tx, send: Send, decision: Decision, now: Date) {
  for (const one of sends(decision)) send(one)
  insertSagas(tx, [decision.saga], now)
  insertHistory(tx, historyOf(decision))
}

const ended = ({ saga, answers }: Progress): Saga[] =>
  saga && isFinal(saga) && answers.some(isTransition) ? [saga] : []

const begun = ({ works, saga }: Progress): Saga[] => (begins(works) && saga ? [saga] : [])

function changed({ works, known, saga, answers }: Progress): SagaChange[] {
  return known && saga && !begins(works) && answers.some(isTransition)
    ? [{ saga, from: known.saga, as_of: known.as_of }]
    : []
}

const witnesses = ({ works, answers }: Progress) =>
  works.flatMap((work, index) => {
    const answer = answers[index]
    return 'input' in work && work.witness && answer && isTransition(answer) ? [work.witness] : []
  })

function sends({ saga: { transaction_id }, effects }: Decision) {
  return effects.flatMap((effect) => (effect.kind === 'send' ? [{ transaction_id, ...effect }] : []))
}

function historyOf({ saga: { transaction_id }, transition }: Decision): HistoryEntry[] {
  return transition ? [{ transaction_id, ...transition }] : []
}
