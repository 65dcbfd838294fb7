/**
 * One PostgreSQL server for all test files, told to them by TEST_DATABASE_URL: a throw-away one, or with TEST_ON_RUNNING the
 * one that runs already (DATABASE_URL, or that of `make dev`), where this run's own databases are removed at the end: they
 * begin with TEST_RUN, so that two runs at once never remove each other's. With TEST_EMULATOR=shared, one Pub/Sub emulator as well.
 */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { findPubsubEmulator, startPubsubEmulator } from '../app/cluster/pubsub-emulator.ts'
import { connectToEmbeddedPostgres, startEmbeddedPostgres } from '../app/embedded/postgres.ts'

/** Each test file and each process that it starts loads the same sources: compiled once, a start takes half the time. */
const COMPILED = new URL('../node_modules/.cache/compiled', import.meta.url).pathname

const started = new AsyncDisposableStack()

/** The user who owns the tables in tests of one service, and may make neither roles nor extensions. */
export const tableOwner = () => ({ username: `${process.env.TEST_RUN}_table_owner`, password: 'only-for-tests' })

export async function globalSetup() {
  process.env.NODE_COMPILE_CACHE ??= COMPILED
  const emulator = process.env.TEST_EMULATOR === 'shared' && findPubsubEmulator() ? startPubsubEmulator() : undefined
  process.env.TEST_RUN = `t${randomBytes(3).toString('hex')}`
  const url = (process.env.TEST_ON_RUNNING ? await runningServer() : undefined) ?? (await throwAwayServer())
  await onServer(url, makeTableOwner)
  process.env.TEST_DATABASE_URL = url
  if (emulator) process.env.TEST_EMULATOR_HOST = started.use(await emulator).host
}

async function makeTableOwner(session: Client) {
  const { username, password } = tableOwner()
  await session.query(`create role ${username} login password '${password}'`)
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
  const prefix = `${process.env.TEST_RUN}_`
  started.defer(async () => {
    const made = (await databasesOn(url)).filter((name) => name.startsWith(prefix))
    await onServer(url, async (session) => {
      for (const name of made) await session.query(`drop database ${session.escapeIdentifier(name)} with (force)`)
      const { rows } = await session.query<{ rolname: string }>('select rolname from pg_roles')
      for (const { rolname } of rows.filter((role) => role.rolname.startsWith(prefix)))
        await session.query(`drop role ${session.escapeIdentifier(rolname)}`)
    })
  })
  return url
}

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
