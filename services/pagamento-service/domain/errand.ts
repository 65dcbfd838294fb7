/** The outcomes of errands to a provider over the network: a charge made, refused or closed; a refund done or refused. */

import { type Charge, type CodeTask, type PaymentCode, refunded, refundRefused } from './charge.ts'
import type { RefundAnswer } from './provider.ts'

/** The charge is made, so the buyer can pay. If it is to be closed by now, that can begin; the text is kept all the same. */
export function issued(charge: Charge, pix_copy_paste: string, now: Date): Charge {
  const { code, payment } = charge
  if (code.status !== 'pending') return closedNext(charge, now)
  return { code: { ...code, pix_copy_paste, task: afterIssue(code, now) }, payment }
}

/** The provider refused the charge. If it is to be closed by now, it counts as closed: nobody was told of the refusal. */
export function notIssued(charge: Charge, now: Date): Charge {
  const { code, payment } = charge
  if (code.status !== 'pending') return closedNext(charge, now)
  if (code.pix_copy_paste !== null) return charge // another process had it made meanwhile
  const task = afterIssue(code, now)
  if (task) return { code: { ...code, task }, payment }
  return { code: { ...code, status: 'failed', reason: 'provider_refused', task }, payment }
}

const afterIssue = ({ task }: PaymentCode, now: Date) =>
  task && task.kind !== 'issue' ? { kind: task.kind, due_at: now } : null

/** For a code that was voided before a buyer saw it: a charge that the provider may have made meanwhile is closed at once. */
const closedNext = (charge: Charge, now: Date): Charge =>
  charge.code.task ? { ...charge, code: { ...charge.code, task: afterIssue(charge.code, now) } } : charge

/** The provider accepts no payment for it any more. */
export function closed(charge: Charge): Charge {
  const { code, payment } = charge
  if (!code.task || code.task.kind === 'issue') return charge
  if (code.status !== 'pending') return { code: { ...code, task: null }, payment }
  return { code: { ...code, status: CLOSED_AS[code.task.kind], task: null }, payment }
}

const CLOSED_AS = { void: 'voided', expire: 'expired' } as const satisfies Record<Exclude<CodeTask, 'issue'>, string>

/**
 * `failures` is the count when the provider was asked, so an answer to an earlier attempt changes nothing. A refused refund that
 * no purchase waits for is tried again at `again_at`; any other is tried again when its purchase asks again.
 */
export function refundAnswered(
  charge: Charge,
  failures: number,
  answer: RefundAnswer,
  now: Date,
  again_at: Date,
): Charge {
  const { code, payment } = charge
  if (payment?.status !== 'completed' || payment.refund_failures !== failures) return charge
  // it was asked for before an operator gave it up, and is done: it is no longer owed
  if (answer.status === 'done' && (payment.refund_due_at || payment.return_id))
    return { code, payment: refunded(payment, now) }
  if (!payment.refund_due_at || answer.status !== 'refused') return charge
  return { code, payment: refundRefused(payment, code.status === 'used' ? null : again_at) }
}
