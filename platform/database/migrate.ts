/**
 * Plain-SQL migrations, forward only, run once each while older processes go on serving. Each is a transaction of its own. It
 * waits only a moment for a lock and then tries again, because everything else would queue behind a waiting migration. A file
 * whose first line is `-- outside a transaction` is run statement by statement, for `create index concurrently`.
 * docs/upgrades.md says how a change is cut into migrations.
 */
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { CannotStart } from '../cannot-start.ts'
import type { Database, Queryable, Tx } from './database.ts'
import { isLockTimeout, lacksTheRight } from './pg-errors.ts'

interface Migration {
  readonly name: string
  readonly statements: readonly string[]
  readonly isOutside: boolean
  /** Extensions that its statements need. */
  readonly extensions: readonly string[]
}

/** Milliseconds that a migration may make others wait for a table. */
const LOCK_PATIENCE_MS = 1_000
/** The pause between two tries, and between two looks at whether another process has applied it. */
const REST_MS = 500
/** How often a lock may be missed, over some minutes. If something holds a table for longer, an operator should look. */
const TRIES = 200

const OUTSIDE = /^-- outside a transaction\b/
const EXTENSIONS = /^-- needs the extensions? (.+)$/gm
const LOCK = `pg_try_advisory_xact_lock(hashtext('migrations'))`
const ONE_MAKES_EXTENSIONS = `select pg_advisory_xact_lock(hashtext('extensions'))`

/**
 * Applies the new files of the directories, in their order and by file name within each (`0001_….sql`).
 * Safe to call from many processes at once. Returns the names applied. Needs two connections.
 */
export async function migrate(database: Database, directories: readonly URL[]): Promise<string[]> {
  const migrations = (await Promise.all(directories.map(readMigrations))).flat()
  const done = await namesDone(database)
  const missing = migrations.filter(({ name }) => !done.has(name))
  if (missing.length > 0) await expectExtensions(database, missing)
  const applied: string[] = []
  for (const migration of missing) if (await applyOnce(database, migration)) applied.push(migration.name)
  return applied
}

/**
 * Makes the extensions that the migrations need, if this user may. A managed server refuses that to a service's user; there,
 * the administrator who makes the roles makes the extensions too.
 */
export async function makeExtensions(database: Database, directories: readonly URL[]): Promise<void> {
  const migrations = (await Promise.all(directories.map(readMigrations))).flat()
  for (const extension of await extensionsMissing(database, migrations))
    await database
      .transaction(async (tx) => {
        await tx.query(ONE_MAKES_EXTENSIONS) // `if not exists` looks before it waits for a lock, so of two at the same time the second would fail
        await tx.query(`create extension if not exists ${extension}`)
      })
      .catch((error) => {
        if (!lacksTheRight(error)) throw error
      })
}

async function expectExtensions(database: Queryable, migrations: readonly Migration[]): Promise<void> {
  const missing = await extensionsMissing(database, migrations)
  if (missing.length === 0) return
  throw new CannotStart(
    `the database lacks the extensions ${missing.join(', ')}: whoever administers the server makes them, ` +
      missing.map((name) => `create extension ${name};`).join(' '),
  )
}

async function extensionsMissing(database: Queryable, migrations: readonly Migration[]): Promise<string[]> {
  const needed = [...new Set(migrations.flatMap(({ extensions }) => extensions))]
  if (needed.length === 0) return []
  const there = await database.query<{ extname: string }>('select extname from pg_extension')
  return needed.filter((name) => there.every(({ extname }) => extname !== name))
}

async function namesDone(database: Database): Promise<ReadonlySet<string>> {
  const [found] = await database.query<{ is_there: boolean }>(
    `select to_regclass('migrations') is not null as is_there`,
  )
  if (!found?.is_there) return new Set()
  return new Set((await database.query<{ name: string }>('select name from migrations')).map(({ name }) => name))
}

/** Returns whether it was applied here; another process may have done it meanwhile. */
async function applyOnce(database: Database, migration: Migration): Promise<boolean> {
  for (let tries = 1; ; tries += 1) {
    try {
      const outcome = await database.transaction((tx) => applyInTurn(database, tx, migration))
      if (outcome !== 'busy') return outcome === 'applied'
    } catch (error) {
      if (!isLockTimeout(error)) throw error
      if (tries === TRIES) throw new Error(`${migration.name} gets no lock: what holds its table?`, { cause: error })
    }
    await pause(REST_MS)
  }
}

/**
 * The lock is tried, not waited for, and the last statement before the migration is a `set`. A session that waits in PostgreSQL,
 * or has just read something, holds a snapshot, and `create index concurrently` would wait for that snapshot for ever.
 */
async function applyInTurn(
  database: Database,
  tx: Tx,
  { name, statements, isOutside }: Migration,
): Promise<'busy' | 'done before' | 'applied'> {
  const [turn] = await tx.query<{ is_mine: boolean }>(`select ${LOCK} as is_mine`)
  if (!turn?.is_mine) return 'busy'
  await tx.query(`create table if not exists migrations (name text primary key, at timestamptz not null default now())`)
  const [before] = await tx.query('select from migrations where name = $1', [name])
  if (before) return 'done before'
  await tx.query(`set local lock_timeout = ${LOCK_PATIENCE_MS}`)
  for (const statement of statements) await (isOutside ? database : tx).query(statement)
  await tx.query('insert into migrations (name) values ($1)', [name])
  return 'applied'
}

/** A statement ends with a semicolon at the end of a line; function bodies must not have one there. */
async function readMigrations(directory: URL): Promise<Migration[]> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.sql')).sort()
  const owner = directory.pathname.split('/').at(-3)
  return Promise.all(
    files.map(async (file) => {
      const text = await readFile(new URL(file, directory), 'utf8')
      const statements = text.split(/;\s*\n/).filter((sql) => sql.replace(/--.*/g, '').trim())
      const extensions = [...text.matchAll(EXTENSIONS)].flatMap(([, names = '']) => names.split(', '))
      return { name: `${owner}/${file}`, statements, isOutside: OUTSIDE.test(text), extensions }
    }),
  )
}
