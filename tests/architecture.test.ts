/**
 * The floors of the house and the doors of its rooms, as tables, and the proof that no import goes up, sideways between
 * services, in a circle, through a wall, or into I/O. The rules themselves are tried on planted violations at the end.
 */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  circlesIn,
  type House,
  type SourceFile,
  tooLong,
  wrongImports,
  wrongPurity,
  wrongReaches,
  wrongReadings,
  wrongStatements,
} from './fixtures/house.ts'

const ROOT = new URL('../', import.meta.url).pathname

/** A room may import rooms of lower floors, and on its own floor only itself. */
const floors: House['floors'] = {
  contracts: 0,
  platform: 1,
  saga: 1,
  messaging: 2,
  host: 3,
  clients: 4,
  'services/cliente-service': 4,
  'services/veiculo-service': 4,
  'services/pagamento-service': 4,
  'services/orquestrador': 4,
  'services/identidade-service': 4,
  'services/avisos-service': 4,
  'services/gateway': 4,
  web: 5,
  app: 5,
  bench: 6,
  documents: 6,
  tests: 6,
}

/** The specifiers by which other floors may import a floor. */
const faces: House['faces'] = {
  contracts: /^#contracts$/,
  saga: /^#saga$/,
  messaging: /^#messaging$/,
  host: /^#host$/,
  platform: /^#platform\/[\w/-]+$/,
}

/** Which files of a room may be imported from outside it; the others are its inside. A room that is not named has open doors. */
const doors: House['doors'] = {
  'platform/http': [
    ...['app', 'auth', 'connections', 'etag', 'json-bodies', 'known-methods', 'openapi', 'openapi-document', 'page'],
    ...['protocol', 'server', 'client-address', 'rate-limit-pace', 'link', 'validation', 'figures'],
  ],
  'platform/database': ['cloud-sql', 'database', 'migrate', 'pg-errors', 'powers', 'role', 'total'],
  'platform/vault': ['vault', 'key-wrapper', 'open-key-wrapper', 'reseal-store', 'key-file'],
  'platform/tokens': ['issuers', 'local-issuer', 'identity-issuer', 'payment-proof'],
  'platform/batching': ['group-commit', 'turns'],
  'messaging/outbox': ['outbox', 'relay', 'unit-of-work'],
  'messaging/pubsub': ['pubsub', 'setup', 'topology'],
  'host/journal': ['acts', 'history-route', 'journal', 'routes'],
  'app/embedded': ['embedded', 'free-port', 'pages', 'postgres'],
  'app/cluster': ['pubsub-emulator', 'replicas'],
  'services/orquestrador/audit': ['audit-store', 'auditor', 'findings', 'gauges', 'suspicions'],
  'services/orquestrador/reports': ['facts', 'hear-accounts', 'report-store'],
  'services/pagamento-service/provider': ['open-provider'],
  'services/veiculo-service/photos': ['keep-photo', 'open-storage', 'photo-maker', 'photo-store', 'sweep'],
}

/** The imports that a domain file may have beside its own service's domain: contracts, saga, money, formats, pure libraries. */
const PURE = /^(#contracts$|#saga$|#platform\/(money|formats)$|@brazilian-utils\/)/

/** The files that may hold SQL: stores, messaging, host, the database room, and programs without a service around them. */
const SPEAKS_SQL = /-store\.ts$|^messaging\/|^host\/|^platform\/database\/|^(bench|app|infrastructure)\//
const READS_ENVIRONMENT = /^((app|bench|documents|infrastructure|tests)\/|web\/(main|build)\.ts$)/

const house: House = { floors, faces, doors }
const files: SourceFile[] = globSync(
  '{contracts,platform,saga,messaging,host,services,web,app,bench,clients,documents,tests}/**/*.{ts,tsx}',
  { cwd: ROOT, exclude: ['web/{build,.react-router}/**'] },
).map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))
const isTest = ({ path }: SourceFile) =>
  path.includes('.test.') || path.startsWith('tests/') || path.includes('.suite.')
const sources = files.filter((file) => !isTest(file))

test('every source file stands in a room of the table, and there are files to check', () => {
  assert.deepEqual(
    sources.filter(({ path }) => !Object.keys(floors).some((room) => path.startsWith(`${room}/`))),
    [],
  )
  assert.ok(sources.length > 300, `only ${sources.length} files seen`)
  for (const room of Object.keys(doors)) {
    for (const door of doors[room] ?? [])
      assert.ok(
        sources.some(({ path }) => path === `${room}/${door}.ts`),
        `${room} has no ${door}`,
      )
  }
})

test('a room imports only itself and lower floors, and those through their faces and doors', () => {
  assert.deepEqual(wrongImports(house, sources), [])
})

test('the pages reach the services through the typed client alone', () => {
  const pages = sources.filter(({ path }) => path.startsWith('web/'))
  assert.ok(pages.length > 40)
  assert.deepEqual(wrongReaches(pages), [])
})

test('imports go in no circle, types included', () => {
  assert.deepEqual(circlesIn(sources), [])
})

test('domain files and the saga engine import nothing that does I/O', () => {
  const pure = sources.filter(({ path }) => path.includes('/domain/') || path.startsWith('saga/'))
  assert.ok(pure.length > 15)
  assert.deepEqual(wrongPurity(pure, PURE), [])
})

test('configuration is read from the environment in main programs alone, and SQL stands in stores', () => {
  assert.deepEqual(wrongReadings(sources, READS_ENVIRONMENT), [])
  assert.deepEqual(wrongStatements(sources, SPEAKS_SQL), [])
})

/** In lines. Generated files may be longer. */
const LONGEST_FILE = 400
const GENERATED = /^clients\/typescript\/operations\.ts$/

test('no product file is longer than can be read, and the linter takes no function of more than 70 lines but in tests', () => {
  const written = sources.filter(({ path }) => !GENERATED.test(path))
  assert.deepEqual(tooLong(written, LONGEST_FILE), [])
  const { linter, overrides } = JSON.parse(readFileSync(join(ROOT, 'biome.json'), 'utf8'))
  const rule = linter.rules.complexity.noExcessiveLinesPerFunction
  assert.deepEqual([rule.level, rule.options.maxLines], ['error', 70])
  const without = overrides.filter(
    (one: { linter: typeof linter }) => one.linter.rules.complexity?.noExcessiveLinesPerFunction,
  )
  assert.deepEqual(
    without.flatMap((one: { includes: string[] }) => one.includes),
    ['**/*.test.ts', '**/*.suite.ts', 'tests/**'],
  )
})

test('the linter refuses an async function without an await in every file', () => {
  const { linter, overrides } = JSON.parse(readFileSync(join(ROOT, 'biome.json'), 'utf8'))
  assert.equal(linter.rules.suspicious.useAwait, 'error')
  assert.ok(!JSON.stringify(overrides).includes('useAwait'))
})

const planted = (path: string, text: string) => [{ path, text }]

/** Wrong imports, at least three of each kind: a file, and the import in it. */
const WRONG_IMPORTS: Readonly<Record<string, readonly (readonly [path: string, text: string])[]>> = {
  'up to a higher floor': [
    ['platform/money.ts', `import { topology } from '#messaging'`],
    ['messaging/consume.ts', `import type { ServiceDefinition } from '#host'`],
    ['host/service.ts', `export { clienteService } from '../services/cliente-service/service.ts'`],
  ],
  'sideways on its floor': [
    ['services/cliente-service/service.ts', `import { a } from '../veiculo-service/service.ts'`],
    ['services/orquestrador/http/purchases.ts', `import type { A } from '../../pagamento-service/domain/charge.ts'`],
    ['saga/decide.ts', `import { systemClock } from '#platform/clock'`],
  ],
  'around a face': [
    ['services/cliente-service/http.ts', `import { consumer } from '../../messaging/consume.ts'`],
    ['host/replay.ts', `import { topics } from '../contracts/index.ts'`],
    ['messaging/queue.ts', `const late = await import('../platform/clock.ts')`],
  ],
  'through the wall of a room': [
    ['services/gateway/proxy.ts', `export { exchange } from '#platform/database/exchange'`],
    ['host/service.ts', `const late = await import('#platform/vault/cloud-kms')`],
    ['platform/peers.ts', `import { relay } from './http/metrics.ts'`],
    ['app/service.ts', `import type { A } from '../messaging/pubsub/publishing.ts'`],
  ],
}
for (const [kind, wrong] of Object.entries(WRONG_IMPORTS))
  test(`an import that goes ${kind} is seen`, () => {
    assert.ok(wrong.length >= 3)
    for (const [path, text] of wrong)
      assert.equal(wrongImports(house, planted(path, text)).length, 1, `${path}: ${text}`)
  })

test('a page that reaches a service without the typed client is seen', () => {
  for (const text of [
    `import { viewOf } from '../../services/orquestrador/http/views.ts'`,
    `import type { Send } from '#messaging'`,
    `const late = await import('../../host/index.ts')`,
  ])
    assert.equal(wrongReaches(planted('web/store/buy.tsx', text)).length, 1, text)
})

test('a domain file that reaches a store, a library with I/O, or a neighbour of its folder is seen', () => {
  for (const text of [
    `import { saveCharge } from '../charges/charge-store.ts'`,
    `import { readFileSync } from 'node:fs'`,
    `import { request } from 'undici'`,
    `import type { Tx } from '#platform/database/database'`,
  ])
    assert.equal(wrongPurity(planted('services/pagamento-service/domain/charge.ts', text), PURE).length, 1, text)
})

test('a circle is seen, through types and over several files', () => {
  const circle = (...imports: readonly [string, string][]) =>
    imports.map(([path, from]) => ({ path, text: `import type { A } from '${from}'` }))
  assert.equal(circlesIn(circle(['saga/a.ts', './b.ts'], ['saga/b.ts', './a.ts'])).length, 1)
  assert.equal(circlesIn(circle(['saga/a.ts', './b.ts'], ['saga/b.ts', './c.ts'], ['saga/c.ts', './a.ts'])).length, 1)
  const through = circle(['platform/http/auth.ts', '#platform/money'], ['platform/money.ts', '#platform/http/auth'])
  assert.equal(circlesIn(through).length, 1)
  assert.deepEqual(circlesIn(circle(['saga/a.ts', './b.ts'], ['saga/b.ts', './c.ts'])), [])
})

test('a statement outside the stores is seen, asked or written', () => {
  for (const text of [
    `await tx.query('select 1')`,
    `database.query<{ id: number }>(text)`,
    `tx.write('delete from a')`,
  ])
    assert.equal(wrongStatements(planted('services/orquestrador/http.ts', text), SPEAKS_SQL).length, 1, text)
})

test('code that reads the environment outside a main program is seen', () => {
  for (const path of ['platform/log.ts', 'services/gateway/service.ts', 'web/store/buy.tsx'])
    assert.equal(wrongReadings(planted(path, `const level = process.env.LOG_LEVEL`), READS_ENVIRONMENT).length, 1, path)
})

test('a file that is one line too long is seen', () => {
  const lines = (count: number) => 'a\n'.repeat(count)
  for (const path of ['saga/decide.ts', 'web/store/buy.tsx', 'services/orquestrador/http/purchases.ts'])
    assert.deepEqual(tooLong(planted(path, lines(LONGEST_FILE + 1)), LONGEST_FILE), [path])
  assert.deepEqual(tooLong(planted('saga/decide.ts', lines(LONGEST_FILE)), LONGEST_FILE), [])
})
