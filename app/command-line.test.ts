import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { readPackageFile } from '../infrastructure/dependencies/lock-file.ts'

const STACK = /^\s+at /m
const { scripts } = readPackageFile()
/** All tools, by the name of their script. */
const tools = Object.entries(scripts).flatMap(([name, line]) => {
  const [, file] = /^node --import \.\/app\/requirements\.mjs (\S+\.ts)$/.exec(line) ?? []
  return file ? [{ name, file }] : []
})

let folder = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'command-line-'))
})
after(() => rm(folder, { recursive: true }))

async function run(file: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env
  const env = { PATH, NODE_COMPILE_CACHE, DATA_DIR: join(folder, 'none'), ...environment }
  const preload = `--import=${new URL('./requirements.mjs', import.meta.url).href}` // as each script has it
  const child = spawn(process.execPath, [preload, file, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { out, err, code: code as number }
}

test('every tool prints its usage when it is asked for help, and does nothing else', async () => {
  const names = tools.map(({ name }) => name)
  for (const name of ['start', 'service', 'token', 'backup', 'restore', 'rotate-keys', 'access-log', 'demo', 'web'])
    assert.ok(names.includes(name), name)
  for (const name of ['bench', 'simulate', 'mutations', 'chaos', 'documents', 'licences', 'audit:dependencies'])
    assert.ok(names.includes(name), name)
  const waiting = tools.values()
  async function ask() {
    for (const { name, file } of waiting) {
      const { out, err, code } = await run(file, ['--help'])
      assert.equal(code, 0, name)
      assert.match(out, new RegExp(`^usage: npm (run )?(-s )?${name}\\b`), name)
      assert.equal(err, '', name)
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, ask))
})

test('a wrong command line gets the usage, without a stack, and ends with 2', async () => {
  for (const { name, file } of tools.filter(({ name }) => ['start', 'ops', 'token'].includes(name))) {
    const { err, code } = await run(file, ['--no-such-option'])
    assert.equal(code, 2, name)
    assert.match(err, /no-such-option.*\n\nusage: /s, name)
    assert.doesNotMatch(err, STACK, name)
  }
  const { err, code } = await run('app/service.ts', ['no-such-service'])
  assert.equal(code, 1)
  assert.match(err, /^usage: npm run service/)
})

/** Each file that a start reads, and the words that must be said about a damaged one. */
const OWN_FILES = {
  'local-issuer.jwk.json': /the key that signs local tokens, .*local-issuer\.jwk\.json, is damaged: .*delete it/s,
  'postgres/password': /the password of the embedded server, .*postgres\/password, is damaged: .*from a backup/s,
}

for (const [name, words] of Object.entries(OWN_FILES))
  test(`a start says that ${name} is damaged and what to do, without a stack`, async () => {
    for (const content of ['', '{']) {
      const DATA_DIR = await mkdtemp(join(folder, 'damaged-'))
      await mkdir(join(DATA_DIR, 'postgres', 'data'), { recursive: true })
      await writeFile(join(DATA_DIR, name), content)
      const issuer = name.startsWith('local')
      const { err, code } = await run(issuer ? 'app/token.ts' : 'app/main.ts', issuer ? ['--role', 'staff'] : [], {
        DATA_DIR,
      })
      assert.equal(code, 1)
      assert.match(err, words)
      assert.doesNotMatch(err, STACK)
    }
  })

test('a start where no folder can be made says so', async () => {
  const file = join(folder, 'a-file')
  await writeFile(file, 'not a folder')
  for (const tool of ['app/main.ts', 'app/token.ts']) {
    const { err, code } = await run(tool, tool.includes('token') ? ['--role', 'staff'] : [], {
      DATA_DIR: join(file, 'data'),
    })
    assert.equal(code, 1)
    assert.match(err, /a-file.*a part of the path is a file/s)
    assert.doesNotMatch(err, STACK)
  }
})

test('a start whose port or address is taken says which setting to change', async () => {
  const { err, code } = await run('app/service.ts', ['gateway'], { HOST: '192.0.2.1' })
  assert.equal(code, 1)
  assert.match(err, /no address 192\.0\.2\.1: set HOST/)
  assert.doesNotMatch(err, STACK)
})
