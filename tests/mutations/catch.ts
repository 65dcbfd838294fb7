/** Runs the simulation, and then the tests of the rules, on the product with one mutation. */
import { execFile } from 'node:child_process'
import { globSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Mutation } from './list.ts'

export interface Caught {
  readonly mutation: Mutation
  /** The failure that caught it, in its own words; undefined for a survivor. */
  readonly by: string | undefined
  readonly seconds: number
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const SEEDS = 1_500
/** The tests without a database. */
const TESTS = globSync(
  ['saga/*.test.ts', 'services/*/domain/*.test.ts', 'services/orquestrador/purchase-saga.test.ts'],
  { cwd: ROOT },
)
/** An error of the run itself, not of loading it. */
const HAS_RUN = /it does not end|tests\/simulation\/(simulate|worker)\.ts/
/** Milliseconds: a mutation may make a run endless. */
const PATIENCE_MS = 180_000

export async function tryToCatch(mutation: Mutation, seeds = SEEDS): Promise<Caught> {
  const began = performance.now()
  const by = (await simulated(mutation, seeds)) ?? (await tested(mutation))
  return { mutation, by, seconds: (performance.now() - began) / 1_000 }
}

async function simulated(mutation: Mutation, seeds: number): Promise<string | undefined> {
  const args = ['tests/simulation/main.ts', '--quick', '--threads', '1', '--seeds', String(seeds)]
  const { isGood, output } = await run(mutation, args)
  if (isGood) return undefined
  const [, seed, finding] = /^seed (\d+) fails: (.*)$/m.exec(output) ?? []
  if (seed) return `the simulation, seed ${seed}: ${finding}`
  if (!HAS_RUN.test(output)) throw new Error(`the simulation does not start with ${mutation.name}: ${output}`)
  return `the simulation: ${lastLine(output)}`
}

async function tested(mutation: Mutation): Promise<string | undefined> {
  const { isGood, output } = await run(mutation, ['--test', '--test-reporter=tap', ...TESTS])
  if (isGood) return undefined
  const [, title] = /^not ok \d+ - (.*)$/m.exec(output) ?? []
  return `the test “${title}”`
}

function run({ name }: Mutation, args: readonly string[]): Promise<{ isGood: boolean; output: string }> {
  const preload = new URL('./apply.ts', import.meta.url).href
  const env = { ...process.env, MUTATION: name, NODE_OPTIONS: `--import=${preload}`, NODE_TEST_CONTEXT: undefined }
  const options = { cwd: ROOT, env, timeout: PATIENCE_MS, killSignal: 'SIGKILL', maxBuffer: 2 ** 26 } as const
  return new Promise((resolve) => {
    execFile(process.execPath, args, options, (error, out, err) => {
      resolve({ isGood: error === null, output: `${out}\n${error?.killed ? 'it does not end' : err}` })
    })
  })
}

const lastLine = (output: string) => {
  const lines = output.split('\n').filter((line) => /\w/.test(line))
  return (lines.find((line) => /Error:/.test(line)) ?? lines.at(-1) ?? 'it fails').trim().slice(0, 120)
}
