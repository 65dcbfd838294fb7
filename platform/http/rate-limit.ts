/**
 * How often one client may ask: per address and per identity, and more strictly where money moves or identifiers can be
 * tried out. A client that asks too often is answered 429 with `Retry-After`. A bad token and a wrongly signed webhook count
 * as guesses of their address once they have failed. Callers at the same address who prove who they are, or whose token was
 * good until lately, are never refused for them.
 * Each process counts on its own: with `n` processes a client may ask up to `n` times as often.
 */
import type { FastifyRequest } from 'fastify'
import { Counter } from 'prom-client'
import type { Config } from '../config.ts'
import { Problem, problemBody } from '../problem.ts'
import type { Telemetry } from '../telemetry.ts'
import { type Caller, callerOf, isExpired } from './auth.ts'
import { addressKey, isLoopback } from './client-address.ts'
import { heldAnswers } from './held-answers.ts'
import { languageOf } from './language.ts'
import { type Pace, paceOf, type Standing } from './rate-limit-pace.ts'
import type { HttpApp } from './server.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * `purchase`: it moves money. `lookup`: its answer tells whether an identifier exists, or shows one unmasked. `unlimited`: a
     * peer that proves itself calls it, in bursts that must not be refused; wrong proofs still count as guesses.
     */
    pace?: 'purchase' | 'lookup' | 'unlimited'
    /** The route looks at every record that fits, and not only at a page of them. */
    looksAtAll?: true
    /** As many records as it costs to answer. */
    costs?: number
  }
}

/** Requests a minute; 0: no limit. */
export interface RateLimits {
  readonly perAddress: number
  readonly perIdentity: number
  readonly purchases: number
  readonly lookups: number
  readonly guesses: number
  /** Whether the limits hold for clients on this machine too. Guesses and customers are always counted. */
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

/** Operators and load balancers watch the service by them, so they are counted by themselves: whoever asks for other things too often may still watch. */
const WATCHED: readonly (string | undefined)[] = ['/health', '/ready', '/metrics']
/** Staff act for many customers from one counter, so they may ask more often. */
const STAFF_FACTOR = 20

type RuleName = 'address' | 'watch' | 'identity' | 'purchase' | 'lookup' | 'guess'

/** Call it after `shedLoad` and before tokens are verified. `now`: milliseconds of a clock that never goes back. */
export function limitRates(app: HttpApp, limits: RateLimits, { registry }: Telemetry, now = () => performance.now()) {
  const limited = new Counter({
    name: 'mercado_http_rate_limited_total',
    help: 'Requests that were refused because their client asked too often',
    labelNames: ['rule'],
    registers: [registry],
  })
  const paces = pacesOf(limits)
  for (const rule of Object.keys(paces)) limited.inc({ rule }, 0)
  const tightest = new WeakMap<FastifyRequest, Ruled>()
  const refused = new WeakSet<FastifyRequest>()
  /** Kept, because a closed connection no longer tells its address when the answer is sent. */
  const addresses = new WeakMap<FastifyRequest, string>()
  const addressOf = (request: FastifyRequest) => addresses.get(request) ?? ''
  const hold = heldAnswers(now)

  function count(request: FastifyRequest, rule: RuleName, key: string, factor = 1) {
    const costs = rule === 'address' || rule === 'identity' ? costOf(request) : 1
    const standing = paces[rule].take(key, now(), factor, costs)
    if (!standing) return
    const before = tightest.get(request)
    if (!before || standing.remaining / standing.limit <= before.remaining / before.limit)
      tightest.set(request, { rule, ...standing })
    if (standing.allowed) return
    refused.add(request)
    limited.inc({ rule })
    throw new Problem('rate_limited', { retry_after: standing.retryAfterSeconds })
  }

  app.addHook('onRequest', (request, _reply, done) => {
    const { url, config } = request.routeOptions
    const address = addressKey(request.ip)
    addresses.set(request, address)
    if (config.pace === 'unlimited' || isExempt(request)) return done()
    if (WATCHED.includes(url)) count(request, 'watch', address)
    else if (!mayGuess(request)) count(request, 'address', address)
    done()
  })

  // the first hook after all of `onRequest`: the caller is known by now, and the body is still unread
  app.addHook('preParsing', (request, _reply, payload, done) => {
    const { url, config } = request.routeOptions
    const caller = callerOf(request)
    const free = WATCHED.includes(url) || config.pace === 'unlimited' || caller.role === 'service'
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
    const guess = hasGuessed ? paces.guess.take(addressOf(request), now()) : undefined
    // an answer that is passed on comes from a service that counts too
    if (guess && !guess.allowed && typeof payload === 'string') {
      limited.inc({ rule: 'guess' })
      const retry_after = guess.retryAfterSeconds
      reply.code(429).headers({ 'retry-after': String(retry_after), ...paceHeaders({ rule: 'guess', ...guess }) })
      return hold(addressOf(request), () => done(null, refusalOf(request, retry_after)))
    }
    const standing = tightest.get(request)
    if (standing) reply.headers(paceHeaders(standing))
    if (refused.has(request)) return hold(addressOf(request), () => done(null, payload))
    done(null, payload)
  })

  /** Also by its connection: a header alone does not prove that a client is on this machine. */
  const isExempt = ({ ip, socket }: FastifyRequest) =>
    !limits.loopback && isLoopback(ip) && isLoopback(socket.remoteAddress ?? '')
}

const pacesOf = (limits: RateLimits): Readonly<Record<RuleName, Pace>> => ({
  address: paceOf(limits.perAddress),
  watch: paceOf(limits.perAddress),
  identity: paceOf(limits.perIdentity),
  purchase: paceOf(limits.purchases),
  lookup: paceOf(limits.lookups),
  guess: paceOf(limits.guesses),
})

const refusalOf = ({ url, headers }: FastifyRequest, retry_after: number) =>
  JSON.stringify(
    problemBody('rate_limited', url.split('?')[0] ?? url, { retry_after }, languageOf(headers['accept-language'])),
  )

interface Ruled extends Standing {
  readonly rule: RuleName
}

const WINDOW_SECONDS = 60

/** By draft-ietf-httpapi-ratelimit-headers-10, and by the draft that clients read before it. */
const paceHeaders = ({ rule, limit, remaining, resetSeconds }: Ruled) => ({
  'ratelimit-policy': `"${rule}";q=${limit};w=${WINDOW_SECONDS}`,
  ratelimit: `"${rule}";r=${remaining};t=${resetSeconds}`,
  'ratelimit-limit': limit,
  'ratelimit-remaining': remaining,
  'ratelimit-reset': resetSeconds,
})

/** A page of 100 costs as much as four records, a search three more, and a look at every record that fits as much as two full pages. */
function costOf({ query, routeOptions: { schema, config } }: FastifyRequest): number {
  const { limit = LIST, q, ids } = query as { readonly limit?: string; readonly q?: string; readonly ids?: string }
  const known = (schema?.querystring as { readonly properties?: object } | undefined)?.properties ?? {}
  const search = q === undefined ? 0 : SEARCH
  if (config.costs !== undefined) return config.costs
  if (config.looksAtAll) return Math.ceil((2 * MOST) / ROWS_AS_ONE) + search
  if (!('limit' in known)) return 1
  const rows = ids === undefined ? Math.min(Math.max(Number(limit) || LIST, 1), MOST) : String(ids).split(',').length
  return Math.ceil(Math.min(rows, MOST_IDS) / ROWS_AS_ONE) + search
}

const [LIST, MOST, MOST_IDS, ROWS_AS_ONE, SEARCH] = [50, 100, 128, 25, 3]

/** A request without a token is no guess. */
const mayGuess = ({ headers }: FastifyRequest) =>
  headers.authorization !== undefined || headers['x-signature'] !== undefined

const identityOf = ({ role, customer_id, subject }: Caller): string | undefined =>
  role === 'nobody' ? undefined : `${role}:${(role === 'customer' ? customer_id : subject) ?? ''}`
