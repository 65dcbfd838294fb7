/**
 * The pages over HTTP, in plain Node: files of the build from memory, everything else by React Router.
 * `PUBLIC_ORIGIN` alone says what this shop is called: Host and forwarded headers from outside never do.
 */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { createRequestListener } from '@react-router/node'
import type { RouterContextProvider, ServerBuild } from 'react-router'
import { type Files, sendFile } from './files.ts'
import type { Settings } from './settings.ts'
import type { Visit } from './visit.server.ts'
import { visitorAddress } from './visitor-address.ts'

/** The build, or in development whatever the sources say at this moment. */
export interface Pages {
  load(): Promise<ServerBuild>
  readonly files: Files
  /** Of the tool that rebuilds pages while they are edited; it sees requests first. */
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
  const server = createServer(listener(options))
  server.requestTimeout = 30_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, resolve)
  })
  return server
}

function listener({ settings, pages, version }: WebOptions): RequestListener {
  const { host } = new URL(settings.publicOrigin)
  const render = createRequestListener({
    build: pages.load,
    async getLoadContext(request, client) {
      const { contextOf } = (await pages.load()).entry.module as unknown as EntryOfOurs
      return contextOf({ settings, address: request.headers.get('x-forwarded-for') ?? client.address })
    },
    mode: 'production',
  })

  return (request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/'
    if (path === '/health' || path === '/ready') return sendState(response, version)
    if (sendFile(pages.files, path, request, response)) return
    const refused = refusalOf(request, settings.publicOrigin)
    if (refused) {
      response.writeHead(refused, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' }).end()
      return
    }
    request.headers.host = host
    if (request.headers.origin) request.headers.origin = `http://${host}` // was checked; TLS ends before this server
    request.headers['x-forwarded-for'] = visitorAddress(request, settings.trustedProxies)
    delete request.headers['x-forwarded-host']
    const pass = () => void render(request, response)
    if (pages.before) pages.before(request, response, pass)
    else pass()
  }
}

/** What entry.server.tsx offers beside what React Router asks of it. */
interface EntryOfOurs {
  contextOf(visit: Visit): RouterContextProvider
}

/** Forms here are small, say how long they are, and come from our own pages: a browser names the origin of every post. */
function refusalOf({ method, headers }: IncomingMessage, publicOrigin: string): number | undefined {
  if (method === 'GET' || method === 'HEAD') return undefined
  if (method !== 'POST') return 405
  if (headers.origin !== publicOrigin) return 403
  if (headers['transfer-encoding'] !== undefined) return 411
  return Number(headers['content-length'] ?? 0) > BODY_LIMIT_BYTES ? 413 : undefined
}

function sendState(response: ServerResponse, version: string): void {
  const body = { status: 'healthy', service: 'web', timestamp: new Date().toISOString(), version }
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(body))
}
