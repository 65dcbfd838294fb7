/** Deletes the account of a person when cliente-service announces an erasure, and answers. */
import { customerErased, identityCustomerErased } from '#contracts'
import { handler, type MessageHandler, outgoing } from '#messaging'
import { deleteAccountsOf } from './erasure-store.ts'

export const erasureEvents: readonly MessageHandler[] = [
  handler(customerErased, 'identidade-service-customer-erased-sub', async (tx, messages, send) => {
    await deleteAccountsOf(
      tx,
      messages.map(({ body }) => body.customer_id),
    )
    for (const { transaction_id, body } of messages)
      send(outgoing(identityCustomerErased, transaction_id, { customer_id: body.customer_id }))
  }),
]
