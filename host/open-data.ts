/** Opens a service's data: makes and migrates its database, and opens the vault whose key unseals its fields. */
import type { Logger } from 'pino'
import { CannotStart } from '#platform/cannot-start'
import type { Config } from '#platform/config'
import { reach } from '#platform/database/cloud-sql'
import { createDatabaseIfMissing, type Database, openDatabase } from '#platform/database/database'
import { makeExtensions, migrate } from '#platform/database/migrate'
import { lacksTheRight } from '#platform/database/pg-errors'
import { powersOver } from '#platform/database/powers'
import { grantWork, makeRole } from '#platform/database/role'
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
  const onRefused = () => endWith(`the database lets ${definition.name} in no more: was its password changed?`)
  const database = opened.use(openDatabase({ url, poolSize: config.DATABASE_POOL_SIZE, onIdleError, onRefused }))
  await expectNarrowRole(definition.name, database, config, log)
  const vault = await openVault(database, openKeyWrapper(config), definition.name)
  const sealed = (await definition.sealPlain?.(database, vault)) ?? 0
  if (sealed > 0) log.info({ rows: sealed }, 'old rows with plain fields are sealed now')
  const open = opened.move()
  return { database, databaseUrl: url, vault, [Symbol.asyncDispose]: () => open.disposeAsync() }
}

/**
 * Nobody could work without the database, and a new start may succeed: the process ends with a word, and its supervisor
 * starts it again.
 */
const endWith = (word: string) => setImmediate(() => Promise.reject(new CannotStart(word)))

/** Migrates as the owner, and returns the URL of the role that the service works by, which owns no table. */
async function readyDatabase(
  { name, migrations }: ServiceDefinition,
  server: string,
  config: Config,
  log: Logger,
): Promise<string> {
  const { MIGRATION_DATABASE_URL } = config
  const given = databaseUrlOf(name, server, config)
  const owner = MIGRATION_DATABASE_URL ? databaseUrlOf(name, MIGRATION_DATABASE_URL, config) : given
  await createDatabaseIfMissing(owner)
  // by connections of its own: building an index of a big table may take longer than any other statement may
  const onIdleError = (err: Error) => log.warn({ err }, 'an idle database connection was lost')
  await using database = openDatabase({ url: owner, poolSize: 2, patienceMs: 0, onIdleError })
  await migrateAsOwner(database, [new URL('../messaging/migrations/', import.meta.url), migrations])
  // awaited here, because the connections close when the function ends
  return await workingUrl(database, owner, given)
}

/** Refuses a role that could rewrite the journal and the access log, except in development. */
async function expectNarrowRole(name: string, database: Database, { NODE_ENV }: Config, log: Logger): Promise<void> {
  const powers = await powersOver(database, APPEND_ONLY)
  if (powers.length === 0) return
  const fault =
    `${name} could rewrite its journal and its access log: its database user ${powers.join(', ')}. Name the owner of the tables in ` +
    'MIGRATION_DATABASE_URL, and in DATABASE_URL a user who owns none; or name in DATABASE_URL a user with a password who may make ' +
    'roles (docs/deploy.md)'
  if (NODE_ENV === 'production') throw new CannotStart(fault)
  log.warn(fault)
}

/** Applies new migrations, as the owner of the tables. */
export async function migrateAsOwner(database: Database, directories: readonly URL[]): Promise<string[]> {
  await makeExtensions(database, directories)
  return migrate(database, directories).catch((error) => {
    if (!lacksTheRight(error)) throw error
    throw new CannotStart(
      'migrations are missing, and this user may not apply them: name one who may in MIGRATION_DATABASE_URL',
      { cause: error },
    )
  })
}

/** When two users are configured, one owns the tables and the other works. Else the owner makes the working role itself, if it may. */
async function workingUrl(database: Database, owner: string, given: string): Promise<string> {
  if (userOf(given) === userOf(owner)) return (await makeRole(owner, database, APPEND_ONLY)) ?? given
  await letWork(database, given)
  return given
}

/** Grants the user of `url` the rights that a service needs, and no others. */
export const letWork = (database: Database, url: string): Promise<void> => grantWork(database, userOf(url), APPEND_ONLY)

const userOf = (url: string) => decodeURIComponent(new URL(url).username)
