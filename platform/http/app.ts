/**
 * An HTTP server of a service: strict validation, problem+json for everything that goes wrong, and its own OpenAPI
 * document and reference page.
 */

import { randomUUID } from 'node:crypto'
import { constants } from 'node:zlib'
import compress from '@fastify/compress'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import fastify, { type FastifyReply, LogController } from 'fastify'
import type { Logger } from 'pino'
import type { ProblemName } from '#contracts'
import { type Telemetry, telemetry as telemetryOf } from '../telemetry.ts'
import { type Access, guardRoutes } from './auth.ts'
import { trustedProxies } from './client-address.ts'
import {
  type ConnectionLimits,
  closeQuietConnections,
  connectionOptions,
  limitConnections,
  STANDARD_LIMITS,
} from './connections.ts'
import type { Figures } from './figures.ts'
import { takeJson } from './json-bodies.ts'
import { addMetricsRoute, measureRequests } from './metrics.ts'
import { type LoadLimits, shedLoad } from './overload.ts'
import { problemAnswers } from './problem-answers.ts'
import { answerWithProblems, type MethodsAt, sendProblem } from './problem-handlers.ts'
import { addProblemsPage } from './problems-page.ts'
import { keepToProtocol, targetOf } from './protocol.ts'
import { limitRates, type RateLimits } from './rate-limit.ts'
import { type About, describeRoutes } from './reference.ts'
import { secured, secureHeaders } from './security-headers.ts'
import { buildSerializer } from './serializing.ts'
import type { HttpApp } from './server.ts'
import { traceRequests } from './traces.ts'
import { validateRequests } from './validation.ts'

export interface HttpOptions extends About {
  readonly log: Logger
  /** Its name in traces; default: the title. */
  readonly service?: string
  /** Who may call which route. */
  readonly access: Access
  /** The metrics at `/metrics`; absent: the app's own, under its title. */
  readonly telemetry?: Telemetry
  /** Where figures are told instead of at `/metrics` here. */
  readonly figures?: Pick<Figures, 'add'> | undefined
  /** Default: generous ones. */
  readonly limits?: Partial<Limits>
  /** Absent: clients may ask as often as they like. */
  readonly rates?: RateLimits
  /** How many proxies in front of this server are believed when they name the client. */
  readonly proxies?: number
  /** Which methods a path takes, for an app that passes requests on; undefined: as the app's own routes say. */
  readonly methodsAt?: MethodsAt
}

type Limits = ConnectionLimits & LoadLimits

/** Bytes. */
export const BODY_LIMIT_BYTES = 256 * 1024

/** Compresses large answers in a coding that the client takes; no event streams. Threshold in bytes; quality of 11. */
const COMPRESSION = {
  globalDecompression: false,
  threshold: 1_024,
  encodings: ['br' as const, 'gzip' as const],
  brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
}

/** Hooks see a request in the order of these lines. */
export async function httpApp({
  log,
  access,
  telemetry: given,
  figures,
  limits: wanted,
  rates,
  proxies = 0,
  methodsAt,
  service = '',
  ...about
}: HttpOptions): Promise<HttpApp> {
  const telemetry = given ?? telemetryOf(about.title)
  const limits: Limits = { ...STANDARD_LIMITS, requestsInFlight: 2_000, loopDelayMs: 2_000, ...wanted }
  const app = bareApp(log, limits, proxies)
  limitConnections(app.server, limits)
  closeQuietConnections(app)
  secureHeaders(app)
  keepToProtocol(app)
  traceRequests(app, service || about.title)
  shedLoad(app, limits, telemetry)
  if (rates) limitRates(app, rates, telemetry)
  measureRequests(app, telemetry)
  guardRoutes(app, access)
  answerWithProblems(app, methodsAt)
  validateRequests(app)
  takeJson(app)
  await app.register(compress, COMPRESSION)
  await describeRoutes(app, access.permissions, about)
  addProblemsPage(app)
  if (figures) figures.add(about.title, telemetry)
  else addMetricsRoute(app, telemetry)
  return app
}

const bareApp = (log: Logger, limits: Limits, proxies: number): HttpApp =>
  fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT_BYTES,
    ...connectionOptions(limits),
    // the serialiser validates an answer to find its member of a union: 10.1 must count as a multiple of 0.01
    serializerOpts: { ajv: { validateFormats: false, multipleOfPrecision: 4 } },
    schemaController: { compilersFactory: { buildSerializer } },
    return503OnClosing: true,
    trustProxy: trustedProxies(proxies),
    routerOptions: { maxParamLength: 200 },
    rewriteUrl: ({ url = '/' }) => targetOf(url),
    genReqId: ({ headers }) => givenId(headers['x-request-id']) ?? randomUUID(),
    // a URL that can't be decoded never reaches the error handler
    frameworkErrors: (_error, request, reply) =>
      void sendProblem(secured(request, reply as FastifyReply), 'bad_request', request.url),
  }).withTypeProvider<TypeBoxTypeProvider>()

/** The request's id as given by a proxy or client, if it is fit for a log. */
const givenId = (header: string | string[] | undefined): string | undefined =>
  typeof header === 'string' && /^[\w.:/+=-]{1,128}$/.test(header) ? header : undefined

/** The responses part of a route's schema: its success, and the problems that it can answer with. */
export function answers<Success extends object>(success: Success, ...names: readonly ProblemName[]) {
  return { ...success, ...Object.fromEntries(problemAnswers(names)) } as Success
}
