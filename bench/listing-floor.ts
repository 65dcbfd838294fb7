/**
 * Pages of the list of vehicles beside their floor, in turns: `GET /vehicles` of the running service without a token, and the same
 * JSON by one prepared statement behind `node:http`, without a total and without sealing. Service and floor run in processes of
 * their own, on one PostgreSQL server. Prints a line of JSON a page: `page`, `filtered`, `in_flight`, `p50_ms`, `p99_ms`,
 * `floor_p50_ms`, `ratio_to_floor` (of the medians).
 */
import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Client } from 'undici'
import { startClient } from './client.ts'
import { ROUNDS, VEHICLES } from './listing-options.ts'
import { PAGES, type Page } from './listing-pages.ts'

const WARM_UP_ROUNDS = 3
/** The number of requests of one kind before the other's turn. */
const TURN = 16

await using system = await startClient('./server.ts', { BENCH_VEHICLES: String(VEHICLES) })
await using floor = await startFloor(system.databaseUrl)
for (const page of PAGES) {
  await compare(page, 1)
  if (!page.isSearch) await compare(page, 16)
}

async function compare(page: Page, inFlight: number) {
  await using ours = visitors(system.urlOf('veiculo-service'), `/vehicles?${page.query}`, inFlight)
  await using theirs = visitors(floor.url, `/${encodeURIComponent(page.name)}`, inFlight)
  const taken = { ours: [] as number[], theirs: [] as number[] }
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round += 1) {
    const times = { ours: await ours.visit(), theirs: await theirs.visit() }
    if (round < 0) continue
    taken.ours.push(...times.ours)
    taken.theirs.push(...times.theirs)
  }
  const [p50_ms, floor_p50_ms] = [at(taken.ours, 0.5), at(taken.theirs, 0.5)]
  const line = {
    page: page.name,
    filtered: page.isFiltered,
    in_flight: inFlight,
    p50_ms,
    p99_ms: at(taken.ours, 0.99),
    floor_p50_ms,
    ratio_to_floor: Number((p50_ms / floor_p50_ms).toFixed(2)),
  }
  console.log(JSON.stringify(line))
}

/**
 * This many clients, each on a connection of its own with one request after the other; together they send TURN requests.
 */
function visitors(origin: string, path: string, count: number) {
  const clients = Array.from({ length: count }, () => new Client(origin))
  return {
    /** Milliseconds of each request. */
    async visit(): Promise<number[]> {
      const times = await Promise.all(
        clients.map(async (client) => {
          const own: number[] = []
          for (let asked = 0; asked < TURN / count; asked += 1) own.push(await timed(client, path))
          return own
        }),
      )
      return times.flat()
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(clients.map((client) => client.close()))
    },
  }
}

async function timed(client: Client, path: string): Promise<number> {
  const begun = performance.now()
  const { statusCode, body } = await client.request({ method: 'GET', path })
  const answer = await body.text()
  assert.equal(statusCode, 200, answer.slice(0, 300))
  return performance.now() - begun
}

function at(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other)
  return Number((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(3))
}

async function startFloor(databaseServer: string) {
  const child = fork(new URL('./listing-floor-server.ts', import.meta.url), [databaseServer])
  const [{ url }] = (await once(child, 'message')) as [{ url: string }]
  return {
    url,
    async [Symbol.asyncDispose]() {
      child.send('stop')
      await once(child, 'exit')
    },
  }
}
