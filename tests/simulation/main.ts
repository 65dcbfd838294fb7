/**
 * `npm run simulate -- --seeds 100000 --from 1` runs so many seeds and prints a summary; a failing one is shortened. `--seed 7`
 * replays that seed, `--schedule …` a shortened schedule, both step by step. `--threads 2` says how many threads, `--quick` does not
 * shorten.
 */
import { parseArgs } from 'node:util'
import './seams.ts'

const { campaign } = await import('./campaign.ts')
const { findingOf, shrink } = await import('./shrink.ts')
const { scheduleOf, simulate } = await import('./simulate.ts')
const { scheduleFrom, textOf, traceOf, wordsOf } = await import('./telling.ts')
type Schedule = ReturnType<typeof scheduleOf>

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '10000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    schedule: { type: 'string' },
    threads: { type: 'string' },
    /** Says that a seed fails, and how, but not what it takes. */
    quick: { type: 'boolean', default: false },
  },
})

if (values.schedule !== undefined) await replay(scheduleFrom(values.schedule))
else if (values.seed !== undefined) await replay(scheduleOf(whole('seed', values.seed)))
else await run()

async function run() {
  const began = performance.now()
  const threads = values.threads === undefined ? undefined : whole('threads', values.threads)
  const seen = await campaign(whole('from', values.from), whole('seeds', values.seeds), threads)
  if (seen.failed === undefined) return console.log(wordsOf(seen, performance.now() - began))
  process.exitCode = 1
  const schedule = scheduleOf(seen.failed)
  const finding = await findingOf(schedule)
  console.log(`seed ${seen.failed} fails: ${finding?.message ?? 'but not when it is run again'}`)
  if (!finding || values.quick) return
  const short = await shrink(schedule, finding)
  console.log(`${schedule.storm.length} steps of its storm made ${short.schedule.storm.length} in ${short.runs} runs:`)
  console.log(`${traceOf(short.finding)}\n${short.finding.message}`)
  console.log(`npm run simulate -- --seed ${seen.failed}\nnpm run simulate -- --schedule ${textOf(short.schedule)}`)
}

async function replay(schedule: Schedule | undefined) {
  if (!schedule) return misused('--schedule takes what a failing run has printed')
  const finding = await findingOf(schedule)
  if (finding) {
    process.exitCode = 1
    console.log(`${traceOf(finding)}\n${finding.message}\n${stackOf(finding)}`)
  } else {
    const { steps, endings } = await simulate(schedule)
    console.log(`${steps} steps, every invariant held after each of them: ${endings.join(', ')}`)
  }
}

function stackOf({ cause }: Error): string {
  const deepest = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause
  return deepest instanceof Error ? (deepest.stack ?? '') : ''
}

function whole(name: string, text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1) misused(`--${name} takes a whole number from 1 on`)
  return value
}

function misused(words: string): undefined {
  console.error(words)
  process.exit(2)
}
