/** The routes of customers: register, look up, amend. */
import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { EntityId } from '#contracts'
import { IdempotencyHeaders, once } from '#host'
import { violatedConstraint } from '#platform/database/database'
import { answers } from '#platform/http/app'
import { callerOf, expectOwn, isStaff, refuse, seesWhole } from '#platform/http/auth'
import { checkIfMatch, etagOf, IfMatchHeaders } from '#platform/http/etag'
import { cursorAt, pageByPlace, pageOf, placeBehind } from '#platform/http/page'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import { insertEntries } from '../credit/credit-store.ts'
import {
  countCustomers,
  findCustomers,
  insertCustomer,
  listCustomers,
  lockCustomer,
  updateCustomer,
} from '../customers/customer-store.ts'
import { countShown, recordShown } from '../customers/readings.ts'
import { amend } from '../domain/customer.ts'
import { movements } from '../domain/ledger.ts'
import { meetBlock } from '../rights/blocked-documents-store.ts'
import { recordChanges, recorderOf } from '../rights/changes.ts'
import { AmendmentBody, amendmentFrom, NewCustomerBody, newCustomerFrom } from './customer-body.ts'
import type { RouteParts } from './parts.ts'
import { CustomerAnswer, CustomerPage, CustomerStatusSchema, listedOf, viewOf } from './views.ts'

const Params = Type.Object({ id: EntityId })

const CustomerQuery = Type.Object({
  status: Type.Optional(CustomerStatusSchema),
  ids: Type.Optional(
    Type.String({
      pattern: '^[0-9]{1,16}(,[0-9]{1,16}){0,127}$',
      description: 'At most 128 ids, comma-separated: those that exist, on one page; nothing else is looked at',
    }),
  ),
  ...pageByPlace,
})

const tags = ['customers']

export const customerRoutes = (parts: RouteParts) => (app: HttpApp) => {
  app.post(
    '/customers',
    {
      config: { pace: 'lookup' }, // a refusal tells that a document or an e-mail is known here
      schema: registerCustomerSchema,
    },
    registerCustomer(parts),
  )
  app.get('/customers', { schema: showCustomersSchema }, showCustomers(parts))
  app.get('/customers/:id', { schema: showCustomerSchema }, showCustomer(parts))
  app.put('/customers/:id', { schema: amendCustomerSchema }, amendCustomer(parts))
}

const registerCustomerSchema = {
  summary: 'Registers a customer',
  tags,
  headers: IdempotencyHeaders,
  body: NewCustomerBody,
  response: answers({ 201: CustomerAnswer }, 'customer_exists', 'idempotency_key_reused', 'validation_failed'),
}

const registerCustomer =
  (parts: RouteParts): Handler<typeof registerCustomerSchema> =>
  async (request, reply) => {
    const { database, vault, clock } = parts
    const { initial_balance = 0, credit_limit = 0 } = request.body
    if ((initial_balance > 0 || credit_limit > 0) && !isStaff(callerOf(request))) refuse(request)
    const now = clock.now()
    const wanted = newCustomerFrom(request.body, now)
    const whole = seesWhole(callerOf(request))
    const { customer, etag } = await once<{ customer: Static<typeof CustomerAnswer>; etag: string }>(
      request,
      parts,
      (keep) =>
        database
          .transaction(async (tx) => {
            const created = await meetBlock(tx, vault, await insertCustomer(tx, vault, wanted, now), now)
            insertEntries(tx, movements(undefined, created, 'opening'), now)
            recordChanges(tx, undefined, created, occasionOf(request, now, parts))
            return keep(tx, { customer: viewOf(created, whole), etag: etagOf(created) }, created.id)
          })
          .catch(taken('customer_exists')),
    )
    return reply.code(201).header('etag', etag).send(customer)
  }

const showCustomersSchema = {
  summary: 'Lists customers, in the order of their ids',
  tags,
  querystring: CustomerQuery,
  response: answers({ 200: CustomerPage }, 'too_many_customers_read', 'validation_failed'),
}

const showCustomers =
  (parts: RouteParts): Handler<typeof showCustomersSchema> =>
  async (request) => {
    const { database, vault, clock } = parts
    const { status = null, ids, limit, cursor } = request.query
    const whole = seesWhole(callerOf(request))
    const timestamp = clock.now().toISOString()
    if (ids !== undefined) {
      const named = await database.transaction(async (tx) => {
        const found = await findCustomers(tx, vault, ids.split(',').map(Number))
        await countShown(tx, request, found.length, parts)
        return found
      })
      const customers = named.map((one) => listedOf(one, whole))
      return { customers, total: customers.length, next_cursor: null, timestamp }
    }
    const [after] = cursor === undefined ? [0] : placeBehind(cursor, 1)
    const [found, total] = await Promise.all([
      listCustomers(database, vault, status, after, limit + 1),
      countCustomers(database, status),
    ])
    const { page, next_cursor } = pageOf(found, limit, ({ id }) => cursorAt(id))
    await database.transaction((tx) => countShown(tx, request, page.length, parts))
    return { customers: page.map((one) => listedOf(one, whole)), total, next_cursor, timestamp }
  }

const showCustomerSchema = {
  summary: 'Shows a customer',
  description: 'Contact data whole, so that a reading by those who work here is on the access log.',
  tags,
  params: Params,
  response: answers({ 200: CustomerAnswer }, 'customer_not_found', 'too_many_customers_read', 'validation_failed'),
}

const showCustomer =
  (parts: RouteParts): Handler<typeof showCustomerSchema> =>
  async (request, reply) => {
    expectOwn(request, request.params.id, 'customer_not_found')
    const customer = await parts.database.transaction(async (tx) => {
      const [found] = await findCustomers(tx, parts.vault, [request.params.id])
      if (!found) throw new Problem('customer_not_found')
      await recordShown(tx, request, found, parts)
      return found
    })
    return reply.header('etag', etagOf(customer)).send(viewOf(customer, seesWhole(callerOf(request))))
  }

const amendCustomerSchema = {
  summary: 'Changes the fields that the body names',
  description:
    '`null` clears an optional field. `initial_balance` sets the balance; the difference is recorded as an adjustment.',
  tags,
  params: Params,
  headers: IfMatchHeaders,
  body: AmendmentBody,
  response: answers(
    { 200: CustomerAnswer },
    'customer_not_found',
    'customer_erased',
    'email_taken',
    'credit_limit_in_use',
    'too_many_customers_read',
    'precondition_failed',
    'validation_failed',
  ),
}

const amendCustomer =
  (parts: RouteParts): Handler<typeof amendCustomerSchema> =>
  async (request, reply) => {
    const { database, vault, clock } = parts
    expectOwn(request, request.params.id, 'customer_not_found')
    const { initial_balance, credit_limit } = request.body
    if ((initial_balance !== undefined || credit_limit !== undefined) && !isStaff(callerOf(request))) refuse(request)
    const now = clock.now()
    const amendment = amendmentFrom(request.body, now)
    const amended = await database
      .transaction(async (tx) => {
        const customer = await lockCustomer(tx, vault, request.params.id)
        if (!customer) throw new Problem('customer_not_found')
        checkIfMatch(request, customer)
        const after = amend(customer, amendment, now)
        if (typeof after === 'string') throw new Problem(after)
        insertEntries(tx, movements(customer, after, 'adjustment'), now)
        recordChanges(tx, customer, after, occasionOf(request, now, parts))
        await recordShown(tx, request, after, parts)
        return updateCustomer(tx, vault, after)
      })
      .catch(taken('email_taken'))
    return reply.header('etag', etagOf(amended)).send(viewOf(amended, seesWhole(callerOf(request))))
  }

const occasionOf = (request: FastifyRequest, at: Date, { consentText = '1' }: RouteParts) => ({
  at,
  recorded_by: recorderOf(request),
  text_version: consentText,
})

const taken = (problem: 'customer_exists' | 'email_taken') => (error: unknown) => {
  const constraint = violatedConstraint(error)
  const isTaken = constraint === 'customers_document_unique' || constraint === 'customers_email_unique'
  throw isTaken ? new Problem(problem) : error
}
