/** What is known of one running saga: a value, kept by the runner, changed only by `decide`. */
import type { MessageContract, SagaStatus } from '#contracts'

export interface Saga {
  readonly transaction_id: string
  readonly definition: string
  readonly version: number
  readonly status: SagaStatus
  /** The step that it is at. An undo shows under its own name. */
  readonly step: string
  /** How often this step's command has been sent, or its call made; from 1. */
  readonly attempt: number
  /** When to act if no answer has come; null when nothing is awaited any more. */
  readonly deadline: Date | null
  /** Set as soon as it turns back, and kept to the end. */
  readonly unwinding: Unwinding | null
  /** How often an operator has resumed it or run it once more. */
  readonly resumptions: number
  /** The request, what was kept of the replies, and under `given_up` the steps that were passed over behind the pivot. */
  readonly data: Readonly<Record<string, unknown>>
}

export interface Unwinding {
  readonly because: 'failure' | 'cancellation'
  readonly reason: string
  readonly failed_step: string
  /** Names of the steps whose undo is still to be done, the current one first. */
  readonly remaining: readonly string[]
  /** A step that an operator has given up, because somebody deals with it by hand. */
  readonly given_up?: readonly GivenUp[]
}

export interface GivenUp {
  /** The name that was shown: of the undo, or of the step behind the point of no return. */
  readonly step: string
  readonly by: string
  readonly reason: string
  /** ISO 8601: it is kept as JSON. */
  readonly at: string
}

export type SagaInput =
  | { readonly kind: 'reply'; readonly type: string; readonly body: unknown }
  | { readonly kind: 'call_answered'; readonly step: string; readonly answer: unknown }
  | { readonly kind: 'call_refused'; readonly step: string; readonly reason: string }
  /** Somebody has done what the saga waits for. */
  | { readonly kind: 'happened'; readonly step: string; readonly facts: unknown; readonly by: string }
  | { readonly kind: 'deadline' }
  | { readonly kind: 'cancel'; readonly reason: string; readonly by?: string }
  | { readonly kind: 'resume'; readonly by: string }
  | { readonly kind: 'give_up'; readonly by: string; readonly reason: string }
  | { readonly kind: 'redo'; readonly by: string; readonly reason: string }

/** The runner's work. Messages commit together with the new state; calls are made after it is stored. */
export type Effect =
  | { readonly kind: 'send'; readonly contract: MessageContract; readonly body: unknown }
  | { readonly kind: 'call'; readonly name: string; readonly step: string; readonly request: unknown }

/** One line of a saga's history: where it stood after the change, and what changed it. */
export interface Transition {
  readonly at: Date
  readonly step: string
  readonly status: SagaStatus
  readonly what: string
  readonly attempt: number
  readonly reason?: string
}

export type Refusal =
  | 'not_cancellable'
  | 'too_advanced_to_cancel'
  | 'already_cancelling'
  | 'not_resumable'
  | 'not_abandonable'
  | 'not_redoable'
  | 'not_awaited'
  /** Another saga holds the effects of this one. */
  | 'taken_over'

export interface Decision {
  readonly saga: Saga
  readonly effects: readonly Effect[]
  /** Absent when the input changed nothing: it was stale, repeated or refused. */
  readonly transition?: Transition
  readonly refusal?: Refusal
}

/** The step names that every saga ends with. */
export const FINAL_STEP = {
  completed: 'SAGA_COMPLETE',
  failed: 'COMPENSATION_COMPLETE',
  cancelled: 'CANCELLATION_COMPLETE',
} as const

/** The steps that an operator has given up, while unwinding or behind the point of no return. */
export const givenUpOf = ({ unwinding, data }: Pick<Saga, 'unwinding' | 'data'>): readonly GivenUp[] => [
  ...((data.given_up as readonly GivenUp[] | undefined) ?? []),
  ...(unwinding?.given_up ?? []),
]

const FINAL_STATUSES: readonly SagaStatus[] = ['COMPLETED', 'FAILED', 'FAILED_COMPENSATED', 'CANCELLED']

export const isFinal = (saga: Saga): boolean => FINAL_STATUSES.includes(saga.status)
