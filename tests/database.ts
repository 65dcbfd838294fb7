/** A database of its own for each test file, on the server that global-setup.ts has started. */
import { randomBytes } from 'node:crypto'
import { copyFile, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { pathToFileURL } from 'node:url'
import type { BodyOf, Message, MessageContract } from '#contracts'
import type { UnitOfWork } from '#messaging'
import { systemClock, systemIds } from '#platform/clock'
import { createDatabaseIfMissing, type Database, openDatabase } from '#platform/database'
import type { KeyWrapper } from '#platform/key-wrapper'
import { migrate } from '#platform/migrate'
import { openVault, type Vault } from '#platform/vault'
import { stamp } from '../messaging/outbox.ts'
import { unitOfWork } from '../messaging/unit-of-work.ts'

export function testServer(): string {
  const url = process.env.TEST_DATABASE_URL
  if (!url) throw new Error('run the tests by `npm test`, or with --test-global-setup=tests/global-setup.ts')
  return url
}

export interface TestDatabase {
  readonly database: Database
  readonly vault: Vault
  readonly unitOfWork: UnitOfWork
  /** The messages that units of work have committed, oldest first. */
  readonly sent: Message[]
}

/** Migrated with the messaging tables and those of `migrations`; closed when the file's tests are over. */
export async function testDatabase(migrations?: URL): Promise<TestDatabase> {
  const database = await emptyDatabase()
  await migrate(database, migrations ? [MESSAGING, migrations] : [MESSAGING])
  const sent: Message[] = []
  const relay = {
    committed: (rows: readonly { messages: readonly Message[] }[]) =>
      void sent.push(...rows.flatMap(({ messages }) => messages)),
    doubtful: () => {},
  }
  const vault = await openVault(database, openWrapper, 'test')
  return { database, vault, sent, unitOfWork: unitOfWork(database, relay, { ids: systemIds, clock: systemClock }) }
}

/**
 * As an earlier release left it, which had a service's migrations below `number` only: `upgrade` brings the others, and
 * the vault.
 */
export async function databaseBefore(migrations: URL, number: string) {
  const database = await emptyDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'mercado-veiculo-migrations-'))
  after(() => rm(folder, { recursive: true }))
  const earlier = pathToFileURL(`${join(folder, migrations.pathname.split('/').at(-3) ?? '', 'migrations')}/`)
  await mkdir(earlier, { recursive: true })
  for (const file of (await readdir(migrations)).filter((name) => name < number))
    await copyFile(new URL(file, migrations), new URL(file, earlier))
  await migrate(database, [MESSAGING, earlier])
  const upgrade = async () => {
    await migrate(database, [MESSAGING, migrations])
    return openVault(database, openWrapper, 'test')
  }
  return { database, upgrade }
}

const MESSAGING = new URL('../messaging/migrations/', import.meta.url)

async function emptyDatabase(): Promise<Database> {
  const url = new URL(testServer())
  url.pathname = `/test_${randomBytes(6).toString('hex')}`
  await createDatabaseIfMissing(url.href)
  const database = openDatabase({ url: url.href, poolSize: 16, onIdleError: () => {} })
  after(() => database[Symbol.asyncDispose]())
  return database
}

/** Wraps nothing: the databases of tests are theirs alone. */
const openWrapper: KeyWrapper = {
  name: 'the key-encryption key of tests',
  wrap: async (key) => key.toString('base64'),
  unwrap: async (wrapped) => Buffer.from(wrapped, 'base64'),
}

/** A command or event as a consumer gets it. */
export const messageOf = <Contract extends MessageContract>(
  contract: Contract,
  transaction_id: string,
  body: BodyOf<Contract>,
): Message<BodyOf<Contract>> =>
  stamp({ contract, transaction_id, body }, systemIds, systemClock) as Message<BodyOf<Contract>>
