/**
 * `npm run bench:gateway [-- --requests 5000 --warm-up 1000]`: the cost of the gateway for a request, `GET /vehicles/{id}` directly
 * and through it, in turns, on one kept connection each. Prints the median and the 99th percentile of both, and the difference. The
 * system runs in a process of its own.
 */
import assert from 'node:assert/strict'
import { parseArgs } from 'node:util'
import { Client } from 'undici'
import { startClient } from './client.ts'
import { stockUp } from './stock.ts'

const { values: options } = parseArgs({
  options: { requests: { type: 'string', default: '5000' }, 'warm-up': { type: 'string', default: '1000' } },
})
const REQUESTS = Number(options.requests)
const WARM_UP = Number(options['warm-up'])
/** Milliseconds at the median. */
const AIM = 1

await using system = await startClient()
const { vehicleIds } = await stockUp(system, 0, 1, 0)
const path = `/vehicles/${vehicleIds[0]}`
const direct = new Client(system.urlOf('veiculo-service'))
const through = new Client(system.urlOf('gateway'))

await measure(WARM_UP)
const times = await measure(REQUESTS)
const added = at(times.through, 0.5) - at(times.direct, 0.5)
console.log(`GET ${path}, ${REQUESTS} times each, in turns`)
console.log(`  directly             ${row(times.direct)}`)
console.log(`  through the gateway  ${row(times.through)}`)
console.log(`  difference           ${milliseconds(added)} ms at the median (aim: less than ${AIM} ms)`)
if (added >= AIM) process.exitCode = 1
await Promise.all([direct.close(), through.close()])

async function measure(count: number) {
  const found = { direct: [] as number[], through: [] as number[] }
  for (let index = 0; index < count; index += 1) {
    found.direct.push(await timed(direct))
    found.through.push(await timed(through))
  }
  return found
}

async function timed(client: Client): Promise<number> {
  const begun = performance.now()
  const { statusCode, body } = await client.request({ method: 'GET', path })
  await body.arrayBuffer()
  assert.equal(statusCode, 200)
  return performance.now() - begun
}

function at(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
}

function row(values: readonly number[]): string {
  return `median ${milliseconds(at(values, 0.5))} ms   p99 ${milliseconds(at(values, 0.99))} ms`
}

function milliseconds(value: number): string {
  return value.toFixed(2)
}
