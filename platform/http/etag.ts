/**
 * Entity tags (RFC 9110, section 8.8): the version of a row as its reader saw it, so that a later `If-Match` tells
 * whether somebody has changed it since. The version is PostgreSQL's own: `xmin`, the transaction that last wrote the row.
 */
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { Problem } from '../problem.ts'

export interface Versioned {
  readonly id: number
  /** `select …, xmin::text as row_version` */
  readonly row_version: string
}

/** The `headers` schema of a route that takes `If-Match`. */
export const IfMatchHeaders = Type.Object({
  'if-match': Type.Optional(
    Type.String({ maxLength: 200, description: 'The ETag that was read: refused with 412 when it has changed since' }),
  ),
})

export const etagOf = ({ id, row_version }: Versioned): string => `"${id}.${row_version}"`

/** Throws the problem `precondition_failed` when the request names only other versions. `*` is any version. */
export function checkIfMatch(request: FastifyRequest, current: Versioned): void {
  const condition = request.headers['if-match']
  if (condition === undefined || condition.trim() === '*') return
  const tags = condition.split(',').map((tag) => tag.trim())
  if (!tags.includes(etagOf(current))) throw new Problem('precondition_failed')
}
