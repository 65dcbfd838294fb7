/** A customer's unmasked data; every other route masks it. Each reading is recorded: whose data, which fields, and why. */
import { type Static, Type } from 'typebox'
import { EntityId } from '#contracts'
import { fieldsIn, readerOf, recordAccesses, unmaskedQuery } from '#host'
import type { UnitOfWork } from '#messaging'
import type { Clock, Ids } from '#platform/clock'
import { answers } from '#platform/http/app'
import { expectOwn } from '#platform/http/auth'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import { findCustomers } from '../customers/customer-store.ts'
import { tellCustomer } from '../customers/notices.ts'
import { expectOwnCustomer, type SellerParts } from '../customers/own-customers.ts'
import { AddressSchema } from '../http/customer-body.ts'

/** Each field is present if it was asked for; null when it is unknown. */
const Maybe = (description?: string) =>
  Type.Optional(Type.Union([Type.String({ ...(description && { description }) }), Type.Null()]))

const fields = {
  name: Maybe(),
  email: Maybe(),
  phone: Maybe('E.164'),
  document: Maybe('CPF or CNPJ'),
  birth_date: Maybe(),
  driver_license: Maybe('CNH'),
  address: Type.Optional(
    Type.Union([Type.Object({ ...AddressSchema.properties, postal_code: Type.String() }), Type.Null()]),
  ),
  refund_pix_key: Maybe(),
}
type Field = keyof typeof fields

const Unmasked = Type.Object({ id: EntityId, ...fields }, { title: 'UnmaskedCustomer' })

interface Parts extends SellerParts {
  readonly unitOfWork: UnitOfWork
  readonly ids: Ids
  readonly vault: Vault
  readonly clock: Clock
}

export const unmaskedRoutes = (parts: Parts) => (app: HttpApp) => {
  app.get(
    '/customers/:id/unmasked',
    {
      config: { pace: 'lookup' }, // so that nobody can read all customers
      schema: showUnmaskedSchema,
    },
    showUnmasked(parts),
  )
}

const showUnmaskedSchema = {
  summary: 'Shows fields of a customer unmasked, and puts the reading on record',
  description: 'Customers read their own without a reason; staff and admins say why.',
  tags: ['personal data'],
  params: Type.Object({ id: EntityId }),
  querystring: unmaskedQuery(Object.keys(fields)),
  response: answers(
    { 200: Unmasked },
    'customer_not_found',
    'customer_erased',
    'not_own_customer',
    'validation_failed',
  ),
}

const showUnmasked =
  (parts: Parts): Handler<typeof showUnmaskedSchema> =>
  async (request, reply) => {
    const { unitOfWork, vault, clock } = parts
    const { id } = request.params
    expectOwn(request, id, 'customer_not_found')
    await expectOwnCustomer(request, id, parts)
    const asked = fieldsIn<Field>(request.query.fields)
    const reader = readerOf(request, request.query.reason)
    const shown = await unitOfWork(async (tx, send) => {
      const [customer] = await findCustomers(tx, vault, [id])
      if (!customer) throw new Problem('customer_not_found')
      if (customer.status === 'erased') throw new Problem('customer_erased')
      const at = clock.now()
      const access = { ...reader, at, about: 'customer' as const, about_id: id, fields: asked }
      await recordAccesses(tx, [access])
      if (reader.role !== 'customer')
        await tellCustomer(tx, send, parts, { customer_id: id, kind: 'data_read', email: null }, at)
      return Object.fromEntries(asked.map((name) => [name, customer[name]])) as Omit<Static<typeof Unmasked>, 'id'>
    })
    return reply.header('cache-control', 'no-store').send({ id, ...shown })
  }
