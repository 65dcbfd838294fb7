/**
 * `npm run mutations` makes each mutation of the list, one at a time, and prints what caught it and in how many seconds.
 * Fails when one survives. `--only words` takes those whose names contain the words; `--seeds` gives the simulation more.
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { type Caught, tryToCatch } from './catch.ts'
import { mutations } from './list.ts'

const { values } = parseArgs({ options: { only: { type: 'string', default: '' }, seeds: { type: 'string' } } })
const seeds = values.seeds === undefined ? undefined : Number(values.seeds)
const began = performance.now()
const waiting = mutations.filter(({ name }) => name.includes(values.only))
const results: Caught[] = []

await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    for (let mutation = waiting.shift(); mutation; mutation = waiting.shift()) {
      const result = await tryToCatch(mutation, seeds)
      results.push(result)
      console.log(lineOf(result))
    }
  }),
)

const survivors = results.filter(({ by, mutation }) => by === undefined && !mutation.argued)
const argued = results.filter(({ by, mutation }) => by === undefined && mutation.argued)
const bySimulation = results.filter(({ by }) => by?.startsWith('the simulation')).length
const seconds = ((performance.now() - began) / 1_000).toFixed(0)
const caught = results.length - survivors.length - argued.length
console.log(`${caught} of ${results.length} were caught, ${bySimulation} by the simulation, in ${seconds} s`)
if (argued.length > 0) console.log(`${argued.length} survived for a reason that the list gives`)
if (survivors.length > 0) process.exitCode = 1

function lineOf({ mutation, by, seconds: took }: Caught): string {
  const { name, file, argued: why } = mutation
  const unnoticed = why ? 'argued  ' : 'SURVIVED'
  const verdict = by ? 'caught  ' : unnoticed
  return `${verdict} ${took.toFixed(1).padStart(5)} s  ${name}\n                    ${by ?? why ?? file}`
}
