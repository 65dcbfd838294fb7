/** The query that both lists of money share, and their pages. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { EntityId } from '#contracts'
import { onlyCustomer } from '#platform/http/auth'
import { linkNext } from '#platform/http/link'
import { idBehind, pageById, pageOf } from '#platform/http/page'

const Day = Type.Optional(Type.String({ format: 'date', description: 'In São Paulo, included' }))

export const stretch = { customer_id: Type.Optional(EntityId), from: Day, to: Day, ...pageById }

export const PAGED = 'The next page is where `Link: <…>; rel="next"` says.'

interface Stretched {
  readonly customer_id?: number
  readonly limit: number
  readonly cursor?: string
}

/** A customer sees only their own rows; a query for another customer's gives an empty list. */
export function filterIn<Query extends Stretched>(request: FastifyRequest, { limit: _, cursor, ...filter }: Query) {
  const own = onlyCustomer(request)
  const isForeign = own !== undefined && filter.customer_id !== undefined && filter.customer_id !== own
  return { ...filter, customer_id: isForeign ? 0 : (own ?? filter.customer_id), before: idBehind(cursor) }
}

/** `found` holds one more than the page, when there is one. */
export function pageIn<Row extends { readonly id: number }>(
  request: FastifyRequest,
  reply: FastifyReply,
  found: readonly Row[],
  limit: number,
): readonly Row[] {
  const { page, next_cursor } = pageOf(found, limit, ({ id }) => String(id))
  linkNext(request, reply, next_cursor)
  return page
}
