/**
 * `npm test`: runs the test files as `node --test` does, or those that fit the patterns given, with one summary at the end. The
 * unit tests share a process, and the longest files begin first, so that no long one is left over at the end; TESTS_AT_ONCE says how
 * many run at once. `npm run test:large` keeps every file in a process of its own, in an order drawn anew.
 */
import { availableParallelism } from 'node:os'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { fileURLToPath } from 'node:url'
import { isUnit, testFiles } from './files.ts'
import { isLarge } from './fixtures/size.ts'

const MINUTES = isLarge ? 60 : 10
/** Each may be a whole system with its database and a browser. A run with more of them than processors takes less time, and tires patience. */
const AT_ONCE = Number(process.env.TESTS_AT_ONCE) || Math.min(Math.max(availableParallelism(), 2), 4)

const patterns = process.argv.slice(2)
const files = testFiles(patterns.length > 0 ? patterns : undefined)
const units = isLarge ? [] : files.filter(isUnit)
process.env.UNIT_FILES = units.join(' ')
if (files.some((file) => file.startsWith('tests/pubsub/'))) process.env.TEST_EMULATOR = 'shared'
const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())

/** `globalSetupPath` is documented, and not yet known to the types. */
const options = {
  files: [...(units.length > 0 ? ['tests/units.ts'] : []), ...files.filter((file) => !units.includes(file))],
  concurrency: AT_ONCE,
  globalSetupPath: fileURLToPath(new URL('./global-setup.ts', import.meta.url)),
  execArgv: [`--test-timeout=${MINUTES * 60_000}`],
  randomize: isLarge,
  signal: stop.signal,
}

run(options)
  .on('test:summary', ({ file, success }) => {
    if (file === undefined && !success) process.exitCode = 1
  })
  .compose(spec)
  .pipe(process.stdout)
