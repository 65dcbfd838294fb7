/**
 * `npm run bench:footprint [-- --purchases 5000]`: the bytes that a vehicle on sale takes, and that its completed purchase leaves
 * behind: in tables with their indexes, by database, and in the write-ahead log.
 */
import { parseArgs } from 'node:util'
import pg from 'pg'
import { startClient } from './client.ts'
import { stockUp } from './stock.ts'

const { values: options } = parseArgs({ options: { purchases: { type: 'string', default: '5000' } } })
const PURCHASES = Number(options.purchases)
const CUSTOMERS = 512
const IN_FLIGHT = 64

await using client = await startClient()
const { customerIds } = await stockUp(client, CUSTOMERS, 0, 0)
const empty = await measure()
const { vehicleIds } = await stockUp(client, 0, PURCHASES, 0)
const before = await measure()
await Promise.all(Array.from({ length: IN_FLIGHT }, buy))
const after = await measure()

console.table(
  Object.keys(after.tables).map((database) => ({
    database,
    bytes_per_vehicle: grown(empty, before, database),
    bytes_per_purchase: grown(before, after, database),
  })),
)
for (const [what, from, to] of [
  ['vehicle', empty, before],
  ['purchase', before, after],
] as const)
  console.log(`A ${what}: ${each(sum(to) - sum(from))} bytes of tables, ${each(to.log - from.log)} of write-ahead log.`)

async function buy() {
  for (let vehicle = vehicleIds.pop(); vehicle !== undefined; vehicle = vehicleIds.pop()) {
    await client.purchase(customerIds[vehicle % customerIds.length] as number, vehicle)
  }
}

interface Measure {
  readonly tables: Readonly<Record<string, number>>
  readonly log: number
}

/** After a vacuum: the dead rows of updates are free for the next ones, and count only once. */
async function measure(): Promise<Measure> {
  const [{ log } = { log: 0 }] = await ask<{ log: number }>(
    client.databaseUrl,
    `select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 as log`,
  )
  const databases = await ask<{ name: string }>(
    client.databaseUrl,
    `select datname as name from pg_database where datname ~ '(_service|orquestrador)$' order by 1`,
  )
  const tables: Record<string, number> = {}
  for (const { name } of databases) {
    const url = new URL(client.databaseUrl)
    url.pathname = `/${name}`
    await ask(url.href, 'vacuum')
    const [row] = await ask<{ bytes: number }>(
      url.href,
      `select sum(pg_total_relation_size(relid))::float8 as bytes from pg_stat_user_tables`,
    )
    tables[name] = row?.bytes ?? 0
  }
  return { tables, log }
}

async function ask<Row extends object>(url: string, text: string): Promise<Row[]> {
  const server = new pg.Client({ connectionString: url })
  await server.connect()
  try {
    return (await server.query<Row>(text)).rows
  } finally {
    await server.end()
  }
}

function grown(from: Measure, to: Measure, database: string): number {
  return each((to.tables[database] ?? 0) - (from.tables[database] ?? 0))
}

function sum({ tables }: Measure): number {
  return Object.values(tables).reduce((total, one) => total + one, 0)
}

function each(bytes: number): number {
  return Math.round(bytes / PURCHASES)
}
