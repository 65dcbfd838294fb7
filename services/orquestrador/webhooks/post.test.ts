/** One post to misbehaving receivers: it always ends in time and with a constant word. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import { after, test } from 'node:test'
import { poster } from './post.ts'

const never = new AbortController().signal
const sending = poster({ allowLoopback: true, timeoutMs: 300 })
after(() => sending[Symbol.asyncDispose]())

const portOf = (address: unknown) => (address as { port: number }).port

async function receiver(answer: RequestListener) {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${portOf(server.address())}/hook`
}

const post = (url: string, signal = never) => sending.post({ url, headers: { 'x-a': 'b' }, body: '{"a":1}' }, signal)

test('the receiver gets the headers and the body as they are', async () => {
  const got: unknown[] = []
  const url = await receiver(async (request, response) => {
    got.push(request.method, request.url, request.headers['x-a'], (await request.toArray()).join(''))
    response.writeHead(201).end('thanks')
  })
  assert.deepEqual(await post(url), { status_code: 201 })
  assert.deepEqual(got, ['POST', '/hook', 'b', '{"a":1}'])
})

test('interim answers of a receiver are skipped', async () => {
  const url = await receiver((request, response) => {
    response.writeContinue()
    response.writeProcessing()
    response.writeEarlyHints({ link: '</a.css>; rel=preload' })
    request.resume().once('end', () => response.writeHead(204).end())
  })
  for (let n = 0; n < 3; n++) assert.deepEqual(await post(url), { status_code: 204 })
})

test('a receiver that does not answer is left after the time-out', async () => {
  assert.deepEqual(await post(await receiver(() => {})), { error: 'timed_out' })
})

test('the status counts even when the rest of the answer never comes, or never ends', async () => {
  const stalled = await receiver((_request, response) => void response.writeHead(200).write('wait for it'))
  assert.deepEqual(await post(stalled), { status_code: 200 })
  const endless = await receiver((_request, response) => {
    response.writeHead(200)
    const pour = () => {
      while (!response.destroyed && response.write('x'.repeat(65_536)));
    }
    response.on('drain', pour)
    pour()
  })
  assert.deepEqual(await post(endless), { status_code: 200 })
})

test('a redirect is an answer like any other, and not followed', async () => {
  let asked = 0
  const url = await receiver((_request, response) => {
    asked += 1
    response.writeHead(307, { location: '/elsewhere' }).end()
  })
  assert.deepEqual(await post(url), { status_code: 307 })
  assert.equal(asked, 1)
})

test('a port where nobody listens, a line that breaks, a name that nobody has, and no TLS where it should be', async () => {
  const url = await receiver((request) => request.socket.destroy())
  assert.deepEqual(await post(url), { error: 'connection_failed' })
  assert.deepEqual(await post(url.replace('http:', 'https:')), { error: 'tls_failed' })
  const closed = createTcpServer().listen(0, '127.0.0.1')
  await once(closed, 'listening')
  const port = portOf(closed.address())
  closed.close()
  await once(closed, 'close')
  assert.deepEqual(await post(`http://127.0.0.1:${port}/`), { error: 'connection_refused' })
  const nowhere = poster({
    allowLoopback: false,
    lookup: ((_name: string, _options: object, done: (error: Error) => void) =>
      done(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }))) as never,
  })
  const webhook = { url: 'https://nobody.test/', headers: {}, body: '{}' }
  assert.deepEqual(await nowhere.post(webhook, never), { error: 'host_not_found' })
  await nowhere[Symbol.asyncDispose]()
})

test('the sender can stop at any moment', async () => {
  const stopping = new AbortController()
  const url = await receiver(() => stopping.abort())
  assert.deepEqual(await post(url, stopping.signal), { error: 'timed_out' })
})
