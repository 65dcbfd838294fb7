/** Where a saga stands: what it awaits, and whether it may still turn back. */
import type { Ask, SagaDefinition, StepDefinition, Undo } from './definition.ts'
import { isFinal, type Saga, type Unwinding } from './saga.ts'

export const waitsForOperator = ({ status }: Saga) => status === 'FAILED_REQUIRES_MANUAL_INTERVENTION'

export const isActive = (saga: Saga) => !isFinal(saga) && !waitsForOperator(saga)

export const unwindingStatus = ({ because }: Unwinding) => (because === 'cancellation' ? 'CANCELLING' : 'COMPENSATING')

/** Past the pivot, while unwinding, or once an operator has resumed it. */
export const mustInsist = (definition: SagaDefinition, saga: Saga) =>
  saga.unwinding !== null || isPastPivot(definition, saga) || saga.resumptions > 0

export const stepNamed = (definition: SagaDefinition, name: string | undefined) =>
  definition.steps.find((step) => step.name === name)

export const undoOf = (step: StepDefinition | undefined): Undo<never> | undefined =>
  step?.kind === 'ask' ? step.undo : undefined

export function awaitedBy(definition: SagaDefinition, saga: Saga): Ask<never, unknown> | undefined {
  if (saga.unwinding) return undoOf(stepNamed(definition, saga.unwinding.remaining[0]))
  const step = stepNamed(definition, saga.step)
  return step?.kind === 'ask' ? step.ask : undefined
}

/** At the pivot too, unless the pivot is waited for: then nothing has happened there yet. */
const isPastPivot = (definition: SagaDefinition, saga: Saga): boolean =>
  isBehindPivot(definition, saga) || (saga.step === definition.pivot && !isWaitedFor(definition, saga.step))

export const isWaitedFor = (definition: SagaDefinition, name: string) => stepNamed(definition, name)?.kind === 'wait'

/** Whether the pivot is known to have happened: the saga is past it, or runs again with data from it. */
export function isBehindPivot(definition: SagaDefinition, saga: Saga): boolean {
  const names = definition.steps.map((step) => step.name)
  const pivot = stepNamed(definition, definition.pivot)
  return names.indexOf(saga.step) > names.indexOf(definition.pivot) || (pivot !== undefined && isKnown(pivot, saga))
}

export const isKnown = (step: StepDefinition, { data }: Saga): boolean =>
  step.kind === 'wait' && step.wait.isKnown(data as never)
