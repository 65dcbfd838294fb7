/** Blocking: staff stop a customer from buying, and let them again. What the customer is buying already goes on. */
import { Type } from 'typebox'
import { EntityId } from '#contracts'
import { answers } from '#platform/http/app'
import { callerOf, seesWhole } from '#platform/http/auth'
import { checkIfMatch, etagOf, IfMatchHeaders } from '#platform/http/etag'
import type { HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import { type CustomerRow, lockCustomer, updateStanding } from '../customers/customer-store.ts'
import { block, unblock } from '../domain/customer.ts'
import { BlockBody, reasonFrom } from './customer-body.ts'
import type { RouteParts } from './parts.ts'
import { CustomerAnswer, viewOf } from './views.ts'

export const blockingRoutes =
  ({ database, vault, clock }: RouteParts) =>
  (app: HttpApp) => {
    const about = {
      tags: ['customers'],
      params: Type.Object({ id: EntityId }),
      headers: IfMatchHeaders,
      response: answers(
        { 200: CustomerAnswer },
        'customer_not_found',
        'customer_erased',
        'precondition_failed',
        'validation_failed',
      ),
    }

    app.post(
      '/customers/:id/block',
      {
        schema: {
          ...about,
          summary: 'Stops a customer from buying',
          description: 'Purchases in progress go on. Blocking a blocked customer gives another reason.',
          body: BlockBody,
        },
      },
      async (request, reply) => {
        const reason = reasonFrom(request.body)
        const blocked = await change(request.params.id, (customer) => {
          checkIfMatch(request, customer)
          return block(customer, reason, clock.now())
        })
        return reply.header('etag', etagOf(blocked)).send(viewOf(blocked, seesWhole(callerOf(request))))
      },
    )

    app.post(
      '/customers/:id/unblock',
      {
        schema: {
          ...about,
          summary: 'Lets a blocked customer buy again',
          description: 'A customer who is not blocked stays as they are.',
        },
      },
      async (request, reply) => {
        const unblocked = await change(request.params.id, (customer) => {
          checkIfMatch(request, customer)
          return unblock(customer, clock.now())
        })
        return reply.header('etag', etagOf(unblocked)).send(viewOf(unblocked, seesWhole(callerOf(request))))
      },
    )

    const change = (id: number, decide: (customer: CustomerRow) => CustomerRow | 'customer_erased') =>
      database.transaction(async (tx) => {
        const customer = await lockCustomer(tx, vault, id)
        if (!customer) throw new Problem('customer_not_found')
        const after = decide(customer)
        if (after === 'customer_erased') throw new Problem(after)
        return after === customer ? customer : updateStanding(tx, vault, after)
      })
  }
