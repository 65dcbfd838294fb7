/** Personal values are given to the log in every possible way: none of them gets through. */

import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { Logger } from 'pino'
import { Type } from 'typebox'
import { openAccess } from '../tests/fixtures/access.ts'
import { Fault } from './fault.ts'
import { httpApp } from './http/app.ts'
import { openLog } from './log.ts'

const ANA = {
  name: 'Ana Souza',
  document: '52998224725',
  formatted: '529.982.247-25',
  email: 'ana.souza@example.com',
  phone: '+5511987654321',
  street: 'Rua Barata Ribeiro',
  plate: 'BRA2E19',
  chassi: '9BD281A22R0000001',
}
const VALUES = Object.values(ANA)

function memoryLog(level = 'trace') {
  const lines: string[] = []
  return { lines, log: openLog(level, { service: 'a-service' }, { write: (line) => void lines.push(line) }) }
}

const leftIn = (lines: readonly string[]) => VALUES.filter((value) => lines.some((line) => line.includes(value)))

class Odd extends Error {
  readonly customer = ANA
  readonly detail = `Key (email)=(${ANA.email}) already exists.`
}

const said = VALUES.join(' ')
const errors: readonly unknown[] = [
  new Error(said),
  new Error(`two lines\n    at ${ANA.name} (/${ANA.email}:1:2)\n    at /${ANA.document}:1:1`),
  new Odd(said),
  new TypeError('outer', { cause: new Error(said, { cause: new Odd(said) }) }),
  new AggregateError([new Error(said)], said),
  Object.assign(new Error(said), { code: ANA.email, name: ANA.name, table: ANA.name }),
  Object.assign(new Error('no stack'), { stack: said }),
  (() => {
    try {
      return JSON.parse(`${ANA.name} {`)
    } catch (error) {
      return error
    }
  })(),
  said,
  ANA,
]

const WAYS: readonly ((log: Logger, error: unknown) => void)[] = [
  (log, error) => log.error(typeof error === 'string' ? { error } : error),
  (log, err) => log.error({ err }),
  (log, err) => log.fatal({ err }, 'fault'),
  (log, error) => log.warn({ error, body: ANA, customer: ANA, [ANA.email]: 1 }, 'more than is safe'),
  (log) => log.info('hello %s %o', ANA.name, ANA),
  (log) => log.info({ route: `/customers/${ANA.name}`, peer: ANA.email, service: ANA.plate }, 'x'),
  (log) => log.info({ transaction_id: ANA.document, message_id: ANA.phone, dead_letter: Number(ANA.document) }, 'x'),
  (log) => log.child({ customer: ANA, reqId: ANA.document }).info('x'),
  (log, err) =>
    log
      .child({}, { serializers: { err: () => said } })
      .child({ ANA })
      .error({ err }, 'x'),
  (log) => log.info({ req: { url: `/x?document=${ANA.document}`, headers: ANA, body: ANA }, res: ANA }, 'x'),
  (log) => log.info(Object.assign(Object.create({ inherited: ANA }), { toJSON: () => ANA }), 'x'),
]

test('whatever is thrown at it and however, no personal value is written', () => {
  const { log, lines } = memoryLog()
  for (const way of WAYS) for (const error of errors) way(log, error)
  assert.equal(lines.length, WAYS.length * errors.length)
  assert.deepEqual(leftIn(lines), [])
  for (const line of lines) assert.ok(JSON.parse(line).service, line)
})

test('what operators need is written: kind, code, place and cause, and the words of our own faults', () => {
  const { log, lines } = memoryLog()
  const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), {
    code: 'ECONNREFUSED',
    syscall: 'connect',
  })
  log.error({ err: new Fault('veiculo-service answered 500', { cause: refused }) }, 'a call failed')
  const { err, message, level, severity, service } = JSON.parse(lines[0] ?? '')
  assert.deepEqual(
    [message, level, severity, service, err.type, err.message],
    ['a call failed', 50, 'ERROR', 'a-service', 'Fault', 'veiculo-service answered 500'],
  )
  assert.match(err.at[0], /platform\/log\.test\.ts:\d+:\d+$/)
  assert.deepEqual([err.cause.code, err.cause.message], ['ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:5432'])
})

test('a left-out field is named, so that nobody looks for it in vain', () => {
  const { log, lines } = memoryLog()
  log.info({ customer: ANA, rows: 3 }, 'sealed')
  const { rows, left_out } = JSON.parse(lines[0] ?? '')
  assert.deepEqual([rows, left_out], [3, ['customer']])
})

test('a server logs nothing of a request: not its address, headers, query or body, and not the error that repeats them', async () => {
  const { log, lines } = memoryLog()
  const app = await httpApp({ access: openAccess(), title: 'a service', description: '', version: '1', log })
  const querystring = Type.Object({ email: Type.String() })
  app.post('/customers/:id', { schema: { querystring } }, ({ body, query, headers }) => {
    throw new Error(JSON.stringify({ body, query, headers }))
  })
  const headers = {
    'x-request-id': ANA.document,
    'x-name': ANA.name,
    cookie: ANA.email,
    'content-type': 'application/json',
  }
  const answers = [
    await app.inject({ method: 'POST', url: `/customers/${ANA.document}?email=${ANA.email}`, headers, payload: ANA }),
    await app.inject({ method: 'POST', url: '/customers/1', headers, payload: `{"name":"${ANA.name}` }),
    await app.inject({ method: 'GET', url: `/${ANA.document}/${ANA.email}`, headers }),
  ]
  assert.deepEqual(
    answers.map(({ statusCode }) => statusCode),
    [500, 400, 404],
  )
  assert.equal(answers[0]?.json().detail, 'Something went wrong on our side')
  const fault = lines.map((line) => JSON.parse(line)).find(({ message }) => message === 'fault')
  assert.deepEqual([fault.route, fault.reqId], ['/customers/:id', 'given by the client'])
  assert.deepEqual(leftIn(lines), [])
  await app.close()
})

test('words given to the log are constants of the code, and programs open no other log', () => {
  const ROOT = new URL('../', import.meta.url)
  const sources = globSync('{platform,messaging,services,app}/**/*.ts', { cwd: ROOT.pathname }).filter(
    (file) => !/\.(test|suite)\.ts$/.test(file),
  )
  const texts = sources.map((file) => [file, readFileSync(new URL(file, ROOT), 'utf8')] as const)
  const calls = texts.flatMap(([file, text]) =>
    [...text.matchAll(/\blog\.(?:fatal|error|warn|info|debug|trace)\(([^\n]*)/g)].map(([, rest = '']) => ({
      file,
      rest,
    })),
  )
  assert.ok(calls.length >= 12, `only ${calls.length} calls seen`)
  assert.deepEqual(
    calls.filter(({ rest }) => rest.includes('`') || /\.message\b|\+/.test(rest)),
    // of a CannotStart, whose words are our own
    [{ file: 'app/last-words.ts', rest: 'err.message)' }],
  )
  assert.deepEqual(
    texts.filter(([file, text]) => file !== 'platform/log.ts' && /\bpino\(/.test(text)).map(([file]) => file),
    [],
  )
})
