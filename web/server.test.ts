/** HTTP itself, before any page: the pages follow the same rules as the services. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { after, test } from 'node:test'
import type { Pages } from './server.ts'
import { startWeb } from './server.ts'
import type { Settings } from './settings.ts'

const ORIGIN = 'https://loja.example.com'
/** Stands in for pages, and answers with the request that it got. */
const pages: Pages = {
  load: () => assert.fail('no page is asked for'),
  files: new Map(),
  before: ({ url, headers: { host } }, response) => response.end(JSON.stringify({ url, host })),
}
const settings = { publicOrigin: ORIGIN, trustedProxies: 0 } as Settings
const server = await startWeb({ settings, pages, host: '127.0.0.1', port: 0, version: '1' })
after(() => server.close())
const { port } = server.address() as AddressInfo

async function raw(...lines: string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8')
  socket.end([...lines, 'Connection: close', '', ''].join('\r\n'))
  let text = ''
  for await (const piece of socket) text += piece
  return text
}
const statusOf = (answer: string) => Number(answer.split(' ')[1])

test('a target with scheme and host leads to the same page; only a configured Host is accepted', async () => {
  for (const target of ['/carros?q=gol', 'http://localhost/carros?q=gol'])
    assert.match(
      await raw(`GET ${target} HTTP/1.1`, 'Host: evil.example'),
      /\{"url":"\/carros\?q=gol","host":"loja.example.com"\}/,
    )
  assert.match(await raw('GET //evil.example/ HTTP/1.1', 'Host: a'), /"url":"\/\/evil.example\/"/)
})

test('a request with two Hosts, or an expectation that cannot be met, is refused', async () => {
  assert.equal(statusOf(await raw('GET / HTTP/1.1')), 400)
  assert.equal(statusOf(await raw('GET / HTTP/1.1', 'Host: a', 'Host: b')), 400)
  assert.equal(statusOf(await raw('GET / HTTP/1.0')), 200)
  assert.equal(statusOf(await raw('GET / HTTP/1.1', 'Host: a', 'Expect: banana')), 417)
  const refused = await raw('DELETE / HTTP/1.1', 'Host: a')
  assert.equal(statusOf(refused), 405)
  assert.match(refused, /^allow: GET, HEAD, POST\r$/im)
})

test('a form in another charset, compressed, or from elsewhere is refused', async () => {
  const post = async (headers: Record<string, string>, body: BodyInit = 'a=1') =>
    (await fetch(`http://127.0.0.1:${port}/entrar`, { method: 'POST', body, headers: { origin: ORIGIN, ...headers } }))
      .status
  const form = 'application/x-www-form-urlencoded'
  assert.equal(await post({ 'content-type': form }), 200)
  assert.equal(await post({ 'content-type': `${form}; charset=UTF-8` }), 200)
  assert.equal(await post({ 'content-type': `${form}; charset=ISO-8859-1` }), 415)
  assert.equal(await post({ 'content-type': form, 'content-encoding': 'gzip' }), 415)
  assert.equal(await post({ origin: 'https://evil.example.com' }), 403)
})

test('a form that is too large gets an answer that says so, even while its sender is still sending', async () => {
  for (let time = 0; time < 5; time += 1) {
    const body = Buffer.alloc(5_000_000, 'a')
    const answer = await fetch(`http://127.0.0.1:${port}/entrar`, { method: 'POST', body, headers: { origin: ORIGIN } })
    assert.equal(answer.status, 413)
  }
})

test('localhost is this machine’s address of either family', async () => {
  const socket = connect(port, '::1')
  const [outcome] = await Promise.race([once(socket, 'connect').then(() => ['there']), once(socket, 'error')])
  socket.destroy()
  assert.ok(
    outcome === 'there' || ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes((outcome as NodeJS.ErrnoException).code ?? ''),
    String(outcome),
  )
})
