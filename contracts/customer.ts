/** A person's data is erased: cliente-service decides it, and every service that holds some of it answers once it is gone. */
import { Type } from 'typebox'
import { messageContract } from './message.ts'
import { EntityId } from './primitives.ts'

/** The `transaction_id` is the erasure's own. */
export const customerErased = messageContract(
  'events.customer.erased',
  [
    'veiculo-service-customer-erased-sub',
    'pagamento-service-customer-erased-sub',
    'orquestrador-customer-erased-sub',
    'identidade-service-customer-erased-sub',
  ],
  Type.Object({
    customer_id: EntityId,
    /** `person`: the data that tells who they are. `records`: the data that the law kept for a time without the person. */
    what: Type.Enum(['person', 'records']),
  }),
)

/** Somebody is to get a notice about their data. The `transaction_id` names it; address and words are fetched when it is sent. */
export const customerNotice = messageContract(
  'events.customer.notice',
  ['avisos-service-customer-notice-sub'],
  Type.Object({ kind: Type.String({ pattern: '^[a-z_]{1,40}$' }) }),
)

const answer = Type.Object({ customer_id: EntityId })

export const vehicleCustomerErased = messageContract(
  'events.vehicle.customer_erased',
  ['cliente-service-vehicle-customer-erased-sub'],
  answer,
)

export const paymentCustomerErased = messageContract(
  'events.payment.customer_erased',
  ['cliente-service-payment-customer-erased-sub'],
  answer,
)

export const identityCustomerErased = messageContract(
  'events.identity.customer_erased',
  ['cliente-service-identity-customer-erased-sub'],
  answer,
)

export const purchaseCustomerErased = messageContract(
  'events.purchase.customer_erased',
  ['cliente-service-purchase-customer-erased-sub'],
  answer,
)
