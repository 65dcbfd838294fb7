/**
 * Tries every test that may notice a mutation, the quickest first: the simulation, the tests of the rules, the tests beside
 * the changed file or in the rooms around it, without a database and with one, and a flow.
 */
import { execFile } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Mutation } from './mutation.ts'
import { simulatedFiles } from './simulated.ts'

export const TOOLS = ['simulation', 'unit', 'database', 'flow'] as const
type Tool = (typeof TOOLS)[number]

export interface Caught {
  readonly mutation: Mutation
  /** What caught it; undefined for a survivor. */
  readonly tool: Tool | undefined
  /** The failure that caught it, in its own words. */
  readonly by: string | undefined
  readonly seconds: number
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const SEEDS = 1_500
const inSimulation = simulatedFiles()
/** All tests of rules: another file's test may see what one file decides. */
const RULES = globSync(
  ['saga/*.test.ts', 'services/*/domain/*.test.ts', 'services/orquestrador/purchase-saga.test.ts'],
  { cwd: ROOT },
)
const IS_RULE = /^saga\/|\/domain\/|-saga\.ts$/
/** An error of the run itself, not of loading it. */
const HAS_RUN = /it does not end|tests\/simulation\/(simulate|worker)\.ts/
/** It is this long because a mutation can make a run endless, but a busy machine also makes a good run long. */
const PATIENCE_MS = 600_000

/** `by`: only these tools, when they are named. */
export async function tryToCatch(mutation: Mutation, seeds = SEEDS, tools: readonly Tool[] = TOOLS): Promise<Caught> {
  const began = performance.now()
  const isBlind = (tool: Tool) => tool === 'simulation' && !inSimulation.has(mutation.file)
  for (const tool of TOOLS.filter((one) => tools.includes(one) && !isBlind(one))) {
    const by = tool === 'simulation' ? await simulated(mutation, seeds) : await testedBy(mutation, tool)
    if (by) return { mutation, tool, by, seconds: (performance.now() - began) / 1_000 }
  }
  return { mutation, tool: undefined, by: undefined, seconds: (performance.now() - began) / 1_000 }
}

/** The tests that import the file come first: they are few and likely to notice. */
async function testedBy(mutation: Mutation, tool: Exclude<Tool, 'simulation'>): Promise<string | undefined> {
  const all = testsOf(mutation, tool)
  const name = `/${basename(mutation.file)}'`
  const own = all.filter((test) => readFileSync(`${ROOT}${test}`, 'utf8').includes(name))
  const others = all.filter((test) => !own.includes(test))
  return (await tested(mutation, own)) ?? (await tested(mutation, others))
}

function testsOf({ file, flow }: Mutation, tool: Exclude<Tool, 'simulation'>): string[] {
  if (tool === 'flow') return flow ? [flow] : []
  const isFor = (test: string) => test.endsWith('.db.test.ts') === (tool === 'database')
  return [...new Set([...(tool === 'unit' && IS_RULE.test(file) ? RULES : []), ...nearest(file).filter(isFor)])]
}

/** The tests in its room; if it has none, those in the rooms within and around it. */
function nearest(file: string): string[] {
  for (let room = dirname(file); room !== '.'; room = dirname(room)) {
    const inside = globSync(`${room}/*.test.ts`, { cwd: ROOT })
    const found = inside.length > 0 ? inside : globSync(`${room}/**/*.test.ts`, { cwd: ROOT })
    if (found.length > 0) return found
  }
  return []
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

async function tested(mutation: Mutation, tests: readonly string[]): Promise<string | undefined> {
  if (tests.length === 0) return undefined
  const setup = '--test-global-setup=tests/global-setup.ts'
  const needsServer = tests.some((test) => test.endsWith('.db.test.ts') || test.startsWith('tests/'))
  const { isGood, output } = await run(mutation, [
    '--test',
    '--test-reporter=tap',
    ...(needsServer ? [setup] : []),
    ...tests,
  ])
  if (isGood) return undefined
  const [, title] = /^ *not ok \d+ - (?!.*\.ts$)(.*)$/m.exec(output) ?? []
  return title ? `the test “${title}”` : `a test: ${lastLine(output)}`
}

function run(mutation: Mutation, args: readonly string[]): Promise<{ isGood: boolean; output: string }> {
  const preload = new URL('./apply.ts', import.meta.url).href
  const MUTATION = JSON.stringify(mutation)
  const env = { ...process.env, MUTATION, NODE_OPTIONS: `--import=${preload}`, NODE_TEST_CONTEXT: undefined }
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
