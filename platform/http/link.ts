/** The address of the next page of a list that is a bare array: it goes into a header (RFC 8288). */
import type { FastifyReply, FastifyRequest } from 'fastify'

/** The same request, behind `cursor`; null: there is no next page. */
export function linkNext(request: FastifyRequest, reply: FastifyReply, cursor: string | null): void {
  if (cursor === null) return
  const [path = '/'] = request.url.split('?')
  const asked = Object.entries(request.query as Record<string, unknown>).map(([name, value]) => [name, String(value)])
  const query = new URLSearchParams(Object.fromEntries([...asked, ['cursor', cursor]]))
  reply.header('link', `<${path}?${query}>; rel="next"`)
}
