/**
 * Plain-SQL migrations, forward only, run once each while older processes go on serving. Each is a transaction of its own that waits
 * for a lock for a moment only and then tries again: a migration that waits for a table makes everything behind it wait, too. A file whose
 * first line is `-- outside a transaction` is run statement by statement, for `create index concurrently`. docs/upgrades.md says how
 * a change is cut into migrations.
 */
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { type Database, isLockTimeout, type Tx } from './database.ts'

interface Migration {
  readonly name: string
  readonly statements: readonly string[]
  readonly isOutside: boolean
}

/** Milliseconds that a migration may make others wait for a table. */
const LOCK_PATIENCE_MS = 1_000
/** Between two tries, and between two looks whether another process has done it. */
const REST_MS = 500
/** How often a lock may be missed: some minutes. What holds a table for longer is worth an operator's look. */
const TRIES = 200

const OUTSIDE = /^-- outside a transaction\b/
const LOCK = `pg_try_advisory_xact_lock(hashtext('migrations'))`

/**
 * Applies what is new in the directories, in their order and by file name within each (`0001_….sql`).
 * Safe to call from many processes at once. Returns the names applied. Needs two connections.
 */
export async function migrate(database: Database, directories: readonly URL[]): Promise<string[]> {
  const migrations = (await Promise.all(directories.map(readMigrations))).flat()
  const done = await namesDone(database)
  const applied: string[] = []
  for (const migration of migrations.filter(({ name }) => !done.has(name)))
    if (await applyOnce(database, migration)) applied.push(migration.name)
  return applied
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
 * The lock is tried for and not waited for, and the last thing asked before the statements is a `set`: who waits in PostgreSQL, or has
 * just read something, has a snapshot, for whose end `create index concurrently` would wait for its part, and for ever.
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
      return { name: `${owner}/${file}`, statements, isOutside: OUTSIDE.test(text) }
    }),
  )
}
