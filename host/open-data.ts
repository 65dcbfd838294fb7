/** Opens a service's data: makes and migrates its database, and opens the vault whose key unseals its fields. */
import type { Logger } from 'pino'
import { CannotStart } from '#platform/cannot-start'
import type { Config } from '#platform/config'
import { reach } from '#platform/database/cloud-sql'
import { createDatabaseIfMissing, type Database, lacksTheRight, openDatabase } from '#platform/database/database'
import { makeExtensions, migrate } from '#platform/database/migrate'
import { grantWork, makeRole, ownsTables } from '#platform/database/role'
import { openKeyWrapper } from '#platform/vault/open-key-wrapper'
import { openVault, type Vault } from '#platform/vault/vault'
import { APPEND_ONLY } from './chain/append-only.ts'
import { databaseUrlOf, type ServiceDefinition } from './service.ts'

export interface Data extends AsyncDisposable {
  readonly database: Database
  readonly databaseUrl: string
  readonly vault: Vault
}

/** `server` as DATABASE_URL names it, or the embedded one. */
export async function openData(
  definition: ServiceDefinition,
  server: string,
  config: Config,
  log: Logger,
): Promise<Data> {
  const onIdleError = (err: Error) => log.warn({ err }, 'an idle database connection was lost')
  await using opened = new AsyncDisposableStack()
  for (const each of [server, config.MIGRATION_DATABASE_URL ?? server])
    opened.use(await reach(each, config.SQL_ADMIN_URL))
  const url = await readyDatabase(definition, server, config, log)
  const database = opened.use(openDatabase({ url, poolSize: config.DATABASE_POOL_SIZE, onIdleError }))
  const vault = await openVault(database, openKeyWrapper(config), definition.name)
  const sealed = (await definition.sealPlain?.(database, vault)) ?? 0
  if (sealed > 0) log.info({ rows: sealed }, 'old rows with plain fields are sealed now')
  const open = opened.move()
  return { database, databaseUrl: url, vault, [Symbol.asyncDispose]: () => open.disposeAsync() }
}

/** Migrates as the owner, and returns the URL of the role that the service works by, which owns no table. */
async function readyDatabase(
  { name, migrations }: ServiceDefinition,
  server: string,
  config: Config,
  log: Logger,
): Promise<string> {
  const { MIGRATION_DATABASE_URL, NODE_ENV } = config
  const given = databaseUrlOf(name, server, config)
  const owner = MIGRATION_DATABASE_URL ? databaseUrlOf(name, MIGRATION_DATABASE_URL, config) : given
  await createDatabaseIfMissing(owner)
  // by connections of its own: building an index of a big table may take longer than any other statement may
  const onIdleError = (err: Error) => log.warn({ err }, 'an idle database connection was lost')
  await using database = openDatabase({ url: owner, poolSize: 2, patienceMs: 0, onIdleError })
  await migrateAsOwner(database, [new URL('../messaging/migrations/', import.meta.url), migrations])
  const url = await workingUrl(database, owner, given)
  if (url) return url
  const fault = `${name} would work as the owner of its tables, and may not make a role that owns none: MIGRATION_DATABASE_URL names who owns them, DATABASE_URL who works there (docs/deploy.md)`
  if (NODE_ENV === 'production') log.error(fault)
  else log.warn(fault)
  return given
}

/** Applies new migrations, as the owner of the tables. */
export async function migrateAsOwner(database: Database, directories: readonly URL[]): Promise<string[]> {
  await makeExtensions(database, directories)
  return migrate(database, directories).catch((error) => {
    if (!lacksTheRight(error)) throw error
    throw new CannotStart(
      'migrations are missing, and this user may not apply them: MIGRATION_DATABASE_URL names who may',
      { cause: error },
    )
  })
}

/** When two users are configured, one owns the tables and the other works. Else the owner makes the working role itself. */
async function workingUrl(database: Database, owner: string, given: string): Promise<string | undefined> {
  if (userOf(given) !== userOf(owner)) {
    await letWork(database, given)
    return given
  }
  const made = await makeRole(owner, database, APPEND_ONLY)
  if (made) return made
  return (await ownsTables(database)) ? undefined : given
}

/** Grants the user of `url` the rights that a service needs, and no others. */
export const letWork = (database: Database, url: string): Promise<void> => grantWork(database, userOf(url), APPEND_ONLY)

const userOf = (url: string) => decodeURIComponent(new URL(url).username)
