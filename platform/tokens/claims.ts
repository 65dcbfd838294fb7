/** What a verified token says about its bearer: the claims that are read here, and the caller that they make. */
import type { JWTPayload } from 'jose'
import { SCOPES, type Scope } from '#contracts'
import type { Caller } from '../http/auth.ts'

const ROLES: readonly unknown[] = ['customer', 'staff', 'admin', 'service']

/** The claims that are read; others are ignored. */
interface Claims {
  readonly role?: unknown
  readonly customer_id?: unknown
  readonly sub?: string | undefined
  readonly scope?: unknown
  readonly discount_limit?: unknown
  readonly contact_proven?: unknown
}

/** Throws when the claims name no role that exists here, a customer without a number, or staff of a scope that is none. */
export function callerFrom({ role, customer_id, sub, scope, discount_limit, contact_proven }: Claims): Caller {
  if (!ROLES.includes(role)) throw new Error('the token names no role')
  const number =
    typeof customer_id === 'string' && /^[1-9]\d{0,14}$/.test(customer_id) ? Number(customer_id) : customer_id
  const isCustomer = Number.isSafeInteger(number) && (number as number) >= 1
  if (!isCustomer && (role === 'customer' || ![undefined, null, ''].includes(customer_id as undefined)))
    throw new Error('the token names no customer')
  return {
    role: role as Caller['role'],
    ...(sub !== undefined && { subject: sub }),
    ...(isCustomer && role !== 'service' && { customer_id: number as number }),
    ...(typeof contact_proven === 'boolean' && { contact_proven }),
    ...(role === 'staff' && { scope: scopeFrom(scope) }),
    ...(role === 'staff' && discount_limit !== undefined && { discount_limit: percentFrom(discount_limit) }),
  }
}

function scopeFrom(claim: unknown): Scope {
  if (claim === undefined || claim === null) return 'operator'
  const scope = SCOPES.find((known) => known === claim)
  if (!scope) throw new Error('the token names no scope')
  return scope
}

function percentFrom(claim: unknown): number {
  if (typeof claim !== 'number' || !(claim >= 0 && claim <= 100))
    throw new Error('the token names no limit of discounts')
  return claim
}

/** OAuth's `scope` is a list of words, most of which are not ours; `seller` among them makes a seller. */
export const scopeIn = (found: unknown): Scope | undefined => {
  const words = typeof found === 'string' ? found.split(' ') : [found].flat()
  return SCOPES.find((known) => words.includes(known))
}

/** A claim by its whole name, as Auth0's `https://…/role`, or step by step, as Keycloak's `realm_access.roles`. */
export function claimAt(payload: JWTPayload, path: string): unknown {
  if (path in payload) return payload[path]
  let found: unknown = payload
  for (const step of path.split('.')) found = (found as Record<string, unknown> | undefined)?.[step]
  return found
}
