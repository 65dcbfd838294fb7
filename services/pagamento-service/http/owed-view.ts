/** An owed item as HTTP clients see it. */
import { type Static, Type } from 'typebox'
import { EntityId, Reais, Timestamp, TransactionId } from '#contracts'
import { toReais } from '#platform/money'
import { BESIDE } from '../domain/coming-back.ts'
import type { OwedItem } from '../owed/owed-store.ts'

export const OwedStatus = Type.Enum(['open', 'settled'])

export const OwedView = Type.Object(
  {
    id: EntityId,
    transaction_id: TransactionId,
    return_id: Type.Optional(TransactionId),
    customer_id: EntityId,
    payment_id: Type.Optional(
      Type.Integer({ description: 'The payment or part that goes back, which says how and by whose word it came' }),
    ),
    amount: Reais,
    reason: Type.Enum(['refund_refused', 'refund_too_late', 'given_up', 'part_undone', ...BESIDE], {
      description:
        'refund_refused: by the provider; refund_too_late: a Pix goes back within 90 days; given_up: by an operator, behind the point of no return; part_undone: it was paid at the counter, and its purchase is undone; trade_in_excess: a car that came in is worth more than was due; transport, adjustment: lines of a return that the house pays; abatement: what a warranty claim takes off the price',
    }),
    status: OwedStatus,
    created_at: Timestamp,
    settled_at: Type.Optional(Timestamp),
    settled_by: Type.Optional(Type.String()),
    settled_method: Type.Optional(Type.String()),
    settled_reference: Type.Optional(Type.String()),
  },
  { title: 'OwedItem' },
)

const OF_A_PAYMENT = /^(?:part|payment) (\d+)$/

export function owedView(item: OwedItem): Static<typeof OwedView> {
  const { id, transaction_id, return_id, customer_id, amount_cents, reason, status, created_at } = item
  const { settled_at, settled_by, settled_method, settled_reference } = item
  const [, payment_id] = OF_A_PAYMENT.exec(item.source) ?? []
  return {
    ...{ id, transaction_id, customer_id, reason, status },
    ...(return_id !== null && { return_id }),
    ...(payment_id !== undefined && { payment_id: Number(payment_id) }),
    amount: toReais(amount_cents),
    created_at: created_at.toISOString(),
    ...(settled_at && { settled_at: settled_at.toISOString() }),
    ...(settled_by !== null && { settled_by }),
    ...(settled_method !== null && { settled_method }),
    ...(settled_reference !== null && { settled_reference }),
  }
}
