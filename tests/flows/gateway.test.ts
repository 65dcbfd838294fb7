/** The gateway: clients see the services' answers through it, and a problem when a service does not answer. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import pino from 'pino'
import { systemClock } from '#platform/clock'
import { readConfig } from '#platform/config'
import { runGateway } from '../../services/gateway/service.ts'
import { buy, CLIENTE, customerWith, ORQUESTRADOR, startSystem, until, VEICULO, vehicleAt } from '../fixtures/system.ts'

const api = await startSystem()
const door = api.system.addressOf('gateway')
const admin = await api.as({ role: 'admin' })
const at = (path: string, { headers, ...init }: RequestInit = {}) =>
  fetch(`${door}${path}`, { ...init, headers: { ...admin, ...(headers as Record<string, string>) } })

type Answering = (request: IncomingMessage, response: ServerResponse) => void
const unknown = '019b0000-0000-7000-8000-000000000000'

/** A gateway in front of one server that plays all services and answers as told. */
async function gatewayBefore(answer: Answering, environment: Record<string, string> = {}) {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const gateway = await runGateway({
    config: readConfig({ PORT_GATEWAY: '0', PUBLIC_ORIGIN: 'http://localhost:8000', ...environment }),
    clock: systemClock,
    log: pino({ level: 'silent' }),
    version: '0',
    addressOf: () => `http://127.0.0.1:${port}`,
  })
  after(async () => {
    await gateway[Symbol.asyncDispose]()
    server.closeAllConnections()
    server.close()
  })
  return { gateway, server, url: gateway.url }
}

async function isProblem(response: Response, name: string, status: number) {
  const text = await response.text()
  assert.equal(response.status, status, text)
  assert.match(response.headers.get('content-type') ?? '', /^application\/problem\+json/)
  assert.equal(JSON.parse(text).type, `urn:mercado-veiculo:problem:${name}`)
  return JSON.parse(text)
}

test('a service’s answer comes through the gateway unchanged', async () => {
  const vehicle = await vehicleAt(api, 45_000.5)
  const [direct, through] = await Promise.all([
    fetch(`${api.system.addressOf(VEICULO)}/vehicles/${vehicle}`, { headers: admin }),
    at(`/vehicles/${vehicle}`),
  ])
  assert.equal(through.status, 200)
  assert.equal(await through.text(), await direct.text())
  for (const name of ['content-type', 'etag']) {
    assert.equal(through.headers.get(name), direct.headers.get(name), name)
  }
})

test('long answers are compressed once, as the client asks; short ones and streams are not', async () => {
  await Promise.all(Array.from({ length: 5 }, () => vehicleAt(api, 45_000)))
  const list = (encoding: string) => at('/vehicles?limit=5', { headers: { 'accept-encoding': encoding } })
  const plain = await list('identity')
  assert.equal(plain.headers.get('content-encoding'), null)
  const { vehicles } = await plain.json()
  for (const encoding of ['br', 'gzip']) {
    const packed = await list(encoding)
    assert.equal(packed.headers.get('content-encoding'), encoding)
    assert.match(packed.headers.get('vary') ?? '', /accept-encoding/i)
    assert.deepEqual((await packed.json()).vehicles, vehicles)
  }
  const short = await at('/health', { headers: { 'accept-encoding': 'br' } })
  assert.equal(short.headers.get('content-encoding'), null)
  const id = await buy(api, await customerWith(api, { initial_balance: 50_000 }), await vehicleAt(api, 45_000))
  const stream = await at(`/saga-states/${id}/events`, { headers: { 'accept-encoding': 'br' } })
  assert.equal(stream.headers.get('content-encoding'), null)
  await stream.body?.cancel()
})

test('every path of the contract leads to its service, with query and refusals', async () => {
  for (const path of [
    '/customers',
    '/vehicles',
    '/payment-codes',
    '/payments',
    '/saga-states',
    '/webhook-subscriptions',
  ]) {
    assert.equal((await at(`${path}?limit=1`)).status < 300 || (await at(path)).status < 300, true, path)
  }
  const refused = await isProblem(await at('/vehicles?limit=0'), 'validation_failed', 422)
  assert.deepEqual(
    refused.errors.map(({ path }: { path: string }) => path),
    ['/querystring/limit'],
  )
  await isProblem(await at(`/saga-states/${unknown}`), 'saga_not_found', 404)
})

test('a whole purchase is made through the gateway, and a repeated key has one effect', async () => {
  const customer_id = await customerWith(api, { initial_balance: 50_000 })
  const vehicle_id = await vehicleAt(api, 50_000)
  const purchase = () =>
    at('/purchase', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': `key-${customer_id}` },
      body: JSON.stringify({ customer_id, vehicle_id, payment_type: 'cash' }),
    })
  const first = await (await purchase()).json()
  assert.deepEqual(await (await purchase()).json(), first)
  const stream = await at(`/saga-states/${first.transaction_id}/events`)
  assert.equal(stream.headers.get('content-type'), 'text/event-stream')
  assert.match(await stream.text(), /event: end\ndata: \{.*"COMPLETED"/)
})

test('an event comes through when it happens, and leaving is noticed by the service', async () => {
  const { promise: left, resolve: leave } = Promise.withResolvers<void>()
  const { url } = await gatewayBefore((_request, response) => {
    response.once('close', leave)
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: first\n\n')
  })
  const leaving = new AbortController()
  const response = await fetch(`${url}/saga-states/${unknown}/events`, { signal: leaving.signal })
  const reader = response.body?.getReader()
  const { value } = (await reader?.read()) ?? {}
  assert.equal(new TextDecoder().decode(value), 'data: first\n\n')
  leaving.abort()
  await left
})

test('a gateway that stops ends its streams and does not wait for their readers', async () => {
  const { gateway, url } = await gatewayBefore((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: first\n\n')
  })
  const response = await fetch(`${url}/saga-states/${unknown}/events`)
  await gateway[Symbol.asyncDispose]()
  assert.equal(await response.text(), 'data: first\n\n', 'an end, not a lost connection')
})

test('a request has an id from end to end, the client’s own when it has one, and its trace goes on', async () => {
  const seen: IncomingMessage[] = []
  const { url } = await gatewayBefore((request, response) => {
    seen.push(request)
    response.end('{}')
  })
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  const given = await fetch(`${url}/customers/1`, { headers: { 'x-request-id': 'basket-7', traceparent } })
  const made = await fetch(`${url}/customers/1`)
  const unfit = await fetch(`${url}/customers/1`, { headers: { 'x-request-id': 'two words' } })
  assert.equal(given.headers.get('x-request-id'), 'basket-7')
  assert.match(made.headers.get('x-request-id') ?? '', /^[0-9a-f-]{36}$/)
  assert.notEqual(unfit.headers.get('x-request-id'), 'two words')
  assert.deepEqual(
    seen.map(({ headers }) => headers['x-request-id']),
    [given, made, unfit].map(({ headers }) => headers.get('x-request-id')),
  )
  assert.equal(seen[0]?.headers.traceparent, traceparent)
  assert.equal(seen[0]?.headers['x-forwarded-host'], 'localhost:8000', 'what PUBLIC_ORIGIN says')
  assert.equal((await at('/nowhere')).headers.has('x-request-id'), true)
})

test('a service is told only the address that the gateway found: a client’s own claims are dropped', async () => {
  const seen: (string | undefined)[] = []
  const { url } = await gatewayBefore(
    (request, response) => {
      seen.push(request.headers['x-forwarded-for'] as string | undefined)
      response.end('{}')
    },
    { TRUSTED_PROXIES: '2' },
  )
  const { hostname, port } = new URL(url)
  // as a load balancer passes it on, with its own address behind its client's; and as a client makes it up
  for (const told of ['6.6.6.6, 200.1.1.1, 34.1.1.1', undefined]) {
    const headers = { ...(told && { 'x-forwarded-for': told }), connection: 'x-forwarded-for' }
    const [response] = await once(request({ hostname, port, path: '/customers/1', headers }).end(), 'response')
    response.resume()
  }
  assert.deepEqual(seen, ['200.1.1.1', '127.0.0.1'])
})

test('headers of one connection stay on it, in both directions', async () => {
  const seen: IncomingMessage[] = []
  const { url } = await gatewayBefore((request, response) => {
    seen.push(request)
    response.writeHead(200, {
      connection: 'x-of-the-service',
      'x-of-the-service': '1',
      'keep-alive': 'timeout=7',
      'x-kept': '1',
    })
    response.end('{}')
  })
  const { hostname, port } = new URL(url)
  const headers = { connection: 'x-mine', 'x-mine': '1', te: 'trailers', 'keep-alive': '9', 'x-kept': '1' }
  const [response] = await once(request({ hostname, port, path: '/customers/1', headers }).end(), 'response')
  response.resume()
  assert.deepEqual(
    [seen[0]?.headers['x-mine'], seen[0]?.headers.te, seen[0]?.headers['x-kept']],
    [undefined, undefined, '1'],
  )
  assert.equal(response.headers['x-of-the-service'], undefined)
  assert.notEqual(response.headers['keep-alive'], 'timeout=7')
  assert.equal(response.headers['x-kept'], '1')
})

test('a service that nobody reaches, one that breaks off and one that stays silent are told apart', async () => {
  const silent = await gatewayBefore(() => {}, { GATEWAY_TIMEOUT_SECONDS: '0.2' })
  const broken = await gatewayBefore((request) => request.socket.destroy())
  const gone = await gatewayBefore(() => {})
  gone.server.close()
  for (const [{ url }, name, status] of [
    [silent, 'service_timed_out', 504],
    [broken, 'service_failed', 502],
    [gone, 'service_unreachable', 503],
  ] as const) {
    for (const method of ['GET', 'POST']) {
      const response = await fetch(`${url}/vehicles`, { method })
      assert.equal(response.headers.get('retry-after'), '1')
      await isProblem(response, name, status)
    }
  }
})

test('a service’s 503 is passed on as it is, and not asked for again', async () => {
  let asked = 0
  const { url } = await gatewayBefore((_request, response) => {
    asked += 1
    response.writeHead(503, { 'retry-after': '1', 'content-type': 'application/problem+json' }).end('{}')
  })
  assert.equal((await fetch(`${url}/vehicles`)).status, 503)
  assert.equal(asked, 1)
})

test('it is ready when every service is, and says which is not', async () => {
  assert.equal((await at('/ready')).status, 200)
  assert.deepEqual(Object.keys(await (await at('/health')).json()).sort(), [
    'service',
    'status',
    'timestamp',
    'version',
  ])
  const { gateway, url } = await gatewayBefore((_request, response) => response.writeHead(503).end())
  await gateway.begin()
  const { services } = await isProblem(await fetch(`${url}/ready`), 'unavailable', 503)
  assert.deepEqual(services, {
    [CLIENTE]: 'unavailable',
    [VEICULO]: 'unavailable',
    'pagamento-service': 'unavailable',
    'identidade-service': 'unavailable',
    'avisos-service': 'unavailable',
    [ORQUESTRADOR]: 'unavailable',
  })
  assert.equal((await fetch(`${url}/health`)).status, 200)
})

test('a body that is too large is refused, whether its size is told or not', async () => {
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ description: 'x'.repeat(300_000) })
  await isProblem(await at('/vehicles', { method: 'POST', headers, body }), 'body_too_large', 413)
  const pieces = new ReadableStream({
    start(controller) {
      for (let from = 0; from < body.length; from += 50_000)
        controller.enqueue(Buffer.from(body.slice(from, from + 50_000)))
      controller.close()
    },
  })
  const untold = await at('/vehicles', { method: 'POST', headers, body: pieces, duplex: 'half' } as RequestInit)
  await isProblem(untold, 'body_too_large', 413)
  const largest = JSON.stringify({ description: 'x'.repeat(262_144 - 18) })
  await isProblem(await at('/vehicles', { method: 'POST', headers, body: largest }), 'validation_failed', 422)
})

test('a client that sends its body slowly keeps no connection to the service, which gets it whole, with its length', async () => {
  const seen: (string | undefined)[] = []
  const { url } = await gatewayBefore(async (request, response) => {
    seen.push(request.headers['content-length'])
    response.end(JSON.stringify((await request.toArray()).join('')))
  })
  const { hostname, port } = new URL(url)
  const slow = request({
    hostname,
    port,
    path: '/payments',
    method: 'POST',
    headers: { 'transfer-encoding': 'chunked' },
  })
  slow.write('{"a":')
  const quick = await fetch(`${url}/payments`, { method: 'POST', body: 'quick' })
  assert.equal(await quick.json(), 'quick')
  assert.deepEqual(seen, ['5'])
  slow.end('1}')
  const [response] = (await once(slow, 'response')) as [IncomingMessage]
  assert.equal((await response.toArray()).join(''), '"{\\"a\\":1}"')
  assert.deepEqual(seen, ['5', '7'])
})

test('bodies that are not JSON, or no body at all, are the service’s to judge', async () => {
  await isProblem(await at('/vehicles', { method: 'POST', body: 'brand=Fiat' }), 'unsupported_media_type', 415)
  await isProblem(
    await at('/vehicles', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' }),
    'malformed_json',
    400,
  )
  await isProblem(await at('/vehicles', { method: 'POST' }), 'validation_failed', 422)
})

test('HEAD answers without a body, a GET that brings one is answered all the same', async () => {
  const vehicle = await vehicleAt(api, 1_000)
  const head = await at(`/vehicles/${vehicle}`, { method: 'HEAD' })
  assert.equal(head.status, 200)
  assert.equal(head.headers.get('content-length'), (await at(`/vehicles/${vehicle}`)).headers.get('content-length'))
  const { hostname, port } = new URL(door)
  const headers = { 'content-type': 'application/json', 'content-length': '2' }
  const [response] = await once(
    request({ hostname, port, path: `/vehicles/${vehicle}`, headers }).end('{}'),
    'response',
  )
  response.resume()
  assert.equal(response.statusCode, 200)
})

test('an unknown path, one that leads outside and one that cannot be decoded get a problem', async () => {
  for (const path of ['/nowhere', '/customersx', '/cliente-service/customers', '/ready/x'])
    await isProblem(await at(path), 'route_not_found', 404)
  await isProblem(await at('/customers/1', { method: 'OPTIONS' }), 'method_not_allowed', 405)
  await isProblem(await at('/cliente-service/dead-letters/%2e%2e%2fcustomers'), 'bad_request', 400)
  await isProblem(await at('/customers/%zz'), 'bad_request', 400)
})

test('pages of other origins may read answers only where the configuration names them', async () => {
  const origin = 'https://loja.example.com'
  assert.equal((await at('/health', { headers: { origin } })).headers.get('access-control-allow-origin'), null)
  const { url } = await gatewayBefore((_request, response) => response.end('{}'), {
    CORS_ORIGINS: `https://a.example.com,${origin}`,
  })
  const read = await fetch(`${url}/vehicles`, { headers: { origin } })
  assert.equal(read.headers.get('access-control-allow-origin'), origin)
  assert.match(read.headers.get('access-control-expose-headers') ?? '', /ETag/)
  const asked = await fetch(`${url}/vehicles/1`, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'PUT', 'access-control-request-headers': 'if-match' },
  })
  assert.equal(asked.status, 204)
  assert.match(asked.headers.get('access-control-allow-methods') ?? '', /PUT/)
  assert.equal(asked.headers.get('access-control-allow-headers'), 'if-match')
  const other = await fetch(`${url}/vehicles`, { headers: { origin: 'https://evil.example.com' } })
  assert.equal(other.headers.get('access-control-allow-origin'), null)
})

test('one document tells of every service’s routes, and a browser is led to its page', async () => {
  const document = await (await at('/openapi.json')).json()
  const paths = Object.keys(document.paths)
  for (const path of ['/customers/{id}', '/vehicles', '/payments', '/purchase', '/health'])
    assert.ok(paths.includes(path), path)
  assert.equal(
    paths.some((path) => path === '/dead-letters'),
    false,
  )
  assert.deepEqual([document.servers.length, document.servers[0].url], [1, '/'])
  const start = await at('/', { redirect: 'manual' })
  assert.deepEqual([start.status, start.headers.get('location')], [302, '/docs'])
  const page = await at('/')
  assert.equal(page.status, 200)
  assert.match(await page.text(), /openapi\.json/)
})

test('a purchase started through the gateway can be watched live while it waits', async () => {
  const transaction = await buy(api, await customerWith(api), await vehicleAt(api, 45_000), 'pix')
  const { body } = await at(`/saga-states/${transaction}/events`)
  let text = ''
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader()
  await until('the code is told', async () => {
    text += (await reader?.read())?.value ?? ''
    return text.includes('pix_copy_paste')
  })
  await reader?.cancel()
})

test('event streams keep no short request waiting, and a request without a connection in a second is refused', async () => {
  const answer: Answering = (asked, response) => {
    if (asked.url?.endsWith('/events'))
      return void response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': here\n\n')
    if (asked.url?.endsWith('/silent')) return
    response.end('{}')
  }
  const { url } = await gatewayBefore(answer, { EVENT_STREAMS_MAX: '300' })
  const leaving = new AbortController()
  const ask = (path: string) => fetch(`${url}${path}`, { signal: leaving.signal })
  const streams = await Promise.all(Array.from({ length: 300 }, () => ask(`/saga-states/${unknown}/events`)))
  assert.ok(streams.every(({ status }) => status === 200))
  const begun = performance.now()
  assert.equal((await ask(`/saga-states/${unknown}`)).status, 200)
  assert.ok(performance.now() - begun < 1_000)

  const refused = await ask(`/saga-states/${unknown}/events`)
  assert.ok(Number(refused.headers.get('retry-after')) >= 1)
  await isProblem(refused, 'overloaded', 503)
  const silent = Array.from({ length: 256 }, () => ask('/vehicles/silent').catch(() => undefined))
  await until('all connections are in use', async () => (await ask('/vehicles/1')).status === 503)
  leaving.abort()
  await Promise.all(silent)
  await until('some are free again', async () => (await fetch(`${url}/vehicles/1`)).status === 200)
})

test('a target with scheme and host is taken, and a wrong method is answered with the allowed ones', async () => {
  const raw = async (line: string) => {
    const asked = request(door, { method: line.split(' ')[0], path: line.split(' ')[1], headers: admin }).end()
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    answer.resume()
    return answer
  }
  const id = await customerWith(api, {})
  assert.equal((await raw(`GET http://localhost/customers/${id}`)).statusCode, 200)
  assert.equal((await raw(`GET //customers/${id}`)).statusCode, 404)
  for (const [target, allowed] of [
    [`/customers/${id}`, 'DELETE, GET, HEAD, PUT'],
    ['/purchase', 'POST'],
    ['/saga-states', 'GET, HEAD'],
  ]) {
    const refused = await raw(`TRACE ${target}`)
    assert.deepEqual([refused.statusCode, refused.headers.allow], [405, allowed], target)
  }
  assert.equal((await raw('TRACE /customers/1/nothing')).statusCode, 404)
})
