/** A purchase as its buyer lives it: its steps, how it stands, and how it ended. Pure. */
import type { Saga } from '../../clients/typescript/operations.ts'
import { type Line, type StoryStep, storyOf } from './story.ts'

/** The way forward, in order: the definition's steps, as the history names them. */
export const FORWARD = [
  'CREDIT_RESERVATION',
  'VEHICLE_RESERVATION',
  'PAYMENT_CODE_GENERATION',
  'PAYMENT_PROCESSING',
  'MARK_VEHICLE_AS_SOLD',
] as const
export type ForwardStep = (typeof FORWARD)[number]

const UNDOS = ['PAYMENT_REFUND', 'VEHICLE_RELEASE', 'CREDIT_RELEASE'] as const
export type UndoStep = (typeof UNDOS)[number]

export type PurchaseStep = StoryStep<ForwardStep | UndoStep>

export type Ending =
  | 'running'
  | 'waiting_for_pix'
  | 'completed'
  | 'undoing'
  | 'expired'
  | 'outrun'
  | 'refused_payment'
  | 'refused_credit'
  | 'price_changed'
  | 'failed'
  | 'cancelling'
  | 'cancelled'
  | 'stuck'

export const stepsOf = (history: readonly Line[], status: Saga['status']): readonly PurchaseStep[] =>
  storyOf({ forward: FORWARD, undos: UNDOS }, history, status)

/** The ending or present state of the purchase, which the buyer is told first. */
export function endingOf({ status, current_step, payment_type, context }: Saga): Ending {
  switch (status) {
    case 'STARTED':
    case 'IN_PROGRESS':
      return payment_type === 'pix' && current_step === 'PAYMENT_PROCESSING' ? 'waiting_for_pix' : 'running'
    case 'COMPLETED':
      return 'completed'
    case 'CANCELLING':
      return 'cancelling'
    case 'CANCELLED':
      return 'cancelled'
    case 'FAILED_REQUIRES_MANUAL_INTERVENTION':
      return 'stuck'
    case 'COMPENSATING':
      return 'undoing'
    case 'FAILED':
    case 'FAILED_COMPENSATED':
      return failureOf(context.failure_reason ?? '')
  }
}

// biome-ignore format: a row a reason
const FAILURES: Readonly<Record<string, Ending>> = {
  vehicle_unavailable:       'outrun',
  vehicle_not_found:         'outrun',
  price_changed:             'price_changed',
  payment_code_expired:      'expired',
  payment_declined:          'refused_payment',
  payment_cancelled:         'refused_payment',
  payment_code_voided:       'refused_payment',
  provider_refused:          'refused_payment',
  insufficient_balance:      'refused_credit',
  insufficient_credit_limit: 'refused_credit',
  customer_blocked:          'refused_credit',
}

const failureOf = (reason: string): Ending => FAILURES[reason] ?? 'failed'

/** Until the sale is being registered, the buyer may give up. */
export const canCancel = ({ status, current_step }: Saga): boolean =>
  (status === 'STARTED' || status === 'IN_PROGRESS') && current_step !== 'MARK_VEHICLE_AS_SOLD'

export const isOver = ({ status }: Saga): boolean =>
  status === 'COMPLETED' || status === 'CANCELLED' || status === 'FAILED' || status === 'FAILED_COMPENSATED'

/** `7K4-2Q9`, of a code without marks; `01A2` of an id, for people on the telephone. */
export const codeInGroups = (code: string): string => code.replace(/(.{3,4})(?=.{3})/g, '$1-')
export const shortName = (transaction_id: string): string => transaction_id.replaceAll('-', '').slice(-6).toUpperCase()
