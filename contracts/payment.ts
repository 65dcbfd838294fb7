/** What the purchase asks of pagamento-service: a payment code, its payment, and all of it undone. */
import { type Static, Type } from 'typebox'
import { messageContract } from './message.ts'
import { Cents, EntityId, PaymentType, Timestamp, TransactionId } from './primitives.ts'

export const PaymentCodeStatus = Type.Enum(['pending', 'used', 'expired', 'voided', 'failed'])
export type PaymentCodeStatus = Static<typeof PaymentCodeStatus>

export const PaymentStatus = Type.Enum(['completed', 'refunded', 'failed'])
export type PaymentStatus = Static<typeof PaymentStatus>

/** Up to 25 characters of `[A-Za-z0-9]`: fit to be the txid of a static BR Code. */
export const PaymentCodeText = Type.String({ pattern: '^[A-Za-z0-9]{1,25}$' })

const charge = { customer_id: EntityId, vehicle_id: EntityId, amount_cents: Cents, payment_type: PaymentType }

export const generatePaymentCode = messageContract(
  'commands.payment.generate_code',
  ['pagamento-service-generate-payment-code-sub'],
  Type.Object(charge),
)

export const paymentCodeGenerated = messageContract(
  'events.payment.code_generated',
  ['orquestrador-payment-code-generated-sub', 'avisos-service-payment-code-generated-sub'],
  Type.Object({ payment_code: PaymentCodeText, expires_at: Timestamp, pix_copy_paste: Type.Optional(Type.String()) }),
)

export const paymentCodeGenerationFailed = messageContract(
  'events.payment.code_generation_failed',
  ['orquestrador-payment-code-generation-failed-sub'],
  Type.Object({ reason: Type.Enum(['provider_refused', 'voided_before_generated']) }),
)

export const processPayment = messageContract(
  'commands.payment.process',
  ['pagamento-service-process-payment-sub'],
  Type.Object({ payment_code: PaymentCodeText }),
)

/** A signature of pagamento-service. veiculo-service sells on this proof, not on a token. Purchases carry it along. */
export const PaymentProof = Type.String({ pattern: '^v1\\.[0-9]{1,15}\\.[\\w-]{86}$' })

/** The key that checks a proof: a JWK of Ed25519. */
export const PaymentProofKey = Type.Object({
  kty: Type.Literal('OKP'),
  crv: Type.Literal('Ed25519'),
  x: Type.String({ pattern: '^[\\w-]{43}$' }),
})

/** `proof` is absent in messages from an older release. */
export const paymentProcessed = messageContract(
  'events.payment.processed',
  ['orquestrador-payment-processed-sub', 'avisos-service-payment-processed-sub'],
  Type.Object({ payment_id: EntityId, amount_cents: Cents, proof: Type.Optional(PaymentProof) }),
)

export const paymentFailed = messageContract(
  'events.payment.failed',
  ['orquestrador-payment-failed-sub'],
  Type.Object({
    reason: Type.Enum([
      'payment_declined',
      'payment_cancelled',
      'payment_code_expired',
      'payment_code_voided',
      'payment_code_not_found',
    ]),
  }),
)

export const refundPayment = messageContract(
  'commands.payment.refund',
  ['pagamento-service-refund-payment-sub'],
  Type.Object({
    ...charge,
    /** How often an operator has resumed this purchase: each time, a refund that the provider refused is tried anew. */
    resumptions: Type.Integer({ minimum: 0 }),
  }),
)

export const paymentRefunded = messageContract(
  'events.payment.refunded',
  ['orquestrador-payment-refunded-sub'],
  Type.Object({ refunded_cents: Cents }),
)

export const paymentRefundFailed = messageContract(
  'events.payment.refund_failed',
  ['orquestrador-payment-refund-failed-sub'],
  Type.Object({ reason: Type.Enum(['provider_refused']) }),
)

/**
 * Part of a return, whose id is the `transaction_id`: the payment of `purchase_id` goes back the way it came, less what its buyer has
 * back already.
 */
export const returnPayment = messageContract(
  'commands.payment.return',
  ['pagamento-service-return-payment-sub'],
  Type.Object({ purchase_id: TransactionId, ...charge, abated_cents: Type.Optional(Cents) }),
)

/** `owed_cents` could not be paid back automatically: it stands among the owed items, for staff to settle. */
export const paymentReturned = messageContract(
  'events.payment.returned',
  ['orquestrador-payment-returned-sub'],
  Type.Object({ refunded_cents: Cents, owed_cents: Cents }),
)

/** A warranty claim has lowered the price of a purchase: staff give the difference back by hand. */
export const abatePayment = messageContract(
  'commands.payment.abate',
  ['pagamento-service-abate-payment-sub'],
  Type.Object({ claim_id: EntityId, customer_id: EntityId, amount_cents: Cents }),
)

/** An operator has given up a step of a return that would have moved this money: staff settle it by hand. 0: nothing is owed. */
export const owePayment = messageContract(
  'commands.payment.owe',
  ['pagamento-service-owe-payment-sub'],
  Type.Object({
    purchase_id: TransactionId,
    customer_id: EntityId,
    amount_cents: Cents,
    abated_cents: Type.Optional(Cents),
    step: Type.Enum(['CREDIT_RETURN', 'PAYMENT_RETURN']),
  }),
)
