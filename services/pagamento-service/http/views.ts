/** Codes, payments and unmatched money as HTTP clients see them. */
import { type Static, Type } from 'typebox'
import {
  EntityId,
  PaymentCodeStatus,
  PaymentCodeText,
  PaymentStatus,
  PaymentType,
  Reais,
  Timestamp,
  TransactionId,
} from '#contracts'
import { toReais } from '#platform/money'
import type { StoredCode, StoredPayment } from '../charges/listing-store.ts'
import type { StoredUnmatched } from '../receipts/unmatched-store.ts'

const shared = {
  id: EntityId,
  transaction_id: TransactionId,
  customer_id: EntityId,
  vehicle_id: EntityId,
  amount: Reais,
  payment_type: PaymentType,
}

const CODE = 'k7Qd0VxT2mZp9LrB4sWcY6uNa'
const TRANSACTION = '0195571c-3f6b-7a6e-9b0c-6f1f2f0c1d2e'
const END_TO_END_ID = 'E12345678202603021200s0123456789'

const Txid = Type.String({ description: 'Of the charge at the provider, when it is asked over the network' })
const EndToEndId = Type.String({ description: 'Of the Pix, when it is known' })
const RefundFailures = Type.Integer({ minimum: 1, description: 'How often the provider refused to give it back' })

export const CodeView = Type.Object(
  {
    ...shared,
    code: PaymentCodeText,
    status: PaymentCodeStatus,
    pix_copy_paste: Type.Optional(Type.String({ description: 'Pix "copia e cola"' })),
    txid: Type.Optional(Txid),
    held: Type.Optional(Type.Number({ description: 'BRL, of one paid at the counter: what its parts come to' })),
    received: Type.Optional(Type.Number({ description: 'BRL: what of that has come' })),
    expires_at: Timestamp,
    created_at: Timestamp,
  },
  {
    title: 'PaymentCode',
    examples: [
      {
        id: 1,
        transaction_id: TRANSACTION,
        customer_id: 7,
        vehicle_id: 3,
        amount: 45_000,
        payment_type: 'pix',
        code: CODE,
        status: 'pending',
        pix_copy_paste: '00020126580014br.gov.bcb.pix…',
        expires_at: '2026-03-02T12:30:00.000Z',
        created_at: '2026-03-02T12:00:00.000Z',
      },
    ],
  },
)

export const PaymentView = Type.Object(
  {
    ...shared,
    payment_code: PaymentCodeText,
    payment_method: Type.String(),
    status: PaymentStatus,
    end_to_end_id: Type.Optional(EndToEndId),
    refund_failures: Type.Optional(RefundFailures),
    paid_by: Type.Optional(
      Type.String({
        description:
          'Who paid the code here, or confirmed it; absent when the provider told, or the purchase held the money',
      }),
    ),
    state: Type.Optional(Type.String({ description: 'Of a part paid at the counter: promised, received, …' })),
    reference: Type.Optional(Type.String()),
    bank_told_at: Type.Optional(
      Type.String({
        format: 'date-time',
        description: 'When the bank that gave it was told that its purchase is undone',
      }),
    ),
    processed_at: Timestamp,
    refunded_at: Type.Optional(Timestamp),
    created_at: Timestamp,
  },
  {
    title: 'Payment',
    examples: [
      {
        id: 1,
        transaction_id: TRANSACTION,
        customer_id: 7,
        vehicle_id: 3,
        amount: 45_000,
        payment_type: 'pix',
        payment_code: CODE,
        payment_method: 'pix',
        status: 'completed',
        end_to_end_id: END_TO_END_ID,
        processed_at: '2026-03-02T12:10:00.000Z',
        created_at: '2026-03-02T12:10:00.000Z',
      },
    ],
  },
)

export const UnmatchedStatus = Type.Enum(['parked', 'refunding', 'refunded'])

export const UnmatchedView = Type.Object(
  {
    id: EntityId,
    reason: Type.Enum(
      ['wrong_amount', 'paid_twice', 'code_closed', 'not_pix', 'unknown_code', 'end_to_end_id_reused'],
      { description: 'Why it is no payment of its code' },
    ),
    status: UnmatchedStatus,
    payment_code: Type.Optional(PaymentCodeText),
    transaction_id: Type.Optional(TransactionId),
    txid: Type.Optional(Txid),
    end_to_end_id: Type.Optional(EndToEndId),
    amount: Reais,
    refund_failures: Type.Optional(RefundFailures),
    refund_failure: Type.Optional(Type.String({ description: 'Why it was refused the last time' })),
    received_at: Timestamp,
    refunded_at: Type.Optional(Timestamp),
    created_at: Timestamp,
  },
  {
    title: 'UnmatchedPayment',
    examples: [
      {
        id: 1,
        reason: 'wrong_amount',
        status: 'parked',
        payment_code: CODE,
        transaction_id: TRANSACTION,
        end_to_end_id: END_TO_END_ID,
        amount: 4_500,
        received_at: '2026-03-02T12:10:00.000Z',
        created_at: '2026-03-02T12:10:01.000Z',
      },
    ],
  },
)

export function codeView(stored: StoredCode): Static<typeof CodeView> {
  const { amount_cents, pix_copy_paste, txid, held_cents, received_cents, expires_at, created_at, ...same } = stored
  return {
    ...same,
    amount: toReais(amount_cents),
    ...(pix_copy_paste !== null && { pix_copy_paste }),
    ...(txid !== null && { txid }),
    ...(same.payment_type === 'counter' && { held: toReais(held_cents), received: toReais(received_cents) }),
    expires_at: expires_at.toISOString(),
    created_at: created_at.toISOString(),
  }
}

/** `seesAuthor`: customers are not told who works here. */
export function paymentView(stored: StoredPayment, seesAuthor: boolean): Static<typeof PaymentView> {
  const { amount_cents, end_to_end_id, refund_failures, refunded_at, paid_by, processed_at, created_at, ...rest } =
    stored
  const { state = null, reference = null, bank_told_at = null, ...same } = rest
  return {
    ...same,
    amount: toReais(amount_cents),
    ...(end_to_end_id !== null && { end_to_end_id }),
    ...(refund_failures > 0 && { refund_failures }),
    ...(paid_by !== null && seesAuthor && { paid_by }),
    ...(state !== null && { state }),
    ...(reference !== null && { reference }),
    ...(bank_told_at && { bank_told_at: bank_told_at.toISOString() }),
    processed_at: processed_at.toISOString(),
    ...(refunded_at && { refunded_at: refunded_at.toISOString() }),
    created_at: created_at.toISOString(),
  }
}

export function unmatchedView(stored: StoredUnmatched): Static<typeof UnmatchedView> {
  const { id, reason, status, payment_code, transaction_id, txid, end_to_end_id, refund_failure } = stored
  return {
    id,
    reason,
    status,
    ...(payment_code !== null && { payment_code }),
    ...(transaction_id !== null && { transaction_id }),
    ...(txid !== null && { txid }),
    ...(end_to_end_id !== null && { end_to_end_id }),
    amount: toReais(stored.amount_cents),
    ...(stored.refund_failures > 0 && { refund_failures: stored.refund_failures }),
    ...(refund_failure !== null && { refund_failure }),
    received_at: stored.received_at.toISOString(),
    ...(stored.refunded_at && { refunded_at: stored.refunded_at.toISOString() }),
    created_at: stored.created_at.toISOString(),
  }
}
