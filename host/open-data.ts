/** What a service keeps its data in, ready for use: a database that is there and migrated, and a vault whose key opens what lies there. */
import type { Logger } from 'pino'
import type { Config } from '#platform/config'
import { createDatabaseIfMissing, type Database, openDatabase } from '#platform/database/database'
import { migrate } from '#platform/database/migrate'
import { openKeyWrapper } from '#platform/vault/open-key-wrapper'
import { openVault, type Vault } from '#platform/vault/vault'
import type { ServiceDefinition } from './service.ts'

export interface Data extends AsyncDisposable {
  readonly database: Database
  readonly databaseUrl: string
  readonly vault: Vault
}

export async function openData(definition: ServiceDefinition, url: string, config: Config, log: Logger): Promise<Data> {
  const onIdleError = (err: Error) => log.warn({ err }, 'an idle database connection was lost')
  await createDatabaseIfMissing(url)
  await migrateOnce(url, definition, onIdleError)
  await using opened = new AsyncDisposableStack()
  const database = opened.use(openDatabase({ url, poolSize: config.DATABASE_POOL_SIZE, onIdleError }))
  const vault = await openVault(database, openKeyWrapper(config), definition.name)
  const sealed = (await definition.sealPlain?.(database, vault)) ?? 0
  if (sealed > 0) log.info({ rows: sealed }, 'rows from before fields were sealed are sealed now')
  const open = opened.move()
  return { database, databaseUrl: url, vault, [Symbol.asyncDispose]: () => open.disposeAsync() }
}

/** Over connections of its own: an index of a big table may take longer than anything else is given. */
async function migrateOnce(url: string, { migrations }: ServiceDefinition, onIdleError: (error: Error) => void) {
  await using database = openDatabase({ url, poolSize: 2, patienceMs: 0, onIdleError })
  await migrate(database, [new URL('../messaging/migrations/', import.meta.url), migrations])
}
