/**
 * A service with too much to do refuses new work at once, instead of answering everybody late: when too many requests are
 * under way, or when the event loop has been late for a while. Nothing is begun for a refused request. Requests of operators,
 * and requests that finish work under way, are never refused.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { FastifyRequest } from 'fastify'
import { Counter, Gauge } from 'prom-client'
import { Problem } from '../problem.ts'
import type { Telemetry } from '../telemetry.ts'
import type { HttpApp } from './server.ts'

export interface LoadLimits {
  /** The most requests under way at once; event streams do not count. */
  readonly requestsInFlight: number
  /** How late the event loop may be, again and again, for more than a second. */
  readonly loopDelayMs: number
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** For requests that finish work under way: refusing them would make an overload worse. */
    neverShed?: boolean
  }
}

/** An operator watches the service by them. */
const ALWAYS_ANSWERED: readonly (string | undefined)[] = ['/health', '/ready', '/metrics']
const REFUSED = 429
/** A refused client is told to come again after 1 to so many seconds, so that not all come at once. */
const SPREAD_SECONDS = 4

/** Call it before any hook that does work is added: a refused request should cost nothing. */
export function shedLoad(
  app: HttpApp,
  { requestsInFlight, loopDelayMs }: LoadLimits,
  { registry }: Telemetry,
  watch: LoopWatch = theLoop(),
): void {
  const underWay = new Set<FastifyRequest>()
  const registers = [registry]
  const shed = new Counter({
    name: 'mercado_http_shed_total',
    help: 'Requests that were turned away',
    labelNames: ['reason'],
    registers,
  })
  for (const reason of ['in_flight', 'loop_delay']) shed.inc({ reason }, 0)
  new Gauge({
    name: 'mercado_http_in_flight',
    help: 'Requests under way',
    registers,
    collect() {
      this.set(underWay.size)
    },
  })
  new Gauge({
    name: 'mercado_event_loop_delay_seconds',
    help: 'How late the event loop was at worst, lately',
    registers,
    collect() {
      this.set(watch.latelyMs() / 1_000)
    },
  })
  let turnedAway = 0

  function turnAway(reason: string): never {
    shed.inc({ reason })
    turnedAway += 1
    throw new Problem('overloaded', { retry_after: 1 + (turnedAway % SPREAD_SECONDS) })
  }

  app.addHook('onRequest', (request, reply, done) => {
    const { url, config } = request.routeOptions
    if (config.neverShed || ALWAYS_ANSWERED.includes(url)) return done()
    if (underWay.size >= requestsInFlight) turnAway('in_flight')
    if (watch.sustainedMs() > loopDelayMs) turnAway('loop_delay')
    underWay.add(request)
    reply.raw.once('close', () => underWay.delete(request)) // for every request, answered or abandoned
    done()
  })
  app.addHook('onSend', (request, reply, payload, done) => {
    const isStream = reply.getHeader('content-type')?.toString().startsWith('text/event-stream')
    // a refusal may be held back, and does no work meanwhile
    if (isStream || reply.statusCode === REFUSED) underWay.delete(request)
    done(null, payload)
  })
}

export interface LoopWatch {
  /** The worst delay of the event loop in the last window, in milliseconds. */
  latelyMs(): number
  /** The delay that each of the last windows had, in milliseconds: one long pause alone does not count. */
  sustainedMs(): number
}

const WINDOW_MS = 500
const WINDOWS = 3
const RESOLUTION_MS = 20

/** The timer does not keep the process alive. */
export function loopWatch(windowMs = WINDOW_MS): LoopWatch & Disposable {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delays.enable()
  let worst = Array.from({ length: WINDOWS }, () => 0)
  let lookedAt = performance.now()
  const timer = setInterval(() => {
    const now = performance.now()
    const own = now - lookedAt - windowMs // `delays` forgets a pause when its reset comes before its next sample
    worst = [...worst.slice(1), Math.max(delays.max / 1e6 - RESOLUTION_MS, own, 0)]
    lookedAt = now
    delays.reset()
  }, windowMs)
  timer.unref()
  return {
    latelyMs: () => worst.at(-1) ?? 0,
    sustainedMs: () => Math.min(...worst),
    [Symbol.dispose]() {
      clearInterval(timer)
      delays.disable()
    },
  }
}

let one: LoopWatch | undefined

/** A process has one event loop, however many servers. */
const theLoop = (): LoopWatch => {
  one ??= loopWatch()
  return one
}
