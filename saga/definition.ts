/**
 * The language in which a saga is declared: `saga(name, version).step(…).pivot(…).ends(…)`, read top to bottom.
 *
 * A step asks a participant by a command and goes on with its reply; its undo takes the effect back. The pivot is the
 * point of no return: before it a failure unwinds the steps in reverse order, from it on there is only forward. It may be a
 * step of any kind. A pivot that is asked or called may have happened as soon as it is sent, so there is no way back from
 * there. A pivot that is waited for has not happened until somebody says so.
 *
 * The compiler checks that a command can be built: a step's `from` sees what the request and the replies of the steps
 * before it have put into the data. An `undo` sees one reply less, because its own step may have been cut off
 * before it answered.
 */
import type { BodyOf, MessageContract } from '#contracts'

/** What a command or an announcement may tell besides the saga's data. */
export interface SagaFacts {
  /** Why the saga is unwinding; empty while it goes forward. */
  readonly reason: string
  /** The step at which it began to unwind; empty while it goes forward. */
  readonly failed_step: string
  /** How often an operator has resumed it. */
  readonly resumptions: number
}

/** A message to send, and how its body is built from the saga's data. */
export interface Announcement<Data> {
  readonly contract: MessageContract
  readonly from: (data: Data, facts: SagaFacts) => unknown
}

/** A command, the event that answers it and the event that refuses it (a body with a `reason`). */
export interface Ask<Data, Kept> extends Announcement<Data> {
  readonly done: MessageContract
  readonly failed?: MessageContract
  /** The part of the reply that the saga remembers. */
  readonly keep: (reply: never) => Kept
  /** No reply is expected before this moment: a buyer is paying. */
  readonly waitsUntil?: (data: Data) => Date | undefined
}

/** An Ask that undoes a step. It shows as a step with a name of its own. */
export interface Undo<Data> extends Ask<Data, unknown> {
  readonly step: string
}

/** A call to another service. The runner makes it, by name, once the state that asks for it is stored. */
export interface Call<Data, Kept> {
  readonly name: string
  readonly from: (data: Data) => unknown
  readonly keep: (answer: never) => Kept
}

/** Something that people do outside: nobody is asked for it, and nothing is sent. */
export interface Wait<Data, Kept> {
  /** The saga waits until then, and turns back afterwards. */
  readonly until: (data: Data) => Date
  /** Why the saga turns back when it has not happened. */
  readonly late: string
  /** The facts that the saga remembers. */
  readonly keep: (facts: never) => Kept
  /** Whether the data says that it has already happened: then the saga does not wait again. */
  readonly isKnown: (data: Data) => boolean
}

export type StepDefinition =
  | {
      readonly kind: 'ask'
      readonly name: string
      readonly ask: Ask<never, unknown>
      readonly undo?: Undo<never>
      /** Sent when an operator gives the step up behind the pivot: it tells what remains to be done by hand. */
      readonly instead?: Announcement<never>
    }
  | { readonly kind: 'call'; readonly name: string; readonly call: Call<never, unknown> }
  | { readonly kind: 'wait'; readonly name: string; readonly wait: Wait<never, unknown> }

interface Endings<Data, Request> {
  readonly completed: Announcement<Data>
  /** The other endings can come at any step, so they see no more than the request. */
  readonly failed: Announcement<Request>
  readonly cancelled: Announcement<Request>
  readonly cancellationRefused: Announcement<Request>
}

export interface SagaDefinition {
  readonly name: string
  readonly version: number
  readonly steps: readonly StepDefinition[]
  /** The name of the step that is the point of no return. */
  readonly pivot: string
  readonly endings: Endings<never, never>
}

interface BeforePivot<Data, Request> {
  step<Kept>(name: string, parts: { ask: Ask<Data, Kept>; undo?: Undo<Data> }): BeforePivot<Data & Kept, Request>
  pivot<Kept>(name: string, parts: PivotParts<Data, Kept>): AfterPivot<Data & Kept, Request>
}

type PivotParts<Data, Kept> = { call: Call<Data, Kept> } | { ask: Ask<Data, Kept> } | { wait: Wait<Data, Kept> }

interface AfterPivot<Data, Request> {
  step<Kept>(
    name: string,
    parts: { ask: Ask<Data, Kept>; instead?: Announcement<Data> },
  ): AfterPivot<Data & Kept, Request>
  ends(endings: Endings<Data, Request>): SagaDefinition
}

/** Starts the declaration of a saga. Raise `version` when steps change: running sagas finish under their own version. */
export function saga<Request>(name: string, version: number): BeforePivot<Request, Request> {
  return beforePivot({ name, version, steps: [] })
}

/** A command whose reply the saga waits for. */
export function ask<Data, Command extends MessageContract, Done extends MessageContract, Kept = object>(parts: {
  command: Command
  from: (data: Data, facts: SagaFacts) => BodyOf<Command>
  done: Done
  failed?: MessageContract
  keep?: (reply: BodyOf<Done>) => Kept
  waitsUntil?: (data: Data) => Date | undefined
}): Ask<Data, Kept> {
  const { command, from, done, failed, waitsUntil } = parts
  const keep = parts.keep ?? (() => ({}) as Kept)
  return { contract: command, from, done, keep, ...(failed && { failed }), ...(waitsUntil && { waitsUntil }) }
}

/** The same for an undo; `step` is the name under which it shows. */
export function undo<Data, Command extends MessageContract, Done extends MessageContract>(parts: {
  step: string
  command: Command
  from: (data: Data, facts: SagaFacts) => BodyOf<Command>
  done: Done
  failed?: MessageContract
}): Undo<Data> {
  return { step: parts.step, ...ask(parts) }
}

export function call<Data, Kept = object, Answer = unknown>(parts: {
  name: string
  from: (data: Data) => unknown
  keep?: (answer: Answer) => Kept
}): Call<Data, Kept> {
  return { name: parts.name, from: parts.from, keep: parts.keep ?? (() => ({}) as Kept) }
}

export function wait<Data, Kept = object, Facts = unknown>(parts: {
  until: (data: Data) => Date
  late: string
  keep: (facts: Facts) => Kept
  isKnown: (data: Data) => boolean
}): Wait<Data, Kept> {
  return parts
}

/** A message that nobody has to answer. */
export function announce<Data, Contract extends MessageContract>(
  contract: Contract,
  from: (data: Data, facts: SagaFacts) => BodyOf<Contract>,
): Announcement<Data> {
  return { contract, from }
}

type Draft = Pick<SagaDefinition, 'name' | 'version' | 'steps'>

function beforePivot<Data, Request>(draft: Draft): BeforePivot<Data, Request> {
  return {
    step: (name, parts) => beforePivot(withStep(draft, { kind: 'ask', name, ...parts })),
    pivot: (name, parts) => afterPivot(withStep(draft, pivotOf(name, parts)), name),
  }
}

function pivotOf<Data, Kept>(name: string, parts: PivotParts<Data, Kept>): StepDefinition {
  if ('wait' in parts) return { kind: 'wait', name, ...parts }
  return 'call' in parts ? { kind: 'call', name, ...parts } : { kind: 'ask', name, ...parts }
}

function afterPivot<Data, Request>(draft: Draft, pivot: string): AfterPivot<Data, Request> {
  return {
    step: (name, parts) => afterPivot(withStep(draft, { kind: 'ask', name, ...parts }), pivot),
    ends: (endings) => ({ ...draft, pivot, endings }),
  }
}

function withStep(draft: Draft, step: StepDefinition): Draft {
  const taken = draft.steps.flatMap(namesOf)
  for (const name of namesOf(step)) {
    if (taken.includes(name)) throw new Error(`saga ${draft.name}: the step name ${name} is taken`)
    taken.push(name)
  }
  return { ...draft, steps: [...draft.steps, step] }
}

/** A step has its own name and, while it is undone, the name of its undo. */
const namesOf = (step: StepDefinition): string[] =>
  step.kind === 'ask' && step.undo ? [step.name, step.undo.step] : [step.name]
