/** OWASP API8:2023 Security misconfiguration: common mistakes of servers, from smuggling to talkative errors. */
import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { test } from 'node:test'
import pino from 'pino'
import type { Role } from '#contracts'
import { BadConfiguration, readConfig } from '#platform/config'
import { httpApp } from '#platform/http/app'
import { operationsOf } from '#platform/http/openapi'
import type { OpenApi } from '#platform/http/openapi-document'
import { refuseUnsafe } from '#platform/production'
import { openIssuers } from '#platform/tokens/issuers'
import { openAccess } from '../fixtures/access.ts'
import { customerWith, startSystem, vehicleAt } from '../fixtures/system.ts'
import { attackOn, say, statusesIn } from './attack.ts'

const attack = attackOn('API8')
const api = await startSystem()
const door = api.system.addressOf('gateway')
const admin = await api.as({ role: 'admin' })
await customerWith(api, { initial_balance: 5_000 })
await vehicleAt(api, 4_000)
const servers = api.system.services.map(({ url }) => url)

const HOST = 'host: mercado\r\n'
const JSON_TYPE = 'content-type: application/json\r\n'

test('one request is one request: what could be read as two by anybody on the way is refused', async () => {
  const inner = `GET /openapi.json HTTP/1.1\r\n${HOST}connection: close\r\n\r\n`
  const post = (headers: string, body: string) => `POST /payments HTTP/1.1\r\n${HOST}${JSON_TYPE}${headers}\r\n${body}`
  const smuggled: Readonly<Record<string, string>> = {
    'length and chunks': post(
      `content-length: ${inner.length + 5}\r\ntransfer-encoding: chunked\r\n`,
      `0\r\n\r\n${inner}`,
    ),
    'chunks and length': post(`transfer-encoding: chunked\r\ncontent-length: 4\r\n`, `5c\r\n${inner}\r\n0\r\n\r\n`),
    'two lengths': post(`content-length: 2\r\ncontent-length: 40\r\n`, `{}${inner}`),
    'two lengths in one': post(`content-length: 2, 40\r\n`, `{}${inner}`),
    'a negative length': post(`content-length: -1\r\n`, `{}${inner}`),
    'a length with a sign': post(`content-length: +2\r\n`, `{}${inner}`),
    'a length with an exponent': post(`content-length: 2e0\r\n`, `{}${inner}`),
    'a length in hex': post(`content-length: 0x2\r\n`, `{}${inner}`),
    'a coding and another': post(`transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n`, `0\r\n\r\n${inner}`),
    'an unknown coding': post(`transfer-encoding: xchunked\r\n`, `0\r\n\r\n${inner}`),
    'chunked, not last': post(`transfer-encoding: chunked, gzip\r\n`, `0\r\n\r\n${inner}`),
    'a space before the colon': post(`transfer-encoding : chunked\r\n`, `0\r\n\r\n${inner}`),
    'a folded header': post(`x: y\r\n transfer-encoding: chunked\r\n`, `0\r\n\r\n${inner}`),
    'a tab in a name': post(`transfer\tencoding: chunked\r\n`, `0\r\n\r\n${inner}`),
    'a bare line feed in the head': `POST /payments HTTP/1.1\n${HOST}content-length: 0\n\n${inner}`,
    'a bare carriage return': post(`x: a\rcontent-length: 0\r\n`, inner),
    'a nul in a header': post(`x: a\0b\r\n`, inner),
    'a chunk of a negative size': post(`transfer-encoding: chunked\r\n`, `-1\r\n\r\n${inner}`),
    'a chunk of a huge size': post(`transfer-encoding: chunked\r\n`, `fffffffffffffffff\r\n${inner}`),
    'a chunk that ends elsewhere': post(`transfer-encoding: chunked\r\n`, `2\r\n{}xx0\r\n\r\n${inner}`),
    'a chunk extension with a line feed': post(`transfer-encoding: chunked\r\n`, `2;\nxx\r\n{}\r\n0\r\n\r\n${inner}`),
    'no host': `GET /vehicles HTTP/1.1\r\n\r\n`,
    'no version': `GET /vehicles\r\n\r\n`.replace('\r\n\r\n', ' \r\n\r\n'),
    'another protocol': `GET /vehicles FTP/1.1\r\n${HOST}\r\n`,
    'HTTP/2 without being asked': `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n`,
    'a TLS hello': '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n',
    'a method that is none': `GE\x00T /vehicles HTTP/1.1\r\n${HOST}\r\n`,
    'a path with a space': `GET /vehicles /x HTTP/1.1\r\n${HOST}\r\n`,
  }
  // all at once: each waits until the server hangs up, which some servers do only after a time-out
  await Promise.all(
    Object.entries(smuggled).flatMap(([what, words]) =>
      servers.map(async (url) => {
        const statuses = statusesIn(await say(url, words))
        // 401: the first request had no token, and its rest was not looked at
        const status = statuses.find((status) => status !== 400) ?? 400
        await attack.refused(`${what} at ${url}`, { status }, 400, 401)
      }),
    ),
  )
  // the body of a GET is not passed on, so it cannot become a second request behind the gateway
  for (const head of [
    `content-length: ${inner.length}\r\n`,
    'transfer-encoding: chunked\r\n',
    'expect: 100-continue\r\n',
  ]) {
    const body = head.includes('chunked')
      ? `${inner.length.toString(16)}\r\n${inner}\r\n0\r\n\r\n`
      : (head.includes('length') && inner) || ''
    const answer = await say(
      door,
      `GET /vehicles?status_filter=available HTTP/1.1\r\n${HOST}${head}connection: close\r\n\r\n${body}`,
    )
    attack.failed(
      head,
      !answer.includes('"openapi"') && statusesIn(answer).filter((status) => status >= 200).length === 1,
    )
  }
})

test('the gateway leads to the paths of the contract and to no other, however they are written', async () => {
  const ways = ['/metrics', '/health', '/openapi.json', '/docs', '/dead-letters', '/customers']
  const detours = [
    '..',
    '%2e%2e',
    '.%2e',
    '%2E.',
    '..%2f..',
    '%2e%2e%2f',
    '..;',
    '..%5c',
    '..\\',
    '%252e%252e',
    '%c0%ae%c0%ae',
    '..%00',
    './..',
    '....//',
  ]
  for (const way of ways)
    for (const detour of detours)
      for (const start of ['/vehicles', '/purchase/x']) {
        const answer = await say(door, `GET ${start}/${detour}${way} HTTP/1.1\r\n${HOST}connection: close\r\n\r\n`)
        await attack.refused(`${start}/${detour}${way}`, { status: statusesIn(answer)[0] ?? 0 }, 400, 404, 422)
      }
  for (const target of [
    'http://169.254.169.254/customers',
    'http://127.0.0.1:5432/vehicles',
    'https://example.com/vehicles',
    '//example.com/vehicles/..',
  ]) {
    const answer = await say(door, `GET ${target} HTTP/1.1\r\n${HOST}connection: close\r\n\r\n`)
    await attack.refused(target, { status: statusesIn(answer)[0] ?? 0 }, 400, 401, 404)
  }
  for (const method of ['TRACE', 'TRACK', 'CONNECT', 'PROPFIND', 'DEBUG', 'PURGE', 'LINK']) {
    for (const url of servers) {
      const answer = await say(
        url,
        `${method} /customers HTTP/1.1\r\n${HOST}x-secret: do-not-repeat\r\nconnection: close\r\n\r\n`,
      )
      attack.failed(`${method} at ${url}`, !answer.includes('do-not-repeat') && !answer.startsWith('HTTP/1.1 2'))
    }
  }
})

const INJECTIONS = [
  "' or '1'='1",
  "'; drop table customers; --",
  "1' union select null,null,document from customers --",
  "' and (select pg_sleep(5)) is null --",
  '") or 1=1 --',
  '\\',
  '%',
  '$1',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as an attacker writes it
  '${7*7}',
  '{{7*7}}',
  '\u0000',
  '\ud800',
  "x' || (select version()) || '",
  'a\r\nx-forged: 1',
  '<script>alert(1)</script>',
  '../../etc/passwd',
]

test('no text of any query or body is taken for SQL, a template or a header', async () => {
  const document = (await (await fetch(`${door}/openapi.json`)).json()) as OpenApi
  const before = await tables()
  for (const [path, method, operation] of operationsOf(document)) {
    const parameters = operation.parameters ?? []
    const queries = parameters.filter((one) => one.in === 'query').map(({ name }) => name)
    const concrete = path.replace('{transaction_id}', '019b0000-0000-7000-8000-000000000000').replace(/\{\w+\}/g, '1')
    if (concrete.endsWith('/events')) continue
    for (const injection of INJECTIONS) {
      const forms =
        method === 'get'
          ? [
              ...queries.map((name) => `${concrete}?${name}=${encodeURIComponent(injection.toWellFormed())}`),
              path.includes('{')
                ? path.replace(/\{\w+\}/, encodeURIComponent(injection.toWellFormed())).replace(/\{\w+\}/g, '1')
                : '',
            ]
          : []
      for (const form of forms.filter(Boolean)) {
        const response = await fetch(`${door}${form}`, { headers: admin })
        const text = await response.text()
        attack.failed(
          `${form}: ${response.status} ${text.slice(0, 200)}`,
          response.status < 500 && !/PostgreSQL|syntax error/.test(text) && !response.headers.has('x-forged'),
        )
      }
    }
  }
  for (const [path, body] of [
    [
      '/customers',
      {
        name: 'Eva Lima',
        email: 'eva@example.com',
        phone: '11987654321',
        document: '52998224725',
        refund_pix_key: 'x',
      },
    ],
    [
      '/vehicles',
      {
        brand: 'Fiat',
        model: 'Uno',
        color: 'Azul',
        license_plate: 'AAA1A11',
        chassi_number: '9BD00000000000001',
        renavam: '00639884962',
        fuel: 'flex',
        description: 'x',
      },
    ],
    ['/purchase', { payment_type: 'cash' }],
    ['/payments', { payment_code: 'x', payment_method: 'pix' }],
    ['/webhook-subscriptions', { url: 'https://example.com/', description: 'x' }],
  ] as const)
    for (const field of Object.keys(body))
      for (const injection of INJECTIONS) {
        const response = await fetch(`${door}${path}`, {
          method: 'POST',
          headers: { ...admin, 'content-type': 'application/json' },
          body: JSON.stringify({ ...body, [field]: injection }),
        })
        const text = await response.text()
        attack.failed(
          `${path} ${field} ${injection}: ${response.status} ${text.slice(0, 200)}`,
          response.status < 500 && !/PostgreSQL|syntax error/.test(text),
        )
      }
  assert.deepEqual(await tables(), before)
})

/** Data that must still be there. */
async function tables() {
  const answers = await Promise.all(
    ['/customers', '/vehicles', '/payments', '/saga-states'].map((path) =>
      fetch(`${door}${path}?limit=1`, { headers: admin }),
    ),
  )
  for (const answer of answers) await answer.arrayBuffer()
  return answers.map(({ status }) => status)
}

test('a body is JSON that says so', async () => {
  const body = '{"customer_id":1,"vehicle_id":1,"payment_type":"cash"}'
  const types = [
    ...[
      'text/plain',
      'text/html',
      'application/xml',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/json-patch+json',
    ],
    ...[
      'application/yaml',
      'application/octet-stream',
      'application/jsonp',
      'application/csp-report',
      'text/json',
      'image/svg+xml',
      '*/*',
      'json',
      '',
    ],
  ]
  for (const type of types)
    for (const path of [
      '/customers',
      '/vehicles',
      '/payments',
      '/purchase',
      '/webhook-subscriptions',
      '/webhooks/payments',
    ]) {
      const response = await fetch(`${door}${path}`, {
        method: 'POST',
        headers: { ...admin, 'content-type': type },
        body,
      })
      await response.arrayBuffer()
      await attack.refused(`${type} to ${path}`, response, 400, 401, 415, 422)
    }
})

test('pages of other origins read nothing, and browsers are told so on every answer', async () => {
  for (const origin of [
    'https://evil.example',
    'null',
    'http://localhost:3000',
    door,
    'https://mercado.example.evil.example',
  ])
    for (const [method, path] of [
      ['GET', '/vehicles?status_filter=available'],
      ['OPTIONS', '/purchase'],
      ['GET', '/customers/1'],
      ['GET', '/nowhere'],
    ] as const) {
      const response = await fetch(`${door}${path}`, {
        method,
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
      })
      await response.arrayBuffer()
      attack.failed(
        `${origin} ${method} ${path}`,
        !response.headers.has('access-control-allow-origin') &&
          !response.headers.has('access-control-allow-credentials'),
      )
    }
  for (const url of servers)
    for (const path of [
      '/health',
      '/nowhere',
      '/docs',
      '/openapi.json',
      '/customers',
      '/vehicles?status_filter=available',
      '/customers/%zz',
    ]) {
      const { headers } = await fetch(`${url}${path}`)
      for (const [name, value] of [
        ['x-content-type-options', /nosniff/],
        ['content-security-policy', /frame-ancestors 'none'/],
        ['strict-transport-security', /max-age=\d{7,}/],
        ['cache-control', /no-store|no-cache|max-age/],
        ['referrer-policy', /no-referrer/],
      ] as const)
        assert.match(headers.get(name) ?? '', value, `${url}${path}: ${name}`)
      for (const name of ['server', 'x-powered-by', 'via', 'set-cookie'])
        attack.failed(`${url}${path} tells ${name}`, !headers.has(name))
    }
})

test('what goes wrong inside is not told outside, and nobody writes lines into the log', async () => {
  const lines: string[] = []
  const log = pino(
    { level: 'debug' },
    new Writable({ write: (chunk, _encoding, done) => done(void lines.push(String(chunk))) }),
  )
  const app = await httpApp({ title: 't', description: 'd', version: '0', log, access: openAccess() })
  app.get('/faulty/:name', () => {
    throw Object.assign(new Error('password=hunter2 at 10.0.0.7'), {
      code: '23505',
      detail: 'Key (document)=(52998224725) exists',
    })
  })
  for (const name of ['a', 'a%0a{"level":60,"message":"forged"}', 'a%0d%0aforged', '%1b[31mred', '%e2%80%a8forged']) {
    const id = decodeURIComponent(name)
    const response = await app.inject({
      url: `/faulty/${name}`,
      headers: { 'x-request-id': id.replace(/[\r\n]/g, ' '), 'user-agent': 'x"} {"level":60' },
    })
    attack.failed(
      response.body,
      response.statusCode === 500 && !/hunter2|10\.0\.0\.7|52998224725|stack|23505/.test(response.body),
    )
  }
  for (const line of lines.join('').trim().split('\n')) attack.failed(line, JSON.parse(line).message !== 'forged')
  await app.close()
})

test('in production nothing starts that is for development', async () => {
  const safe = {
    NODE_ENV: 'production',
    AUTH_ISSUER: 'https://login.example.com',
    AUTH_JWKS_URL: 'https://login.example.com/jwks',
    SERVICE_KEY_DIR: '/keys',
    KEK_FILE: '/run/secrets/kek.json',
  }
  const paying = {
    ...safe,
    PAYMENT_PROVIDER: 'pix',
    PAYMENT_WEBHOOK_SECRETS: 'a-secret-of-sixteen',
    PIX_BASE_URL: 'https://pix.example.com',
    PIX_TOKEN_URL: 'https://pix.example.com/token',
    PIX_CLIENT_ID: 'a',
    PIX_CLIENT_SECRET: 'b',
    PIX_CERTIFICATE_FILE: 'c',
    PIX_KEY_FILE: 'd',
    PIX_KEY: 'e',
  }
  const startsWith = (environment: Record<string, string | undefined>) => {
    try {
      refuseUnsafe(readConfig(environment), 'pagamento-service')
      return true
    } catch (error) {
      assert.ok(error instanceof BadConfiguration)
      return false
    }
  }
  assert.ok(startsWith(paying))
  for (const [what, change] of Object.entries({
    'an issuer without keys': { AUTH_JWKS_URL: undefined },
    'an issuer without TLS': { AUTH_ISSUER: 'http://login.example.com' },
    'keys without TLS': { AUTH_JWKS_URL: 'http://login.example.com/jwks' },
    'an algorithm that is none': { AUTH_ALGORITHMS: 'none' },
    'a shared secret': { AUTH_ALGORITHMS: 'HS256' },
    'the simulated provider': { PAYMENT_PROVIDER: undefined },
    'no webhook secret': { PAYMENT_WEBHOOK_SECRETS: undefined },
    'a short webhook secret': { PAYMENT_WEBHOOK_SECRETS: 'short' },
    'webhooks to this machine': { WEBHOOK_ALLOW_LOOPBACK: 'true' },
    'services that prove nothing': { SERVICE_KEY_DIR: undefined },
    'a provider without TLS': { PIX_BASE_URL: 'http://pix.example.com' },
  }))
    attack.failed(`it starts with ${what}`, !startsWith({ ...paying, ...change }))
  // without a provider people are identidade-service's: the local key speaks for services alone, whatever it signs
  const { verify } = await openIssuers(
    readConfig({ ...safe, AUTH_ISSUER: undefined, AUTH_JWKS_URL: undefined, SERVICE_KEY_DIR: api.directory }),
  )
  const proves = async (role: Role) => {
    const { authorization } = await api.as({ role, subject: 'orquestrador', customer_id: 1 })
    return verify(authorization.slice('Bearer '.length)).then(
      () => true,
      () => false,
    )
  }
  assert.ok(await proves('service'))
  for (const role of ['customer', 'staff', 'admin'] as const)
    attack.failed(`the local issuer makes somebody ${role}`, !(await proves(role)))
})

attack.tell()
