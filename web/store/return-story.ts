/** A return as the buyer lives it: the way of the car and of the money, and its state. Pure. */
import type { Saga } from '../../clients/typescript/operations.ts'
import { type Line, type StoryStep, storyOf } from './story.ts'

const FORWARD = ['HOLD_FOR_RETURN', 'RETURN_RECEIPT', 'CREDIT_RETURN', 'PAYMENT_RETURN', 'VEHICLE_RETURN'] as const
const UNDOS = ['RETURN_HOLD_RELEASE'] as const
export type ReturnStep = (typeof FORWARD)[number] | (typeof UNDOS)[number]

/** `late`: the car did not come in time. `refunding`: it is here, and the money is on its way. */
export type ReturnEnding =
  | 'asked'
  | 'waiting'
  | 'refunding'
  | 'completed'
  | 'ending'
  | 'called_off'
  | 'late'
  | 'failed'
  | 'stuck'

/** The steps without those that move no money of this buyer: a Pix held nothing, and balance or credit were no payment. */
export function returnStepsOf(
  history: readonly Line[],
  { status, payment_type }: Pick<Saga, 'status' | 'payment_type'>,
): readonly StoryStep<ReturnStep>[] {
  const idle = payment_type === 'pix' || payment_type === 'counter' ? 'CREDIT_RETURN' : 'PAYMENT_RETURN'
  return storyOf({ forward: FORWARD, undos: UNDOS }, history, status).filter(
    ({ step, state }) => step !== idle || (state !== 'done' && state !== 'next'),
  )
}

export function returnEndingOf({ status, current_step, context }: Saga): ReturnEnding {
  switch (status) {
    case 'STARTED':
    case 'IN_PROGRESS':
      if (current_step === 'RETURN_RECEIPT') return 'waiting'
      return current_step === 'HOLD_FOR_RETURN' ? 'asked' : 'refunding'
    case 'COMPLETED':
      return 'completed'
    case 'COMPENSATING':
    case 'CANCELLING':
      return 'ending'
    case 'CANCELLED':
      return 'called_off'
    case 'FAILED':
    case 'FAILED_COMPENSATED':
      return context.failure_reason === 'vehicle_not_received' ? 'late' : 'failed'
    case 'FAILED_REQUIRES_MANUAL_INTERVENTION':
      return 'stuck'
  }
}

/** Until the shop has the car, the buyer may keep it after all. */
export const canCallOff = (saga: Saga): boolean => ['asked', 'waiting'].includes(returnEndingOf(saga))
