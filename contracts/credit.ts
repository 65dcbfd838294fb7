/** What the purchase asks of cliente-service: hold what a customer will pay with, or give it back. */
import { Type } from 'typebox'
import { messageContract } from './message.ts'
import { Cents, EntityId, PaymentType } from './primitives.ts'

const hold = { customer_id: EntityId, amount_cents: Cents, payment_type: PaymentType }

export const reserveCredit = messageContract(
  'commands.credit.reserve',
  ['cliente-service-reserve-credit-sub'],
  Type.Object(hold),
)

export const creditReserved = messageContract(
  'events.credit.reserved',
  ['orquestrador-credit-reserved-sub'],
  Type.Object({ customer_id: EntityId, amount_cents: Cents }),
)

export const creditReservationFailed = messageContract(
  'events.credit.reservation_failed',
  ['orquestrador-credit-reservation-failed-sub'],
  Type.Object({
    reason: Type.Enum([
      'customer_not_found',
      'customer_blocked',
      'insufficient_balance',
      'insufficient_credit_limit',
      'released_before_reserved',
    ]),
  }),
)

export const releaseCredit = messageContract(
  'commands.credit.release',
  ['cliente-service-release-credit-sub'],
  Type.Object(hold),
)

export const creditReleased = messageContract(
  'events.credit.released',
  ['orquestrador-credit-released-sub'],
  Type.Object({ customer_id: EntityId, released_cents: Cents }),
)
