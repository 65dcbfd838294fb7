/**
 * `node infrastructure/migrate.ts cliente-service`: applies a service's new migrations to the database of MIGRATION_DATABASE_URL,
 * whose user owns the tables, lets the user of DATABASE_URL work there, and ends. The Cloud Run jobs `migrate-…` run it before new
 * code takes traffic.
 */
import { isServiceName, serviceNames } from '#contracts'
import { letWork, migrateAsOwner } from '#host'
import { readConfig } from '#platform/config'
import { reach } from '#platform/database/cloud-sql'
import { type Database, openDatabase } from '#platform/database/database'
import { migrationsOf } from '../app/services.ts'

const MESSAGING = new URL('../messaging/migrations/', import.meta.url)

const [name = ''] = process.argv.slice(2)
const worker = process.env.DATABASE_URL
const url = process.env.MIGRATION_DATABASE_URL ?? worker
if (!isServiceName(name) || !url) {
  console.error(`Name one of ${serviceNames.join(', ')}, and give DATABASE_URL.`)
  process.exitCode = 2
} else {
  try {
    using _reached = await reach(url, readConfig(process.env).SQL_ADMIN_URL)
    await using database = openDatabase({
      url,
      poolSize: 2,
      patienceMs: 0,
      onIdleError: (error) => console.error(error),
    })
    await report(database, migrationsOf(name))
    if (worker && worker !== url) await letWork(database, worker)
  } catch (error) {
    console.error(error)
    process.exitCode = 1
  }
}

async function report(database: Database, migrations: URL) {
  const applied = await migrateAsOwner(database, [MESSAGING, migrations])
  console.log(applied.length ? `Applied ${applied.join(', ')}` : 'Nothing new')
}
