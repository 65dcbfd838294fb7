/**
 * An HTTP server of a service: strict validation, problem+json for everything that goes wrong, and its own OpenAPI
 * document and reference page.
 */

import { randomUUID } from 'node:crypto'
import swagger from '@fastify/swagger'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import reference from '@scalar/fastify-api-reference'
import { Ajv, type ErrorObject } from 'ajv'
import fastify, { type FastifyError, type FastifyReply, LogController } from 'fastify'
import type { Logger } from 'pino'
import type { ProblemName } from '#contracts'
import { isUnavailable } from '../database/database.ts'
import { registerFormats } from '../formats.ts'
import { Problem, problemBody } from '../problem.ts'
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
import { knownMethods } from './known-methods.ts'
import { addMetricsRoute, measureRequests } from './metrics.ts'
import { finished } from './openapi.ts'
import { type LoadLimits, shedLoad } from './overload.ts'
import { problemAnswers } from './problem-answers.ts'
import { limitRates, type RateLimits } from './rate-limit.ts'
import { secured, secureHeaders } from './security-headers.ts'
import type { HttpApp } from './server.ts'

export interface HttpOptions {
  readonly title: string
  readonly description: string
  readonly version: string
  readonly log: Logger
  /** Who may call which route. */
  readonly access: Access
  /** What `/openapi.json` answers; absent: what the app's own routes say. */
  readonly document?: () => Promise<object>
  /** Told at `/metrics`; absent: the app has its own, under its title. */
  readonly telemetry?: Telemetry
  /** Absent: generous ones. */
  readonly limits?: Partial<ConnectionLimits & LoadLimits>
  /** Absent: clients may ask as often as they like. */
  readonly rates?: RateLimits
  /** How many proxies before this server are believed when they say for whom they ask. */
  readonly proxies?: number
}

/** Bytes. */
export const BODY_LIMIT = 256 * 1024

export async function httpApp({
  title,
  description,
  version,
  log,
  access,
  document,
  telemetry = telemetryOf(title),
  limits: given = {},
  rates,
  proxies = 0,
}: HttpOptions): Promise<HttpApp> {
  const limits = { ...STANDARD_LIMITS, requestsInFlight: 2_000, loopDelay: 2_000, ...given }
  const app: HttpApp = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    ...connectionOptions(limits),
    // which member of a union an answer is, is found by validating it: 10.1 must count as a multiple of 0.01
    serializerOpts: { ajv: { validateFormats: false, multipleOfPrecision: 4 } },
    return503OnClosing: true,
    trustProxy: trustedProxies(proxies),
    routerOptions: { maxParamLength: 200 },
    genReqId: ({ headers }) => givenId(headers['x-request-id']) ?? randomUUID(),
    // a URL that can't be decoded never reaches the error handler below
    frameworkErrors: (_error, request, reply) =>
      void send(secured(request, reply as FastifyReply), 'bad_request', request.url),
  }).withTypeProvider<TypeBoxTypeProvider>()
  limitConnections(app.server, limits)
  closeQuietConnections(app)
  secureHeaders(app)
  shedLoad(app, limits, telemetry)
  if (rates) limitRates(app, rates, telemetry)
  measureRequests(app, telemetry)
  guardRoutes(app, access)
  const methodsOf = knownMethods(app)

  app.setValidatorCompiler(({ schema, httpPart }) =>
    (httpPart === 'body' ? strict : coercing).compile(schema as object),
  )
  app.removeContentTypeParser('text/plain')
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text, done) =>
    text === '' ? done(null, undefined) : parseJson(request, text as string, done),
  )
  // an absent body is an empty object: its schema then names the fields that it lacks
  app.addHook('preValidation', async (request) => {
    if (request.body === undefined && request.routeOptions.schema?.body) request.body = {}
  })
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const [name, extensions] = problemOf(error)
    if (name === 'internal_error') request.log.error({ err: error, route: request.routeOptions.url }, 'fault')
    else if (name === 'unavailable' && !(error instanceof Problem))
      request.log.warn({ err: error, route: request.routeOptions.url }, 'something that a request needs is not there')
    return send(reply, name, request.url, extensions)
  })
  app.setNotFoundHandler((request, reply) => {
    const methods = methodsOf(request.url.split('?')[0] ?? '')
    if (methods.length === 0) return send(reply, 'route_not_found', request.url)
    return send(reply.header('allow', methods.join(', ')), 'method_not_allowed', request.url)
  })

  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title, description, version } },
    refResolver: {
      buildLocalReference: (json, _base, _fragment, index) => String(json.$id ?? json.title ?? `schema-${index}`),
    },
  })
  const own = async () => finished(app.swagger())
  app.get('/openapi.json', { schema: { hide: true } }, document ?? own)
  await app.register(reference, {
    routePrefix: '/docs',
    configuration: {
      url: '/openapi.json',
      telemetry: false,
      withDefaultFonts: false,
      hideClientButton: true,
      agent: { disabled: true },
      mcp: { disabled: true },
      showDeveloperTools: 'never',
    },
  } as never)
  addMetricsRoute(app, telemetry)
  return app
}

/** What a proxy or a client calls this request, when it is fit for a log. */
const givenId = (header: string | string[] | undefined): string | undefined =>
  typeof header === 'string' && /^[\w.:/+=-]{1,128}$/.test(header) ? header : undefined

/** The responses part of a route's schema: its success, and the problems that it can answer with. */
export function answers<Success extends object>(success: Success, ...names: readonly ProblemName[]) {
  return { ...success, ...Object.fromEntries(problemAnswers(names)) } as Success
}

function send(
  reply: {
    code(status: number): {
      type(type: string): { header(n: string, v: string): unknown; send(body: unknown): unknown }
    }
  },
  name: ProblemName,
  url: string,
  extensions = {},
) {
  const body = problemBody(name, url.split('?')[0] ?? url, extensions)
  const typed = reply.code(body.status).type('application/problem+json')
  if ([429, 502, 503, 504].includes(body.status))
    typed.header('retry-after', String((extensions as { retry_after?: number }).retry_after ?? 1))
  return typed.send(JSON.stringify(body))
}

function problemOf(error: FastifyError | Problem): [ProblemName, Readonly<Record<string, unknown>>] {
  if (error instanceof Problem) return [error.problem, error.extensions]
  if (error.validation) {
    const part = error.validationContext === 'body' ? '' : `/${error.validationContext}`
    return ['validation_failed', { errors: explain(error.validation as unknown as ErrorObject[], part) }]
  }
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return ['malformed_json', {}]
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return ['body_too_large', {}]
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return ['unsupported_media_type', {}]
  }
  if (error.statusCode === 503 || isUnavailable(error)) return ['unavailable', {}]
  // marked so by the body's parser: any other is a fault of ours
  if (error instanceof SyntaxError && error.statusCode === 400) return ['malformed_json', {}]
  return error.statusCode && error.statusCode < 500 ? ['bad_request', {}] : ['internal_error', {}]
}

/** One entry for each field that is wrong; `path` is a JSON Pointer into the body, or `/querystring/…`, `/params/…`. */
function explain(errors: readonly ErrorObject[], part: string): { path: string; message: string }[] {
  const explained = new Map<string, string>()
  for (const { keyword, instancePath, params, message = 'is wrong' } of errors) {
    if (keyword === 'if' || keyword === 'anyOf') continue
    const field =
      keyword === 'required'
        ? params.missingProperty
        : keyword === 'additionalProperties'
          ? params.additionalProperty
          : undefined
    const path = `${part}${instancePath}${field === undefined ? '' : `/${escapePointer(field)}`}` || '/'
    const words =
      keyword === 'required'
        ? 'is required'
        : keyword === 'additionalProperties'
          ? 'is not a field of this request'
          : keyword === 'enum'
            ? `must be one of ${params.allowedValues.join(', ')}`
            : keyword === 'format'
              ? `is not a valid ${params.format}`
              : message
    if (!explained.has(path)) explained.set(path, words)
  }
  return [...explained].map(([path, message]) => ({ path, message }))
}

const escapePointer = (field: string) => field.replaceAll('~', '~0').replaceAll('/', '~1')

// Bodies are taken as they are: nothing is coerced, filled from nowhere or silently dropped.
const strict = new Ajv({ allErrors: true, multipleOfPrecision: 4, useDefaults: true, strict: false })
const coercing = new Ajv({
  allErrors: true,
  coerceTypes: true,
  multipleOfPrecision: 4,
  useDefaults: true,
  strict: false,
})
registerFormats(strict)
registerFormats(coercing)
