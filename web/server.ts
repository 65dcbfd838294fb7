/**
 * The pages over HTTP, in plain Node: files of the build from memory, everything else by React Router.
 * `PUBLIC_ORIGIN` alone says what this shop is called: Host and forwarded headers from outside never do.
 */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { createRequestListener } from '@react-router/node'
import { RouterContextProvider, type ServerBuild } from 'react-router'
import { uploads } from '#contracts'
import { drained, hasOneHost, listenAsLocalhost, refuseExpectation, targetOf } from '#platform/http/protocol'
import { type Files, sendFile } from './files.ts'
import type { Settings } from './settings.ts'
import type { Visit } from './visit.server.ts'
import { visitorAddress } from './visitor-address.ts'

/** The build; in development, the present sources. */
export interface Pages {
  load(): Promise<ServerBuild>
  readonly files: Files
  /** The handler of the tool that rebuilds pages while they are edited; it gets requests first. */
  readonly before?: (request: IncomingMessage, response: ServerResponse, next: () => void) => void
}

export interface WebOptions {
  readonly settings: Settings
  readonly pages: Pages
  readonly host: string
  readonly port: number
  readonly version: string
}

const BODY_LIMIT_BYTES = 64 * 1024

/** Rejects with EADDRINUSE when the port is taken. */
export async function startWeb(options: WebOptions): Promise<Server> {
  // a request without a Host is refused below, with a page of ours
  const server = createServer({ requestTimeout: 30_000, requireHostHeader: false }, listener(options))
  server.on('checkExpectation', refuseExpectation)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, resolve)
  })
  await listenAsLocalhost(server, options.host)
  return server
}

function listener({ settings, pages, version }: WebOptions): RequestListener {
  const { host } = new URL(settings.publicOrigin)
  const render = createRequestListener({
    build: pages.load,
    async getLoadContext(request, client) {
      const { tell } = (await pages.load()).entry.module as unknown as EntryOfOurs
      const context = new RouterContextProvider()
      tell(context, { settings, address: request.headers.get('x-forwarded-for') ?? client.address })
      return context
    },
    mode: 'production',
  })

  return (request, response) => {
    request.url = targetOf(request.url ?? '/')
    const path = request.url.split('?')[0] ?? '/'
    if (path === '/health' || path === '/ready') return sendState(response, version)
    if (sendFile(pages.files, path, request, response)) return
    const refused = refusalOf(request, settings.publicOrigin)
    if (refused) return refuse(refused, request, response)
    request.headers.host = host
    if (request.headers.origin) request.headers.origin = `http://${host}` // was checked; TLS ends before this server
    request.headers['x-forwarded-for'] = visitorAddress(request, settings.trustedProxies)
    delete request.headers['x-forwarded-host']
    const pass = () => void render(request, response)
    if (pages.before) pages.before(request, response, pass)
    else pass()
  }
}

/** The export of entry.server.tsx that React Router does not know. */
interface EntryOfOurs {
  tell(context: RouterContextProvider, visit: Visit): void
}

/**
 * Forms come from our own pages, in UTF-8, say how long they are, and are small unless they send a file. A browser names the origin of
 * every post. Letters of another charset would be lost.
 */
function refusalOf(request: IncomingMessage, publicOrigin: string): number | undefined {
  const { method, headers } = request
  if (!hasOneHost(request)) return 400
  if (method === 'GET' || method === 'HEAD') return undefined
  if (method !== 'POST') return 405
  if (headers.origin !== publicOrigin) return 403
  if (headers['transfer-encoding'] !== undefined) return 411
  const path = (request.url ?? '').split('?')[0] ?? ''
  const limit = uploads.find((upload) => upload.path.test(path))?.bytes ?? BODY_LIMIT_BYTES
  if (Number(headers['content-length'] ?? 0) > limit) return 413
  const [, charset = 'utf-8'] = /;\s*charset\s*=\s*"?([^\s";]*)/i.exec(headers['content-type'] ?? '') ?? []
  return charset.toLowerCase() !== 'utf-8' || headers['content-encoding'] !== undefined ? 415 : undefined
}

/** A client that is still sending can read the answer too. */
async function refuse(status: number, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': 0,
    connection: 'close',
    ...(status === 405 && { allow: 'GET, HEAD, POST' }),
  })
  response.flushHeaders()
  await drained(request)
  response.end()
}

function sendState(response: ServerResponse, version: string): void {
  const body = { status: 'healthy', service: 'web', timestamp: new Date().toISOString(), version }
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(body))
}
