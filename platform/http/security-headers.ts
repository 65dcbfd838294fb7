/**
 * Headers on every answer that tell browsers what to refuse: OWASP's list for REST services, constant. No answer may be
 * cached for others. The reference page may run its own scripts, known by their hash, and fetch from its own origin; other
 * answers may run and fetch nothing. Answers also carry the request's id, by which log lines are found when
 * somebody complains, and the version of the API.
 */
import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { HttpApp } from './server.ts'

/** https://cheatsheetseries.owasp.org/cheatsheets/REST_Security_Cheat_Sheet.html#security-headers */
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const

/** Raised by changes that break clients: docs/using.md says which these are. */
const API_VERSION = '1'

/** A route that sets one of them itself is left alone. */
export function secureHeaders(app: HttpApp): void {
  app.addHook('onRequest', (request, reply, done) => {
    secured(request, reply)
    done()
  })
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (typeof payload === 'string' && isPage(reply.getHeader('content-type')))
      reply.header('content-security-policy', pagePolicy(payload))
    done(null, payload)
  })
}

/** For an answer that is given before any hook runs. */
export const secured = ({ id }: Pick<FastifyRequest, 'id'>, reply: FastifyReply): FastifyReply =>
  reply.headers(HEADERS).header('x-request-id', id).header('x-api-version', API_VERSION)

const isPage = (type: unknown) => typeof type === 'string' && type.startsWith('text/html')

function pagePolicy(html: string): string {
  const scripts = [...html.matchAll(/<script\b(?![^>]*\bsrc=)[^>]*>([\s\S]*?)<\/script>/gi)].map(
    ([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  )
  return [
    "default-src 'self'",
    ["script-src 'self'", ...new Set(scripts)].join(' '),
    "style-src 'self' 'unsafe-inline'", // pages set styles on elements, and a style runs no code
    "img-src 'self' data: https:", // photos of vehicles are stored elsewhere
    "font-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}
