/** Blocking: staff stop a customer from buying, and allow it again. Running purchases go on. */
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { EntityId } from '#contracts'
import { authorName, authorOf, writeJournal } from '#host'
import { answers } from '#platform/http/app'
import { callerOf, seesWhole } from '#platform/http/auth'
import { checkIfMatch, etagOf, IfMatchHeaders } from '#platform/http/etag'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import { type CustomerRow, lockCustomer, markDeceased, updateStanding } from '../customers/customer-store.ts'
import { recordShown } from '../customers/readings.ts'
import { block, unblock } from '../domain/customer.ts'
import { forgetBlock } from '../rights/blocked-documents-store.ts'
import { BlockBody, reasonFrom } from './customer-body.ts'
import type { RouteParts } from './parts.ts'
import { CustomerAnswer, viewOf } from './views.ts'

const about = {
  tags: ['customers'],
  params: Type.Object({ id: EntityId }),
  headers: IfMatchHeaders,
  response: answers(
    { 200: CustomerAnswer },
    'customer_not_found',
    'customer_erased',
    'too_many_customers_read',
    'precondition_failed',
    'validation_failed',
  ),
}

export const blockingRoutes = (parts: RouteParts) => (app: HttpApp) => {
  app.post('/customers/:id/block', { schema: blockCustomerSchema }, blockCustomer(parts))
  app.post('/customers/:id/unblock', { schema: unblockCustomerSchema }, unblockCustomer(parts))
}

const blockCustomerSchema = {
  ...about,
  summary: 'Stops a customer from buying',
  description: 'Purchases in progress go on. Blocking a blocked customer gives another reason.',
  body: BlockBody,
}

const blockCustomer =
  (parts: RouteParts): Handler<typeof blockCustomerSchema> =>
  async (request, reply) => {
    const reason = reasonFrom(request.body)
    const blocked = await change(
      parts,
      request,
      (customer) => {
        checkIfMatch(request, customer)
        return block(customer, reason, parts.clock.now())
      },
      request.body.deceased,
    )
    return reply.header('etag', etagOf(blocked)).send(viewOf(blocked, seesWhole(callerOf(request))))
  }

const unblockCustomerSchema = {
  ...about,
  summary: 'Lets a blocked customer buy again',
  description: 'A customer who is not blocked stays as they are.',
}

const unblockCustomer =
  (parts: RouteParts): Handler<typeof unblockCustomerSchema> =>
  async (request, reply) => {
    const unblocked = await change(parts, request, (customer) => {
      checkIfMatch(request, customer)
      return unblock(customer, parts.clock.now())
    })
    return reply.header('etag', etagOf(unblocked)).send(viewOf(unblocked, seesWhole(callerOf(request))))
  }

const change = (
  parts: RouteParts,
  request: FastifyRequest<{ Params: { id: number } }>,
  decide: (customer: CustomerRow) => CustomerRow | 'customer_erased',
  deceased?: boolean,
) => {
  const { database, vault, clock } = parts
  return database.transaction(async (tx) => {
    const customer = await lockCustomer(tx, vault, request.params.id)
    if (!customer) throw new Problem('customer_not_found')
    const after = decide(customer)
    if (after === 'customer_erased') throw new Problem(after)
    if (after.status === 'active') await forgetBlock(tx, parts.vault, after)
    await recordShown(tx, request, after, parts)
    if (after === customer) return customer
    const by = authorOf(request)
    const isBlocked = after.status === 'blocked'
    // a later block for another reason does not change that they are dead
    if (deceased !== undefined || !isBlocked) markDeceased(tx, customer.id, isBlocked && deceased === true)
    const written = await updateStanding(tx, vault, after, authorName(by))
    await writeJournal(tx, vault, [
      {
        ...{ by, at: clock.now(), act: isBlocked ? 'customer_blocked' : 'customer_unblocked' },
        ...({ about: 'customer', about_id: customer.id } as const),
        before: { status: customer.status },
        after: { status: after.status, ...(deceased !== undefined && { is_deceased: deceased }) },
        // the reason of a block may hold personal data
        personal: {
          before: { blocked_reason: customer.blocked_reason },
          after: { blocked_reason: after.blocked_reason },
          reason: after.blocked_reason,
        },
      },
    ])
    return written
  })
}
