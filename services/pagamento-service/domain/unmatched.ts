/** Money that pays no code: refunded automatically when that is certainly right, otherwise parked for an operator. */
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

/** Refusals by the provider after which an operator is called. */
const MAX_FAILURES = 5

const GIVEN_BACK_BY_ITSELF: readonly UnmatchedReason[] = ['paid_twice', 'code_closed', 'not_pix']

export const firstStatus = (reason: UnmatchedReason): UnmatchedStatus =>
  GIVEN_BACK_BY_ITSELF.includes(reason) ? 'refunding' : 'parked'

/** Its status after a refund was asked for; `failures` includes this refusal. */
export function statusAfter({ status }: RefundAnswer, failures: number): UnmatchedStatus {
  if (status === 'done') return 'refunded'
  return status === 'refused' && failures >= MAX_FAILURES ? 'parked' : 'refunding'
}
