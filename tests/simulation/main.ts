/** `npm run simulate -- --seeds 10000 --from 1`: runs so many seeds and says what was seen. */
import { parseArgs } from 'node:util'
import { simulate } from './simulate.ts'

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '10000' }, from: { type: 'string', default: '1' } },
})
const from = Number(values.from)
const seeds = Number(values.seeds)
if (!Number.isSafeInteger(from) || !Number.isSafeInteger(seeds) || seeds < 1) {
  console.error('--seeds and --from take whole numbers, and there must be a seed to run')
  process.exit(2)
}
const endings = new Map<string, number>()
const positions = new Set<string>()
const began = performance.now()
let steps = 0

for (let seed = from; seed < from + seeds; seed++) {
  const report = simulate(seed)
  steps += report.steps
  for (const ending of report.endings) endings.set(ending, (endings.get(ending) ?? 0) + 1)
  for (const position of report.positions) positions.add(position)
}

const perSecond = Math.round((seeds * 1_000) / (performance.now() - began))
const sagas = [...endings.values()].reduce((sum, count) => sum + count, 0)
console.log(
  `${seeds} seeds from ${from}, ${perSecond} a second: ${steps} steps, every invariant held after each of them`,
)
console.log(`${sagas} purchases, ${positions.size} positions of a saga were reached`)
for (const [ending, count] of [...endings].sort()) {
  console.log(`  ${ending.padEnd(20)} ${String(count).padStart(8)}  ${((100 * count) / sagas).toFixed(1)} %`)
}
