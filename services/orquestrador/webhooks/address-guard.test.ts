/**
 * Where webhooks may go, and where nobody can send them: neither by name, nor by number, nor by a name that changes its
 * address.
 */
import assert from 'node:assert/strict'
import type { lookup as systemLookup } from 'node:dns'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { after, test } from 'node:test'
import { faultOf, isPublic } from './address-guard.ts'
import { poster } from './post.ts'

const server = createServer((_request, response) => response.writeHead(204).end()).listen(0, '127.0.0.1')
await once(server, 'listening')
after(() => server.close())
const address = server.address()
const port = typeof address === 'object' && address ? address.port : 0

const never = new AbortController().signal

/** A resolver that answers with these addresses in turn, the last one for ever. */
function answering(...turns: readonly (readonly string[])[]): typeof systemLookup {
  let asked = 0
  const lookup = (_name: string, _options: object, done: (error: null, found: object[]) => void) => {
    const found = turns[Math.min(asked++, turns.length - 1)] ?? []
    done(
      null,
      found.map((one) => ({ address: one, family: one.includes(':') ? 6 : 4 })),
    )
  }
  return lookup as typeof systemLookup
}

async function call(url: string, allowLoopback: boolean, lookup?: typeof systemLookup) {
  await using sending = poster({ allowLoopback, timeoutMs: 2_000, ...(lookup && { lookup }) })
  return await sending.post({ url, headers: {}, body: '{}' }, never) // before it is disposed of
}

for (const refused of [
  ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '169.254.169.254', '172.16.0.1', '172.31.255.255', '192.0.0.8'],
  ...['192.0.2.1', '192.168.0.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '224.0.0.1', '240.0.0.1'],
  ...['255.255.255.255', '::', '::1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '::127.0.0.1', '64:ff9b::a00:1', '100::1'],
  ...[
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '3fff::1',
    '5f00::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'ff02::1',
  ],
]) {
  test(`${refused} is not a public address`, () => assert.equal(isPublic(refused), false))
}

for (const fine of ['8.8.8.8', '172.32.0.1', '200.160.2.3', '2001:12ff:0:2::3', '2606:4700::1111']) {
  test(`${fine} is a public address`, () => assert.equal(isPublic(fine), true))
}

for (const [url, fault] of [
  ['https://erp.example.com/hooks', undefined],
  ['https://erp.example.com:8443/hooks?tenant=1', undefined],
  ['http://erp.example.com/hooks', 'https_required'],
  ['ftp://erp.example.com/', 'https_required'],
  ['https://user:word@erp.example.com/', 'credentials_in_url'],
  ['https://erp.example.com/#part', 'fragment_in_url'],
  ['https://localhost/', 'address_refused'],
  ['https://db.localhost/', 'address_refused'],
  ['https://10.0.0.1/', 'address_refused'],
  ['https://0x7f.1/', 'address_refused'],
  ['https://2130706433/', 'address_refused'],
  ['https://[::1]/', 'address_refused'],
  ['https://[::ffff:169.254.169.254]/', 'address_refused'],
] as const) {
  test(`the URL ${url} is ${fault ?? 'fine'}`, () => assert.equal(faultOf(url, { allowLoopback: false }), fault))
}

test('this machine may be called without TLS where that is allowed, and no other', () => {
  const here = { allowLoopback: true }
  for (const url of ['http://localhost:9999/', 'http://127.0.0.1:9999/', 'http://[::1]/', 'https://localhost/']) {
    assert.equal(faultOf(url, here), undefined)
  }
  assert.equal(faultOf('http://10.0.0.1/', here), 'https_required')
  assert.equal(faultOf('https://10.0.0.1/', here), 'address_refused')
  assert.equal(faultOf('http://erp.example.com/', here), 'https_required')
})

test('a number in the URL is refused when it is called, however it got there', async () => {
  assert.deepEqual(await call(`http://127.0.0.1:${port}/`, false), { error: 'address_refused' })
  assert.deepEqual(await call('https://169.254.169.254/', false), { error: 'address_refused' })
  assert.deepEqual(await call('https://[::ffff:127.0.0.1]/', false), { error: 'address_refused' })
  assert.deepEqual(await call(`http://127.0.0.1:${port}/`, true), { status_code: 204 })
})

test('a name that leads inside is refused when it is called', async () => {
  const inside = answering(['10.0.0.7'], ['fd00::1', '127.0.0.1'])
  assert.deepEqual(await call(`https://erp.example.com:${port}/`, false, inside), { error: 'address_refused' })
  assert.deepEqual(await call(`https://erp.example.com:${port}/`, false, inside), { error: 'address_refused' })
})

test('a name that resolves elsewhere the second time gains nothing: the checked address is called', async () => {
  const rebinding = answering(['127.0.0.1'], ['10.0.0.7'])
  assert.deepEqual(await call(`http://rebinding.test:${port}/`, true, rebinding), { status_code: 204 })
  await using sending = poster({
    allowLoopback: true,
    timeoutMs: 2_000,
    lookup: answering(['127.0.0.1'], ['10.0.0.7']),
  })
  const webhook = { url: `http://rebinding.test:${port}/`, headers: { connection: 'close' }, body: '{}' }
  assert.deepEqual(await sending.post(webhook, never), { status_code: 204 })
  assert.deepEqual(await sending.post(webhook, never), { error: 'address_refused' })
})

test('of several addresses only the allowed ones are called', async () => {
  const mixed = answering(['10.0.0.7', '127.0.0.1'])
  assert.deepEqual(await call(`http://mixed.test:${port}/`, true, mixed), { status_code: 204 })
})

test('without TLS even a public address is refused', async () => {
  assert.deepEqual(await call('http://erp.example.com/', true, answering(['8.8.8.8'])), { error: 'address_refused' })
})
