/**
 * The answers that follow from a charge: the same record gives the same answer, however often it is asked. There is none
 * while a buyer, or a provider over the network, has not decided yet.
 */
import {
  type BodyOf,
  type MessageContract,
  paymentCodeGenerated,
  paymentCodeGenerationFailed,
  paymentFailed,
  paymentProcessed,
  paymentRefunded,
  paymentRefundFailed,
  paymentReturned,
} from '#contracts'
import { type Charge, isCodeOf } from './charge.ts'
import { backOf, isOwed } from './coming-back.ts'
import type { WayBack } from './parts-back.ts'

/** Undefined while the provider makes or closes the charge, and when it never made one. */
export function generateReply({ code }: Charge) {
  if (code.status === 'failed' && code.reason === 'provider_refused') {
    return reply(paymentCodeGenerationFailed, code.transaction_id, { reason: 'provider_refused' })
  }
  if (code.reason === 'voided_before_generated') {
    return reply(paymentCodeGenerationFailed, code.transaction_id, { reason: 'voided_before_generated' })
  }
  const { pix_copy_paste } = code
  if (code.task || (code.txid && pix_copy_paste === null)) return undefined
  return reply(paymentCodeGenerated, code.transaction_id, {
    payment_code: code.code,
    expires_at: code.expires_at.toISOString(),
    ...(pix_copy_paste !== null && { pix_copy_paste }),
  })
}

/** The answer to `commands.payment.process`, which names a code. */
export const processReply = (transaction_id: string, charge: Charge | undefined, payment_code: string) =>
  isCodeOf(charge, payment_code)
    ? paymentReply(charge)
    : reply(paymentFailed, transaction_id, { reason: 'payment_code_not_found' })

/** Undefined while the code waits to be paid. */
export function paymentReply({ code, payment }: Charge) {
  const { transaction_id, amount_cents } = code
  switch (code.status) {
    case 'pending':
      return undefined
    case 'used':
      if (!payment?.id) throw new Error(`code of ${transaction_id} is used, but has no stored payment`)
      return reply(paymentProcessed, transaction_id, { payment_id: payment.id, amount_cents })
    case 'failed':
      return reply(paymentFailed, transaction_id, {
        reason: code.reason === 'payment_cancelled' ? 'payment_cancelled' : 'payment_declined',
      })
    case 'expired':
      return reply(paymentFailed, transaction_id, { reason: 'payment_code_expired' })
    case 'voided':
      return reply(paymentFailed, transaction_id, { reason: 'payment_code_voided' })
  }
}

/** Undefined while the charge is being closed or the money is on its way back. Only payments in time are counted. */
export function refundReply({ code, payment }: Charge) {
  const { transaction_id, amount_cents } = code
  if (code.status === 'pending' && code.task) return undefined
  if (code.status !== 'used') return reply(paymentRefunded, transaction_id, { refunded_cents: 0 })
  // what was paid at the counter goes back part by part, and no purchase waits for it
  if (code.payment_type === 'counter') return reply(paymentRefunded, transaction_id, { refunded_cents: 0 })
  if (payment?.status === 'refunded') return reply(paymentRefunded, transaction_id, { refunded_cents: amount_cents })
  if (payment?.refund_due_at || !payment?.refund_failures) return undefined
  return reply(paymentRefundFailed, transaction_id, { reason: 'provider_refused' })
}

/**
 * The answer to a return. Undefined while the money is on its way back, or the charge is being closed. `parts`: of a charge that was paid
 * at the counter.
 */
export function returnReply(charge: Charge, return_id: string, parts?: WayBack) {
  const { code, payment } = charge
  const amount_cents = backOf(charge)
  if (code.status === 'pending' && code.task) return undefined
  if (code.status !== 'used' || !payment) return reply(paymentReturned, return_id, { refunded_cents: 0, owed_cents: 0 })
  if (code.payment_type === 'counter') {
    if (!parts) throw new Error(`the return ${return_id} of parts is answered without them`)
    const { refunding_cents, refunded_cents, owed_cents } = parts
    return refunding_cents > 0 ? undefined : reply(paymentReturned, return_id, { refunded_cents, owed_cents })
  }
  if (payment.status === 'refunded')
    return reply(paymentReturned, return_id, { refunded_cents: amount_cents, owed_cents: 0 })
  if (!isOwed(payment)) return undefined
  return reply(paymentReturned, return_id, { refunded_cents: 0, owed_cents: amount_cents })
}

function reply<Contract extends MessageContract>(contract: Contract, transaction_id: string, body: BodyOf<Contract>) {
  return { contract, transaction_id, body }
}
