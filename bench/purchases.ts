/**
 * `npm run bench [-- --json --bus pubsub]`: purchases per second from POST /purchase to COMPLETED, beside the rate at which the same
 * PostgreSQL could do them un-batched: durable single-row commits a second (32 in flight) divided by 11, the commits
 * that a purchase of this shape needs one by one. With `--bus pubsub`, the same on Google's emulator: all services in one process,
 * then 1, 2 and 4 processes of each.
 */
import { parseArgs } from 'node:util'
import pg from 'pg'
import { startPubsubEmulator } from '../app/cluster/pubsub-emulator.ts'
import { type Client, startClient } from './client.ts'
import { measureFloor } from './floor.ts'
import { type Stock, stockUp } from './stock.ts'

const COMMITS_UNBATCHED = 11
const CUSTOMERS = 512
/** Purchases before the measured ones of a round, per purchase in flight: they open the connections that were closed meanwhile. */
const LEAD = 8

interface Round {
  readonly in_flight: number
  readonly purchases: number
}

interface Target {
  readonly system: string
  readonly program: string
  readonly environment: NodeJS.ProcessEnv
  readonly warmUp: Round
  readonly rounds: readonly Round[]
}

const EMBEDDED: Target = {
  system: 'embedded',
  program: './server.ts',
  environment: {},
  warmUp: { in_flight: 256, purchases: 20_000 }, // until the code is compiled: by then a purchase takes half the time, and a fifth less than after 8,000
  rounds: [
    { in_flight: 1, purchases: 300 },
    { in_flight: 16, purchases: 2_000 },
    { in_flight: 64, purchases: 4_000 },
    { in_flight: 256, purchases: 10_000 },
  ],
}

/** Fewer purchases, because the emulator delivers messages every 50 ms, and shares the machine. */
const SHORTER = {
  warmUp: { in_flight: 64, purchases: 300 },
  rounds: [
    { in_flight: 1, purchases: 30 },
    { in_flight: 64, purchases: 1_000 },
    { in_flight: 256, purchases: 2_000 },
  ],
}

const { values: options } = parseArgs({
  options: { json: { type: 'boolean', default: false }, bus: { type: 'string', default: 'embedded' } },
})

await using started = new AsyncDisposableStack()
const targets = options.bus === 'pubsub' ? [EMBEDDED, ...(await onPubsub())] : [EMBEDDED]
const rows: Record<string, number | string>[] = []
let floor = { commits_per_s: 0, single_commit_ms: 0 }
for (const target of targets) await measure(target)
report()

async function onPubsub(): Promise<Target[]> {
  const { host } = started.use(await startPubsubEmulator())
  const environment = { BUS: 'pubsub', PUBSUB_EMULATOR_HOST: host }
  const project = (name: string) => ({ ...environment, PROJECT_ID: `bench-${name}` })
  return [
    { system: 'pubsub, one process', program: './server.ts', environment: project('one-process'), ...SHORTER },
    ...['1', '2', '4'].map((REPLICAS) => ({
      system: `pubsub, ${REPLICAS} of each service`,
      program: './replicas.ts',
      environment: { ...project(`${REPLICAS}-of-each`), REPLICAS },
      ...SHORTER,
    })),
  ]
}

async function measure({ system, program, environment, warmUp, rounds }: Target) {
  await using client = await startClient(program, environment)
  if (floor.commits_per_s === 0) floor = await measureFloor(client.databaseUrl)
  const floor_per_s = floor.commits_per_s / COMMITS_UNBATCHED
  const wanted = [warmUp, ...rounds].reduce((sum, round) => sum + purchasesOf(round), 0)
  const stock = await stockUp(client, CUSTOMERS, wanted, 0)
  await run(client, stock, warmUp)
  for (const round of rounds) {
    const before = await commitsSoFar(client.databaseUrl)
    const { seconds, latencies } = await run(client, stock, round)
    const commits = (await commitsSoFar(client.databaseUrl)) - before
    const purchases_per_s = round.purchases / seconds
    rows.push({
      ...(targets.length > 1 && { system }),
      ...round,
      purchases_per_s: rounded(purchases_per_s),
      p50_ms: rounded(quantile(latencies, 0.5)),
      p99_ms: rounded(quantile(latencies, 0.99)),
      commits_per_purchase: rounded(commits / purchasesOf(round)),
      floor_per_s: rounded(floor_per_s),
      ratio: Number((purchases_per_s / floor_per_s).toFixed(2)),
    })
  }
  await checkAllCompleted(client)
}

function purchasesOf({ in_flight, purchases }: Round): number {
  return LEAD * in_flight + purchases
}

/** Keeps `in_flight` purchases in flight; the clock starts when the leading ones have completed. */
async function run(from: Client, { customerIds, vehicleIds }: Stock, round: Round) {
  const vehicles = vehicleIds.splice(0, purchasesOf(round))
  let lead = LEAD * round.in_flight
  let latencies: number[] = []
  let begun = performance.now()
  async function buy() {
    for (let vehicle = vehicles.pop(); vehicle !== undefined; vehicle = vehicles.pop()) {
      const customer = customerIds[vehicle % customerIds.length] as number
      latencies.push(await from.purchase(customer, vehicle))
      lead -= 1
      if (lead === 0) {
        begun = performance.now()
        latencies = []
      }
    }
  }
  await Promise.all(Array.from({ length: round.in_flight }, buy))
  return { seconds: (performance.now() - begun) / 1_000, latencies: latencies.sort((a, b) => a - b) }
}

/** PostgreSQL's statistics are up to a second late, so this asks until two answers agree. */
async function commitsSoFar(databaseUrl: string): Promise<number> {
  const server = new pg.Client({ connectionString: databaseUrl })
  await server.connect()
  try {
    for (let last = -1; ; ) {
      const { rows: found } = await server.query(
        `select sum(xact_commit)::int as commits from pg_stat_database where datname like '%cliente_service' or
         datname like '%veiculo_service' or datname like '%pagamento_service' or datname like '%orquestrador'`,
      )
      if (found[0].commits === last) return last
      last = found[0].commits
      await server.query('select pg_sleep(1.2)')
    }
  } finally {
    await server.end()
  }
}

async function checkAllCompleted(from: Client) {
  for (let at = 0; at < from.transactions.length; at += 64) {
    const statuses = await Promise.all(from.transactions.slice(at, at + 64).map((id) => from.statusOf(id)))
    const other = statuses.find((status) => status !== 'COMPLETED')
    if (other) throw new Error(`a measured purchase is ${other}`)
  }
}

function report() {
  if (options.json) return rows.forEach((row) => void console.log(JSON.stringify(row)))
  console.table(rows)
  const allowed = COMMITS_UNBATCHED * floor.single_commit_ms + 10
  console.log(
    `Floor: ${Math.round(floor.commits_per_s)} durable single-row commits/s with 32 in flight, / ${COMMITS_UNBATCHED}.`,
  )
  console.log(
    `One commit alone takes ${floor.single_commit_ms.toFixed(2)} ms; 11 of them plus 10 ms: ${allowed.toFixed(1)} ms.`,
  )
}

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN
}

function rounded(value: number): number {
  return Number(value.toFixed(1))
}
