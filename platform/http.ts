/**
 * An HTTP server of a service: strict validation, problem+json for everything that goes wrong, and its own OpenAPI
 * document and reference page.
 */

import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import swagger from '@fastify/swagger'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import reference from '@scalar/fastify-api-reference'
import { Ajv, type ErrorObject } from 'ajv'
import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  LogController,
  type RawServerDefault,
} from 'fastify'
import type { Logger } from 'pino'
import { type ProblemName, problems } from '#contracts'
import { registerFormats } from './formats.ts'
import { finished } from './openapi.ts'
import { Problem, ProblemSchema, problemBody } from './problem-json.ts'

export type HttpApp = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, Logger, TypeBoxTypeProvider>

export interface HttpOptions {
  readonly title: string
  readonly description: string
  readonly version: string
  readonly log: Logger
  /** What `/openapi.json` answers; absent: what the app's own routes say. */
  readonly document?: () => Promise<object>
}

/** Bytes. */
export const BODY_LIMIT = 256 * 1024

export async function httpApp({ title, description, version, log, document }: HttpOptions): Promise<HttpApp> {
  const app: HttpApp = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    connectionTimeout: 60_000,
    requestTimeout: 30_000,
    keepAliveTimeout: 65_000,
    // which member of a union an answer is, is found by validating it: 10.1 must count as a multiple of 0.01
    serializerOpts: { ajv: { validateFormats: false, multipleOfPrecision: 4 } },
    return503OnClosing: true,
    routerOptions: { maxParamLength: 200 },
    genReqId: ({ headers }) => givenId(headers['x-request-id']) ?? randomUUID(),
    // a URL that can't be decoded never reaches the error handler below
    frameworkErrors: (_error, request, reply) => void send(reply as FastifyReply, 'bad_request', request.url),
  }).withTypeProvider<TypeBoxTypeProvider>()

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
    return send(reply, name, request.url, extensions)
  })
  app.setNotFoundHandler((request, reply) => send(reply, 'route_not_found', request.url))

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
  return app
}

/** What a proxy or a client calls this request, when it is fit for a log. */
const givenId = (header: string | string[] | undefined): string | undefined =>
  typeof header === 'string' && /^[\w.:/+=-]{1,128}$/.test(header) ? header : undefined

/** The responses part of a route's schema: its success, and the problems that it can answer with. */
export function answers<Success extends object>(success: Success, ...names: readonly ProblemName[]) {
  const statuses = Map.groupBy(names, (name) => problems[name].status)
  const failures = [...statuses].map(([status, possible]) => [
    status,
    {
      description: possible.map((name) => problems[name].detail).join(' · '),
      content: {
        'application/problem+json': {
          schema: ProblemSchema,
          examples: Object.fromEntries(
            possible.map((name) => [name, { value: { ...problems[name], instance: '/…' } }]),
          ),
        },
      },
    },
  ])
  return { ...success, ...Object.fromEntries(failures) } as Success
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
  if (body.status === 429)
    typed.header('retry-after', String((extensions as { retry_after?: number }).retry_after ?? 1))
  if ([502, 503, 504].includes(body.status)) typed.header('retry-after', '1')
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
