/** The floors of the house, as a table, and the proof that no import goes up, sideways between services, or into I/O. */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { test } from 'node:test'

const ROOT = new URL('../', import.meta.url).pathname

/** A room may import rooms of lower floors; on one floor only itself. */
const FLOORS: Readonly<Record<string, number>> = {
  contracts: 0,
  platform: 1,
  saga: 1,
  messaging: 2,
  host: 3,
  'services/cliente-service': 4,
  'services/veiculo-service': 4,
  'services/pagamento-service': 4,
  'services/orquestrador': 4,
  'services/gateway': 4,
  app: 5,
  bench: 6,
  clients: 6,
  documents: 6,
  tests: 6,
}
const FACES: Readonly<Record<string, RegExp>> = {
  contracts: /^#contracts$/,
  saga: /^#saga$/,
  messaging: /^#messaging$/,
  host: /^#host$/,
  platform: /^#platform\/[\w/-]+$/,
}
/** What a domain file may reach: the words, money, and pure libraries. */
const PURE = /^(\.|#contracts$|#saga$|#platform\/(money|formats)$|@brazilian-utils\/)/

const files = globSync('{contracts,platform,saga,messaging,host,services,app,bench,clients,documents,tests}/**/*.ts', {
  cwd: ROOT,
})
const isTest = (file: string) => file.includes('.test.') || file.startsWith('tests/') || file.includes('.suite.')
const sources = files.filter((file) => !isTest(file))

const roomOf = (file: string) => Object.keys(FLOORS).find((room) => file.startsWith(`${room}/`))

function importsOf(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8')
  const statements = text.matchAll(
    /^(?:import|export)\b(?:[^'";=]*?\bfrom\s*|\s*)['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm,
  )
  return [...statements].map(([, named, dynamic]) => named ?? dynamic ?? '')
}

function targetRoom(file: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return roomOf(normalize(join(dirname(file), specifier)))
  return Object.keys(FACES).find((room) => FACES[room]?.test(specifier))
}

test('every source file stands in a room of the table, and imports were found to check', () => {
  assert.deepEqual(
    sources.filter((file) => !roomOf(file)),
    [],
  )
  assert.ok(sources.length > 40, `only ${sources.length} files seen`)
  assert.ok(sources.flatMap(importsOf).length > 150)
})

test('a room imports only itself and lower floors, and those through their faces', () => {
  const wrong: string[] = []
  for (const file of sources) {
    const room = roomOf(file) as string
    for (const specifier of importsOf(file)) {
      const target = targetRoom(file, specifier)
      if (target === undefined && !specifier.startsWith('.') && !specifier.startsWith('#')) continue
      const within = target === room && specifier.startsWith('.')
      const below = target !== undefined && (FLOORS[target] ?? 9) < (FLOORS[room] ?? 0)
      const throughFace = specifier.startsWith('#') || (FLOORS[room] ?? 0) >= 5
      if (!within && !(below && throughFace)) wrong.push(`${file} -> ${specifier}`)
    }
  }
  assert.deepEqual(wrong, [])
})

test('domain files and the saga engine import nothing that does I/O', () => {
  const pure = sources.filter((file) => file.includes('/domain/') || file.startsWith('saga/'))
  assert.ok(pure.length > 5)
  const wrong = pure.flatMap((file) =>
    importsOf(file)
      .filter((name) => !PURE.test(name))
      .map((name) => `${file} -> ${name}`),
  )
  assert.deepEqual(wrong, [])
})

test('configuration is read from the environment in main programs alone, and SQL stands in stores', () => {
  const readsEnvironment = sources.filter((file) => readFileSync(join(ROOT, file), 'utf8').includes('process.env'))
  assert.deepEqual(
    readsEnvironment.filter((file) => !/^(app|bench|documents|tests)\//.test(file)),
    [],
  )
  const querying = sources.filter((file) => /\.query[<(]/.test(readFileSync(join(ROOT, file), 'utf8')))
  const allowed = /-store\.ts$|^(messaging|host)\/|^platform\/database\/|^(bench|app)\//
  assert.deepEqual(
    querying.filter((file) => !allowed.test(file)),
    [],
  )
})
