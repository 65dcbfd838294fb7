/** HTTP's own rules, over real connections: a request that breaks them is answered with a problem document. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import pino from 'pino'
import { Type } from 'typebox'
import { openAccess } from '../../tests/fixtures/access.ts'
import { httpApp } from './app.ts'
import { listen } from './protocol.ts'

const log = pino({ level: 'silent' })
const app = await httpApp({ access: openAccess(), title: 'a service', description: 'for tests', version: '1', log })
app.get('/things/:id', { schema: { params: Type.Object({ id: Type.Integer() }) } }, async ({ params }) => params)
app.post('/things', { schema: { body: Type.Object({}) } }, async () => ({}))
before(() => listen(app, '127.0.0.1', 0))
after(() => app.close())

const port = () => (app.server.address() as AddressInfo).port

/** The server's answer to these bytes before it closes. */
function say(bytes: string): Promise<string> {
  const socket = connect(port(), '127.0.0.1')
  socket.write(bytes)
  return text(socket)
}

const isProblem = (answer: string, status: number, name: string) => {
  assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `))
  assert.match(answer, /content-type: application\/problem\+json/i)
  assert.match(answer, new RegExp(`"urn:mercado-veiculo:problem:${name}"`))
}

test('a request has one Host', async () => {
  isProblem(await say('GET /things/1 HTTP/1.1\r\nConnection: close\r\n\r\n'), 400, 'bad_request')
  const two = 'GET /things/1 HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n'
  isProblem(await say(two), 400, 'bad_request')
  assert.match(await say('GET /things/1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'), /^HTTP\/1\.1 200 /)
  assert.match(await say('GET /things/1 HTTP/1.0\r\n\r\n'), /^HTTP\/1\.1 200 /)
})

test('an expectation that nobody can meet is refused in words', async () => {
  isProblem(await say('GET /things/1 HTTP/1.1\r\nHost: a\r\nExpect: banana\r\n\r\n'), 417, 'expectation_failed')
})

test('a target may name scheme and host; two slashes are no host', async () => {
  for (const target of ['http://localhost/things/7', 'HTTP://example.com:80/things/7', 'https://[::1]:8000/things/7'])
    assert.match(
      await say(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`),
      /{"id":7}$/,
      target,
    )
  for (const target of ['//things/7', '//localhost/things/7', 'http://localhost', 'http://localhost?a=1'])
    isProblem(
      await say(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`),
      404,
      'route_not_found',
    )
})

test('localhost is this machine’s address of either family', async () => {
  for (const host of ['127.0.0.1', '::1']) {
    const socket = connect(port(), host)
    await once(socket, 'connect')
    socket.write('GET /things/3 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
    assert.match(await text(socket), /{"id":3}$/, host)
  }
})

test('a client whose body is too large reads why, though it is still sending', async () => {
  const url = `http://127.0.0.1:${port()}/things`
  const headers = { 'content-type': 'application/json' }
  const large = JSON.stringify({ a: 'x'.repeat(5_000_000) })
  for (let round = 0; round < 6; round += 1) {
    const answer = await fetch(url, { method: 'POST', headers, body: large })
    assert.equal(answer.status, 413)
    assert.equal(((await answer.json()) as { status: number }).status, 413)
  }
  const stream = new Blob([large]).stream()
  const chunked = await fetch(url, { method: 'POST', headers, body: stream, duplex: 'half' } as RequestInit)
  assert.equal(chunked.status, 413)
})
