/** An operator's means in tests: the command line, and the databases behind the services' backs. */
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { promisify } from 'node:util'
import { type Database, openDatabase } from '#platform/database'
import { testServer } from './database.ts'
import { CLIENTE, ORQUESTRADOR, PAGAMENTO, startSystem, VEICULO } from './system.ts'

export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A system of its own, with its data where its operator's commands look for it. */
export async function startOperated(environment: Record<string, string> = {}) {
  const DATA_DIR = await mkdtemp(join(tmpdir(), 'mercado-veiculo-operator-'))
  after(() => rm(DATA_DIR, { recursive: true, force: true }))
  const DATABASE_PREFIX = `t${randomBytes(5).toString('hex')}_`
  const api = await startSystem({ DATA_DIR, DATABASE_PREFIX, ...environment })
  const databases = new AsyncDisposableStack()
  after(() => databases.disposeAsync())

  return {
    ...api,
    dataDir: DATA_DIR,
    /** `npm run audit -- …`, `npm run ops -- …` */
    run(program: 'audit' | 'ops', ...words: readonly string[]): Promise<Ended> {
      const env = {
        DATA_DIR,
        CLIENTE_URL: api.system.addressOf(CLIENTE),
        VEICULO_URL: api.system.addressOf(VEICULO),
        PAGAMENTO_URL: api.system.addressOf(PAGAMENTO),
        ORQUESTRADOR_URL: api.system.addressOf(ORQUESTRADOR),
      }
      const path = new URL(`../app/${program}.ts`, import.meta.url).pathname
      return promisify(execFile)(process.execPath, [path, ...words], { env }).then(
        ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
        (error: Ended) => error,
      )
    },
    /** `name` as in `cliente_service`. */
    databaseOf(name: string): Database {
      const url = new URL(testServer())
      url.pathname = `/${DATABASE_PREFIX}${name}`
      return databases.use(openDatabase({ url: url.href, poolSize: 1, onIdleError: () => {} }))
    },
  }
}

/** Makes updates of a table fail while `condition` holds of the new row; returns how to mend it. */
export async function breakTable(database: Database, table: string, condition: string): Promise<() => Promise<void>> {
  await database.query(
    `create or replace function out_of_order() returns trigger language plpgsql
     as $$ begin raise exception 'out of order'; end $$`,
  )
  await database.query(
    `create trigger broken before update on ${table} for each row when (${condition}) execute function out_of_order()`,
  )
  return async () => {
    await database.query(`drop trigger broken on ${table}`)
  }
}
