/**
 * Entity tags (RFC 9110, section 8.8): the version of a row as its reader saw it, so that a later `If-Match` tells
 * whether somebody has changed it since. The version is PostgreSQL's own: `xmin`, the transaction that last wrote the row.
 */
import { createHash } from 'node:crypto'
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

/** The tag of a whole answer, made from its content. It is weak, because the answer may be compressed on its way. */
export const weakEtagOf = (content: unknown): string =>
  `W/"${createHash('sha256').update(JSON.stringify(content)).digest('base64url').slice(0, 27)}"`

/** Whether the reader has this version already (RFC 9110, section 13.1.2): answered with 304 and no body. */
export function hasAlready(request: FastifyRequest, etag: string): boolean {
  const condition = request.headers['if-none-match']
  if (condition === undefined) return false
  const weak = (tag: string) => tag.trim().replace(/^W\//, '')
  return condition.trim() === '*' || condition.split(',').some((tag) => weak(tag) === weak(etag))
}

/** Throws the problem `precondition_failed` when the request names only other versions. `*` is any version. */
export function checkIfMatch(request: FastifyRequest, current: Versioned): void {
  const condition = request.headers['if-match']
  if (condition === undefined || condition.trim() === '*') return
  const tags = condition.split(',').map((tag) => tag.trim())
  if (!tags.includes(etagOf(current))) throw new Problem('precondition_failed')
}
