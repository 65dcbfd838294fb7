/** One throw-away PostgreSQL server for all test files, told to them by TEST_DATABASE_URL. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../app/embedded-postgres.ts'

let folder: string
let server: EmbeddedPostgres

export async function globalSetup() {
  folder = await mkdtemp(join(tmpdir(), 'mercado-veiculo-tests-'))
  server = await startEmbeddedPostgres({ directory: join(folder, 'postgres'), port: 0, durable: false })
  process.env.TEST_DATABASE_URL = server.url
}

export async function globalTeardown() {
  await server[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
}
