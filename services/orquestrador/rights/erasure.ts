/** Erases the data held here about people when cliente-service announces an erasure, and answers. */
import { customerErased, purchaseCustomerErased } from '#contracts'
import { forgetAnswers } from '#host'
import { handler, type MessageHandler, outgoing } from '#messaging'
import { erasePurchases, eraseReasons } from './erasure-store.ts'

export const erasureEvents: readonly MessageHandler[] = [
  handler(customerErased, 'orquestrador-customer-erased-sub', async (tx, messages, send) => {
    const of = (kind: 'person' | 'records') =>
      messages.filter(({ body }) => body.what === kind).map(({ body }) => body.customer_id)
    await eraseReasons(tx, of('person'))
    await forgetAnswers(tx, of('person'))
    await erasePurchases(tx, of('records'))
    for (const { transaction_id, body } of messages)
      send(outgoing(purchaseCustomerErased, transaction_id, { customer_id: body.customer_id }))
  }),
]
