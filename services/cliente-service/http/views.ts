/** A customer as HTTP clients see them. */
import { type Static, Type } from 'typebox'
import { EntityId, Reais, Timestamp } from '#contracts'
import { bare } from '#platform/formats'
import { NextCursor as AnyCursor, Total } from '#platform/http/page'
import { toReais } from '#platform/money'
import { availableCredit, type Customer, maskDocument } from '../domain/customer.ts'
import { masked } from '../domain/masking.ts'
import { AddressSchema, ConsentsSchema } from './customer-body.ts'

export const CustomerStatusSchema = Type.Enum(['active', 'blocked', 'erased'])

const view = {
  id: EntityId,
  name: Type.String(),
  email: Type.Union([Type.String(), Type.Null()]),
  email_proven: Type.Boolean({ description: 'Whether it was shown to be theirs, by a code or at the counter' }),
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
  representative: Type.Optional(
    Type.Object(
      { name: Type.String(), document: Type.String({ description: 'Masked' }) },
      { description: 'Who acts for a minor, or a company' },
    ),
  ),
  consents: Type.Optional(ConsentsSchema),
  blocked_reason: Type.Optional(
    Type.String({ description: 'The reason why a customer is blocked; only shown to the back office' }),
  ),
  blocked_at: Type.Optional(Timestamp),
  created_at: Timestamp,
  updated_at: Timestamp,
}

const look = {
  title: 'Customer',
  examples: [
    {
      id: 7,
      name: 'Ana Souza',
      email: 'ana@example.com',
      email_proven: true,
      phone: '+5511987654321',
      document: '*******4725',
      account_balance: 80000,
      credit_limit: 25000.5,
      used_credit: 5000,
      available_credit: 20000.5,
      status: 'active',
      created_at: '2026-03-02T12:00:00.000Z',
      updated_at: '2026-03-02T12:00:00.000Z',
    },
  ],
}

export const CustomerView = Type.Object(view, look)

/** The answer about one customer, which carries its version. */
export const CustomerAnswer = Type.Object(view, {
  ...look,
  headers: { ETag: { type: 'string', description: 'The version of the customer: send it as If-Match to change it' } },
})

export const NextCursor = Type.Union(AnyCursor.anyOf, { description: 'Null on the last page' })

/** A customer in a list or a search: who they are, but not how to reach them. */
export const ListedCustomer = Type.Object(
  {
    ...view,
    birth_date: Type.Optional(Type.String({ description: 'Masked, as e-mail, phone, licence and street are' })),
  },
  { title: 'ListedCustomer' },
)

export const CustomerPage = Type.Object({
  customers: Type.Array(ListedCustomer),
  total: Total,
  next_cursor: NextCursor,
  timestamp: Timestamp,
})

/** The Pix key of many people is their CPF, so it must not show what the masked document hides. */
const maskKey = (key: string, document: string) => (bare(key) === document ? maskDocument(bare(key)) : key)

/** `whole`: as staff see it, with the reason of a block. */
export function viewOf(customer: Customer, whole: boolean): Static<typeof CustomerView> {
  const { birth_date, driver_license, address, refund_pix_key, consents, blocked_reason, blocked_at } = customer
  const { representative } = customer
  return {
    id: customer.id,
    name: customer.name,
    email: customer.email,
    email_proven: customer.email_proven_at !== null,
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
    ...(refund_pix_key !== null && { refund_pix_key: maskKey(refund_pix_key, customer.document) }),
    ...(representative !== null && {
      representative: { name: representative.name, document: maskDocument(representative.document) },
    }),
    ...(consents !== null && { consents }),
    ...(whole && blocked_reason !== null && { blocked_reason }),
    ...(blocked_at !== null && { blocked_at: blocked_at.toISOString() }),
    created_at: customer.created_at.toISOString(),
    updated_at: customer.updated_at.toISOString(),
  }
}

/** As lists and search show them: the contact data masked. */
export const listedOf = (customer: Customer, whole: boolean): Static<typeof ListedCustomer> =>
  viewOf(masked(customer), whole)
