/** A saga's place on its definition: the state of each step and of its undo. Pure. */
import type { Saga } from '../../clients/typescript/operations.ts'
import { type Line, type StepState, type StoryStep, storyOf } from '../store/story.ts'
import { plans } from './saga-plans.ts'

/** `idle`: the saga came past without it, or ended before. */
export type BoxState = StepState | 'idle'

export interface Box {
  readonly name: string
  readonly state: BoxState
  readonly at?: string
  /** How often it was asked. */
  readonly attempts: number
  /** Why it was refused, or is stuck. */
  readonly reason?: string
}

export interface Stage extends Box {
  /** Its undo, if it has one. */
  readonly undo?: Box
  readonly isPivot: boolean
}

export interface Chart {
  readonly name: string
  readonly version: number
  readonly stages: readonly Stage[]
}

interface Plan {
  readonly name: string
  readonly version: number
  readonly pivot: string
  readonly steps: readonly { readonly name: string; readonly undo?: string }[]
}

export function chartOf(history: readonly Line[], { kind, status }: Pick<Saga, 'kind' | 'status'>): Chart {
  const plan: Plan = plans[kind]
  const forward = plan.steps.map(({ name }) => name)
  const undos = plan.steps.flatMap(({ undo }) => undo ?? [])
  const story = storyOf({ forward, undos }, history, status)
  const box = (name: string): Box => boxOf(name, history, status, story)
  const stages = plan.steps.map(({ name, undo }) => ({
    ...box(name),
    ...(undo && { undo: box(undo) }),
    isPivot: name === plan.pivot,
  }))
  return { name: plan.name, version: plan.version, stages }
}

function boxOf(name: string, history: readonly Line[], status: Saga['status'], story: readonly StoryStep[]): Box {
  const lines = history.filter(({ step }) => step.replace('CANCELLATION_', '') === name)
  const told = story.findLast(({ step }) => step === name)
  const isStuck = status === 'FAILED_REQUIRES_MANUAL_INTERVENTION' && history.at(-1)?.step.endsWith(name) === true
  const reason = lines.findLast((line) => line.reason !== undefined)?.reason ?? reasonAfter(name, history)
  return {
    name,
    state: isStuck ? 'stuck' : (told?.state ?? 'idle'),
    ...(told?.at !== undefined && { at: told.at }),
    attempts: Math.max(0, ...lines.map(({ attempt }) => attempt)),
    ...(reason !== undefined && { reason }),
  }
}

/** The reason of a step's refusal is on the line that left the step. */
function reasonAfter(name: string, history: readonly Line[]): string | undefined {
  const last = history.findLastIndex(({ step }) => step === name)
  return last < 0 ? undefined : history[last + 1]?.reason
}
