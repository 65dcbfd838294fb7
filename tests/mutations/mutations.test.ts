/** The list of mutations stays true to the source, and a sample of it, another each day, is caught. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { isLarge } from '../fixtures/size.ts'
import { mutated } from './apply.ts'
import { tryToCatch } from './catch.ts'
import { drawMutations, everyMutation } from './draw.ts'
import { mutations } from './list.ts'
import type { Mutation } from './mutation.ts'
import { simulatedFiles } from './simulated.ts'

const ROOT = new URL('../../', import.meta.url)
const SAMPLE = isLarge ? 8 : 2
const DAY = Math.floor(Date.now() / 86_400_000)

test('every mutation changes one place of a file, and has a name of its own', () => {
  for (const mutation of mutations) {
    const source = readFileSync(new URL(mutation.file, ROOT), 'utf8')
    assert.notEqual(mutated(source, mutation), source, mutation.name)
  }
  assert.equal(new Set(mutations.map(({ name }) => name)).size, mutations.length)
  assert.ok(mutations.length >= 25)
})

test('operators find hundreds of places in every kind of room, each of which can be changed, and a seed draws the same ones', () => {
  const every = everyMutation()
  assert.ok(every.length > 500, `${every.length}`)
  for (const room of ['saga/', 'messaging/', '/domain/', '-store.ts'])
    assert.ok(every.filter(({ file }) => file.includes(room)).length > 50, room)
  for (const mutation of every)
    assert.notEqual(mutated(readFileSync(new URL(mutation.file, ROOT), 'utf8'), mutation), '', mutation.name)
  assert.deepEqual(drawMutations(5, 7), drawMutations(5, 7))
  assert.notDeepEqual(drawMutations(5, 7), drawMutations(5, 8))
})

test('a mutation is given to the simulation only if the simulation runs its file', () => {
  const files = simulatedFiles()
  for (const file of [
    'saga/decide.ts',
    'services/pagamento-service/domain/charge.ts',
    'messaging/consume.ts',
    'host/replay.ts',
  ])
    assert.ok(files.has(file), file)
  for (const file of [
    'platform/http/auth.ts',
    'services/gateway/proxy.ts',
    'services/orquestrador/runner/saga-store.ts',
  ])
    assert.ok(!files.has(file), file)
})

for (let number = 0; number < SAMPLE; number++) {
  const mutation = mutations[(DAY * SAMPLE + number) % mutations.length]
  if (!mutation) continue
  test(`to ${mutation.name} does not go unnoticed (${SAMPLE} of ${mutations.length} today; all by npm run mutations)`, async () => {
    const { by } = await tryToCatch(mutation)
    assert.ok(by ?? mutation.argued, `survived, in ${mutation.file}`)
  })
}

test('a seed that fails is made short, and what it prints fails again in the same way', async () => {
  const mutation = mutations.find(({ name }) => name === 'leave the step that was cut off')
  const first = await simulate(mutation, '--seeds', '400')
  const [, seed] = /^seed (\d+) fails/m.exec(first) ?? []
  const [, before, after] = /^(\d+) steps of its storm made (\d+) in/m.exec(first) ?? []
  const [, schedule] = /--schedule (\S+)$/m.exec(first) ?? []
  const [, finding] = /^([\w-]+ is .*)\nnpm run/m.exec(first) ?? []
  assert.ok(seed && schedule && finding, first)
  assert.ok(Number(after) < Number(before) && Number(after) < 20, `${before} steps became ${after}`)
  assert.ok((await simulate(mutation, '--schedule', schedule)).includes(finding))
  assert.match(await simulate(mutation, '--seed', seed), /but its (hold|vehicle|code|payment)/)
  assert.match(await simulate(undefined, '--schedule', schedule), /every invariant held/)
})

async function simulate(mutation: Mutation | undefined, ...args: readonly string[]): Promise<string> {
  const preload = `--import=${new URL('./apply.ts', import.meta.url).href}`
  const MUTATION = mutation && JSON.stringify(mutation)
  const env = { ...process.env, MUTATION, NODE_TEST_CONTEXT: undefined }
  const run = promisify(execFile)(process.execPath, [preload, 'tests/simulation/main.ts', ...args], { cwd: ROOT, env })
  const { stdout } = await run.catch((error: Error & { stdout: string }) => error)
  return stdout
}
