/** Connections of all kinds of clients: slow, broken, and too many. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, test } from 'node:test'
import pino from 'pino'
import { problems } from '#contracts'
import { openAccess } from '../../tests/fixtures/access.ts'
import { httpApp } from './app.ts'

const limits = { headersTimeoutMs: 200, requestTimeoutMs: 400, checkEveryMs: 50, connections: 3 }
const app = await httpApp({
  access: openAccess(),
  title: 'edge',
  description: '',
  version: '1',
  log: pino({ level: 'silent' }),
  limits,
})
app.post('/things', async () => ({ done: true }))
await app.listen({ host: '127.0.0.1', port: 0 })
after(() => app.close())

async function open(): Promise<Socket> {
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
  await once(socket, 'connect')
  return socket
}

/** Everything that the service answers to these bytes, until it closes the connection. */
async function answerTo(bytes: string): Promise<string> {
  const socket = await open()
  socket.write(bytes)
  return text(socket)
}

function assertProblem(answer: string, name: keyof typeof problems) {
  const [head = '', body = ''] = answer.split('\r\n\r\n')
  assert.match(head, new RegExp(`^HTTP/1\\.1 ${problems[name].status} `))
  assert.match(head, /content-type: application\/problem\+json/)
  assert.match(head, new RegExp(`content-length: ${body.length}`))
  assert.equal(JSON.parse(body).type, problems[name].type)
}

test('what is not HTTP could not be read', async () => {
  for (const bytes of [
    'nonsense\r\n\r\n',
    'GET / HTTP/9.9\r\n\r\n',
    'GET / HTTP/1.1\r\nhost: a\r\nbad header: x\r\n\r\n',
  ])
    assertProblem(await answerTo(bytes), 'bad_request')
})

test('two lengths of one body, by which requests are smuggled past a proxy, could not be read', async () => {
  const head = 'POST /things HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n'
  const bytes = `${head}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}`
  assertProblem(await answerTo(bytes), 'bad_request')
})

test('headers beyond the limit are refused', async () => {
  assertProblem(await answerTo(`GET / HTTP/1.1\r\nhost: a\r\nx: ${'x'.repeat(17_000)}\r\n\r\n`), 'headers_too_large')
})

test('a client that dawdles over its headers or its body does not keep the connection', async () => {
  assertProblem(await answerTo('GET / HTTP/1.1\r\nhost: a\r\n'), 'request_timeout')
  const head = 'POST /things HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n'
  assertProblem(await answerTo(`${head}{`), 'request_timeout')
})

test('connections beyond the limit are closed, and the others still answered', async () => {
  const kept = [await open(), await open(), await open()]
  const fourth = await open()
  assert.equal(await text(fourth), '')
  const [first] = kept as [Socket, Socket, Socket]
  first.write('GET /health-of-nobody HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n')
  assert.match(await text(first), /^HTTP\/1\.1 404 /)
  for (const socket of kept) socket.destroy()
})

test('a server that closes finishes what is under way, and waits for no connection that is only there', async () => {
  const other = await httpApp({
    access: openAccess(),
    title: 'edge',
    description: '',
    version: '1',
    log: pino({ level: 'silent' }),
  })
  const begun = Promise.withResolvers<void>()
  const allowed = Promise.withResolvers<void>()
  other.get('/slow', async () => {
    begun.resolve()
    await allowed.promise
    return { done: true }
  })
  const url = await other.listen({ host: '127.0.0.1', port: 0 })
  const { port } = other.server.address() as AddressInfo
  const silent = connect(port, '127.0.0.1')
  const kept = connect(port, '127.0.0.1')
  await Promise.all([once(silent, 'connect'), once(kept, 'connect')])
  kept.write('GET /openapi.json HTTP/1.1\r\nhost: a\r\n\r\n')
  await once(kept, 'data')
  kept.resume()
  const slow = fetch(`${url}/slow`)
  await begun.promise

  const closed = other.close()
  await Promise.all([once(silent.resume(), 'close'), once(kept, 'close')])
  allowed.resolve()
  assert.deepEqual(await (await slow).json(), { done: true })
  await closed
})
