/** The small schemas that several contracts are made of. */
import { type Static, Type } from 'typebox'

/** Integer cents of BRL: the only form of money in code, databases and messages. */
export const Cents = Type.Integer({ minimum: 0, maximum: 99_999_999_999, description: 'Integer cents of BRL' })
export type Cents = Static<typeof Cents>

/** Money on the HTTP wire: BRL as a JSON number with at most two decimals. */
export const Reais = Type.Number({
  minimum: 0,
  maximum: 999_999_999.99,
  multipleOf: 0.01,
  description: 'BRL, at most two decimals',
})

export const EntityId = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
/** Several ids in a query. As everywhere, an id is written in one way only: `007` is refused. */
export const EntityIds = Type.String({
  pattern: '^[1-9][0-9]{0,14}(,[1-9][0-9]{0,14}){0,127}$',
  description: 'At most 128 ids, comma-separated',
})
const UUID = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'
/** Several transactions in a query. */
export const TransactionIds = Type.String({
  pattern: `^${UUID}(,${UUID}){0,127}$`,
  description: 'At most 128 ids, comma-separated',
})
export const TransactionId = Type.String({ format: 'uuid', description: 'UUID v7 of the purchase' })
export const Timestamp = Type.String({ format: 'date-time', description: 'ISO 8601 with a zone' })

/**
 * `cash` and `credit` are settled from what the customer holds here. `pix` is paid from outside, and so is `counter`, in
 * parts that staff record.
 */
export const PaymentType = Type.Enum(['cash', 'credit', 'pix', 'counter'])
export type PaymentType = Static<typeof PaymentType>

/** These payment types hold nothing on the customer's account. */
export const PAID_OUTSIDE: readonly PaymentType[] = ['pix', 'counter']
