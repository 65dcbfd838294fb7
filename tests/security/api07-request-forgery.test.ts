/** OWASP API7:2023 Server side request forgery: no webhook makes this system call inner addresses. */
import assert from 'node:assert/strict'
import type { lookup as systemLookup } from 'node:dns'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { poster } from '../../services/orquestrador/webhooks/post.ts'
import { ORQUESTRADOR, startSystem } from '../fixtures/system.ts'
import { attackOn } from './attack.ts'

const attack = attackOn('API7')
const api = await startSystem()

const subscribe = (url: unknown) =>
  api.call(ORQUESTRADOR, 'POST', '/webhook-subscriptions', { url, events: ['events.purchase.completed'] })

/** Inner addresses, in every notation that a URL parser accepts. */
const INSIDE = [
  ...[
    '127.0.0.1',
    '127.1',
    '127.255.255.254',
    '0',
    '0.0.0.0',
    '0177.0.0.1',
    '0x7f.1',
    '0x7f000001',
    '2130706433',
    '017700000001',
  ],
  ...[
    '10.0.0.1',
    '10.255.255.255',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.0.1',
    '192.168.255.255',
    '100.64.0.1',
    '3232235521',
  ],
  ...['169.254.169.254', '0xa9fea9fe', '2852039166', '0251.0376.0251.0376', '169.254.170.2', '192.0.0.192'],
  ...[
    '192.0.2.1',
    '198.51.100.1',
    '203.0.113.1',
    '198.18.0.1',
    '224.0.0.1',
    '239.255.255.255',
    '240.0.0.1',
    '255.255.255.255',
    '192.88.99.1',
  ],
  ...[
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::ffff:169.254.169.254]',
    '[::127.0.0.1]',
    '[::a9fe:a9fe]',
  ],
  ...[
    '[fe80::1]',
    '[fc00::1]',
    '[fd00:ec2::254]',
    '[ff02::1]',
    '[64:ff9b::7f00:1]',
    '[64:ff9b::a9fe:a9fe]',
    '[2002:7f00:1::]',
    '[2001:0:7f00:1::]',
  ],
  ...['[2001:db8::1]', '[3fff::1]', '[100::1]', '[5f00::1]', '[::ffff:0:127.0.0.1]'],
  ...['localhost', 'LOCALHOST', 'a.localhost', '①②⑦.⓪.⓪.①', '127。0。0。1', '%31%32%37.0.0.1'],
]

test('an address inside is refused when it is written down, in whatever notation', async () => {
  for (const host of INSIDE)
    for (const url of [`https://${host}/hook`, `https://${host}:8443/`, `https://${host}./`.replace('].', ']')])
      await attack.refused(url, subscribe(url), 400, 422)
})

test('so is whatever is no plain https address of elsewhere', async () => {
  for (const url of [
    'http://example.com/hook',
    'ftp://example.com/',
    'file:///etc/passwd',
    'gopher://127.0.0.1:6379/_FLUSHALL',
    'dict://127.0.0.1:11211/stats',
    'data:text/plain,x',
    'javascript:alert(1)',
    'jar:https://example.com!/',
    'https://',
    '//example.com',
    'example.com',
    '',
    'https://user:pass@example.com/',
    'https://example.com@127.0.0.1/',
    'https://127.0.0.1#@example.com/',
    'https://example.com/#fragment',
    'https://exa mple.com/',
    'https://example.com\r\nHost: inside/',
    'https://example.com/\r\nx: y',
    'https://example.com:0x50/',
    'https://example.com:99999/',
    `https://example.com/${'a'.repeat(2_100)}`,
    7,
    null,
    ['https://example.com/'],
    { href: 'https://example.com/' },
  ])
    await attack.refused(String(url).slice(0, 50), subscribe(url), 400, 422)
})

const words = { headers: { 'content-type': 'application/json' }, body: '{}' }
const still = new AbortController().signal

/** A name server that is the attacker's. */
const answering = (...addresses: readonly string[]) =>
  ((_host: string, _options: unknown, done: (error: null, found: { address: string; family: number }[]) => void) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )) as unknown as typeof systemLookup

test('a name that leads inside is found out when it is called, on the very address that would be called', async () => {
  const inside = [
    '127.0.0.1',
    '10.1.2.3',
    '172.20.0.5',
    '192.168.1.1',
    '169.254.169.254',
    '100.100.100.200',
    '0.0.0.0',
    '224.0.0.1',
    '::1',
  ]
  const mapped = [
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    'fe80::1%lo',
    'fd00:ec2::254',
    '64:ff9b::a9fe:a9fe',
    '2002:a9fe:a9fe::',
    '::',
    'ff02::1',
  ]
  for (const address of [...inside, ...mapped]) {
    await using hooks = poster({ allowLoopback: false, timeoutMs: 2_000, lookup: answering(address) })
    const result = await hooks.post({ url: 'https://hooks.example.com/', ...words }, still)
    attack.failed(
      `a name of ${address}: ${JSON.stringify(result)}`,
      'error' in result && result.error === 'address_refused',
    )
  }
  await using both = poster({
    allowLoopback: false,
    timeoutMs: 2_000,
    lookup: answering('10.0.0.1', '::1', '127.0.0.1'),
  })
  const result = await both.post({ url: 'https://hooks.example.com/', ...words }, still)
  attack.failed('a name of several', 'error' in result && result.error === 'address_refused')
})

test('a name that answers otherwise the second time gains nothing: it is looked up once for each connection', async () => {
  for (const later of ['127.0.0.1', '169.254.169.254', '10.0.0.1']) {
    let lookups = 0
    // RFC 5737: nobody answers there, which is all that the first address is for
    const rebinding = ((host: string, options: unknown, done: never) => {
      lookups += 1
      return (answering(lookups === 1 ? '192.0.2.1' : later) as unknown as (...args: unknown[]) => void)(
        host,
        options,
        done,
      )
    }) as unknown as typeof systemLookup
    await using hooks = poster({ allowLoopback: false, timeoutMs: 2_000, lookup: rebinding })
    for (let n = 0; n < 3; n++) {
      const result = await hooks.post({ url: 'https://hooks.example.com/', ...words }, still)
      attack.failed(`rebound to ${later}`, 'error' in result && result.error === 'address_refused')
    }
    assert.equal(lookups, 3)
  }
})

test('a redirect is not followed, whatever its kind', async () => {
  const visited: string[] = []
  const server = createServer((request, response) => {
    visited.push(request.url ?? '')
    const status = Number(request.url?.slice(1))
    response.writeHead(status, { location: '/inside', refresh: '0; url=/inside', link: '</inside>; rel=next' }).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  after(() => server.close())
  await using hooks = poster({ allowLoopback: true, timeoutMs: 2_000 })
  const { port } = server.address() as AddressInfo
  for (const status of [300, 301, 302, 303, 305, 307, 308]) {
    const result = await hooks.post({ url: `http://127.0.0.1:${port}/${status}`, ...words }, still)
    attack.failed(`${status}`, 'status_code' in result && result.status_code === status)
  }
  assert.ok(!visited.includes('/inside'))
})

attack.tell()
