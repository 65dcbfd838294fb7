/** The edge of a service: every failure is a problem of the catalogue, and a fault reveals nothing. */
import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import pino from 'pino'
import { Type } from 'typebox'
import { detailsInPortuguese, type ProblemName, problems, titlesInPortuguese } from '#contracts'
import { openAccess } from '../../tests/fixtures/access.ts'
import { Problem } from '../problem.ts'
import { answers, httpApp } from './app.ts'

const logged: string[] = []
const log = pino({ level: 'warn' }, new Writable({ write: (line, _, done) => done(void logged.push(String(line))) }))
const app = await httpApp({ access: openAccess(), title: 'a service', description: 'for tests', version: '1.2.3', log })
after(() => app.close())

const Body = Type.Object(
  {
    name: Type.String({ minLength: 2 }),
    kind: Type.Enum(['new', 'used']),
    price: Type.Number({ multipleOf: 0.01 }),
    address: Type.Object({ postal_code: Type.String({ format: 'postal-code' }) }, { additionalProperties: false }),
    photos: Type.Optional(Type.Array(Type.String(), { maxItems: 2 })),
  },
  { additionalProperties: false },
)
const good = { name: 'Ana', kind: 'new', price: 10.1, address: { postal_code: '01310-100' } }

const response = answers({ 201: Body }, 'vehicle_exists')
app.post('/things', { schema: { body: Body, response } }, (request, reply) => {
  reply.code(201).send(request.body)
})
const Query = Type.Object({ limit: Type.Integer({ minimum: 1, maximum: 100, default: 50 }) })
app.get('/things', { schema: { querystring: Query } }, ({ query }) => query)
const Words = Type.Object({ q: Type.Optional(Type.String()) })
app.get('/words', { schema: { querystring: Words } }, ({ query }) => query)
const Params = Type.Object({ id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) })
const found = answers({}, 'vehicle_not_found')
app.put('/things/:id', { schema: { params: Params, response: found } }, async ({ params }) => params)
const Uuid = Type.Object({ id: Type.String({ format: 'uuid' }) })
app.get(
  '/sagas/:id',
  { schema: { params: Uuid, response: answers({}, 'saga_not_found') } },
  async ({ params }) => params,
)
app.post('/webhooks/things', async () => ({}))
app.get('/refused', () => {
  throw new Problem('not_cancellable', { status_of_purchase: 'COMPLETED' })
})
app.get('/busy', () => {
  throw new Problem('unavailable')
})
app.get('/no-database', () => {
  throw new Error('timeout exceeded when trying to connect')
})
app.get('/fault', () => {
  throw new Error('password of the database: s3cret')
})
app.get('/peer-talks-nonsense', () => JSON.parse('<html>'))

const post = (payload: string | object, type = 'application/json') =>
  app.inject({ method: 'POST', url: '/things', headers: { 'content-type': type }, payload })

type Answer = Awaited<ReturnType<typeof post>>

/** Checks an answer against its entry in the catalogue and returns its further members. */
function isProblem(answer: Answer, name: ProblemName, instance: string): Record<string, unknown> {
  const { type, title, status } = problems[name]
  const { type: saysType, title: saysTitle, status: saysStatus, instance: saysInstance, ...rest } = answer.json()
  assert.deepEqual([saysType, saysTitle, saysStatus, saysInstance], [type, title, status, instance])
  assert.equal(answer.statusCode, status)
  assert.match(String(answer.headers['content-type']), /^application\/problem\+json/)
  return rest
}

const pathsOf = (answer: Answer) =>
  (isProblem(answer, 'validation_failed', '/things').errors as { path: string }[]).map(({ path }) => path).sort()

test('a body that fits comes through as it is', async () => {
  const answer = await post(good)
  assert.equal(answer.statusCode, 201)
  assert.deepEqual(answer.json(), good)
})

test('a body that does not fit is answered with every field that is wrong, by its path', async () => {
  const answer = await post({ name: 'A', kind: 'stolen', price: 1.001, address: { postal_code: 'x' }, extra: 1 })
  assert.deepEqual(pathsOf(answer), ['/address/postal_code', '/extra', '/kind', '/name', '/price'])
})

test('fields that are missing are named, the nested ones too', async () => {
  assert.deepEqual(pathsOf(await post({ ...good, name: undefined, address: {} })), ['/address/postal_code', '/name'])
  assert.deepEqual(pathsOf(await post({ ...good, photos: [1, 'a', 'b'] })), ['/photos', '/photos/0'])
})

test('an absent body lacks all its fields', async () => {
  const answer = await app.inject({ method: 'POST', url: '/things' })
  assert.deepEqual(pathsOf(answer), ['/address', '/kind', '/name', '/price'])
})

test('a body that is no object is refused with a message that says so', async () => {
  for (const body of ['[]', '"Ana"', '7', 'null']) assert.deepEqual(pathsOf(await post(body)), ['/'], body)
})

test('nothing in a body is coerced or silently dropped', async () => {
  assert.deepEqual(pathsOf(await post({ ...good, price: '10.10' })), ['/price'])
  assert.deepEqual(pathsOf(await post({ ...good, colour: 'red' })), ['/colour'])
})

test('a path is a JSON Pointer, whatever the field is called', async () => {
  assert.deepEqual(pathsOf(await post({ ...good, 'a/b~c': 1 })), ['/a~1b~0c'])
})

test('a query is read from text, has its defaults, and is named when it is wrong', async () => {
  assert.deepEqual((await app.inject('/things')).json(), { limit: 50 })
  assert.deepEqual((await app.inject('/things?limit=7')).json(), { limit: 7 })
  assert.deepEqual(pathsOf(await app.inject('/things?limit=0')), ['/querystring/limit'])
  assert.deepEqual(pathsOf(await app.inject('/things?limit=many')), ['/querystring/limit'])
})

test('a parameter that a route does not know is named, unless others append their own', async () => {
  for (const [method, url] of [
    ['GET', '/things?limit=5&customer_id=1'],
    ['GET', '/things?limits=5'],
    ['PUT', '/things/1?force=true'],
    ['GET', '/things?__proto__=1'],
  ] as const) {
    const answer = await app.inject({ method, url })
    const [path = '', query = ''] = url.split('?')
    const name = query.split('&').at(-1)?.split('=')[0]
    const message = 'is not a field of this request'
    const expected = { detail: problems.validation_failed.detail, errors: [{ path: `/querystring/${name}`, message }] }
    assert.deepEqual(isProblem(answer, 'validation_failed', path), expected, url)
  }
  for (const [method, url] of [
    ['POST', '/webhooks/things?token=abc&hmac='],
    ['GET', '/docs/?utm_source=mail'],
  ] as const)
    assert.equal((await app.inject({ method, url })).statusCode, 200, url)
  assert.equal((await app.inject('/nowhere?a=1')).statusCode, 404)
})

test('an id that no record can have is answered like one that no record has', async () => {
  for (const id of [
    '0x1',
    '1e0',
    '1.0',
    '%201',
    '1%20',
    '01',
    '+1',
    '-1',
    '0',
    'abc',
    '9007199254740993',
    '99999999999999999999',
    '%D9%A1',
  ])
    isProblem(await app.inject({ method: 'PUT', url: `/things/${id}` }), 'vehicle_not_found', `/things/${id}`)
  for (const id of ['1', 'urn:uuid:0189f7a4-1c2e-7cc0-8e55-3f2b1a2c3d4e', '0189f7a41c2e7cc08e553f2b1a2c3d4e'])
    isProblem(await app.inject(`/sagas/${id}`), 'saga_not_found', `/sagas/${id}`)
  assert.deepEqual((await app.inject({ method: 'PUT', url: '/things/17' })).json(), { id: 17 })
})

test('only plain digits are a number in a query', async () => {
  for (const limit of ['0x10', '1e1', '1.0', '%201', '+1', '', 'true', '1&limit=2'])
    assert.deepEqual(isProblem(await app.inject(`/things?limit=${limit}`), 'validation_failed', '/things').errors, [
      { path: '/querystring/limit', message: 'must be integer' },
    ])
})

test('money has at most two decimals, by the digits as they were typed', async () => {
  const withPrice = (price: string) => post(JSON.stringify(good).replace('10.1', price))
  for (const price of ['100.00', '1e5', '1.5E2', '0.010', '999999999.99', '50000000.19'])
    assert.equal((await withPrice(price)).statusCode, 201, price)
  const refusals = { '50000.0000009': 'must have at most two decimals', '10.001': 'must have at most two decimals' }
  const lost = { '0.10000000000000000001': 0, '999999999.99000000001': 0, '1e400': 0, '9007199254740993': 0 }
  for (const price of [...Object.keys(refusals), ...Object.keys(lost)]) {
    const message = price in refusals ? 'must have at most two decimals' : 'has more digits than can be kept'
    const { errors } = isProblem(await withPrice(price), 'validation_failed', '/things')
    assert.deepEqual(errors, [{ path: '/price', message }], price)
  }
})

test('a key that is named twice has no meaning', async () => {
  for (const text of ['{"name":"Ana","name":"Bia"}', '{"address":{"postal_code":1,"postal\\u005fcode":2}}'])
    isProblem(await post(text), 'malformed_json', '/things')
})

test('text comes in one form, whatever it was typed in', async () => {
  for (const name of ['Jose\u0301', 'Jos\u00e9'])
    for (const text of [
      JSON.stringify({ ...good, name }),
      JSON.stringify({ ...good, name }).replace(
        /[\u0080-\uffff]/g,
        (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
      ),
    ])
      assert.equal((await post(text)).json().name, 'Jos\u00e9')
})

test('a query’s text comes in one form too, because a filter would otherwise find half', async () => {
  const typed = await app.inject(`/words?q=${encodeURIComponent('Citroën'.normalize('NFD'))}`)
  assert.equal(typed.json().q, 'Citroën')
})

test('bytes that are no UTF-8 are refused, not repaired; another charset or coding is named as such', async () => {
  const latin1 = Buffer.from(JSON.stringify({ ...good, name: 'Conceição' }), 'latin1')
  const send = (payload: Buffer, headers: Record<string, string>) =>
    app.inject({ method: 'POST', url: '/things', headers: { 'content-type': 'application/json', ...headers }, payload })
  isProblem(await send(latin1, {}), 'malformed_json', '/things')
  for (const charset of ['ISO-8859-1', '"latin1"', 'utf-16'])
    isProblem(
      await send(latin1, { 'content-type': `application/json; charset=${charset}` }),
      'unsupported_media_type',
      '/things',
    )
  for (const coding of ['gzip', 'br', 'x-unknown', 'gzip, identity'])
    isProblem(
      await send(gzipSync(JSON.stringify(good)), { 'content-encoding': coding }),
      'unsupported_media_type',
      '/things',
    )
  const plain = Buffer.from(JSON.stringify(good))
  for (const headers of [{ 'content-type': 'application/json; charset="UTF-8"' }, { 'content-encoding': 'identity' }])
    assert.equal((await send(plain, headers)).statusCode, 201)
})

test('malformed JSON is malformed JSON', async () => {
  for (const text of ['{', '{"name": }', '{"name": "Ana"} x', '{"__proto__": {"admin": true}}']) {
    isProblem(await post(text), 'malformed_json', '/things')
  }
})

test('a body that is too large is not read', async () => {
  isProblem(await post({ ...good, name: 'x'.repeat(256 * 1024) }), 'body_too_large', '/things')
})

test('a body that is not JSON is refused by its type', async () => {
  for (const type of ['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'nonsense']) {
    isProblem(await post('name=Ana', type), 'unsupported_media_type', '/things')
  }
})

test('a route that does not exist is not found, whatever the method', async () => {
  isProblem(await app.inject('/nowhere?secret=1'), 'route_not_found', '/nowhere')
  isProblem(await app.inject({ method: 'DELETE', url: '/things/7/parts' }), 'route_not_found', '/things/7/parts')
  isProblem(await app.inject({ method: 'DELETE', url: '/things/' }), 'route_not_found', '/things/')
})

test('a wrong method is told apart from a path that does not exist, and the methods that it takes are named', async () => {
  const answer = await app.inject({ method: 'DELETE', url: '/things?limit=7' })
  isProblem(answer, 'method_not_allowed', '/things')
  assert.equal(answer.headers.allow, 'GET, HEAD, POST')
  const ofOne = await app.inject({ method: 'PATCH', url: '/things/7' })
  isProblem(ofOne, 'method_not_allowed', '/things/7')
  assert.equal(ofOne.headers.allow, 'PUT')
})

test('HEAD answers what GET would, without its body', async () => {
  const { headers, statusCode, body } = await app.inject({ method: 'HEAD', url: '/things' })
  assert.deepEqual([statusCode, headers['content-length'], body], [200, String('{"limit":50}'.length), ''])
})

test('a URL that cannot be decoded could not be read', async () => {
  isProblem(await app.inject('/%zz'), 'bad_request', '/%zz')
})

test('a refusal has the words of the catalogue and its particulars beside them', async () => {
  assert.deepEqual(isProblem(await app.inject('/refused'), 'not_cancellable', '/refused'), {
    detail: 'Cannot cancel transaction with status: COMPLETED',
    status_of_purchase: 'COMPLETED',
  })
})

test('a service that cannot answer now says when to come again', async () => {
  for (const path of ['/busy', '/no-database']) {
    const answer = await app.inject(path)
    assert.deepEqual(isProblem(answer, 'unavailable', path), { detail: problems.unavailable.detail })
    assert.equal(answer.headers['retry-after'], '1')
  }
  assert.match(logged.at(-1) ?? '', /timeout exceeded/)
})

test('a fault is answered with fixed words, and its cause goes to the log alone', async () => {
  const answer = await app.inject('/fault')
  assert.deepEqual(isProblem(answer, 'internal_error', '/fault'), { detail: problems.internal_error.detail })
  assert.doesNotMatch(JSON.stringify(answer.headers), /s3cret/)
  assert.match(logged.at(-1) ?? '', /password of the database/)
})

test('nonsense from someone else is our fault, not the caller’s', async () => {
  isProblem(await app.inject('/peer-talks-nonsense'), 'internal_error', '/peer-talks-nonsense')
})

test('the service describes itself: its routes, their schemas and their problems', async () => {
  const document = (await app.inject('/openapi.json')).json()
  assert.equal(document.openapi, '3.1.0')
  const { contact, license, ...info } = document.info
  assert.deepEqual(info, { title: 'a service', description: 'for tests', version: '1.2.3' })
  assert.ok(contact.name && license.identifier)
  const { requestBody, responses } = document.paths['/things'].post
  assert.deepEqual(requestBody.content['application/json'].schema.required, ['name', 'kind', 'price', 'address'])
  assert.equal(responses['409'].description, problems.vehicle_exists.detail)
  assert.ok(!('/openapi.json' in document.paths) && !('/docs/' in document.paths))
})

test('the reference page is served from here alone: no script, style, font or call from elsewhere', async () => {
  assert.equal((await app.inject('/docs')).headers.location, '/docs/')
  const page = await app.inject('/docs/')
  assert.match(String(page.headers['content-type']), /^text\/html/)
  assert.doesNotMatch(page.body, /(https?:)?\/\/[a-z]/i)
  assert.equal((await app.inject('/docs/js/scalar.js')).statusCode, 200)
  // each of these would call, or offer to call, the maker's servers
  for (const off of [
    /"telemetry": false/,
    /"withDefaultFonts": false/,
    /"agent": \{\s*"disabled": true/,
    /"mcp": \{\s*"disabled": true/,
    /"showDeveloperTools": "never"/,
    /"hideClientButton": true/,
  ]) {
    assert.match(page.body, off)
  }
})

test('a client that asks for Portuguese gets problems in Portuguese, any other in the words of the contract', async () => {
  const ask = (headers: Record<string, string>) => app.inject({ url: '/refused', headers })
  const [english, portuguese] = [await ask({}), await ask({ 'accept-language': 'pt-BR,pt;q=0.9,en;q=0.8' })]
  assert.equal(english.json().detail, 'Cannot cancel transaction with status: COMPLETED')
  assert.equal(portuguese.json().detail, 'Não se cancela transação com status: COMPLETED')
  assert.equal(portuguese.json().title, 'Regra não atendida')
  assert.equal(portuguese.json().type, english.json().type)
  assert.deepEqual(
    [english, portuguese].map(({ headers }) => headers['content-language']),
    ['en', 'pt-BR'],
  )
  for (const { headers } of [english, portuguese]) assert.match(String(headers.vary), /accept-language/)
})

test('every problem has Portuguese words, and there are none for a problem that does not exist', () => {
  for (const [name, { title, detail }] of Object.entries(problems)) {
    assert.ok(title in titlesInPortuguese, title)
    const words = detailsInPortuguese[name as ProblemName]
    assert.deepEqual(words.match(/\{\w+\}/g), detail.match(/\{\w+\}/g), name)
  }
  const titles = new Set<string>(Object.values(problems).map(({ title }) => title))
  assert.deepEqual(
    Object.keys(titlesInPortuguese).filter((title) => !titles.has(title)),
    [],
  )
})

test('a problem leads to a page that has a line for every type', async () => {
  const { headers } = await app.inject('/nowhere')
  const [, path = '', name = ''] = /^<(\/problems)#(\w+)>; rel="describedby"$/.exec(String(headers.link)) ?? []
  const page = await app.inject(path)
  assert.equal(page.statusCode, 200)
  assert.match(page.body, new RegExp(`<tr id="${name}">`))
  for (const { type } of Object.values(problems)) assert.ok(page.body.includes(`<code>${type}</code>`), type)
})

test('every answer says which version of the API gave it', async () => {
  for (const url of ['/things', '/nowhere']) assert.equal((await app.inject(url)).headers['x-api-version'], '1')
})
