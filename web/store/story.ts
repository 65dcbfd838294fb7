/** The history of any saga, told as steps with a state each, for the person whom it concerns. Pure. */
import type { Operations, Saga } from '../../clients/typescript/operations.ts'

export type Line = Operations['getSagaStateHistory']['answer']['history'][number]

/** A saga's definition as its history names it: the steps forward in order, and the undo of each. */
export interface Plot<Forward extends string, Undo extends string> {
  readonly forward: readonly Forward[]
  readonly undos: readonly Undo[]
}

/** `stopped`: the person gave up there. `stuck`: somebody of the shop is on it. */
export type StepState = 'done' | 'now' | 'next' | 'failed' | 'stopped' | 'undoing' | 'undone' | 'stuck'

export interface StoryStep<Step extends string = string> {
  readonly step: Step
  readonly state: StepState
  /** When it ended, or began if it has not. */
  readonly at?: string
}

export function storyOf<Forward extends string, Undo extends string>(
  { forward, undos }: Plot<Forward, Undo>,
  history: readonly Line[],
  status: Saga['status'],
): readonly StoryStep<Forward | Undo>[] {
  const forwardOf = (step: string) => forward.find((one) => one === step)
  const undoOf = (step: string) => undos.find((one) => step.replace('CANCELLATION_', '') === one)
  const isStuck = status === 'FAILED_REQUIRES_MANUAL_INTERVENTION'
  const spells = spellsOf(history)
  const walked = spells.flatMap(({ last: line }, index): StoryStep<Forward | Undo>[] => {
    const next = spells[index + 1]?.first
    const step = forwardOf(line.step)
    if (step) return [{ step, ...stateOf(line, next, next !== undefined && forwardOf(next.step) !== undefined) }]
    const undo = undoOf(line.step)
    if (!undo) return []
    if (!next) return [{ step: undo, state: isStuck ? 'stuck' : 'undoing', at: line.at }]
    return [{ step: undo, state: 'undone', at: next.at }]
  })
  const isGoingOn = status === 'STARTED' || status === 'IN_PROGRESS'
  const ahead = isGoingOn ? forward.filter((step) => !walked.some((one) => one.step === step)) : []
  return [...walked, ...ahead.map((step) => ({ step, state: 'next' as const }))]
}

/** Joins consecutive lines of one step. The first line's reason says why the step before ended. */
function spellsOf(history: readonly Line[]): readonly { readonly first: Line; readonly last: Line }[] {
  const begins = history.flatMap(({ step }, index) => (step === history[index - 1]?.step ? [] : [index]))
  return begins.flatMap((begin, index) => {
    const [first, last] = [history[begin], history[(begins[index + 1] ?? history.length) - 1]]
    return first && last ? [{ first, last }] : []
  })
}

function stateOf(line: Line, next: Line | undefined, goesForward: boolean): Pick<StoryStep, 'state' | 'at'> {
  if (!next) return { state: 'now', at: line.at }
  if (goesForward || next.status === 'COMPLETED') return { state: 'done', at: next.at }
  if (next.what === 'cancel_requested') return { state: 'stopped', at: next.at }
  return { state: 'failed', at: next.at }
}
