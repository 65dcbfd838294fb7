/**
 * Erases the data held here about people when cliente-service announces an erasure, and answers. Codes and payments name people
 * only by a number, which then belongs to nobody: they stay as long as the law requires.
 */
import { customerErased, paymentCustomerErased } from '#contracts'
import { forgetAnswers } from '#host'
import { handler, type MessageHandler, outgoing } from '#messaging'
import { erasePayments } from './erasure-store.ts'

export const erasureEvents: readonly MessageHandler[] = [
  handler(customerErased, 'pagamento-service-customer-erased-sub', async (tx, messages, send) => {
    const of = (kind: 'person' | 'records') =>
      messages.filter(({ body }) => body.what === kind).map(({ body }) => body.customer_id)
    await forgetAnswers(tx, of('person'))
    await erasePayments(tx, of('records'))
    for (const { transaction_id, body } of messages)
      send(outgoing(paymentCustomerErased, transaction_id, { customer_id: body.customer_id }))
  }),
]
