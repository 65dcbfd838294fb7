/** Who is calling, and whether they may: the bearer token of each request, and the table of permissions. */
import type { FastifyRequest } from 'fastify'
import { decodeJwt, errors } from 'jose'
import type { Permission, Permissions, ProblemName, Scope, Role as TokenRole } from '#contracts'
import { Problem } from '../problem.ts'
import type { HttpApp } from './server.ts'

type Role = TokenRole | 'nobody'

export interface Caller {
  readonly role: Role
  /** Set for customers, and for staff and admins who have a customer record of their own. */
  readonly customer_id?: number
  /** For staff. */
  readonly scope?: Scope
  /** Percent by which this person may lower a price alone, when it differs from the general limit. */
  readonly discount_limit?: number
  /** Whether this customer has proved that a contact is theirs; absent when the provider does not say. */
  readonly contact_proven?: boolean
  /** The token's `sub`: which person or service it is. */
  readonly subject?: string
}

/** How a server finds out about its callers. */
export interface Access {
  /** The caller that a token proves; throws when it proves nothing. */
  verify(token: string): Promise<Caller>
  readonly permissions: Permissions
}

const NOBODY: Caller = { role: 'nobody' }

const callers = new WeakMap<FastifyRequest, Caller>()
const expired = new WeakSet<FastifyRequest>()

export const callerOf = (request: FastifyRequest): Caller => callers.get(request) ?? NOBODY

/** The author for records: the role, and the subject when the token names one. */
export const nameOf = ({ role, subject }: Caller): string =>
  subject === undefined || subject === role ? role : `${role} ${subject}`

/** Whether identifiers are shown whole. */
export const seesWhole = ({ role }: Caller): boolean => role === 'staff' || role === 'admin' || role === 'service'

/** Whether the caller works here, and may see and do for any customer. */
export const isStaff = ({ role }: Caller): boolean => role === 'staff' || role === 'admin'

/** Whether the caller is a mere seller, who sees their own sales and customers only, and moves no money. */
export const isSeller = ({ role, scope }: Caller): boolean => role === 'staff' && scope === 'seller'

/** Whether the caller is told why a customer is blocked: not a seller, not the customer. */
export const seesReasons = (caller: Caller): boolean => seesWhole(caller) && !isSeller(caller)

/** Throws `own_record` when staff or an admin acts on their own customer record. */
export function refuseOwnRecord(request: FastifyRequest, customer_id: number): void {
  const caller = callerOf(request)
  if (isStaff(caller) && caller.customer_id === customer_id) throw new Problem('own_record')
}

/** The only customer whose things the caller may see; undefined: any customer's. */
export const onlyCustomer = (request: FastifyRequest): number | undefined => {
  const { role, customer_id } = callerOf(request)
  return role === 'customer' ? customer_id : undefined
}

/** Throws `otherwise`, a 404 as a rule, when the caller is a customer and not this one. */
export function expectOwn(request: FastifyRequest, customer_id: number, otherwise: ProblemName): void {
  const only = onlyCustomer(request)
  if (only !== undefined && only !== customer_id) throw new Problem(otherwise)
}

/** When the caller's token ends, in milliseconds; undefined: no token was proved. */
export const tokenEndOf = (request: FastifyRequest): number | undefined =>
  callers.has(request) ? (decodeJwt(tokenIn(request) ?? '').exp ?? 0) * 1_000 : undefined

/** Whether its token was valid once: such a token is no guess. */
export const isExpired = (request: FastifyRequest): boolean => expired.has(request)

const tokenIn = ({ headers }: FastifyRequest): string | undefined =>
  /^Bearer ([\w.-]+)$/i.exec(headers.authorization ?? '')?.[1]

/** So a stolen key opens only the routes that its own service needs. */
const isAnother = ({ who, services }: Permission, { subject }: Caller): boolean =>
  who !== 'everybody' && !services?.some((name) => name === subject)

/** Throws 401 to those who showed no token, and 403 to the others. */
export function refuse(request: FastifyRequest): never {
  throw new Problem(callerOf(request).role === 'nobody' ? 'bad_token' : 'forbidden')
}

/**
 * Refuses every call that the table does not grant. Call it before the first route, and after the rate limits. A route
 * without a row throws when it is declared, so its service does not start.
 */
export function guardRoutes(app: HttpApp, { verify, permissions }: Access) {
  const permissionOf = (method: string, path: string): Permission | undefined =>
    permissions[`${method === 'HEAD' ? 'GET' : method} ${path}`]

  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat())
      if (!permissionOf(one, url)) throw new Error(`contracts/permissions.ts does not say who may call ${one} ${url}`)
  })

  app.addHook('onRequest', async (request) => {
    const { authorization } = request.headers
    if (authorization === undefined) return
    const token = tokenIn(request)
    if (!token) throw new Problem('bad_token')
    const caller = await verify(token).catch((error) => {
      if (error instanceof errors.JWTExpired) expired.add(request)
      throw new Problem('bad_token')
    })
    callers.set(request, caller)
  })

  // after the rate limits, which count by the caller that the hook above has found
  app.addHook('preParsing', (request, _reply, payload, done) => {
    const { url, method } = request.routeOptions
    if (url === undefined) return done(null, payload) // anybody may learn that there is no such route
    const permission = permissionOf([method].flat()[0] ?? '', url)
    const caller = callerOf(request)
    const { role } = caller
    const may = permission?.who === 'everybody' || (role !== 'nobody' && permission?.who.includes(role))
    if (!may || (permission?.operators && isSeller(caller))) refuse(request)
    if (role === 'service' && permission && isAnother(permission, caller)) refuse(request)
    if (url.startsWith('/customers/:id') && !['GET', 'HEAD'].includes(request.method))
      refuseOwnRecord(request, Number((request.params as { id: string }).id))
    done(null, payload)
  })
}
