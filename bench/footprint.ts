/**
 * `npm run bench:footprint`: what one completed purchase leaves behind, in bytes: of tables with their indexes and of
 * write-ahead log, in each database. Vehicles and customers are there before; what is counted is the purchase alone.
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
const { customerIds, vehicleIds } = await stockUp(client, CUSTOMERS, PURCHASES, 0)
const before = await measure()
await Promise.all(Array.from({ length: IN_FLIGHT }, buy))
const after = await measure()

const rows = Object.entries(after.tables).map(([database, bytes]) => ({
  database,
  bytes_per_purchase: perPurchase(bytes - (before.tables[database] ?? 0)),
}))
console.table(rows)
console.log(`Tables with their indexes: ${perPurchase(sum(after.tables) - sum(before.tables))} bytes a purchase.`)
console.log(`Write-ahead log: ${perPurchase(after.log - before.log)} bytes a purchase.`)

async function buy() {
  for (let vehicle = vehicleIds.pop(); vehicle !== undefined; vehicle = vehicleIds.pop()) {
    await client.purchase(customerIds[vehicle % customerIds.length] as number, vehicle)
  }
}

interface Measure {
  readonly tables: Readonly<Record<string, number>>
  readonly log: number
}

/** After a vacuum: what updates have left behind is free for the next ones, and counts no more than once. */
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

function sum(bytes: Readonly<Record<string, number>>): number {
  return Object.values(bytes).reduce((total, one) => total + one, 0)
}

function perPurchase(bytes: number): number {
  return Math.round(bytes / PURCHASES)
}
