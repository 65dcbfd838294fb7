/**
 * HTTP's own rules for a request, checked before its route is looked up: one Host, a well-formed target, no expectation that
 * cannot be met. Refusals of the protocol are problem documents like any other.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer } from 'node:net'
import { Problem, problemBody } from '../problem.ts'
import type { HttpApp } from './server.ts'

/** A target with scheme and host (RFC 9112, 3.2.2), as a client sends it to a server that it takes for a proxy. */
const ABSOLUTE = /^https?:\/\/[^/?#]+/i

/** For Fastify's `rewriteUrl`. `//x` is a path like any other, and an unknown one. */
export function targetOf(url: string): string {
  const [authority] = ABSOLUTE.exec(url) ?? ['']
  const target = url.slice(authority.length)
  return target.startsWith('/') ? target : `/${target}`
}

/** Call it before all other hooks. */
export function keepToProtocol(app: HttpApp): void {
  app.addHook('onRequest', ({ raw }, _reply, done) => {
    if (!hasOneHost(raw)) throw new Problem('bad_request')
    done()
  })
  app.server.on('checkExpectation', refuseExpectation)
}

/** HTTP/1.0 has no Host header. */
export function hasOneHost({ rawHeaders, httpVersion }: IncomingMessage): boolean {
  const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length
  return hosts === 1 || (hosts === 0 && httpVersion === '1.0')
}

/** Node passes requests with another `Expect` than `100-continue` here, not to the app. */
export function refuseExpectation({ url = '' }: IncomingMessage, response: ServerResponse) {
  const body = JSON.stringify(problemBody('expectation_failed', url.split('?')[0] ?? url))
  response.writeHead(417, {
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    connection: 'close',
  })
  response.end(body)
}

/** How much, and for how long, a refused client may go on sending, so that it reads the answer. */
const DRAINED_BYTES = 16 * 1024 * 1024
const DRAINED_WITHIN_MS = 5_000

/**
 * Reads and forgets the rest of a refused body. If the connection were closed at once, a client that is still sending would
 * meet a reset instead of the answer. Resolves when the body is over, or has gone on for too long.
 */
export function drained(request: IncomingMessage): Promise<void> {
  if (request.readableEnded || request.destroyed) return Promise.resolve()
  return new Promise((resolve) => {
    let size = 0
    const done = () => {
      clearTimeout(timer)
      request.off('data', count)
      resolve()
    }
    const count = ({ length }: Buffer) => {
      size += length
      if (size > DRAINED_BYTES) done()
    }
    const timer = setTimeout(done, DRAINED_WITHIN_MS)
    request.on('data', count).once('end', done).once('close', done).resume()
  })
}

/** Listens on `host`; if that is 127.0.0.1, then on `localhost`'s other address too. */
export async function listen(app: HttpApp, host: string, port: number): Promise<void> {
  await app.listen({ host, port })
  await listenAsLocalhost(app.server, host)
}

/**
 * A server that listens on 127.0.0.1 listens on ::1 too, because a client may take `localhost` for either. A machine without IPv6, or
 * with another program on that port there, is left alone.
 */
export async function listenAsLocalhost(server: Server, host: string): Promise<void> {
  const address = server.address()
  if (host !== '127.0.0.1' || typeof address !== 'object' || !address) return
  const second = createServer((socket) => void server.emit('connection', socket))
  second.maxConnections = server.maxConnections
  const isThere = await new Promise<boolean>((resolve) => {
    second.once('error', () => resolve(false))
    second.listen({ host: '::1', port: address.port }, () => resolve(true))
  })
  if (isThere) server.once('close', () => second.close())
}
