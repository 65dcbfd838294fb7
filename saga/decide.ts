/**
 * The saga engine: `(definition, saga, input, now) -> saga + effects`. Pure: no I/O, no clock, no ids, so that it can
 * be tested by given/when/then and explored by simulation.
 *
 * An input counts only at the position that awaits it. A reply to an earlier step, a second copy of a reply, and a
 * deadline that has moved change nothing. So every delivery is safe to repeat.
 */
import type { Announcement, SagaDefinition, SagaFacts, StepDefinition } from './definition.ts'
import {
  awaitedBy,
  isActive,
  isBehindPivot,
  isKnown,
  isWaitedFor,
  mustInsist,
  stepNamed,
  undoOf,
  unwindingStatus,
  waitsForOperator,
} from './position.ts'
import {
  type Decision,
  type Effect,
  FINAL_STEP,
  type GivenUp,
  givenUpOf,
  type Saga,
  type SagaInput,
  type Unwinding,
} from './saga.ts'

export interface Moment {
  readonly now: Date
  /** Milliseconds that a step may go without an answer, over all its attempts, before it is cut off. */
  readonly stepTimeoutMs: number
}

/** A step is asked three times, waiting 1/7, 2/7 and 4/7 of its time-out: the waits double and add up to it. */
const ASK_ATTEMPTS = 3
/** An undo, or a step from the pivot on, must not be given up: it is asked this often before an operator is called. */
const INSIST_ATTEMPTS = 6

/** With `again`: a saga that began before, and whose state was lost, begins anew. */
export function begin(
  definition: SagaDefinition,
  transaction_id: string,
  request: object,
  moment: Moment,
  again?: Again,
): Decision {
  const [first] = definition.steps
  if (!first) throw new Error(`saga ${definition.name} has no steps`)
  const saga: Saga = {
    transaction_id,
    definition: definition.name,
    version: definition.version,
    status: 'STARTED',
    step: first.name,
    attempt: 1,
    deadline: null,
    unwinding: null,
    resumptions: again?.insists ? 1 : 0,
    data: { ...request },
  }
  if (!again) return enter(definition, first, saga, moment, 'started')
  const decision = again.isOver
    ? changed({ ...saga, ...COMPLETED }, moment, 'redone', [])
    : enter(definition, first, saga, moment, 'redone')
  return told(decision, `${again.reason} (by ${again.by})`)
}

export interface Again {
  readonly by: string
  readonly reason: string
  /** It is known to have passed the point of no return, so it must not turn back by itself. */
  readonly insists: boolean
  /** It is known to have completed: its end is put on record, and nothing else is done. */
  readonly isOver?: boolean
}

const COMPLETED = { status: 'COMPLETED', step: FINAL_STEP.completed, attempt: 1, deadline: null } as const

/** Decides what an input does to a saga. Throws only when the saga is not of this definition. */
export function decide(definition: SagaDefinition, saga: Saga, input: SagaInput, moment: Moment): Decision {
  if (saga.definition !== definition.name || saga.version !== definition.version) {
    throw new Error(`saga ${saga.transaction_id} runs under ${saga.definition} version ${saga.version}`)
  }
  switch (input.kind) {
    case 'cancel':
      return cancel(definition, saga, input, moment)
    case 'resume':
      return resume(definition, saga, input.by, moment)
    case 'give_up':
      return giveUp(definition, saga, input, moment)
    case 'redo':
      return redo(definition, saga, input, moment)
    case 'deadline':
      return passDeadline(definition, saga, moment)
    case 'call_answered':
    case 'call_refused':
      return takeCallResult(definition, saga, input, moment)
    case 'happened':
      return takeFacts(definition, saga, input, moment)
    case 'reply':
      return isActive(saga) ? takeReply(definition, saga, input, moment) : unchanged(saga)
  }
}

function takeReply(
  definition: SagaDefinition,
  saga: Saga,
  reply: SagaInput & { kind: 'reply' },
  moment: Moment,
): Decision {
  const awaited = awaitedBy(definition, saga)
  if (reply.type === awaited?.done.topic) {
    if (saga.unwinding) return unwindFurther(definition, saga, saga.unwinding, moment, reply.type)
    const kept = (awaited.keep as (body: unknown) => object)(reply.body)
    return goOn(definition, withKept(saga, kept), moment, reply.type)
  }
  if (reply.type === awaited?.failed?.topic) {
    const { reason } = reply.body as { reason: string }
    if (mustInsist(definition, saga)) return retryLater(saga, moment, reply.type, reason)
    return turnBack(definition, saga, { because: 'failure', reason, undoCurrent: false }, moment, reply.type)
  }
  return unchanged(saga)
}

function takeCallResult(
  definition: SagaDefinition,
  saga: Saga,
  result: SagaInput & { kind: 'call_answered' | 'call_refused' },
  moment: Moment,
): Decision {
  const step = stepNamed(definition, saga.step)
  if (!isActive(saga) || step?.kind !== 'call' || step.name !== result.step) return unchanged(saga)
  if (result.kind === 'call_refused') return callOperator(saga, moment, 'call_refused', result.reason)
  const kept = (step.call.keep as (answer: unknown) => object)(result.answer)
  return goOn(definition, withKept(saga, kept), moment, 'call_answered')
}

function takeFacts(
  definition: SagaDefinition,
  saga: Saga,
  { step: name, facts, by }: SagaInput & { kind: 'happened' },
  moment: Moment,
): Decision {
  const step = stepNamed(definition, saga.step)
  if (!isActive(saga) || step?.kind !== 'wait' || step.name !== name)
    return { ...unchanged(saga), refusal: 'not_awaited' }
  const known = withKept(saga, (step.wait.keep as (facts: unknown) => object)(facts))
  return told(goOn(definition, known, moment, 'happened'), `by ${by}`)
}

/** When nothing is kept, the data stays the same object, so that nobody writes it again. */
const withKept = (saga: Saga, kept: object): Saga =>
  Object.keys(kept).length === 0 ? saga : { ...saga, data: { ...saga.data, ...kept } }

function passDeadline(definition: SagaDefinition, saga: Saga, moment: Moment): Decision {
  if (!isActive(saga) || !saga.deadline || moment.now < saga.deadline) return unchanged(saga)
  const step = stepNamed(definition, saga.step)
  const late = step?.kind === 'wait' && ({ because: 'failure', reason: step.wait.late, undoCurrent: false } as const)
  if (late) return turnBack(definition, saga, late, moment, 'timed_out')
  const insisting = mustInsist(definition, saga)
  if (saga.attempt < (insisting ? INSIST_ATTEMPTS : ASK_ATTEMPTS)) {
    return askAgain(definition, { ...saga, attempt: saga.attempt + 1 }, moment, 'asked_again')
  }
  if (insisting) return callOperator(saga, moment, 'gave_up', 'no_answer')
  return turnBack(definition, saga, { because: 'failure', reason: 'timed_out', undoCurrent: true }, moment, 'timed_out')
}

/** `by` is given when somebody other than the saga's owner cancels. */
function cancel(
  definition: SagaDefinition,
  saga: Saga,
  { reason, by }: SagaInput & { kind: 'cancel' },
  moment: Moment,
): Decision {
  const refusal = refusesToCancel(definition, saga)
  if (refusal) {
    return { saga, refusal, effects: [send(definition.endings.cancellationRefused, saga, { reason: refusal })] }
  }
  const back = { because: 'cancellation', reason, undoCurrent: true } as const
  const decision = turnBack(definition, saga, back, moment, 'cancel_requested')
  return by === undefined ? decision : told(decision, `${reason} (by ${by})`)
}

function refusesToCancel(definition: SagaDefinition, saga: Saga): Decision['refusal'] {
  if (saga.status === 'CANCELLING') return 'already_cancelling'
  if (saga.status !== 'STARTED' && saga.status !== 'IN_PROGRESS') return 'not_cancellable'
  return mustInsist(definition, saga) ? 'too_advanced_to_cancel' : undefined
}

/** An operator's "try again": the saga goes on where it stopped, and counts its attempts from one. */
function resume(definition: SagaDefinition, saga: Saga, by: string, moment: Moment): Decision {
  if (!waitsForOperator(saga)) return { ...unchanged(saga), refusal: 'not_resumable' }
  const status = saga.unwinding ? unwindingStatus(saga.unwinding) : 'IN_PROGRESS'
  const resumed: Saga = { ...saga, status, attempt: 1, resumptions: saga.resumptions + 1 }
  return askAgain(definition, resumed, moment, 'resumed', `by ${by}`)
}

/**
 * An operator's "never mind": somebody deals by hand with the thing that the saga waits for. An undo is passed over. So is
 * a step behind the pivot, with a message about the work that is left. At the pivot itself, the saga turns back after all.
 */
function giveUp(
  definition: SagaDefinition,
  saga: Saga,
  { by, reason }: SagaInput & { kind: 'give_up' },
  moment: Moment,
): Decision {
  if (!waitsForOperator(saga)) return { ...unchanged(saga), refusal: 'not_abandonable' }
  const entry: GivenUp = { step: saga.step, by, reason, at: moment.now.toISOString() }
  return told(decideGivenUp(definition, saga, entry, moment), `${reason} (by ${by})`)
}

function decideGivenUp(definition: SagaDefinition, saga: Saga, entry: GivenUp, moment: Moment): Decision {
  const given_up = [...(saga.unwinding?.given_up ?? []), entry]
  if (saga.unwinding) return unwindFurther(definition, saga, { ...saga.unwinding, given_up }, moment, 'given_up')
  if (isBehindPivot(definition, saga)) return passOver(definition, saga, entry, moment)
  const why = { because: 'failure', reason: entry.reason, undoCurrent: true, given_up } as const
  return turnBack(definition, saga, why, moment, 'given_up')
}

function passOver(definition: SagaDefinition, saga: Saga, entry: GivenUp, moment: Moment): Decision {
  const step = stepNamed(definition, saga.step)
  const given_up = [...givenUpOf(saga), entry]
  const decision = goOn(definition, { ...saga, data: { ...saga.data, given_up } }, moment, 'given_up')
  if (step?.kind !== 'ask' || !step.instead) return decision
  return { ...decision, effects: [send(step.instead, saga), ...decision.effects] }
}

/**
 * Runs a saga once more. A completed one starts at its first step; one that was undone repeats its undos; one under way asks
 * its step again, without counting an attempt; one that waits for people begins anew. Every participant answers from its
 * records, so only missing work is done. That is how the services agree again after a database was restored to an earlier
 * moment. A completed saga insists: a late refusal does not undo the purchase.
 */
function redo(
  definition: SagaDefinition,
  saga: Saga,
  { by, reason }: SagaInput & { kind: 'redo' },
  moment: Moment,
): Decision {
  const [first] = definition.steps
  if (waitsForOperator(saga) || !first) return { ...unchanged(saga), refusal: 'not_redoable' }
  const why = `${reason} (by ${by})`
  if (isActive(saga) && isWaitedFor(definition, saga.step)) {
    // a step that waits asks nobody, so the steps that it rests on are asked again
    return told(enter(definition, first, { ...saga, step: first.name, attempt: 1 }, moment, 'redone'), why)
  }
  if (isActive(saga)) return askAgain(definition, saga, moment, 'redone', why)
  const again: Saga = { ...saga, attempt: 1, resumptions: saga.resumptions + 1 }
  const { unwinding } = saga
  const decision = unwinding
    ? unwind(definition, again, { ...unwinding, remaining: undoable(definition.steps) }, moment, 'redone')
    : enter(definition, first, { ...again, status: 'IN_PROGRESS', step: first.name }, moment, 'redone')
  return told(decision, why)
}

function goOn(definition: SagaDefinition, saga: Saga, moment: Moment, what: string): Decision {
  const next = definition.steps[definition.steps.findIndex((step) => step.name === saga.step) + 1]
  if (next)
    return enter(definition, next, { ...saga, status: 'IN_PROGRESS', step: next.name, attempt: 1 }, moment, what)
  const completed: Saga = { ...saga, ...COMPLETED }
  return changed(completed, moment, what, [send(definition.endings.completed, completed)])
}

/** Turns back: the steps before this one are to be undone, and this one too when nobody knows whether it happened. */
function turnBack(
  definition: SagaDefinition,
  saga: Saga,
  { undoCurrent, ...why }: Pick<Unwinding, 'because' | 'reason' | 'given_up'> & { undoCurrent: boolean },
  moment: Moment,
  what: string,
): Decision {
  const position = definition.steps.findIndex((step) => step.name === saga.step)
  const remaining = undoable(definition.steps.slice(0, undoCurrent ? position + 1 : position))
  return unwind(definition, saga, { ...why, failed_step: saga.step, remaining }, moment, what)
}

/** Names of the steps that have an undo, the last first. */
const undoable = (steps: readonly StepDefinition[]): string[] =>
  steps
    .filter((step) => undoOf(step))
    .map((step) => step.name)
    .reverse()

function unwindFurther(
  definition: SagaDefinition,
  saga: Saga,
  done: Unwinding,
  moment: Moment,
  what: string,
): Decision {
  return unwind(definition, saga, { ...done, remaining: done.remaining.slice(1) }, moment, what)
}

function unwind(definition: SagaDefinition, saga: Saga, unwinding: Unwinding, moment: Moment, what: string): Decision {
  const [next] = unwinding.remaining
  if (next === undefined) return endUnwound(definition, saga, unwinding, moment, what)
  const undo = undoOf(stepNamed(definition, next))
  if (!undo) throw new Error(`saga ${definition.name}: step ${next} has no undo`)
  const step = unwinding.because === 'cancellation' ? `CANCELLATION_${undo.step}` : undo.step
  const undoing: Saga = { ...saga, status: unwindingStatus(unwinding), step, attempt: 1, unwinding }
  return changed(withDeadline(undoing, moment), moment, what, [send(undo, undoing)], unwinding.reason)
}

function endUnwound(
  definition: SagaDefinition,
  saga: Saga,
  unwinding: Unwinding,
  moment: Moment,
  what: string,
): Decision {
  const { endings } = definition
  const ended: Saga = { ...saga, unwinding, attempt: 1, deadline: null }
  if (unwinding.because === 'cancellation') {
    const cancelled: Saga = { ...ended, status: 'CANCELLED', step: FINAL_STEP.cancelled }
    return changed(cancelled, moment, what, [send(endings.cancelled, cancelled)], unwinding.reason)
  }
  const nothingWasUndone = saga.unwinding === null
  const failed: Saga = { ...ended, status: nothingWasUndone ? 'FAILED' : 'FAILED_COMPENSATED', step: FINAL_STEP.failed }
  return changed(failed, moment, what, [send(endings.failed, failed)], unwinding.reason)
}

function enter(definition: SagaDefinition, step: StepDefinition, saga: Saga, moment: Moment, what: string): Decision {
  if (step.kind === 'wait') {
    if (isKnown(step, saga)) return goOn(definition, saga, moment, what)
    return changed({ ...saga, deadline: step.wait.until(saga.data as never) }, moment, what, [])
  }
  const waitsUntil = step.kind === 'ask' ? step.ask.waitsUntil?.(saga.data as never) : undefined
  return changed(withDeadline(saga, moment, waitsUntil), moment, what, [effectOf(step, saga)])
}

function askAgain(definition: SagaDefinition, saga: Saga, moment: Moment, what: string, reason?: string): Decision {
  const undo = saga.unwinding && undoOf(stepNamed(definition, saga.unwinding.remaining[0]))
  if (undo) return changed(withDeadline(saga, moment), moment, what, [send(undo, saga)], reason)
  const step = stepNamed(definition, saga.step)
  if (!step) throw new Error(`saga ${definition.name} has no step ${saga.step}`)
  return told(enter(definition, step, saga, moment, what), reason)
}

/** Tried again when the wait of this attempt is over, as if no answer had come: a repeated refusal can't prolong it. */
function retryLater(saga: Saga, moment: Moment, what: string, reason: string): Decision {
  if (saga.attempt >= INSIST_ATTEMPTS) return callOperator(saga, moment, what, reason)
  return changed(saga, moment, what, [], reason)
}

function callOperator(saga: Saga, moment: Moment, what: string, reason: string): Decision {
  return changed({ ...saga, status: 'FAILED_REQUIRES_MANUAL_INTERVENTION', deadline: null }, moment, what, [], reason)
}

function withDeadline(saga: Saga, { now, stepTimeoutMs }: Moment, atLeast?: Date): Saga {
  const wait = (stepTimeoutMs / 7) * Math.min(2 ** (saga.attempt - 1), 4)
  return { ...saga, deadline: new Date(Math.max(now.getTime() + wait, atLeast?.getTime() ?? 0)) }
}

function changed(saga: Saga, moment: Moment, what: string, effects: readonly Effect[], reason?: string): Decision {
  const { step, status, attempt } = saga
  return { saga, effects, transition: { at: moment.now, step, status, what, attempt, ...(reason && { reason }) } }
}

/** The same decision, with this reason in its history. */
const told = ({ transition, ...decision }: Decision, reason: string | undefined): Decision => ({
  ...decision,
  ...(transition && { transition: { ...transition, ...(reason && { reason }) } }),
})

const unchanged = (saga: Saga): Decision => ({ saga, effects: [] })

function effectOf(step: Exclude<StepDefinition, { kind: 'wait' }>, saga: Saga): Effect {
  if (step.kind === 'ask') return send(step.ask, saga)
  return { kind: 'call', name: step.call.name, step: step.name, request: step.call.from(saga.data as never) }
}

function send(announcement: Announcement<never>, saga: Saga, facts: Partial<SagaFacts> = {}): Effect {
  const { reason = '', failed_step = '' } = saga.unwinding ?? {}
  const known: SagaFacts = { reason, failed_step, resumptions: saga.resumptions, ...facts }
  return { kind: 'send', contract: announcement.contract, body: announcement.from(saga.data as never, known) }
}
