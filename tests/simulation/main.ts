/** `npm run simulate -- --seeds 10000 --from 1`: runs so many seeds and says what was seen. */
import { parseArgs } from 'node:util'
import { simulate } from './simulate.ts'

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '10000' }, from: { type: 'string', default: '1' } },
})
const from = Number(values.from)
const seeds = Number(values.seeds)
const endings = new Map<string, number>()
const positions = new Set<string>()
let steps = 0

for (let seed = from; seed < from + seeds; seed++) {
  const report = simulate(seed)
  steps += report.steps
  for (const ending of report.endings) endings.set(ending, (endings.get(ending) ?? 0) + 1)
  for (const position of report.positions) positions.add(position)
}

console.log(`${seeds} seeds from ${from}: ${steps} steps, every invariant held after each of them`)
console.log(`${positions.size} positions of a saga were reached`)
for (const [ending, count] of [...endings].sort()) console.log(`  ${ending.padEnd(20)} ${count}`)
