/**
 * `npm run mutations [-- --only words --seeds 5000 --by simulation,unit --drawn 40 --seed 7]` makes each mutation of the list, one
 * at a time, and prints which tool caught it (simulation, unit, database, flow) and in how many seconds. Fails when one survives.
 *   --only    those whose names or files contain the words
 *   --seeds   gives the simulation more
 *   --by      asks these tools alone
 *   --drawn   so many in place of the list, drawn from operators over the engine, the rules, the stores and the messaging;
 *             some of them change nothing that anybody could see, so a survivor is to be looked at, and no failure
 *   --seed    which of them; a new one each day
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { type Caught, TOOLS, tryToCatch } from './catch.ts'
import { drawMutations } from './draw.ts'
import { mutations } from './list.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    seeds: { type: 'string' },
    by: { type: 'string', default: TOOLS.join() },
    drawn: { type: 'string' },
    seed: { type: 'string', default: String(Math.floor(Date.now() / 86_400_000)) },
  },
})
const seeds = values.seeds === undefined ? undefined : Number(values.seeds)
const tools = TOOLS.filter((tool) => values.by.split(',').includes(tool))
const all = values.drawn === undefined ? mutations : drawMutations(Number(values.drawn), Number(values.seed))
const began = performance.now()
const waiting = all.filter(({ name, file }) => name.includes(values.only) || file.includes(values.only))
const results: Caught[] = []
if (values.drawn !== undefined) console.log(`${waiting.length} drawn by --seed ${values.seed}`)

await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    for (let mutation = waiting.shift(); mutation; mutation = waiting.shift()) {
      const result = await tryToCatch(mutation, seeds, tools)
      results.push(result)
      console.log(lineOf(result))
    }
  }),
)

const survivors = results.filter(({ by, mutation }) => by === undefined && !mutation.argued)
const argued = results.filter(({ by, mutation }) => by === undefined && mutation.argued)
const counts = tools.map((tool) => `${results.filter((one) => one.tool === tool).length} by ${tool}`).join(', ')
const seconds = ((performance.now() - began) / 1_000).toFixed(0)
const caught = results.length - survivors.length - argued.length
console.log(`${caught} of ${results.length} were caught (${counts}), in ${seconds} s`)
if (argued.length > 0) console.log(`${argued.length} survived for a reason that the list gives`)
if (survivors.length > 0 && values.drawn === undefined) process.exitCode = 1

function lineOf({ mutation, by, seconds: took }: Caught): string {
  const { name, file, argued: why } = mutation
  const unnoticed = why ? 'argued  ' : 'SURVIVED'
  const verdict = by ? 'caught  ' : unnoticed
  return `${verdict} ${took.toFixed(1).padStart(5)} s  ${name}, ${file}\n                    ${by ?? why ?? mutation.put}`
}
