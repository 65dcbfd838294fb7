/**
 * `npm run bench:attack [-- --requests 2000 --warm-up 500]`: how much other clients notice while attackers make expensive requests
 * as fast as they can: `GET /vehicles/{id}` through the gateway without an attack, beside one attacking address, and beside fifty.
 * Prints the median and the 99th percentile of each.
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { Client } from 'undici'
import { startClient } from './client.ts'
import { stockUp } from './stock.ts'

const { values: options } = parseArgs({
  options: { requests: { type: 'string', default: '2000' }, 'warm-up': { type: 'string', default: '500' } },
})
const REQUESTS = Number(options.requests)
const WARM_UP = Number(options['warm-up'])
/** The aim: at most this many times the latency without an attack. */
const AIM = 3
/** The requests of an attacker, in turns. */
const EXPENSIVE = [
  '/openapi.json',
  '/docs/js/scalar.js',
  '/vehicles?status_filter=available&limit=100',
  '/vehicles/facets?status_filter=available&q=strada',
  '/ready',
  '/metrics',
]
/** Requests that each attacker has under way at once. */
const AT_ONCE = 8

await using system = await startClient()
const { vehicleIds } = await stockUp(system, 0, 100, 0)
const door = system.urlOf('gateway')
const victim = new Client(door)

await measure(WARM_UP)
const quiet = await measure(REQUESTS)
console.log(`GET /vehicles/{id} through the gateway, ${REQUESTS} times`)
console.log(`  quiet            ${row(quiet)}`)
let worst = 0
for (const attackers of [1, 50]) {
  const attack = attackFrom(attackers)
  const found = await measure(REQUESTS)
  const answers = await attack.over()
  const times = [0.5, 0.99].map((share) => at(found, share) / at(quiet, share))
  worst = Math.max(worst, ...times)
  const told = times.map((one) => one.toFixed(1)).join(' and ')
  console.log(`  ${String(attackers).padStart(2)} attacking     ${row(found)}   ${told} times; ${answers}`)
}
console.log(`  aim: at most ${AIM} times`)
if (worst > AIM) process.exitCode = 1
await victim.close()

/** In a thread of their own. `over` ends them, and resolves to what they were answered. */
function attackFrom(attackers: number): { over(): Promise<string> } {
  const workerData = { door, attackers, atOnce: AT_ONCE, paths: EXPENSIVE }
  const thread = new Worker(new URL('./attackers.ts', import.meta.url), { workerData })
  return {
    async over() {
      thread.postMessage('over')
      const [told] = (await once(thread, 'message')) as [string]
      return told
    },
  }
}

async function measure(count: number): Promise<number[]> {
  const found: number[] = []
  for (let index = 0; index < count; index += 1) {
    const begun = performance.now()
    const path = `/vehicles/${vehicleIds[index % vehicleIds.length]}`
    const { statusCode, body } = await victim.request({ method: 'GET', path })
    await body.arrayBuffer()
    assert.equal(statusCode, 200)
    found.push(performance.now() - begun)
  }
  return found
}

function at(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
}

function row(values: readonly number[]): string {
  return `median ${at(values, 0.5).toFixed(2)} ms   p99 ${at(values, 0.99).toFixed(2)} ms`
}
