/** How a purchase ends and how its return does, for every service that listens, and the statuses that both pass through. */
import { type Static, Type } from 'typebox'
import { messageContract } from './message.ts'
import { Cents, EntityId, PaymentType, TransactionId } from './primitives.ts'

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

/** The kind of saga: a purchase, or the return of one. */
export const SagaKind = Type.Enum(['purchase', 'return'])
export type SagaKind = Static<typeof SagaKind>

/** Where it was bought: a purchase made outside the shop can be returned without a reason (CDC, art. 49). */
export const Channel = Type.Enum(['online', 'remote', 'counter'], {
  description: 'online: the site; remote: WhatsApp, telephone; counter: in the shop',
})
export type Channel = Static<typeof Channel>

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

/** Part of a return, whose id is the `transaction_id`. */
const comesBack = { purchase_id: TransactionId, ...purchase }

/** The buyer's request has arrived. The law wants this said at once (Decreto 7.962, art. 5). */
export const purchaseReturnAsked = messageContract(
  'events.purchase.return_asked',
  ['orquestrador-purchase-return-asked-sub', 'avisos-service-purchase-return-asked-sub'],
  Type.Object(comesBack),
)

export const purchaseReturned = messageContract(
  'events.purchase.returned',
  ['orquestrador-purchase-returned-sub', 'avisos-service-purchase-returned-sub'],
  Type.Object(comesBack),
)

export const purchaseReturnFailed = messageContract(
  'events.purchase.return_failed',
  ['orquestrador-purchase-return-failed-sub', 'avisos-service-purchase-return-failed-sub'],
  Type.Object({ ...comesBack, reason: Type.String(), failed_step: Type.String() }),
)

export const purchaseReturnCancelled = messageContract(
  'events.purchase.return_cancelled',
  ['orquestrador-purchase-return-cancelled-sub', 'avisos-service-purchase-return-cancelled-sub'],
  Type.Object(comesBack),
)

export const purchaseReturnCancellationFailed = messageContract(
  'events.purchase.return_cancellation_failed',
  ['orquestrador-purchase-return-cancellation-failed-sub'],
  Type.Object({ ...comesBack, reason: Type.String() }),
)
