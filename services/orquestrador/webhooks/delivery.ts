/** The rules of a delivery, pure: its state after an attempt, and when it is tried again. */

export const DELIVERY_STATUSES = ['pending', 'delivered', 'failed'] as const
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number]

/** The result of one attempt: the receiver's status code, or a word for why there is none. */
export type AttemptResult = { readonly status_code: number } | { readonly error: string }

export interface Attempted {
  readonly id: number
  /** All attempts so far, including this one. A result whose number differs from the row's is stale. */
  readonly attempts: number
  /** Failures in a row since the delivery was made, or since an operator asked for it again. */
  readonly failures: number
}

export interface AfterAttempt extends Attempted {
  readonly status: DeliveryStatus
  readonly due_at: Date | null
  readonly finished_at: Date | null
  readonly last_status_code: number | null
  readonly last_error: string | null
}

/** With the waits below, the last try is 44 hours after the first, so a receiver may be down for a day and a night. */
export const MAX_FAILURES = 16
const FIRST_WAIT_MS = 60_000
const LONGEST_WAIT_MS = 6 * 3_600_000

/** The milliseconds to wait after so many failures in a row: a minute, doubling up to six hours. */
export const backOff = (failures: number): number => Math.min(FIRST_WAIT_MS * 2 ** (failures - 1), LONGEST_WAIT_MS)

/** 410 Gone: the receiver wants nothing more. */
export const isGone = (result: AttemptResult): boolean => 'status_code' in result && result.status_code === 410

export const DISABLED: AttemptResult = { error: 'subscription_disabled' }

export function afterAttempt(
  { id, attempts, failures }: Attempted,
  result: AttemptResult,
  now: Date,
  waitAfter = backOff,
): AfterAttempt {
  const said = {
    id,
    attempts,
    last_status_code: 'status_code' in result ? result.status_code : null,
    last_error: 'error' in result ? result.error : null,
  }
  if ('status_code' in result && result.status_code >= 200 && result.status_code < 300) {
    return { ...said, status: 'delivered', failures, due_at: null, finished_at: now }
  }
  const failed = failures + 1
  if (failed >= MAX_FAILURES || isGone(result) || result === DISABLED) {
    return { ...said, status: 'failed', failures: failed, due_at: null, finished_at: now }
  }
  const due_at = new Date(now.getTime() + waitAfter(failed))
  return { ...said, status: 'pending', failures: failed, due_at, finished_at: null }
}

/** Interrupted by the stop of this process, which is no failure of the receiver: due at once, here or in another process. */
export const interrupted = ({ id, attempts, failures }: Attempted, now: Date): AfterAttempt => ({
  ...{ id, attempts, failures, status: 'pending', due_at: now, finished_at: null },
  ...{ last_status_code: null, last_error: 'interrupted' },
})
