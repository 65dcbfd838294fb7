/** The terms that staff agree on with a buyer: another amount, the channel of the sale, and its sellers. */
import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { Channel, type PaymentType, Reais } from '#contracts'
import { withoutIdentifiers } from '#platform/free-text'
import { callerOf, isStaff, nameOf, onlyCustomer, refuse } from '#platform/http/auth'
import { toCents } from '#platform/money'
import { Problem } from '#platform/problem'
import type { PurchaseRequest } from '../purchase-saga.ts'
import { faultsOf, SellersField } from './sellers.ts'

/** Fields of a purchase's body. Only staff may send them, except that a buyer may name the channel. */
export const dealFields = {
  channel: Type.Optional(Channel),
  agreed_price: Type.Optional(
    Type.Number({ ...Reais, minimum: 0.01, description: 'What staff and buyer have agreed on instead of the price' }),
  ),
  reason: Type.Optional(
    Type.String({
      minLength: 5,
      maxLength: 200,
      format: 'text',
      description: 'Why it is another amount. Name no person',
    }),
  ),
  sellers: Type.Optional(SellersField),
}

const Deal = Type.Object(dealFields)
type Deal = Static<typeof Deal>

export type Circumstances = Required<Pick<PurchaseRequest, 'began_by' | 'channel'>> & Pick<PurchaseRequest, 'sellers'>

/** Refuses fields that only staff may send, and faults that a schema can't see. */
export function circumstancesOf(
  request: FastifyRequest,
  { channel = 'counter', agreed_price, reason, sellers }: Deal,
  payment_type: PaymentType,
): Circumstances {
  const isCustomer = onlyCustomer(request) !== undefined
  if (isCustomer && (payment_type === 'counter' || agreed_price !== undefined || sellers)) refuse(request)
  const errors: { path: string; message: string }[] = []
  if (agreed_price !== undefined && !reason?.trim())
    errors.push({ path: '/reason', message: 'is required of an agreed_price' })
  errors.push(...faultsOf(sellers))
  if (errors.length > 0) throw new Problem('validation_failed', { errors })
  return {
    // the row names the customer anyway; for staff and admins, this says which one
    began_by: isStaff(callerOf(request)) ? nameOf(callerOf(request)) : 'customer',
    // a buyer's own purchase is always online; a purchase by staff is at the counter unless they say otherwise
    channel: isCustomer ? 'online' : channel,
    ...(sellers && { sellers }),
  }
}

/** The amount of the purchase: the price, or the agreed amount. */
export const amountsOf = (
  price: number,
  { agreed_price }: Deal,
): Pick<PurchaseRequest, 'amount_cents' | 'list_cents'> =>
  agreed_price === undefined || toCents(agreed_price) === toCents(price)
    ? { amount_cents: toCents(price) }
    : { amount_cents: toCents(agreed_price), list_cents: toCents(price) }

export const reasonOf = ({ reason }: Deal): string | null => withoutIdentifiers(reason?.trim() ?? '') || null
