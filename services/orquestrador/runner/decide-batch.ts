/** Decides a batch of inputs: each on the state that the one before it left. It reads and writes nothing. */
import type { SagaKind } from '#contracts'
import type { Tx } from '#platform/database/database'
import type { Context } from '#platform/tracing'
import {
  type Again,
  begin,
  type Decision,
  decide,
  type Moment,
  type Saga,
  type SagaDefinition,
  type SagaInput,
} from '#saga'

/** Called with the new state of the saga before the transaction commits; if its write fails, nothing has happened. */
export type Alongside = (tx: Tx, saga: Saga) => void

/** Writes the author in the same transaction. Called last, and only when the input has changed the saga. */
export type Witness = (tx: Tx) => Promise<void>

interface Traced {
  /** The trace that it belongs to. */
  readonly cause?: Context | undefined
}

export interface Start extends Traced {
  readonly transaction_id: string
  readonly request: object
  readonly alongside?: Alongside | undefined
  readonly again?: Again
}

/** For an input: the kind of saga that it is for, and the writes that go with it. */
export interface Of extends Traced {
  readonly kind?: SagaKind | undefined
  readonly alongside?: Alongside | undefined
}

/** The work of one saga: to begin, or to take an input. */
export type Work =
  | Start
  | (Of & { readonly transaction_id: string; readonly input: SagaInput; readonly witness?: Witness | undefined })

/** The outcome of one piece of work: its decision, or that the saga is not for this process; undefined when there is no such saga. */
export type Answer = Decision | 'newer' | undefined

/** A saga as it is stored, or as this process wrote it at `as_of`. */
export interface Known {
  readonly saga: Saga
  readonly as_of: Date | null
}

/** The change of one saga by a batch. */
export interface Progress {
  readonly works: readonly Work[]
  readonly known: Known | undefined
  /** The state after the last of them. */
  readonly saga: Saga | undefined
  /** One outcome for each of `works`. */
  readonly answers: readonly Answer[]
}

/** By saga, in the order of their ids, so that two batches with the same sagas never deadlock. */
export const bySaga = (batch: readonly Work[]): (readonly [transaction_id: string, works: readonly Work[]])[] =>
  [...Map.groupBy(batch, (work) => work.transaction_id)].sort(([one], [other]) => (one < other ? -1 : 1))

/** `definitions` are all known versions; each kind of saga begins under its last one. */
export function decideInTurn(
  definitions: readonly SagaDefinition[],
  works: readonly Work[],
  known: Known | undefined,
  moment: Moment,
  isTakenOver: boolean | undefined = false,
): Progress {
  let saga = known?.saga
  const answers = works.map((work) => {
    const answer =
      isTakenOver && saga && isOperators(work)
        ? { saga, effects: [], refusal: 'taken_over' as const }
        : decideOn(definitions, work, saga, moment)
    if (isDecision(answer)) saga = answer.saga
    return answer
  })
  return { works, known, saga, answers }
}

function decideOn(definitions: readonly SagaDefinition[], work: Work, saga: Saga | undefined, moment: Moment): Answer {
  if ('request' in work)
    return begin(lastOf(definitions, 'purchase'), work.transaction_id, work.request, moment, work.again)
  if (!saga || (work.kind && work.kind !== saga.definition)) return undefined
  const own = definitions.find(({ name, version }) => name === saga.definition && version === saga.version)
  return own ? decide(own, saga, work.input, moment) : 'newer'
}

export function lastOf(definitions: readonly SagaDefinition[], kind: SagaKind): SagaDefinition {
  const last = definitions.findLast(({ name }) => name === kind)
  if (!last) throw new Error(`a runner needs a definition of a ${kind}`)
  return last
}

const OPERATORS: readonly SagaInput['kind'][] = ['resume', 'give_up', 'redo']
/** The inputs that operators may not give to a saga that another has taken over. */
export const isOperators = (work: Work): boolean => 'input' in work && OPERATORS.includes(work.input.kind)

export const isDecision = (answer: Answer): answer is Decision => typeof answer === 'object'
export const isTransition = (answer: Answer | undefined): boolean =>
  isDecision(answer) && answer.transition !== undefined

export const begins = ([work]: readonly Work[]): boolean => work !== undefined && 'request' in work

/**
 * Whether a change may be written without reading its saga. If nothing changes, it may not: no write would be compared with the
 * stored state, and a reply would be taken for a repeated one because another process has moved the saga.
 */
export const isSure = ({ works, known, answers }: Progress): boolean =>
  begins(works) || (known !== undefined && answers.every(isTransition))
