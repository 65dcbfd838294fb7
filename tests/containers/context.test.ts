/** The files of the image, compared with the imports of the services, before anybody builds it. */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, matchesGlob, normalize } from 'node:path'
import { test } from 'node:test'
import { serviceOf } from '../../infrastructure/containers/healthy.ts'

const ROOT = new URL('../../', import.meta.url).pathname
const PROGRAMS = [
  ...[
    'app/service.ts',
    'app/token.ts',
    'app/demo/demo.ts',
    'app/ops/ops.ts',
    'app/ops/rotate-keys.ts',
    'app/staff.ts',
    'infrastructure/migrate.ts',
    'web/main.ts',
  ],
  'infrastructure/containers/healthy.ts',
]
const {
  dependencies,
  imports,
}: Record<'dependencies' | 'imports', Record<string, string>> = JSON.parse(read('package.json'))

/** Files that the programs load, and packages that they name. */
const reached = { files: new Set(PROGRAMS), packages: new Set<string>() }
for (const file of reached.files) {
  for (const specifier of importsOf(file)) {
    const target = targetOf(file, specifier)
    if (target) reached.files.add(target)
    else if (!specifier.startsWith('node:')) reached.packages.add(/^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier)
  }
}

test('every file that a service loads goes into the image, with its migrations', () => {
  assert.ok(reached.files.size > 100, `only ${reached.files.size} files were found`)
  const needed = [
    ...reached.files,
    'package.json',
    ...globSync('{messaging,services/*}/migrations/*.sql', { cwd: ROOT }),
  ]
  assert.deepEqual(
    needed.filter((file) => !goesIn(file)),
    [],
  )
})

test('files that only tests, benchmarks, documents and clones need stay out', () => {
  const unneeded = [
    ...globSync('{tests,bench,documents,docs}/**/*.*', { cwd: ROOT }),
    ...globSync('{contracts,platform,saga,messaging,host,services,app,web}/**/*.{test,suite}.ts', { cwd: ROOT }),
    ...globSync('infrastructure/{scripts,terraform}/**/*.*', { cwd: ROOT }),
    ...['.git/HEAD', '.env', '.data/local-issuer.jwk.json', 'node_modules/pg/package.json', 'infrastructure/.settings'],
    ...['Dockerfile', 'docker-compose.yml', 'README.md'],
  ]
  assert.ok(unneeded.length > 100)
  assert.deepEqual(unneeded.filter(goesIn), [])
})

test('every package that a service imports is a production dependency', () => {
  assert.ok(reached.packages.size > 10)
  assert.deepEqual(
    // vite is asked for where pages are edited, never in an image
    [...reached.packages].filter((name) => !dependencies[name] && name !== 'vite'),
    [],
  )
})

const COMMAND_LINES: Readonly<Record<string, string | undefined>> = {
  'tini -- node app/service.ts orquestrador': 'orquestrador',
  'node app/service.ts gateway': 'gateway',
  'tini -- node web/main.ts': 'web',
  '/sbin/docker-init -- tini -- node /app/app/service.ts cliente-service': 'cliente-service',
  'tini -- node infrastructure/migrate.ts cliente-service': undefined,
}
for (const [line, service] of Object.entries(COMMAND_LINES))
  test(`the health check sees that \`${line}\` is ${service ?? 'no service'}`, () => {
    assert.equal(serviceOf(`${line.replaceAll(' ', '\0')}\0`), service)
  })

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8')
}

function importsOf(file: string): string[] {
  const statements = read(file).matchAll(
    /^(?:import|export)\b(?!\s+type\b)(?:[^'"`;=()]*?\bfrom\s*|\s*)['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm,
  )
  return [...statements].map(([, named, dynamic]) => named ?? dynamic ?? '')
}

/** The file of this repository that an import names, if it does. */
function targetOf(file: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return normalize(join(dirname(file), specifier))
  for (const [name, target] of Object.entries(imports)) {
    const [start = '', end = ''] = name.split('*')
    const fits = name.includes('*') ? specifier.startsWith(start) : specifier === name
    if (fits) return normalize(target.replace('*', specifier.slice(start.length, specifier.length - end.length)))
  }
  return undefined
}

/** As .dockerignore decides: its last line that fits the file, or a folder above it. Names with a dot are names like others there. */
function goesIn(file: string): boolean {
  const fits = (pattern: string) => matchesGlob(undotted(file), undotted(pattern))
  const lines = read('.dockerignore')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
  const decisive = lines.findLast((line) => {
    const pattern = line.replace('!', '')
    return fits(pattern) || fits(`${pattern}/**`)
  })
  return decisive === undefined || decisive.startsWith('!')
}

const undotted = (path: string) => path.replace(/(^|\/)\.(?=[^./])/g, '$1dot-')
