/**
 * The next release's migrations run, in a process of their own, while this release sells: on a table with 200,000 rows, and while
 * somebody holds it. Every purchase is accepted and completed, before, meanwhile and after.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import pg from 'pg'
import { serviceNames } from '#contracts'
import { databasePrefix, migratedDatabases, testServer } from '../fixtures/database.ts'
import { adminOf, apiAt, buy, customerWith, settled, until, vehicleAt } from '../fixtures/system.ts'
import { lintMigration } from './migration-lint.ts'
import { startRelease } from './release.ts'

const PRICE = 1_000
const FINISHED = 200_000
const BUYERS = 4
const NEXT = new URL('./next/migrations/', import.meta.url)
const names = readdirSync(NEXT)

test('migrations run while the release before serves, even when somebody else holds the table', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mercado-veiculo-serving-'))
  after(() => rm(folder, { recursive: true, force: true }))
  const environment = {
    DATA_DIR: folder,
    DATABASE_URL: testServer(),
    DATABASE_PREFIX: databasePrefix(),
  }
  await migratedDatabases(environment.DATABASE_PREFIX, serviceNames)
  const running = await startRelease('this', environment)
  after(() => running.stop())
  const api = apiAt((service) => running.addressOf(service), await adminOf(folder))
  const url = new URL(testServer())
  url.pathname = `/${environment.DATABASE_PREFIX}orquestrador`
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  after(() => client.end())
  await client.query(FILL, [FINISHED])

  let completed = 0
  let selling = true
  const shop = Promise.all(
    Array.from({ length: BUYERS }, async () => {
      const customer = await customerWith(api, { initial_balance: 10_000_000 })
      while (selling) {
        const { status } = await settled(api, await buy(api, customer, await vehicleAt(api, PRICE)))
        assert.equal(status, 'COMPLETED')
        completed += 1
      }
    }),
  )
  shop.catch(() => {}) // a rejection is reported where it is awaited
  const sell = (count: number, when: string) => {
    const wanted = completed + count
    return until(`${count} more are sold ${when}`, async () => {
      await Promise.race([shop, undefined])
      return completed >= wanted
    })
  }
  const isWaiting = async () => {
    const { rows } = await client.query(
      `select from pg_locks where not granted and relation = 'sagas'::regclass and mode = 'AccessExclusiveLock'`,
    )
    return rows.length > 0
  }
  const recorded = async () => {
    const { rows } = await client.query(`select name from migrations where name like 'next/%' order by name`)
    return rows.map(({ name }) => name.slice('next/'.length))
  }

  await sell(10, 'before')
  const holder = new pg.Client({ connectionString: url.href })
  await holder.connect()
  after(() => holder.end())
  await holder.query('begin')
  await holder.query('select from sagas limit 1')
  const migrating = startMigrations(url.href)
  await until('the migrations wait for the table', isWaiting)
  await sell(20, 'while they wait')
  assert.deepEqual(await recorded(), [], 'they still wait')
  await holder.query('commit')
  assert.equal(await migrating, 0)
  assert.deepEqual(await recorded(), names)
  await sell(20, 'on the new tables')
  selling = false
  await shop
})

test('these migrations are ones that the rules allow', () => {
  for (const name of names) assert.deepEqual(lintMigration(name, readFileSync(new URL(name, NEXT), 'utf8')), [])
})

/** Resolves with the code by which it ends. */
async function startMigrations(url: string): Promise<number> {
  const child = spawn(process.execPath, [new URL('./migrate-next.ts', import.meta.url).pathname, url], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  after(() => child.kill('SIGKILL'))
  const [code] = await once(child, 'exit')
  return code
}

const FILL = `insert into sagas (transaction_id, definition, version, customer_id, vehicle_id, amount_cents, payment_type, status,
    step, attempt, resumptions, data, created_at, updated_at)
  select gen_random_uuid(), 'purchase', 1, 1, n, 100000, 'cash', 'COMPLETED', 'SAGA_COMPLETE', 1, 0, '{}', now(), now()
  from generate_series(1, $1::int) as n`
