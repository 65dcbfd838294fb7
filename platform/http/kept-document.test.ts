/** Large answers are made once, compressed, and not sent twice. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import pino from 'pino'
import { Type } from 'typebox'
import { openAccess } from '../../tests/fixtures/access.ts'
import { httpApp } from './app.ts'

const large = { openapi: '3.1.0', info: { title: 'x'.repeat(20_000) } }
const app = await httpApp({
  access: openAccess(),
  title: 'a service',
  description: 'for tests',
  version: '1',
  log: pino({ level: 'silent' }),
  document: async () => large,
})
const text = 'a'.repeat(2_000)
app.get('/large', { schema: { response: { 200: Type.Object({ text: Type.String() }) } } }, async () => ({ text }))
app.get('/small', async () => ({ text: 'a' }))
app.get('/events', (_request, reply) => reply.type('text/event-stream').send(`data: ${text}\n\n`))
after(() => app.close())

const get = (url: string, headers: Record<string, string> = {}, remoteAddress = '127.0.0.1') =>
  app.inject({ url, headers, remoteAddress })

test('a document is compressed as it is asked for, and not sent again to those who have it', async () => {
  const [br, zip, plain] = [
    await get('/openapi.json', { 'accept-encoding': 'gzip, br' }),
    await get('/openapi.json', { 'accept-encoding': 'gzip, br;q=0' }),
    await get('/openapi.json'),
  ]
  assert.deepEqual(
    [br, zip, plain].map(({ headers }) => headers['content-encoding']),
    ['br', 'gzip', undefined],
  )
  const texts = [brotliDecompressSync(br.rawPayload), gunzipSync(zip.rawPayload), plain.rawPayload].map(String)
  for (const one of texts) assert.deepEqual(JSON.parse(one), large)
  assert.ok(br.rawPayload.length < 1_000)
  for (const answer of [br, zip, plain]) {
    const { 'content-encoding': coding = '', etag } = answer.headers
    const again = await get('/openapi.json', {
      'accept-encoding': String(coding),
      'if-none-match': `"other", W/${etag}`,
    })
    assert.deepEqual([again.statusCode, again.body], [304, ''])
  }
  assert.equal(new Set([br, zip, plain].map(({ headers }) => headers.etag)).size, 3)
})

test('the script of the reference page is named by its content, and kept for ever', async () => {
  const page = await get('/docs/')
  const [, source = ''] = /src="([^"]*scalar\.js\?v=[^"]+)"/.exec(page.body) ?? []
  assert.ok(source, page.body.slice(0, 600))
  const url = new URL(source, 'http://localhost/docs/')
  const script = await get(url.pathname + url.search, { 'accept-encoding': 'br' })
  assert.equal(script.statusCode, 200)
  assert.match(String(script.headers['cache-control']), /immutable/)
  assert.ok(script.rawPayload.length < 1_500_000, `${script.rawPayload.length} bytes`)
  const unnamed = await get(url.pathname, { 'accept-encoding': 'br' })
  assert.equal(unnamed.headers['cache-control'], 'no-cache')
})

test('answers of a kilobyte and more are compressed, smaller ones and event streams are not', async () => {
  const codings = await Promise.all(
    ['/large', '/small', '/events'].map(async (url) => {
      const { headers } = await get(url, { 'accept-encoding': 'gzip' })
      return headers['content-encoding']
    }),
  )
  assert.deepEqual(codings, ['gzip', undefined, undefined])
})

test('figures are shown on this machine, and to nobody else', async () => {
  assert.equal((await get('/metrics')).statusCode, 200)
  assert.equal((await get('/metrics', {}, '203.0.113.9')).statusCode, 401)
  assert.equal((await get('/metrics', { 'x-forwarded-for': '203.0.113.9' })).statusCode, 401, 'through a proxy here')
})
