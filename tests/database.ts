/** A database of its own for each test file, on the server that global-setup.ts has started. */
import { randomBytes } from 'node:crypto'
import { after } from 'node:test'
import type { BodyOf, Message, MessageContract } from '#contracts'
import type { UnitOfWork } from '#messaging'
import { systemClock, systemIds } from '#platform/clock'
import { createDatabaseIfMissing, type Database, openDatabase } from '#platform/database'
import { migrate } from '#platform/migrate'
import { stamp } from '../messaging/outbox.ts'
import { unitOfWork } from '../messaging/unit-of-work.ts'

export function testServer(): string {
  const url = process.env.TEST_DATABASE_URL
  if (!url) throw new Error('run the tests by `npm test`, or with --test-global-setup=tests/global-setup.ts')
  return url
}

export interface TestDatabase {
  readonly database: Database
  readonly unitOfWork: UnitOfWork
  /** The messages that units of work have committed, oldest first. */
  readonly sent: Message[]
}

/** Migrated with the messaging tables and those of `migrations`; closed when the file's tests are over. */
export async function testDatabase(migrations?: URL): Promise<TestDatabase> {
  const url = new URL(testServer())
  url.pathname = `/test_${randomBytes(6).toString('hex')}`
  await createDatabaseIfMissing(url.href)
  const database = openDatabase({ url: url.href, poolSize: 16, onIdleError: () => {} })
  after(() => database[Symbol.asyncDispose]())
  const outboxMigrations = new URL('../messaging/migrations/', import.meta.url)
  await migrate(database, migrations ? [outboxMigrations, migrations] : [outboxMigrations])
  const sent: Message[] = []
  const relay = {
    committed: (rows: readonly { messages: readonly Message[] }[]) =>
      void sent.push(...rows.flatMap(({ messages }) => messages)),
    doubtful: () => {},
  }
  return { database, sent, unitOfWork: unitOfWork(database, relay, { ids: systemIds, clock: systemClock }) }
}

/** A command or event as a consumer gets it. */
export const messageOf = <Contract extends MessageContract>(
  contract: Contract,
  transaction_id: string,
  body: BodyOf<Contract>,
): Message<BodyOf<Contract>> =>
  stamp({ contract, transaction_id, body }, systemIds, systemClock) as Message<BodyOf<Contract>>
