/** The state of a purchase or a return, as a shape and a word. */
import type { Saga, Vehicle } from '../../clients/typescript/operations.ts'
import { endingOf } from '../store/purchase-story.ts'
import { office as texts } from '../texts/office.pt-br.ts'
import { State } from './parts.tsx'

export function Standing({ saga }: { readonly saga: Saga }) {
  if (saga.kind === 'purchase' && endingOf(saga) === 'waiting_for_pix')
    return <State name="waits">{texts.waitsForPix}</State>
  const [name, word] = texts.states[saga.status]
  return <State name={name}>{word}</State>
}

/** The state of a vehicle. */
export function Place({ status }: { readonly status: Vehicle['status'] }) {
  const [name, word] = texts.vehicleStates[status] ?? ['waits', status]
  return <State name={name}>{word}</State>
}

export const stepName = (step: string): string =>
  texts.steps[step] ?? texts.steps[step.replace('CANCELLATION_', '')] ?? step

export const reasonName = (reason: string): string => texts.reasons[reason] ?? reason
