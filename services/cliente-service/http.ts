/** The routes of customers: register, look up, amend. */
import { Type } from 'typebox'
import { EntityId } from '#contracts'
import type { Clock } from '#platform/clock'
import { type Database, violatedConstraint } from '#platform/database'
import { answers, type HttpApp } from '#platform/http'
import { Problem } from '#platform/problem-json'
import { insertEntries } from './credit-store.ts'
import { AmendmentBody, amendmentFrom, NewCustomerBody, newCustomerFrom } from './customer-body.ts'
import {
  countCustomers,
  findCustomers,
  insertCustomer,
  listCustomers,
  lockCustomer,
  updateCustomer,
} from './customer-store.ts'
import { amend } from './domain/customer.ts'
import { movements } from './domain/ledger.ts'
import { CustomerPage, CustomerStatusSchema, CustomerView, viewOf } from './views.ts'

export interface RouteParts {
  readonly database: Database
  readonly clock: Clock
}

const Params = Type.Object({ id: EntityId })

const CustomerQuery = Type.Object({
  status: Type.Optional(CustomerStatusSchema),
  ids: Type.Optional(
    Type.String({
      pattern: '^[0-9]{1,15}(,[0-9]{1,15}){0,127}$',
      description: 'At most 128 ids, comma-separated: those that exist, on one page; nothing else is looked at',
    }),
  ),
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 50 }),
  cursor: Type.Optional(Type.String({ description: 'The `next_cursor` of the page before' })),
})

const tags = ['customers']

export const customerRoutes =
  ({ database, clock }: RouteParts) =>
  (app: HttpApp) => {
    app.post(
      '/customers',
      {
        schema: {
          summary: 'Registers a customer',
          tags,
          body: NewCustomerBody,
          response: answers({ 201: CustomerView }, 'customer_exists', 'validation_failed'),
        },
      },
      async (request, reply) => {
        const now = clock.now()
        const wanted = newCustomerFrom(request.body, now)
        const created = await database
          .transaction(async (tx) => {
            const customer = await insertCustomer(tx, wanted, now)
            await insertEntries(tx, movements(undefined, customer, 'opening'), now)
            return customer
          })
          .catch(taken('customer_exists'))
        return reply.code(201).send(viewOf(created))
      },
    )

    app.get(
      '/customers',
      {
        schema: {
          summary: 'Lists customers, in the order of their ids',
          tags,
          querystring: CustomerQuery,
          response: answers({ 200: CustomerPage }, 'validation_failed'),
        },
      },
      async ({ query: { status = null, ids, limit, cursor } }) => {
        const timestamp = clock.now().toISOString()
        if (ids !== undefined) {
          const customers = (await findCustomers(database, ids.split(',').map(Number))).map(viewOf)
          return { customers, total: customers.length, next_cursor: null, timestamp }
        }
        const after = cursor === undefined ? 0 : idBehind(cursor)
        const [found, total] = await Promise.all([
          listCustomers(database, status, after, limit + 1),
          countCustomers(database, status),
        ])
        const page = found.slice(0, limit)
        const last = found.length > limit ? page.at(-1) : undefined
        return { customers: page.map(viewOf), total, next_cursor: last ? cursorAt(last.id) : null, timestamp }
      },
    )

    app.get(
      '/customers/:id',
      {
        schema: {
          summary: 'Shows a customer',
          tags,
          params: Params,
          response: answers({ 200: CustomerView }, 'customer_not_found'),
        },
      },
      async ({ params: { id } }) => {
        const [customer] = await findCustomers(database, [id])
        if (!customer) throw new Problem('customer_not_found')
        return viewOf(customer)
      },
    )

    app.put(
      '/customers/:id',
      {
        schema: {
          summary: 'Changes the fields that the body names; initial_balance sets the balance, as an adjustment',
          tags,
          params: Params,
          body: AmendmentBody,
          response: answers(
            { 200: CustomerView },
            'customer_not_found',
            'email_taken',
            'credit_limit_in_use',
            'validation_failed',
          ),
        },
      },
      async ({ params: { id }, body }) => {
        const now = clock.now()
        const amendment = amendmentFrom(body, now)
        const amended = await database
          .transaction(async (tx) => {
            const customer = await lockCustomer(tx, id)
            if (!customer) throw new Problem('customer_not_found')
            const after = amend(customer, amendment, now)
            if (after === 'credit_limit_in_use') throw new Problem(after)
            await Promise.all([
              updateCustomer(tx, after),
              insertEntries(tx, movements(customer, after, 'adjustment'), now),
            ])
            return after
          })
          .catch(taken('email_taken'))
        return viewOf(amended)
      },
    )
  }

const taken = (problem: 'customer_exists' | 'email_taken') => (error: unknown) => {
  const constraint = violatedConstraint(error)
  const isTaken = constraint === 'customers_document_unique' || constraint === 'customers_email_unique'
  throw isTaken ? new Problem(problem) : error
}

const cursorAt = (id: number): string => Buffer.from(String(id)).toString('base64url')

function idBehind(cursor: string): number {
  const id = Buffer.from(cursor, 'base64url').toString()
  if (/^[0-9]{1,15}$/.test(id)) return Number(id)
  throw new Problem('validation_failed', { errors: [{ path: '/querystring/cursor', message: 'is not a cursor' }] })
}
