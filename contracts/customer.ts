/** A person's data goes: cliente-service decides it, and the services that hold something of theirs answer when it is gone. */
import { Type } from 'typebox'
import { messageContract } from './message.ts'
import { EntityId } from './primitives.ts'

/** The `transaction_id` is the erasure's own. */
export const customerErased = messageContract(
  'events.customer.erased',
  ['veiculo-service-customer-erased-sub', 'pagamento-service-customer-erased-sub', 'orquestrador-customer-erased-sub'],
  Type.Object({
    customer_id: EntityId,
    /** `person`: what tells who they are. `records`: what was kept by law without the person, once that time is over. */
    what: Type.Enum(['person', 'records']),
  }),
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

export const purchaseCustomerErased = messageContract(
  'events.purchase.customer_erased',
  ['cliente-service-purchase-customer-erased-sub'],
  answer,
)
