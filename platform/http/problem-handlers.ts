/** Every failed request is answered with a problem: refusals, faults, and unknown paths. */
import type { ErrorObject } from 'ajv'
import type { FastifyError, FastifyRequest } from 'fastify'
import type { ProblemName } from '#contracts'
import { isUnavailable } from '../database/pg-errors.ts'
import { Problem, problemBody } from '../problem.ts'
import { knownMethods } from './known-methods.ts'
import { languageOf, varying } from './language.ts'
import { pageOf } from './problems-page.ts'
import { drained } from './protocol.ts'
import type { HttpApp } from './server.ts'
import { explain } from './validation.ts'

export type MethodsAt = (path: string) => readonly string[] | undefined

/** Call it before any route: it notes the methods of each path. */
export function answerWithProblems(app: HttpApp, elsewhere: MethodsAt = () => undefined): void {
  const own = knownMethods(app)
  const methodsOf = (path: string) => elsewhere(path) ?? own(path)

  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    const [name, extensions] = problemOf(error, request)
    if (name === 'internal_error') request.log.error({ err: error, route: request.routeOptions.url }, 'fault')
    else if (name === 'unavailable' && !(error instanceof Problem))
      request.log.warn({ err: error, route: request.routeOptions.url }, 'a request needs a part that is not available')
    if (name === 'body_too_large') await drained(request.raw)
    return sendProblem(reply, name, request.url, extensions)
  })

  app.setNotFoundHandler((request, reply) => {
    const methods = methodsOf(request.url.split('?')[0] ?? '')
    if (methods.length === 0) return sendProblem(reply, 'route_not_found', request.url)
    return sendProblem(reply.header('allow', methods.join(', ')), 'method_not_allowed', request.url)
  })
}

interface AnyReply {
  readonly request: { readonly headers: { readonly 'accept-language'?: string | undefined } }
  getHeader(name: string): unknown
  code(status: number): {
    type(type: string): { header(n: string, v: string): unknown; send(body: unknown): unknown }
  }
}

/** The headers that tell a client when to come again. */
const FOR_NOW = [429, 502, 503, 504]

export function sendProblem(
  reply: AnyReply,
  name: ProblemName,
  url: string,
  extensions: { retry_after?: number } = {},
) {
  const language = languageOf(reply.request.headers['accept-language'])
  const body = problemBody(name, url.split('?')[0] ?? url, extensions, language)
  const typed = reply.code(body.status).type('application/problem+json')
  typed.header('content-language', language)
  typed.header('vary', varying(reply.getHeader('vary'), 'accept-language'))
  typed.header('link', `<${pageOf(name)}>; rel="describedby"`) // `type` is a name, so the address stands here
  if (FOR_NOW.includes(body.status)) typed.header('retry-after', String(extensions.retry_after ?? 1))
  return typed.send(JSON.stringify(body))
}

/** An impossible id is answered like an unknown one: by the route's first 404. */
function unknownTo({ routeOptions: { schema } }: FastifyRequest): ProblemName {
  const answers = schema?.response as Readonly<Record<string, ProblemAnswer | undefined>> | undefined
  const [name] = Object.keys(answers?.['404']?.content?.['application/problem+json']?.examples ?? {})
  return (name as ProblemName | undefined) ?? 'route_not_found' // as problem-answers.ts names examples
}

interface ProblemAnswer {
  readonly content?: Readonly<Record<string, { readonly examples?: object }>>
}

const BY_CODE: Readonly<Record<string, ProblemName>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed_json',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed_json',
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
}

function problemOf(
  error: FastifyError | Problem,
  request: FastifyRequest,
): [ProblemName, Readonly<Record<string, unknown>>] {
  if (error instanceof Problem) return [error.problem, error.extensions]
  if (error.validationContext === 'params') return [unknownTo(request), {}]
  if (error.validation) {
    const part = error.validationContext === 'body' ? '' : `/${error.validationContext}`
    return ['validation_failed', { errors: explain(error.validation as unknown as ErrorObject[], part) }]
  }
  const named = BY_CODE[error.code]
  if (named) return [named, {}]
  if (error.statusCode === 503 || isUnavailable(error)) return ['unavailable', {}]
  // marked by the body's parser; any other syntax error is a fault of ours
  if (error instanceof SyntaxError && error.statusCode === 400) return ['malformed_json', {}]
  return error.statusCode && error.statusCode < 500 ? ['bad_request', {}] : ['internal_error', {}]
}
