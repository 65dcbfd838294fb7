/** How a purchase ends, for every service that listens, and the statuses it passes through. */
import { type Static, Type } from 'typebox'
import { messageContract } from './message.ts'
import { Cents, EntityId, PaymentType } from './primitives.ts'

export const SagaStatus = Type.Enum([
  'STARTED',
  'IN_PROGRESS',
  'COMPLETED',
  'COMPENSATING',
  'FAILED',
  'FAILED_COMPENSATED',
  'CANCELLING',
  'CANCELLED',
  'FAILED_REQUIRES_MANUAL_INTERVENTION',
])
export type SagaStatus = Static<typeof SagaStatus>

const purchase = {
  customer_id: EntityId,
  vehicle_id: EntityId,
  amount_cents: Cents,
  payment_type: PaymentType,
}

export const purchaseCompleted = messageContract(
  'events.purchase.completed',
  [
    'cliente-service-purchase-completed-sub',
    'orquestrador-purchase-completed-sub',
    'avisos-service-purchase-completed-sub',
  ],
  Type.Object(purchase),
)

export const purchaseFailed = messageContract(
  'events.purchase.failed',
  ['orquestrador-purchase-failed-sub', 'avisos-service-purchase-failed-sub'],
  Type.Object({ ...purchase, reason: Type.String(), failed_step: Type.String() }),
)

export const purchaseCancelled = messageContract(
  'events.purchase.cancelled',
  ['orquestrador-purchase-cancelled-sub', 'avisos-service-purchase-cancelled-sub'],
  Type.Object({ ...purchase, reason: Type.String(), cancelled_step: Type.String() }),
)

export const purchaseCancellationFailed = messageContract(
  'events.purchase.cancellation_failed',
  ['orquestrador-purchase-cancellation-failed-sub'],
  Type.Object({ ...purchase, reason: Type.String() }),
)
