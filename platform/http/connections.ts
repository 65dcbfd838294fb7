/**
 * Limits on connections, before there is a request: how many, how long a client may take, how large a head may be, and the
 * answer to clients that do not speak HTTP.
 */
import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { ConnectionError } from 'fastify'
import type { ProblemName } from '#contracts'
import type { Config } from '../config.ts'
import { problemBody } from '../problem.ts'
import { rateLimitsOf } from './rate-limit.ts'
import type { HttpApp } from './server.ts'

export interface ConnectionLimits {
  /** From the first byte of a request until its head is there. */
  readonly headersTimeoutMs: number
  /** From its first byte until all of it is there. */
  readonly requestTimeoutMs: number
  /** Between two looks at the clock: a time-out may be noticed so much later. */
  readonly checkEveryMs: number
  /** Further connections are closed without an answer. */
  readonly connections: number
}

export const STANDARD_LIMITS: ConnectionLimits = {
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  checkEveryMs: 2_000,
  connections: 10_000,
}

/** The configured limits of a server, for `httpApp`. */
export const limitsOf = (config: Config) => ({
  limits: {
    connections: config.MAX_CONNECTIONS,
    requestsInFlight: config.MAX_REQUESTS_IN_FLIGHT,
    loopDelayMs: config.MAX_EVENT_LOOP_DELAY_MS,
  },
  rates: rateLimitsOf(config),
  proxies: config.TRUSTED_PROXIES,
})

/** Bytes of all headers together. */
const HEAD_LIMIT_BYTES = 16 * 1024
/** How long a client has to read why it was refused. */
const FAREWELL_MS = 1_000

/** For Fastify's options. */
export const connectionOptions = ({ headersTimeoutMs, requestTimeoutMs, checkEveryMs }: ConnectionLimits) => ({
  connectionTimeout: 60_000,
  keepAliveTimeout: 65_000,
  requestTimeout: requestTimeoutMs,
  // a request without a Host is answered with a problem document, by a hook
  http: {
    requireHostHeader: false,
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    connectionsCheckingInterval: checkEveryMs,
    maxHeaderSize: HEAD_LIMIT_BYTES,
  },
  clientErrorHandler: refuse,
})

export function limitConnections(server: Server, { connections }: ConnectionLimits): void {
  server.maxConnections = connections
}

/**
 * A server that closes waits for the requests under way, but not for connections without a request: browsers open some in
 * advance and keep others for later, and Node itself would wait a minute for them. Call it before the server listens.
 */
export function closeQuietConnections(app: HttpApp): void {
  /** Each connection, with the number of requests under way on it. */
  const open = new Map<Socket, number>()
  let isClosing = false

  app.server.on('connection', (socket) => {
    open.set(socket, 0)
    socket.once('close', () => open.delete(socket))
  })
  app.server.on('request', ({ socket }, response) => {
    open.set(socket, (open.get(socket) ?? 0) + 1)
    response.once('close', () => {
      const left = (open.get(socket) ?? 1) - 1
      if (open.has(socket)) open.set(socket, left)
      if (isClosing && left === 0) socket.destroySoon()
    })
  })
  app.addHook('preClose', (done) => {
    isClosing = true
    for (const [socket, requests] of open) if (requests === 0) socket.destroySoon()
    done()
  })
}

const PROBLEMS: Readonly<Record<string, ProblemName>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
  HPE_HEADER_OVERFLOW: 'headers_too_large',
}

function refuse({ code }: ConnectionError, socket: Socket) {
  if (code === 'ECONNRESET' || !socket.writable) return
  const { status, ...body } = problemBody(PROBLEMS[code] ?? 'bad_request', '')
  const text = JSON.stringify({ ...body, status })
  socket.end(
    [
      `HTTP/1.1 ${status} ${body.title}`,
      'content-type: application/problem+json',
      `content-length: ${Buffer.byteLength(text)}`,
      'connection: close',
      '',
      text,
    ].join('\r\n'),
  )
  setTimeout(() => socket.destroy(), FAREWELL_MS).unref() // after end() alone, a client that does not close would stay
}
