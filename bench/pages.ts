/**
 * The cost of rendering the list of the shop: `GET /vehicles` of the service and `/carros` of the pages, in turns, on one
 * kept connection each, with 5,000 vehicles on sale. Services and pages run in processes of their own, as in `npm start`.
 */
import assert from 'node:assert/strict'
import { parseArgs } from 'node:util'
import { Client } from 'undici'
import { openShop } from './shop.ts'

const { values: options } = parseArgs({
  options: { vehicles: { type: 'string', default: '5000' }, requests: { type: 'string', default: '300' } },
})
const REQUESTS = Number(options.requests)
const WARM_UP = 50
/** The aim: the median time of the page is at most this many times that of the API's own answer. */
const AIM = 3
const PAGE_SIZE = 24

await using shop = await openShop(Number(options.vehicles))
const api = new Client(shop.system.urlOf('veiculo-service'))
const web = new Client(shop.origin)
const asked = `/vehicles?status_filter=available&sort_by=newest&limit=${PAGE_SIZE}`
await measure(WARM_UP)
const times = await measure(REQUESTS)
const ratio = median(times.page) / median(times.answer)
console.log(`${options.vehicles} vehicles on sale, ${REQUESTS} times each, in turns; medians`)
console.log(`  GET ${asked}   ${median(times.answer).toFixed(1)} ms`)
console.log(
  `  GET /carros   ${median(times.page).toFixed(1)} ms, ${ratio.toFixed(2)} times as long (aim: at most ${AIM})`,
)
if (ratio > AIM) process.exitCode = 1
await Promise.all([api.close(), web.close()])

async function measure(count: number) {
  const found = { answer: [] as number[], page: [] as number[] }
  for (let index = 0; index < count; index += 1) {
    found.answer.push(await timed(api, asked))
    found.page.push(await timed(web, '/carros'))
  }
  return found
}

async function timed(client: Client, path: string): Promise<number> {
  const begun = performance.now()
  const { statusCode, body } = await client.request({ method: 'GET', path })
  await body.arrayBuffer()
  assert.equal(statusCode, 200)
  return performance.now() - begun
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
