/** Money that is nobody's payment: given back by itself where that is surely right, else parked for an operator. */
import type { Cents } from '#contracts'
import type { RefundAnswer } from './provider.ts'
import type { Mismatch } from './receipt.ts'

export type UnmatchedReason = Mismatch | 'unknown_code' | 'end_to_end_id_reused'
export type UnmatchedStatus = 'parked' | 'refunding' | 'refunded'

export interface Unmatched {
  readonly reason: UnmatchedReason
  readonly status: UnmatchedStatus
  readonly payment_code: string | null
  readonly transaction_id: string | null
  readonly txid: string | null
  readonly end_to_end_id: string | null
  readonly amount_cents: Cents
  readonly received_at: Date
}

/** How many refusals by the provider it takes to call an operator. */
const MAX_FAILURES = 5

const GIVEN_BACK_BY_ITSELF: readonly UnmatchedReason[] = ['paid_twice', 'code_closed', 'not_pix']

export const firstStatus = (reason: UnmatchedReason): UnmatchedStatus =>
  GIVEN_BACK_BY_ITSELF.includes(reason) ? 'refunding' : 'parked'

/** What becomes of one whose refund was asked for; `failures` count this refusal already. */
export function statusAfter({ status }: RefundAnswer, failures: number): UnmatchedStatus {
  if (status === 'done') return 'refunded'
  return status === 'refused' && failures >= MAX_FAILURES ? 'parked' : 'refunding'
}
