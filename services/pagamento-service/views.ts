/** How codes and payments look over HTTP. */
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
import type { StoredCode, StoredPayment } from './charge-store.ts'

const shared = {
  id: EntityId,
  transaction_id: TransactionId,
  customer_id: EntityId,
  vehicle_id: EntityId,
  amount: Reais,
  payment_type: PaymentType,
}

export const CodeView = Type.Object(
  {
    ...shared,
    code: PaymentCodeText,
    status: PaymentCodeStatus,
    pix_copy_paste: Type.Optional(Type.String({ description: 'Pix "copia e cola"' })),
    expires_at: Timestamp,
    created_at: Timestamp,
  },
  { title: 'PaymentCode' },
)

export const PaymentView = Type.Object(
  {
    ...shared,
    payment_code: PaymentCodeText,
    payment_method: Type.String(),
    status: PaymentStatus,
    processed_at: Timestamp,
    created_at: Timestamp,
  },
  { title: 'Payment' },
)

export function codeView(stored: StoredCode): Static<typeof CodeView> {
  const { amount_cents, pix_copy_paste, expires_at, created_at, reason: _internal, ...same } = stored
  return {
    ...same,
    amount: toReais(amount_cents),
    ...(pix_copy_paste !== null && { pix_copy_paste }),
    expires_at: expires_at.toISOString(),
    created_at: created_at.toISOString(),
  }
}

export function paymentView({
  amount_cents,
  processed_at,
  created_at,
  ...same
}: StoredPayment): Static<typeof PaymentView> {
  return {
    ...same,
    amount: toReais(amount_cents),
    processed_at: processed_at.toISOString(),
    created_at: created_at.toISOString(),
  }
}
