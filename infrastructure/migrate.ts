/**
 * `node infrastructure/migrate.ts cliente-service`: applies what is new in a service's migrations to DATABASE_URL, as that
 * service's own user, and ends. The Cloud Run jobs `migrate-…` run it before new code takes traffic.
 */
import { serviceNames } from '#contracts'
import { type Database, openDatabase } from '#platform/database/database'
import { migrate } from '#platform/database/migrate'
import { quitProxy } from '../app/quit-proxy.ts'
import { services } from '../app/services.ts'

const MESSAGING = new URL('../messaging/migrations/', import.meta.url)

const [name] = process.argv.slice(2)
const service = services.find((each) => each.name === name)
const url = process.env.DATABASE_URL
if (!service || !url) {
  console.error(`Name one of ${serviceNames.join(', ')}, and give DATABASE_URL.`)
  process.exitCode = 2
} else {
  try {
    await using database = openDatabase({
      url,
      poolSize: 2,
      patienceMs: 0,
      onIdleError: (error) => console.error(error),
    })
    await report(database, service.migrations)
  } catch (error) {
    console.error(error)
    process.exitCode = 1
  } finally {
    await quitProxy(process.env.DATABASE_PROXY_QUIT_URL)
  }
}

async function report(database: Database, migrations: URL) {
  const applied = await migrate(database, [MESSAGING, migrations])
  console.log(applied.length ? `Applied ${applied.join(', ')}` : 'Nothing new')
}
