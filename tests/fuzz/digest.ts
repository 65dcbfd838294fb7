/** The data of the services, as one line of text a table: equal lines mean that nothing was changed. */
import { type Database, openDatabase } from '#platform/database/database'

export interface Digests extends AsyncDisposable {
  /** Taken when nothing moves any more, because accepted work goes on for a while. */
  settled(): Promise<ReadonlyMap<string, string>>
}

/** Ignored tables: answers kept for repetition, messages that pass through, and work that is retried automatically. */
const LEFT_OUT = ['migrations', 'idempotency_keys', 'outbox', 'webhook_deliveries']

/** Columns that count refusals, such as wrong guesses. */
const COUNTERS = ['pickup_failures', 'pickup_locked_until']

export async function digestsOf(urls: readonly string[]): Promise<Digests> {
  const databases = urls.map((url) => openDatabase({ url, poolSize: 2, onIdleError: () => {} }))
  const statements = await Promise.all(databases.map(statementFor))

  async function now() {
    const rows = await Promise.all(
      databases.map((database, index) => database.query<{ name: string; digest: string }>(statements[index] ?? '')),
    )
    return new Map(rows.flatMap((tables, index) => tables.map(({ name, digest }) => [`${index} ${name}`, digest])))
  }

  return {
    async settled() {
      for (let before = await now(); ; ) {
        const after = await now()
        if (isSame(before, after)) return after
        before = after
      }
    },
    async [Symbol.asyncDispose]() {
      for (const database of databases) await database[Symbol.asyncDispose]()
    },
  }
}

const isSame = (one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>) =>
  changed(one, other).length === 0

export const changed = (one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>) =>
  [...other].filter(([table, digest]) => one.get(table) !== digest).map(([table]) => table)

async function statementFor(database: Database): Promise<string> {
  const tables = await database.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public' and tablename <> all ($1)`,
    [LEFT_OUT],
  )
  return tables
    .map(
      ({ name }) =>
        `select '${name}' as name, coalesce(sum(hashtextextended((to_jsonb(t) - '{${COUNTERS}}'::text[])::text, 0)), 0)::text as digest from "${name}" t`,
    )
    .join(' union all ')
}
