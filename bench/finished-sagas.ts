/**
 * `npm run bench:finished [-- --finished 1000000 --rounds 21 --purchases 400 --in-flight 64]`: purchases per second with
 * that many finished purchases in the databases, compared with none. Two systems, each with its own PostgreSQL, take turns
 * in short rounds, so that other load of the machine falls on both. The result is the median of the ratios of the pairs.
 * Seen: 1.03 with 13 million rows of a million purchases, on two busy cores where the rounds themselves lay between 33 and
 * 372 a second.
 */
import { parseArgs } from 'node:util'
import pg from 'pg'
import { type Client, startClient } from './client.ts'
import { fillWithFinished } from './finished.ts'
import { type Stock, stockUp } from './stock.ts'

const { values: options } = parseArgs({
  options: {
    finished: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '21' },
    purchases: { type: 'string', default: '400' },
    'in-flight': { type: 'string', default: '64' },
  },
})
const FINISHED = Number(options.finished)
const ROUNDS = Number(options.rounds)
const PURCHASES = Number(options.purchases)
const IN_FLIGHT = Number(options['in-flight'])
const CUSTOMERS = 512
const WARM_UP = 1_000
/** The aim: at least this share of the rate without finished purchases. */
const WANTED = 0.9

interface System {
  readonly name: string
  readonly client: Client
  readonly stock: Stock
  readonly rates: number[]
}

await using started = new AsyncDisposableStack()
const systems = [await open('none finished', 0), await open(`${FINISHED.toLocaleString('en')} finished`, FINISHED)]
for (const { client, stock } of systems) await buyAll(client, stock, WARM_UP)
for (let round = 0; round < ROUNDS; round += 1)
  for (const system of round % 2 === 0 ? systems : systems.toReversed())
    system.rates.push(await rateOf(system.client, system.stock))
report()

async function open(name: string, finished: number): Promise<System> {
  const client = started.use(await startClient())
  const stock = await stockUp(client, CUSTOMERS, WARM_UP + ROUNDS * PURCHASES, 0)
  if (finished > 0) {
    const begun = performance.now()
    const urlOf = (database: string) => Object.assign(new URL(client.databaseUrl), { pathname: `/${database}` }).href
    const rows = await fillWithFinished(urlOf, finished)
    const seconds = (performance.now() - begun) / 1_000
    console.log(
      `${rows.toLocaleString('en')} rows of ${finished.toLocaleString('en')} purchases in ${Math.round(seconds)} s`,
    )
  }
  return { name, client, stock, rates: [] }
}

async function rateOf(client: Client, stock: Stock): Promise<number> {
  await checkpoint(client.databaseUrl)
  const begun = performance.now()
  await buyAll(client, stock, PURCHASES)
  return (PURCHASES * 1_000) / (performance.now() - begun)
}

/** Writes the pages that the other system, or the filling, has left, so that it does not happen within a round. */
async function checkpoint(url: string) {
  const server = new pg.Client({ connectionString: url })
  await server.connect()
  await server.query('checkpoint').finally(() => server.end())
}

async function buyAll(client: Client, { customerIds, vehicleIds }: Stock, count: number) {
  const vehicles = vehicleIds.splice(0, count)
  async function buy() {
    for (let vehicle = vehicles.pop(); vehicle !== undefined; vehicle = vehicles.pop())
      await client.purchase(customerIds[vehicle % customerIds.length] as number, vehicle)
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, buy))
}

function report() {
  console.table(
    systems.map(({ name, rates }) => ({
      system: name,
      purchases_per_s: Math.round(median(rates)),
      rounds: rates.map((rate) => Math.round(rate)).join(' '),
    })),
  )
  const [none, many] = systems.map(({ rates }) => rates)
  const ratio = median((many ?? []).map((rate, round) => rate / (none?.[round] ?? Number.NaN)))
  console.log(
    `With ${FINISHED.toLocaleString('en')} finished purchases: ${ratio.toFixed(2)} of the rate with none (wanted: ${WANTED}).`,
  )
}

function median(rates: readonly number[]): number {
  return rates.toSorted((one, other) => one - other)[Math.floor(rates.length / 2)] ?? 0
}
