/**
 * How often one client may ask: per address and per identity, more strictly where money moves or identifiers can be
 * tried out. A client that asks too often is answered 429 with `Retry-After`. A token that proves nothing and a webhook that is
 * signed wrongly count as guesses, once they have failed: who shares the address and proves who they are is never refused for
 * them, nor is one whose token was good until lately.
 * Each process counts for itself: behind `n` of them a client may have up to `n` times as much.
 */
import type { FastifyRequest } from 'fastify'
import { Counter } from 'prom-client'
import type { Config } from '../config.ts'
import { Problem, problemBody } from '../problem.ts'
import type { Telemetry } from '../telemetry.ts'
import { type Caller, callerOf, isExpired } from './auth.ts'
import { addressKey, isLoopback } from './client-address.ts'
import { type Pace, paceOf, type Standing } from './rate-limit-pace.ts'
import type { HttpApp } from './server.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * `purchase`: it moves money. `lookup`: its answer tells whether an identifier exists, or shows one unmasked. `unlimited`: a peer calls it
     * that proves itself, in bursts that must not be refused (but its wrong proofs still count as guesses).
     */
    pace?: 'purchase' | 'lookup' | 'unlimited'
  }
}

/** Requests a minute; 0: as many as one likes. */
export interface RateLimits {
  readonly perAddress: number
  readonly perIdentity: number
  readonly purchases: number
  readonly lookups: number
  readonly guesses: number
  /** Whether they hold for clients on this machine too; guesses and customers are always counted. */
  readonly loopback: boolean
}

export const rateLimitsOf = (config: Config): RateLimits => ({
  perAddress: config.RATE_LIMIT_PER_ADDRESS,
  perIdentity: config.RATE_LIMIT_PER_IDENTITY,
  purchases: config.RATE_LIMIT_PURCHASES,
  lookups: config.RATE_LIMIT_LOOKUPS,
  guesses: config.RATE_LIMIT_GUESSES,
  loopback: config.RATE_LIMIT_LOOPBACK,
})

/** Those of whom an operator or a balancer learns how the service is. */
const NEVER_LIMITED: readonly (string | undefined)[] = ['/health', '/ready', '/metrics']
/** Staff act for many customers, from one counter. */
const STAFF_FACTOR = 20

type RuleName = 'address' | 'identity' | 'purchase' | 'lookup' | 'guess'

/** Call it after `shedLoad` and before whatever verifies tokens. `now`: milliseconds, never going back. */
export function limitRates(app: HttpApp, limits: RateLimits, { registry }: Telemetry, now = () => performance.now()) {
  const limited = new Counter({
    name: 'mercado_http_rate_limited_total',
    help: 'Requests that were refused because their client asked too often',
    labelNames: ['rule'],
    registers: [registry],
  })
  const paces: Readonly<Record<RuleName, Pace>> = {
    address: paceOf(limits.perAddress),
    identity: paceOf(limits.perIdentity),
    purchase: paceOf(limits.purchases),
    lookup: paceOf(limits.lookups),
    guess: paceOf(limits.guesses),
  }
  for (const rule of Object.keys(paces)) limited.inc({ rule }, 0)
  const tightest = new WeakMap<FastifyRequest, Standing>()
  /** Kept, because a connection that its client has left tells no address when the answer is sent. */
  const addresses = new WeakMap<FastifyRequest, string>()

  function count(request: FastifyRequest, rule: RuleName, key: string, factor = 1) {
    const costs = rule === 'address' || rule === 'identity' ? costOf(request) : 1
    const standing = paces[rule].take(key, now(), factor, costs)
    if (!standing) return
    const before = tightest.get(request)
    if (!before || standing.remaining / standing.limit <= before.remaining / before.limit)
      tightest.set(request, standing)
    if (!standing.allowed) refuse(rule, standing)
  }

  function refuse(rule: RuleName, { retryAfter }: Standing): never {
    limited.inc({ rule })
    throw new Problem('rate_limited', { retry_after: retryAfter })
  }

  app.addHook('onRequest', (request, _reply, done) => {
    const { url, config } = request.routeOptions
    if (NEVER_LIMITED.includes(url)) return done()
    const address = addressKey(request.ip)
    addresses.set(request, address)
    if (config.pace === 'unlimited' || isExempt(request)) return done()
    if (!mayGuess(request)) count(request, 'address', address)
    done()
  })

  // the first hook after all of `onRequest`: by now it is known who asks, and the body is still unread
  app.addHook('preParsing', (request, _reply, payload, done) => {
    const { url, config } = request.routeOptions
    const caller = callerOf(request)
    const free = NEVER_LIMITED.includes(url) || config.pace === 'unlimited' || caller.role === 'service'
    if (free || (isExempt(request) && caller.role !== 'customer')) return done(null, payload)
    if (mayGuess(request) && !isExempt(request)) count(request, 'address', addressKey(request.ip))
    const factor = caller.role === 'staff' || caller.role === 'admin' ? STAFF_FACTOR : 1
    const identity = identityOf(caller)
    if (identity) count(request, 'identity', identity, factor)
    const pace = config.pace
    if (pace && pace !== 'unlimited' && !(pace === 'lookup' && caller.role === 'admin'))
      count(request, pace, identity ?? addressKey(request.ip), factor)
    done(null, payload)
  })

  app.addHook('onSend', (request, reply, payload, done) => {
    const hasGuessed = reply.statusCode === 401 && mayGuess(request) && !isExpired(request)
    const guess = hasGuessed ? paces.guess.take(addresses.get(request) ?? '', now()) : undefined
    // an answer that is passed on is its service's, which counts too
    if (guess && !guess.allowed && typeof payload === 'string') {
      limited.inc({ rule: 'guess' })
      const { retryAfter } = guess
      reply.code(429).headers({ 'retry-after': String(retryAfter), ...paceHeaders(guess) })
      return done(null, JSON.stringify(problemBody('rate_limited', pathOf(request), { retry_after: retryAfter })))
    }
    const standing = tightest.get(request)
    if (standing) reply.headers(paceHeaders(standing))
    done(null, payload)
  })

  /** By its connection too: a header alone makes nobody a neighbour. */
  const isExempt = ({ ip, socket }: FastifyRequest) =>
    !limits.loopback && isLoopback(ip) && isLoopback(socket.remoteAddress ?? '')
}

const paceHeaders = ({ limit, remaining, reset }: Standing) => ({
  'ratelimit-limit': limit,
  'ratelimit-remaining': remaining,
  'ratelimit-reset': reset,
})

const pathOf = ({ url }: FastifyRequest): string => url.split('?')[0] ?? url

/** A page of 100 costs what four records do, and a search three more. */
function costOf({ query, routeOptions: { schema } }: FastifyRequest): number {
  const { limit = LIST, q } = query as { readonly limit?: string; readonly q?: string }
  const known = (schema?.querystring as { readonly properties?: object } | undefined)?.properties ?? {}
  if (!('limit' in known)) return 1
  const rows = Math.min(Math.max(Number(limit) || LIST, 1), MOST)
  return Math.ceil(rows / ROWS_AS_ONE) + (q === undefined ? 0 : SEARCH)
}

const [LIST, MOST, ROWS_AS_ONE, SEARCH] = [50, 100, 25, 3]

/** One who shows nothing guesses nothing. */
const mayGuess = ({ headers }: FastifyRequest) =>
  headers.authorization !== undefined || headers['x-signature'] !== undefined

const identityOf = ({ role, customer_id, subject }: Caller): string | undefined =>
  role === 'nobody' ? undefined : `${role}:${(role === 'customer' ? customer_id : subject) ?? ''}`
