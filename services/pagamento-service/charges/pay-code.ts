/** Paying a code over HTTP: decided here, or by the provider when it holds the charge. */
import type { ProblemName } from '#contracts'
import type { Send } from '#messaging'
import type { Tx } from '#platform/database/database'
import { type Charge, type PaymentCode, pay } from '../domain/charge.ts'
import type { Provider } from '../domain/provider.ts'
import { paymentReply } from '../domain/replies.ts'
import { type NamedReceipt, takeReceipts } from '../receipts/receipts.ts'
import { lockChargesNamed } from './charge-store.ts'
import { decideCharge } from './decide-charge.ts'

/** Decided here and now. A refusal still commits: an overdue code expires by being paid. */
export async function payHere(
  tx: Tx,
  send: Send,
  code: string,
  method: string,
  provider: Provider,
  now: Date,
): Promise<Charge | ProblemName> {
  const [before] = await lockChargesNamed(tx, [code])
  if (!before) return 'payment_code_not_found'
  if (before.code.status !== 'pending') return closedProblem(before.code)
  const after = await decideCharge(tx, send, before, (charge) => pay(charge, method, now, provider), paymentReply, now)
  return after.payment?.id ? after : closedProblem(after.code)
}

/** Decided by the provider's answer, which was fetched before this transaction. Money for a closed code goes back. */
export async function takeFound(
  tx: Tx,
  send: Send,
  code: string,
  receipts: readonly NamedReceipt[],
  now: Date,
): Promise<Charge | ProblemName> {
  const [before] = await lockChargesNamed(tx, [code])
  if (!before) return 'payment_code_not_found'
  const { charges } = await takeReceipts(tx, send, receipts, now)
  if (before.code.status !== 'pending') return closedProblem(before.code)
  const after = charges.get(code)
  return after?.code.status === 'used' ? after : 'payment_not_received'
}

/** Why a code that is not pending can't be paid. */
export function closedProblem({ status }: PaymentCode): ProblemName {
  switch (status) {
    case 'used':
      return 'payment_code_used'
    case 'voided':
      return 'payment_code_voided'
    case 'failed':
      return 'payment_code_failed'
    case 'expired':
      return 'payment_code_expired'
    case 'pending':
      return 'payment_not_received'
  }
}
