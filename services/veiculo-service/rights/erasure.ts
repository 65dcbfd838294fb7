/** Erases the data held here about people when cliente-service announces an erasure, and answers. */
import { customerErased, vehicleCustomerErased } from '#contracts'
import { forgetAnswers } from '#host'
import { handler, type MessageHandler, outgoing } from '#messaging'
import type { Clock } from '#platform/clock'
import { erasePeople, eraseReservations } from './erasure-store.ts'

export const erasureEvents = (clock: Clock): MessageHandler[] => [
  handler(customerErased, 'veiculo-service-customer-erased-sub', async (tx, messages, send) => {
    const of = (kind: 'person' | 'records') =>
      messages.filter(({ body }) => body.what === kind).map(({ body }) => body.customer_id)
    await erasePeople(tx, of('person'), clock.now())
    await forgetAnswers(tx, of('person'))
    await eraseReservations(tx, of('records'))
    for (const { transaction_id, body } of messages)
      send(outgoing(vehicleCustomerErased, transaction_id, { customer_id: body.customer_id }))
  }),
]
