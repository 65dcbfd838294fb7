/** The answers that a charge implies: the same record gives the same answer, however often it is asked. */
import {
  type BodyOf,
  type MessageContract,
  paymentCodeGenerated,
  paymentCodeGenerationFailed,
  paymentFailed,
  paymentProcessed,
  paymentRefunded,
  paymentRefundFailed,
} from '#contracts'
import type { Charge } from './charge.ts'

export function generateReply({ code }: Charge) {
  if (code.status === 'failed' && code.reason === 'provider_refused') {
    return reply(paymentCodeGenerationFailed, code.transaction_id, { reason: 'provider_refused' })
  }
  if (code.reason === 'voided_before_generated') {
    return reply(paymentCodeGenerationFailed, code.transaction_id, { reason: 'voided_before_generated' })
  }
  const { pix_copy_paste } = code
  return reply(paymentCodeGenerated, code.transaction_id, {
    payment_code: code.code,
    expires_at: code.expires_at.toISOString(),
    ...(pix_copy_paste !== null && { pix_copy_paste }),
  })
}

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
      return reply(paymentFailed, transaction_id, { reason: 'payment_declined' })
    case 'expired':
      return reply(paymentFailed, transaction_id, { reason: 'payment_code_expired' })
    case 'voided':
      return reply(paymentFailed, transaction_id, { reason: 'payment_code_voided' })
  }
}

export const unknownCodeReply = (transaction_id: string) =>
  reply(paymentFailed, transaction_id, { reason: 'payment_code_not_found' })

export const refundReply = ({ code, payment }: Charge) =>
  reply(paymentRefunded, code.transaction_id, {
    refunded_cents: payment?.status === 'refunded' ? code.amount_cents : 0,
  })

export const refundRefusedReply = (transaction_id: string) =>
  reply(paymentRefundFailed, transaction_id, { reason: 'provider_refused' })

function reply<Contract extends MessageContract>(contract: Contract, transaction_id: string, body: BodyOf<Contract>) {
  return { contract, transaction_id, body }
}
