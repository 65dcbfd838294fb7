/**
 * Stand-ins for Google's metadata server and published keys, with which services prove themselves to each other, and for
 * its buckets.
 */
import { once } from 'node:events'
import { request as ask, createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

export interface FakeGoogle extends AsyncDisposable {
  /** For GOOGLE_KEYS_URL. */
  readonly keysUrl: string
  /** For STORAGE_URL: buckets that keep what they are given until the end of the test. */
  readonly storageUrl: string
  /** host:port of a metadata server of its own, as every container has one: for GCE_METADATA_HOST. */
  metadataOf(account: string): Promise<string>
  /** The account that an access token was given to. */
  readonly accountOf: (token: string) => string | undefined
}

const PREFIX = 'ya29.of-'

export async function startFakeGoogle(): Promise<FakeGoogle> {
  await using started = new AsyncDisposableStack()
  const { publicKey, privateKey } = await generateKeyPair('RS256')
  const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: 'google-1', alg: 'RS256', use: 'sig' }] }
  const at = (listener: RequestListener) => {
    const server = started.adopt(createServer(listener), close)
    return portOf(server)
  }

  const idToken = (account: string, audience: string) =>
    new SignJWT({ email: account, email_verified: true })
      .setProtectedHeader({ alg: 'RS256', kid: 'google-1' })
      .setIssuer('https://accounts.google.com')
      .setSubject(account)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(privateKey)

  function metadata(account: string): RequestListener {
    return async (request, response) => {
      response.setHeader('metadata-flavor', 'Google')
      if (request.headers['metadata-flavor'] !== 'Google') return response.writeHead(403).end()
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://metadata')
      if (pathname.endsWith('/default/identity'))
        return response.end(await idToken(account, searchParams.get('audience') ?? ''))
      response.setHeader('content-type', 'application/json')
      if (pathname.endsWith('/default/token'))
        return response.end(JSON.stringify({ access_token: PREFIX + account, expires_in: 3_599, token_type: 'Bearer' }))
      response.end('{}')
    }
  }

  const keysUrl = `http://127.0.0.1:${await at((_request, response) => response.end(JSON.stringify(keys)))}/certs`
  const storageUrl = `http://127.0.0.1:${await at(buckets())}`
  const all = started.move()
  return {
    keysUrl,
    storageUrl,
    metadataOf: async (account) => {
      const server = all.adopt(createServer(metadata(account)), close)
      return `127.0.0.1:${await portOf(server)}`
    },
    accountOf: (token) => (token.startsWith(PREFIX) ? token.slice(PREFIX.length) : undefined),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}

/** The calls of Cloud Storage's JSON API that services make: to add an object, to list them, to read one. */
function buckets(): RequestListener {
  const objects = new Map<string, Buffer>()
  return async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://storage')
    const [, bucket = '', encoded] = /\/storage\/v1\/b\/([^/]+)\/o(?:\/(.+))?$/.exec(pathname) ?? []
    const name = `${bucket}/${encoded ? decodeURIComponent(encoded) : searchParams.get('name')}`
    response.setHeader('content-type', 'application/json')
    if (request.method === 'POST') {
      objects.set(name, await buffer(request))
      return response.end(JSON.stringify({ name }))
    }
    if (encoded) {
      const found = objects.get(name)
      return found ? response.end(found) : response.writeHead(404).end('{}')
    }
    const prefix = `${bucket}/${searchParams.get('prefix') ?? ''}`
    const names = [...objects.keys()].filter((one) => one.startsWith(prefix)).sort()
    response.end(JSON.stringify({ items: names.map((one) => ({ name: one.slice(bucket.length + 1) })) }))
  }
}

/**
 * Cloud Run's front of one service: it knows the service by its host name and no other, and adds whom it sees to X-Forwarded-For. Returns
 * its address.
 */
export async function startFront(started: AsyncDisposableStack, targetPort: () => number): Promise<string> {
  const server = started.adopt(
    createServer((request, response) => {
      const own = `127.0.0.1:${(server.address() as AddressInfo).port}`
      if (request.headers.host !== own) return response.writeHead(404).end()
      const seen = [request.headers['x-forwarded-for'], CALLER].filter(Boolean).join(', ')
      const { connection: _hop, ...headers } = request.headers
      const to = { host: '127.0.0.1', port: targetPort(), method: request.method, path: request.url }
      const passed = ask({ ...to, headers: { ...headers, 'x-forwarded-for': seen } }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      })
      passed.on('error', () => response.headersSent || response.writeHead(503).end())
      response.on('close', () => passed.destroy())
      request.pipe(passed)
    }),
    close,
  )
  return `http://127.0.0.1:${await portOf(server)}`
}

/** The address of a caller in our network, as the next front sees it. */
const CALLER = '10.10.0.9'

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

async function close(server: Server) {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}
