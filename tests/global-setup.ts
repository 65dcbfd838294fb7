/**
 * One PostgreSQL server for all test files, told to them by TEST_DATABASE_URL: a throw-away one, or with TEST_ON_RUNNING the
 * one that runs already (DATABASE_URL, or that of `make dev`), where the tests' own databases are removed at the end.
 */
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { connectToEmbeddedPostgres, startEmbeddedPostgres } from '../app/embedded/postgres.ts'

const started = new AsyncDisposableStack()

/** Who owns the tables that tests of one service use, and may make neither roles nor extensions. */
export const TABLE_OWNER = { username: 'test_table_owner', password: 'only-for-tests' }

export async function globalSetup() {
  const url = (process.env.TEST_ON_RUNNING ? await runningServer() : undefined) ?? (await throwAwayServer())
  await onServer(url, makeTableOwner)
  process.env.TEST_DATABASE_URL = url
}

async function makeTableOwner(session: Client) {
  const { username, password } = TABLE_OWNER
  const { rowCount } = await session.query('select from pg_roles where rolname = $1', [username])
  if (!rowCount) await session.query(`create role ${username} login password '${password}'`)
}

export const globalTeardown = () => started.disposeAsync()

async function throwAwayServer(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mercado-veiculo-tests-'))
  started.defer(() => rm(folder, { recursive: true, force: true }))
  const options = { directory: join(folder, 'postgres'), port: 0, durable: false }
  return started.use(await startEmbeddedPostgres(options)).url
}

/** Undefined when none runs. */
async function runningServer(): Promise<string | undefined> {
  const url = process.env.DATABASE_URL || (await serverOfDevelopment())
  if (!url) return undefined
  const before = new Set(await databasesOn(url))
  started.defer(async () => {
    const made = (await databasesOn(url)).filter((name) => !before.has(name) && OF_TESTS.test(name))
    await onServer(url, async (session) => {
      for (const name of made) await session.query(`drop database ${session.escapeIdentifier(name)} with (force)`)
      const { rows } = await session.query<{ rolname: string }>('select rolname from pg_roles')
      for (const { rolname } of rows.filter((role) => OF_TESTS.test(role.rolname)))
        await session.query(`drop role ${session.escapeIdentifier(rolname)}`)
    })
  })
  return url
}

/** How tests name their databases: tests/fixtures/database.ts, tests/fixtures/system.ts. */
const OF_TESTS = /^(test_[0-9a-f]{12}|t[0-9a-f]{10}_|test_table_owner$)/

async function serverOfDevelopment(): Promise<string | undefined> {
  const directory = join(process.env.DATA_DIR || '.data', 'postgres')
  const session = existsSync(join(directory, 'data')) ? await connectToEmbeddedPostgres(directory) : undefined
  if (!session) return undefined
  const { user, password, host, port } = session
  await session.end()
  return `postgres://${user}:${encodeURIComponent(String(password))}@${host}:${port}/postgres`
}

const databasesOn = (url: string): Promise<string[]> =>
  onServer(url, async (session) => {
    const { rows } = await session.query<{ datname: string }>('select datname from pg_database')
    return rows.map(({ datname }) => datname)
  })

async function onServer<Result>(url: string, work: (session: Client) => Promise<Result>): Promise<Result> {
  const session = new Client({ connectionString: url })
  await session.connect()
  try {
    return await work(session)
  } finally {
    await session.end()
  }
}
