/** The routes of customers: register, look up, amend. */
import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { EntityId, EntityIds } from '#contracts'
import { type Author, authorName, authorOf, IdempotencyHeaders, once, writeJournal } from '#host'
import type { Tx } from '#platform/database/database'
import { answers } from '#platform/http/app'
import { callerOf, expectOwn, isSeller, isStaff, refuse, seesReasons } from '#platform/http/auth'
import { etagOf } from '#platform/http/etag'
import { cursorAt, pageByPlace, pageOf, placeBehind } from '#platform/http/page'
import type { Handler, HttpApp } from '#platform/http/server'
import { toCents } from '#platform/money'
import { Problem } from '#platform/problem'
import { insertMarked } from '../credit/credit-store.ts'
import { idsByBeginnings } from '../customers/beginnings-store.ts'
import {
  type CustomerRow,
  countCustomers,
  findCustomers,
  findForList,
  insertCustomer,
  listCustomers,
  writeRegistrar,
} from '../customers/customer-store.ts'
import { seesContact } from '../customers/own-customers.ts'
import { countShown, recordShown } from '../customers/readings.ts'
import type { CustomerStatus } from '../domain/customer.ts'
import { movements } from '../domain/ledger.ts'
import { SHORTEST, soughtIn } from '../domain/name-beginnings.ts'
import { meetBlock } from '../rights/blocked-documents-store.ts'
import { recordChanges, recorderOf } from '../rights/changes.ts'
import { amendCustomer, amendCustomerSchema } from './amendment.ts'
import { expectEmailOf, NewCustomerBody, newCustomerFrom } from './customer-body.ts'
import type { RouteParts } from './parts.ts'
import { taken } from './taken.ts'
import { CustomerAnswer, CustomerPage, CustomerStatusSchema, listedOf, viewOf } from './views.ts'

const Params = Type.Object({ id: EntityId })

const CustomerQuery = Type.Object({
  status: Type.Optional(CustomerStatusSchema),
  ids: Type.Optional(
    Type.String({
      ...EntityIds,
      description: 'At most 128 ids, comma-separated: those that exist, on one page; nothing else is looked at',
    }),
  ),
  q: Type.Optional(
    Type.String({
      maxLength: 100,
      format: 'text',
      description: 'Beginnings of words of the name, of three letters or more; accents and case do not count',
      examples: ['conc reis'],
    }),
  ),
  ...pageByPlace,
})

const tags = ['customers']

export const customerRoutes = (parts: RouteParts) => (app: HttpApp) => {
  app.post(
    '/customers',
    {
      config: { pace: 'lookup' }, // a refusal reveals that a document or an e-mail is known here
      schema: registerCustomerSchema,
    },
    registerCustomer(parts),
  )
  app.get('/customers', { schema: showCustomersSchema }, showCustomers(parts))
  app.get('/customers/:id', { schema: showCustomerSchema }, showCustomer(parts))
  // a refusal tells that an e-mail is known here
  app.put('/customers/:id', { config: { pace: 'lookup' }, schema: amendCustomerSchema }, amendCustomer(parts))
}

const registerCustomerSchema = {
  summary: 'Registers a customer',
  tags,
  headers: IdempotencyHeaders,
  body: NewCustomerBody,
  response: answers(
    { 201: CustomerAnswer },
    'customer_exists',
    'registration_above_limit',
    'idempotency_key_reused',
    'validation_failed',
  ),
}

const registerCustomer =
  (parts: RouteParts): Handler<typeof registerCustomerSchema> =>
  async (request, reply) => {
    const { database, vault, clock } = parts
    const { initial_balance = 0, credit_limit = 0 } = request.body
    if (initial_balance > 0 || credit_limit > 0)
      expectMayGive(request, parts, toCents(initial_balance), toCents(credit_limit))
    expectEmailOf(callerOf(request), request.body.email)
    const now = clock.now()
    const wanted = newCustomerFrom(request.body, now)
    const whole = seesReasons(callerOf(request))
    const { customer, etag } = await once<{ customer: Static<typeof CustomerAnswer>; etag: string }>(
      request,
      parts,
      (keep) =>
        database
          .transaction(async (tx) => {
            const created = await meetBlock(tx, vault, await insertCustomer(tx, vault, wanted, now), now)
            recordChanges(tx, undefined, created, occasionOf(request, now, parts))
            if (isStaff(callerOf(request))) await recordRegistration(tx, parts, created, authorOf(request), now)
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
    const { status = null, ids, q, limit, cursor } = request.query
    const whole = seesReasons(callerOf(request))
    const timestamp = clock.now().toISOString()
    if (ids !== undefined) {
      const named = await database.transaction(async (tx) => {
        const found = await findForList(tx, vault, ids.split(',').map(Number))
        await countShown(tx, request, found.length, parts)
        return found
      })
      const customers = named.map((one) => listedOf(one, whole))
      return { customers, total: customers.length, next_cursor: null, timestamp }
    }
    const [after] = cursor === undefined ? [0] : placeBehind(cursor, 1)
    const [found, total] = await (q === undefined
      ? Promise.all([listCustomers(database, vault, status, after, limit + 1), countCustomers(database, status)])
      : listByName(parts, q, status, after, limit + 1))
    const { page, next_cursor } = pageOf(found, limit, ({ id }) => cursorAt(id))
    await database.transaction((tx) => countShown(tx, request, page.length, parts))
    return { customers: page.map((one) => listedOf(one, whole)), total, next_cursor, timestamp }
  }

/** The most customers that a search looks at. When more share a name, some are left out, and `total` is this plus one. */
const NAMESAKES = 1_000

async function listByName(
  { database, vault }: RouteParts,
  q: string,
  status: CustomerStatus | null,
  after: number,
  limit: number,
): Promise<[CustomerRow[], number]> {
  const sought = soughtIn(q)
  if (sought.length === 0)
    throw new Problem('validation_failed', {
      errors: [{ path: '/querystring/q', message: `must have a word of ${SHORTEST} letters or more` }],
    })
  const ids = await idsByBeginnings(database, vault, sought, 0, NAMESAKES)
  const found = await findCustomers(database, vault, ids)
  const fitting = found
    .filter((one) => status === null || one.status === status)
    .sort((one, other) => one.id - other.id)
  return [fitting.filter(({ id }) => id > after).slice(0, limit), fitting.length]
}

const showCustomerSchema = {
  summary: 'Shows a customer',
  description:
    'Contact data whole, so that a reading by those who work here is on the access log. Sellers see it so of customers whom they registered or to whom they sell; of others masked.',
  tags,
  params: Params,
  response: answers({ 200: CustomerAnswer }, 'customer_not_found', 'too_many_customers_read', 'validation_failed'),
}

const showCustomer =
  (parts: RouteParts): Handler<typeof showCustomerSchema> =>
  async (request, reply) => {
    const { id } = request.params
    expectOwn(request, id, 'customer_not_found')
    const isShown = await seesContact(request, id, parts)
    const customer = await parts.database.transaction(async (tx) => {
      const [found] = await findCustomers(tx, parts.vault, [id])
      if (!found) throw new Problem('customer_not_found')
      if (isShown) await recordShown(tx, request, found, parts)
      else await countShown(tx, request, 1, parts)
      return found
    })
    const view = isShown ? viewOf : listedOf
    return reply.header('etag', etagOf(customer)).send(view(customer, seesReasons(callerOf(request))))
  }

/** Only staff and admins may give money at registration, up to the limit of one person. */
function expectMayGive(request: FastifyRequest, parts: RouteParts, balance_cents: number, limit_cents: number) {
  const caller = callerOf(request)
  if (!isStaff(caller) || isSeller(caller)) refuse(request)
  const isTooMuch = balance_cents > parts.adjustmentLimit || limit_cents > parts.creditLimit
  if (isTooMuch && parts.approvals.needsAnother(authorOf(request))) throw new Problem('registration_above_limit')
}

async function recordRegistration(tx: Tx, { vault }: RouteParts, created: CustomerRow, by: Author, at: Date) {
  const { id, account_balance_cents, credit_limit_cents } = created
  const mark = { author: authorName(by), reason: null, reference: null, approval_id: null }
  insertMarked(tx, movements(undefined, created, 'opening'), mark, at)
  writeRegistrar(tx, id, mark.author)
  const after = { account_balance_cents, credit_limit_cents }
  await writeJournal(tx, vault, [{ by, at, act: 'customer_registered', about: 'customer', about_id: id, after }])
}

const occasionOf = (request: FastifyRequest, at: Date, { consentText = '1' }: RouteParts) => ({
  at,
  recorded_by: recorderOf(request),
  text_version: consentText,
})
