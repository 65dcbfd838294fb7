/** How a customer looks over HTTP. */
import { type Static, Type } from 'typebox'
import { EntityId, Reais, Timestamp } from '#contracts'
import { toReais } from '#platform/money'
import { AddressSchema, ConsentsSchema } from './customer-body.ts'
import { availableCredit, type Customer, maskDocument } from './domain/customer.ts'

export const CustomerStatusSchema = Type.Enum(['active', 'blocked', 'erased'])

export const CustomerView = Type.Object(
  {
    id: EntityId,
    name: Type.String(),
    email: Type.String(),
    phone: Type.String({ description: 'E.164' }),
    document: Type.String({ description: 'All but its last 4 characters are `*`' }),
    account_balance: Reais,
    credit_limit: Reais,
    used_credit: Reais,
    available_credit: Reais,
    status: CustomerStatusSchema,
    birth_date: Type.Optional(Type.String({ format: 'date' })),
    driver_license: Type.Optional(Type.String()),
    address: Type.Optional(Type.Object({ ...AddressSchema.properties, postal_code: Type.String() })),
    refund_pix_key: Type.Optional(Type.String()),
    consents: Type.Optional(ConsentsSchema),
    created_at: Timestamp,
    updated_at: Timestamp,
  },
  { title: 'Customer' },
)

export const CustomerPage = Type.Object({
  customers: Type.Array(CustomerView),
  total: Type.Integer(),
  next_cursor: Type.Union([Type.String(), Type.Null()]),
  timestamp: Timestamp,
})

export function viewOf(customer: Customer): Static<typeof CustomerView> {
  const { birth_date, driver_license, address, refund_pix_key, consents } = customer
  return {
    id: customer.id,
    name: customer.name,
    email: customer.email,
    phone: customer.phone,
    document: maskDocument(customer.document),
    account_balance: toReais(customer.account_balance_cents),
    credit_limit: toReais(customer.credit_limit_cents),
    used_credit: toReais(customer.used_credit_cents),
    available_credit: toReais(availableCredit(customer)),
    status: customer.status,
    ...(birth_date !== null && { birth_date }),
    ...(driver_license !== null && { driver_license }),
    ...(address !== null && { address }),
    ...(refund_pix_key !== null && { refund_pix_key }),
    ...(consents !== null && { consents }),
    created_at: customer.created_at.toISOString(),
    updated_at: customer.updated_at.toISOString(),
  }
}
