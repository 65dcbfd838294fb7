/**
 * `npm test`: runs the test files as `node --test` does, or those that fit the patterns given, with one summary at the end. The
 * unit tests share a process, the longest files begin first, and one more runs than there are processors, because at any
 * time one of them waits. `npm run test:large` keeps every file in a process of its own, in an order drawn anew.
 */
import { availableParallelism } from 'node:os'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { fileURLToPath } from 'node:url'
import { isUnit, testFiles } from './files.ts'
import { isLarge } from './fixtures/size.ts'

const MINUTES = isLarge ? 60 : 10
/** Each may be a whole system with its database, Java and a browser; a large one has work for two processors. */
const AT_ONCE = isLarge ? 2 : Math.min(availableParallelism() + 1, 4)

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
