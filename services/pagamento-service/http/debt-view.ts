/** A buyer's debt as HTTP clients see it. */
import { type Static, Type } from 'typebox'
import { EntityId, Reais, Timestamp, TransactionId } from '#contracts'
import { toReais } from '#platform/money'
import type { Debt } from '../parts/part-store.ts'

export const DebtView = Type.Object(
  {
    id: EntityId,
    payment_id: Type.Optional(EntityId),
    transaction_id: TransactionId,
    customer_id: EntityId,
    amount: Reais,
    due_on: Type.String({ format: 'date' }),
    reason: Type.Optional(Type.String({ description: 'The damage, on a vehicle that came back' })),
    status: Type.Enum(['open', 'paid', 'void'], { description: 'void: its purchase was undone' }),
    created_at: Timestamp,
    settled_at: Type.Optional(Timestamp),
    settled_by: Type.Optional(Type.String()),
    settled_method: Type.Optional(Type.String()),
    settled_reference: Type.Optional(Type.String()),
  },
  { title: 'PaymentDebt' },
)

export function debtView(debt: Debt): Static<typeof DebtView> {
  const {
    part_id,
    reason,
    amount_cents,
    created_at,
    settled_at,
    settled_by,
    settled_method,
    settled_reference,
    ...same
  } = debt
  return {
    ...same,
    ...(part_id !== null && { payment_id: part_id }),
    ...(reason !== null && { reason }),
    amount: toReais(amount_cents),
    created_at: created_at.toISOString(),
    ...(settled_at && { settled_at: settled_at.toISOString() }),
    ...(settled_by !== null && { settled_by }),
    ...(settled_method !== null && { settled_method }),
    ...(settled_reference !== null && { settled_reference }),
  }
}
