/** Plain-SQL migrations, forward only, each in a transaction, run once under an advisory lock. */
import { readdir, readFile } from 'node:fs/promises'
import type { Database } from './database.ts'

/**
 * Applies what is new in the directories, in their order and by file name within each (`0001_….sql`).
 * Safe to call from many processes at once. Returns the names applied.
 */
export async function migrate(database: Database, directories: readonly URL[]): Promise<string[]> {
  const migrations = (await Promise.all(directories.map(readMigrations))).flat()
  return database.transaction(async (tx) => {
    await tx.query(`select pg_advisory_xact_lock(hashtext('migrations'))`)
    await tx.query(
      `create table if not exists migrations (name text primary key, at timestamptz not null default now())`,
    )
    const done = new Set((await tx.query<{ name: string }>('select name from migrations')).map((row) => row.name))
    const applied: string[] = []
    for (const { name, statements } of migrations.filter((migration) => !done.has(migration.name))) {
      for (const statement of statements) await tx.query(statement)
      await tx.query('insert into migrations (name) values ($1)', [name])
      applied.push(name)
    }
    return applied
  })
}

/** A statement ends with a semicolon at the end of a line; function bodies must not have one there. */
async function readMigrations(directory: URL) {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.sql')).sort()
  const owner = directory.pathname.split('/').at(-3)
  return Promise.all(
    files.map(async (file) => ({
      name: `${owner}/${file}`,
      statements: (await readFile(new URL(file, directory), 'utf8'))
        .split(/;\s*\n/)
        .filter((sql) => sql.replace(/--.*/g, '').trim()),
    })),
  )
}
