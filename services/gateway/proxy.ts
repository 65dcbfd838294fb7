/** Passes requests on to the services, and their answers back: unread, and unchanged except as HTTP demands of proxies. */
import type { IncomingHttpHeaders } from 'node:http'
import { pipeline, Readable, Transform } from 'node:stream'
import proxy, { type FastifyHttpProxyOptions } from '@fastify/http-proxy'
import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify'
import { type Permissions, type ProblemName, type Upload, uploads } from '#contracts'
import { BODY_LIMIT_BYTES } from '#platform/http/app'
import type { HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import { traceHeaders } from '#platform/tracing'
import { type ConnectionOptions, connections } from './connections.ts'
import { eventStreams } from './event-streams.ts'
import { EXACT, mounts } from './paths.ts'

type AnyRequest = Pick<FastifyRequest, 'ip' | 'method' | 'id'>
interface Attempt {
  /** Absent when there was an answer. */
  readonly err: Error | null
  readonly req: Pick<FastifyRequest, 'method'>
  readonly attempt: number
}

export interface ProxyOptions extends ConnectionOptions {
  readonly addressOf: (service: string) => string
  /** The address of the pages, which answer every path that no service has. Undefined: there are none. */
  readonly pages?: string | undefined
  /** Our public address, which services and pages are told. A client's claims about it are not trusted. */
  readonly publicOrigin: string
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']

/** Every caller is passed on with their token: the service behind decides. */
export const forwarded: Permissions = Object.fromEntries(
  mounts.flatMap(({ prefix }) =>
    METHODS.flatMap((method) =>
      ['', '/', '/*'].map((rest) => [`${method} ${prefix}${rest}`, { who: 'everybody' as const }]),
    ),
  ),
)

const METHODS_OF_PAGES = ['GET', 'HEAD', 'POST']

/** Pages know their visitors by a cookie, and decide on their own. */
export const forwardedToPages: Permissions = Object.fromEntries(
  METHODS_OF_PAGES.flatMap((method) => ['/', '/*'].map((path) => [`${method} ${path}`, { who: 'everybody' as const }])),
)

/** Headers that belong to one connection (RFC 9110, section 7.6.1, and others); undici refuses to send some of them. */
const HOP_BY_HOP = [
  'connection',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]

export function proxyTo({ addressOf, pages, publicOrigin, ...patience }: ProxyOptions) {
  const { host, protocol } = new URL(publicOrigin)
  const told = { 'x-forwarded-host': host, 'x-forwarded-proto': protocol.slice(0, -1) }
  const undici = connections(patience) as never // the library names more than it asks of one
  const streams = eventStreams()
  const usual = {
    upstream: '',
    undici,
    destroyAgent: true,
    disableRequestLogging: true,
    config: { anyQuery: true, swaggerTransform: () => ({ schema: { hide: true } }) }, // the services' documents describe them
  }
  const answersFrom = (
    upstream: () => string,
    rewriteRequestHeaders: Rewrite,
  ): NonNullable<FastifyHttpProxyOptions['replyOptions']> => ({
    getUpstream: upstream,
    rewriteRequestHeaders: (request, headers) => ({ ...rewriteRequestHeaders(request, headers), ...told }),
    rewriteHeaders: withoutHopByHop,
    retryDelay: onceMore,
    onError: (reply, { error }) => void reply.send(new Problem(problemOf(error))),
    onResponse: (_request, reply, { stream }) => {
      const isLive = String(reply.getHeader('content-type')).startsWith('text/event-stream')
      reply.send(isLive ? streams.pass(stream) : stream)
    },
  })

  return async (app: HttpApp) => {
    app.addHook('preClose', async () => streams.end())
    app.addHook('onRequest', refuseLargeBodies)
    app.addHook('onRequest', refuseBeyondExact)
    app.addHook('preParsing', whole)
    app.removeAllContentTypeParsers() // only the service reads the body
    for (const { service, prefix, path } of mounts) {
      await app.register(proxy, {
        ...usual,
        prefix,
        rewritePrefix: path,
        httpMethods: EXACT.includes(prefix) ? ['GET', 'HEAD'] : METHODS,
        replyOptions: answersFrom(() => addressOf(service), headersForApi),
      })
    }
    if (pages)
      await app.register(proxy, {
        ...usual,
        prefix: '/',
        httpMethods: METHODS_OF_PAGES,
        replyOptions: answersFrom(() => pages, headersPassedOn),
      })
  }
}

/** `/auth/jwks/../token` would be another path at the service. */
function refuseBeyondExact({ url }: FastifyRequest, _reply: FastifyReply, done: HookHandlerDoneFunction) {
  const path = url.split('?')[0] ?? ''
  if (EXACT.some((exact) => path.startsWith(exact) && path !== exact)) throw new Problem('route_not_found')
  done()
}

/** Refused here, because the service's own refusal would not reach a client that is still sending. */
function refuseLargeBodies(
  { headers, method, url }: FastifyRequest,
  _reply: FastifyReply,
  done: HookHandlerDoneFunction,
) {
  if (Number(headers['content-length']) > (uploadOf(method, url)?.bytes ?? BODY_LIMIT_BYTES))
    throw new Problem('body_too_large')
  done()
}

/**
 * A body is passed on once it is complete, so that a client that sends slowly, or for ever, occupies no connection to the
 * service. It then has a length, whether or not the client gave one.
 */
async function whole(
  { headers, method, url }: FastifyRequest,
  reply: FastifyReply,
  payload: Readable,
): Promise<Readable> {
  const isBodiless = headers['content-length'] === undefined && headers['transfer-encoding'] === undefined
  if (isBodiless || method === 'GET' || method === 'HEAD') return payload
  const upload = uploadOf(method, url)
  if (upload) return limited(payload, upload.bytes)
  const body = await collected(payload).catch((problem) => {
    reply.header('connection', 'close') // the rest of the body is not read
    throw problem
  })
  headers['content-length'] = String(body.length)
  return Readable.from([body], { objectMode: false })
}

const uploadOf = (method: string, url: string): Upload | undefined =>
  uploads.find((upload) => upload.method === method && upload.path.test(url.split('?')[0] ?? ''))

/**
 * A file is passed on piece by piece, because a whole one would fill the memory. The server's own deadline limits its time.
 */
function limited(payload: Readable, limit: number): Readable {
  let size = 0
  const passed = new Transform({
    transform(piece: Buffer, _encoding, done) {
      size += piece.length
      done(size > limit ? new Problem('body_too_large') : null, piece)
    },
  })
  return pipeline(payload, passed, () => {})
}

function collected(payload: Readable): Promise<Buffer> {
  const pieces: Buffer[] = []
  let size = 0
  return new Promise((resolve, reject) => {
    payload.on('data', (piece: Buffer) => {
      size += piece.length
      if (size > BODY_LIMIT_BYTES) reject(new Problem('body_too_large'))
      else pieces.push(piece)
    })
    payload.once('end', () => resolve(Buffer.concat(pieces)))
    payload.once('close', () => reject(new Problem('bad_request'))) // it changes nothing after `end`
    payload.once('error', reject)
  })
}

/** Other headers by which a client could make claims about its address and its request. */
const SAID_OF_THE_WAY = ['forwarded', 'x-forwarded-port', 'x-forwarded-prefix', 'x-real-ip']

type Rewrite = (request: AnyRequest, headers: IncomingHttpHeaders) => IncomingHttpHeaders

function headersPassedOn(request: AnyRequest, headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const { ip, method, id } = request
  const passed = withoutHopByHop(headers)
  for (const name of SAID_OF_THE_WAY) delete passed[name]
  if (method === 'GET' || method === 'HEAD') delete passed['content-length'] // and there is no body
  passed['x-request-id'] = id
  Object.assign(passed, traceHeaders())
  passed['x-forwarded-for'] = ip // only this address: the client's own claims are not trusted
  return passed
}

/** Sessions belong to the pages; an API knows its callers by their token. */
function headersForApi(request: AnyRequest, headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const { cookie: _session, ...passed } = headersPassedOn(request, headers)
  return passed
}

function withoutHopByHop(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const named = headers.connection?.toLowerCase().split(/\s*,\s*/) ?? []
  const passed = { ...headers }
  for (const name of [...HOP_BY_HOP, ...named]) delete passed[name]
  return passed
}

/** The service may close a kept connection just as it is used: requests that only read are then sent once more. */
const onceMore = ({ err, req, attempt }: Attempt) =>
  err &&
  'code' in err &&
  err.code === 'UND_ERR_SOCKET' &&
  (req.method === 'GET' || req.method === 'HEAD') &&
  attempt === 0
    ? 1
    : null

const NOBODY_THERE = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]
const TOO_LATE = ['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']

function problemOf({ cause }: Error): ProblemName {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  if (code === 'NO_SLOT') return 'overloaded'
  if (NOBODY_THERE.includes(code)) return 'service_unreachable'
  return TOO_LATE.includes(code) ? 'service_timed_out' : 'service_failed'
}
