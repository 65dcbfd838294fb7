/** What the purchase asks of cliente-service: hold what a customer will pay with, or give it back; and what its return asks. */
import { Type } from 'typebox'
import { messageContract } from './message.ts'
import { Cents, EntityId, PaymentType, TransactionId } from './primitives.ts'

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
      'returned',
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

/**
 * Part of a return, whose id is the `transaction_id`: the vehicle has come back, so what `purchase_id` holds is given back, less what
 * its buyer has back already.
 */
export const returnCredit = messageContract(
  'commands.credit.return',
  ['cliente-service-return-credit-sub'],
  Type.Object({ purchase_id: TransactionId, vehicle_id: EntityId, ...hold, abated_cents: Type.Optional(Cents) }),
)

export const creditReturned = messageContract(
  'events.credit.returned',
  ['orquestrador-credit-returned-sub'],
  Type.Object({ customer_id: EntityId, returned_cents: Cents }),
)

/** How money that staff write down on an account has come, or gone. */
export const MONEY_METHODS = ['banknotes', 'transfer', 'card', 'pix'] as const

/** Staff have written down money of an account that came in or went out by hand: the till counts it. The `transaction_id` is its own. */
export const moneyMovedByHand = messageContract(
  'events.credit.moved_by_hand',
  ['pagamento-service-credit-moved-by-hand-sub'],
  Type.Object({
    method: Type.Enum([...MONEY_METHODS]),
    amount_cents: Type.Integer({ description: 'Signed: below zero when it went out' }),
  }),
)
