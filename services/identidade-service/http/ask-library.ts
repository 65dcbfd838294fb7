/**
 * From a route to the library and back. The library gets only what this file builds: our public origin, the request's cookies,
 * its Origin and browser, and the fields of the body that the route's schema knows. It never sees `Host` or forwarded headers.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ProblemName } from '#contracts'
import type { HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import { AUTH_PATH, type Library, type Way } from '../accounts/library.ts'
import type { RouteParts } from './parts.ts'

type AskParts = Pick<RouteParts, 'library' | 'publicOrigin'>

const PASSED = ['cookie', 'origin', 'user-agent'] as const

export function headersFor(request: FastifyRequest): Headers {
  const headers = new Headers()
  for (const name of PASSED) {
    const value = request.headers[name]
    if (typeof value === 'string') headers.set(name, value)
  }
  return headers
}

/** Passes the library's answer on, with its cookies. Throws the problem that stands for its refusal. */
export async function askLibrary(
  { library, publicOrigin }: AskParts,
  request: FastifyRequest,
  reply: FastifyReply,
  path: string,
  body?: object,
): Promise<unknown> {
  const headers = headersFor(request)
  if (body) headers.set('content-type', 'application/json')
  const asked = new Request(`${publicOrigin}${AUTH_PATH}${path}`, {
    method: body ? 'POST' : 'GET',
    headers,
    ...(body && { body: JSON.stringify(body) }),
  })
  return passOn(reply, await library.handler(asked))
}

export async function passOn(reply: FastifyReply, answer: Response): Promise<unknown> {
  for (const cookie of answer.headers.getSetCookie()) reply.header('set-cookie', cookie)
  const content: unknown = await answer.json().catch(() => null)
  if (answer.ok) return content
  throw new Problem(...problemOf(answer.status, content))
}

const WRONG_CODE: readonly string[] = [
  'INVALID_OTP',
  'OTP_EXPIRED',
  'TOO_MANY_ATTEMPTS',
  'USER_NOT_FOUND',
  'INVALID_CODE',
  'INVALID_BACKUP_CODE',
  'OTP_HAS_EXPIRED',
  'TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE',
  'ACCOUNT_TEMPORARILY_LOCKED',
]
const SIGN_IN_REFUSED: readonly string[] = [
  'INVALID_EMAIL_OR_PASSWORD',
  'EMAIL_NOT_VERIFIED',
  'FAILED_TO_CREATE_SESSION',
  'INVALID_TWO_FACTOR_COOKIE',
  'PASSKEY_NOT_FOUND',
  'AUTHENTICATION_FAILED',
]

function problemOf(status: number, content: unknown): [ProblemName, Record<string, unknown>] {
  const code = (content as { code?: unknown } | null)?.code
  const name = typeof code === 'string' ? code : ''
  if (WRONG_CODE.includes(name)) return ['wrong_code', {}]
  if (SIGN_IN_REFUSED.includes(name)) return ['sign_in_refused', {}]
  if (name === 'INVALID_PASSWORD') return ['wrong_password', {}]
  if (name === 'SESSION_NOT_FRESH') return ['session_not_fresh', {}]
  if (/ORIGIN|CROSS_SITE/.test(name)) return ['foreign_origin', {}]
  if (status === 401) return ['session_missing', {}]
  if (status >= 500) throw new Error(`the identity library answered ${status}`)
  return ['sign_in_step_refused', { code: name }]
}

export interface OpenSession {
  readonly session_id: string
  readonly token: string
  readonly user_id: string
  readonly way: Way
  readonly created_at: Date
}

export async function sessionOf(library: Library, request: FastifyRequest): Promise<OpenSession | undefined> {
  const found = await library.api.getSession({ headers: headersFor(request), query: { disableRefresh: true } })
  if (!found) return undefined
  const { id, token, userId, way, createdAt } = found.session
  return { session_id: id, token, user_id: userId, way: (way ?? 'password') as Way, created_at: createdAt }
}

/** Throws `session_missing`. */
export async function expectSession(library: Library, request: FastifyRequest): Promise<OpenSession> {
  const session = await sessionOf(library, request)
  if (!session) throw new Problem('session_missing')
  return session
}

/** Every POST below `/auth` must come from a page of ours: `web` passes the browser's Origin on. Call it before the routes. */
export function takeOwnPosts(app: HttpApp, publicOrigin: string): void {
  app.addHook('preHandler', ({ method, headers, routeOptions: { url } }, _reply, done) => {
    const mayBeForeign = method === 'GET' || method === 'HEAD' || !url?.startsWith('/auth/')
    if (!mayBeForeign && headers.origin !== publicOrigin) throw new Problem('foreign_origin')
    done()
  })
}
