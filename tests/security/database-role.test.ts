/** Services work by a database role that owns no table: on a running system, and where such a role cannot be made. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import pino from 'pino'
import { serviceNames } from '#contracts'
import { databaseNameOf, letWork } from '#host'
import { CannotStart } from '#platform/cannot-start'
import { readConfig } from '#platform/config'
import { createDatabaseIfMissing, type Database, openDatabase } from '#platform/database/database'
import { makeExtensions, migrate } from '#platform/database/migrate'
import { definitionOf } from '../../app/services.ts'
import { openData } from '../../host/open-data.ts'
import { databasePrefix, testServer } from '../fixtures/database.ts'
import { buy, CLIENTE, customerOf, customerWith, settled, startSystem, vehicleAt } from '../fixtures/system.ts'

const MESSAGING = new URL('../../messaging/migrations/', import.meta.url)
const PREFIX = databasePrefix()
const DENIED = { code: '42501' }

function open(url: string): Database {
  const database = openDatabase({ url, poolSize: 2, onIdleError: () => {} })
  after(() => database[Symbol.asyncDispose]())
  return database
}

const urlOf = (database: string, more: Partial<URL> = {}) =>
  Object.assign(new URL(testServer()), { pathname: `/${database}`, ...more }).href

/** As left by a release without such roles: the superuser owned the tables, and services worked as that user. */
const cliente = await definitionOf(CLIENTE)
await createDatabaseIfMissing(urlOf(`${PREFIX}cliente_service`))
const old = open(urlOf(`${PREFIX}cliente_service`))
await migrate(old, [MESSAGING, cliente.migrations])

const api = await startSystem({ DATABASE_PREFIX: PREFIX })

test('every service works as a user who owns no table, even on a database that an older release made', async () => {
  const buyer = await customerWith(api, { initial_balance: 90_000 })
  const id = await buy(api, buyer, await vehicleAt(api, 50_000))
  assert.equal((await settled(api, id)).status, 'COMPLETED')
  assert.equal((await customerOf(api, buyer)).account_balance, 40_000)
  const users = await old.query<{ datname: string; usename: string }>(
    `select datname, usename from pg_stat_activity where starts_with(datname, $1)`,
    [PREFIX],
  )
  for (const name of serviceNames) {
    const database = `${PREFIX}${databaseNameOf(name)}`
    const here = users.filter(({ datname, usename }) => datname === database && usename === `${database}_app`)
    assert.ok(here.length > 0, `${name} works as another`)
  }
})

test('statements that an attacker makes a service run neither rewrite nor shorten the access log and the journal', async () => {
  await api.call(CLIENTE, 'POST', `/customers/${await customerWith(api)}/adjustments`, {
    amount: 50,
    kind: 'deposit',
    reason: 'Paid at the counter',
  })
  const config = readConfig({ DATABASE_URL: testServer(), DATABASE_PREFIX: PREFIX, DATA_DIR: api.directory })
  await using data = await openData(cliente, testServer(), config, pino({ level: 'silent' }))
  const { database } = data
  const [before] = await database.query('select count(*) as n from journal')
  for (const attempt of [
    'alter table journal disable trigger all',
    'truncate journal cascade',
    'delete from journal',
    'update journal set reason = null',
    'delete from journal_head',
    'delete from journal_sealed',
    'insert into journal_head (id, hash) select id, hash from journal_head',
    'delete from personal_data_access',
    'update personal_data_access set reason = null',
    'drop trigger journal_stays on journal',
    'create or replace function refuse_to_change_history() returns trigger language plpgsql as $$ begin return null; end $$',
    `insert into migrations values ('cliente-service/9999_mine.sql')`,
  ])
    await assert.rejects(database.query(attempt), DENIED, attempt)
  assert.deepEqual(await database.query('select count(*) as n from journal'), [before])
})

test('a service’s user cannot so much as connect to the database of another', async () => {
  const config = readConfig({ DATABASE_URL: testServer(), DATABASE_PREFIX: PREFIX, DATA_DIR: api.directory })
  await using data = await openData(cliente, testServer(), config, pino({ level: 'silent' }))
  const other = Object.assign(new URL(data.databaseUrl), { pathname: `/${PREFIX}pagamento_service` })
  await assert.rejects(open(other.href).query('select'), DENIED)
})

/** A server where nobody may make roles: databases that were made beforehand, for one user or for two. */
async function given(prefix: string) {
  const root = open(testServer())
  const owner = `${prefix}owner`
  const worker = `${prefix}worker`
  for (const user of [owner, worker]) await root.query(`create role ${user} login password 'given'`)
  await createDatabaseIfMissing(urlOf(`${prefix}cliente_service`))
  const admin = open(urlOf(`${prefix}cliente_service`))
  await makeExtensions(admin, [cliente.migrations])
  await admin.query(`grant create, usage on schema public to ${owner}`)
  return { as: (username: string) => urlOf('postgres', { username, password: 'given' }), owner, worker, admin }
}

async function folder() {
  const directory = await mkdtemp(join(tmpdir(), 'mercado-veiculo-role-'))
  after(() => rm(directory, { recursive: true }))
  return directory
}

/** The messages of a start as `user`, who owns the tables or has too many rights. */
async function startAs(url: string, DATABASE_PREFIX: string, NODE_ENV: string, DATA_DIR: string): Promise<string[]> {
  const said: string[] = []
  const log = pino({ level: 'warn' }, { write: (line) => void said.push(JSON.parse(line).msg) })
  const config = readConfig({ DATABASE_URL: url, DATABASE_PREFIX, DATA_DIR, NODE_ENV })
  await using _ = await openData(cliente, url, config, log)
  return said
}

const COULD_REWRITE = /cliente-service could rewrite its journal and its access log: its database user owns tables/

test('where roles cannot be made, development warns and production refuses', async () => {
  const DATABASE_PREFIX = databasePrefix()
  const DATA_DIR = await folder()
  const { as, owner } = await given(DATABASE_PREFIX)
  const [told] = await startAs(as(owner), DATABASE_PREFIX, 'development', DATA_DIR)
  assert.match(told ?? '', COULD_REWRITE)
  await assert.rejects(startAs(as(owner), DATABASE_PREFIX, 'production', DATA_DIR), (error) => {
    assert.ok(error instanceof CannotStart)
    assert.match(error.message, COULD_REWRITE)
    return true
  })
})

test('production refuses a working user with too many rights', async () => {
  const DATABASE_PREFIX = databasePrefix()
  const DATA_DIR = await folder()
  const { as, owner, worker, admin } = await given(DATABASE_PREFIX)
  await startAs(as(owner), DATABASE_PREFIX, 'development', DATA_DIR)
  await letWork(admin, as(worker))
  assert.deepEqual(await startAs(as(worker), DATABASE_PREFIX, 'production', DATA_DIR), [])
  await admin.query(`grant ${owner} to ${worker} with inherit false`)
  await assert.rejects(startAs(as(worker), DATABASE_PREFIX, 'production', DATA_DIR), COULD_REWRITE)
  await admin.query(`revoke ${owner} from ${worker}`)
  await admin.query(`grant truncate on journal_head to ${worker}`)
  await assert.rejects(startAs(as(worker), DATABASE_PREFIX, 'production', DATA_DIR), /may truncate in journal_head/)
})

test('two users that were made beforehand: one migrates, the other works, also alone once all is migrated', async () => {
  const DATABASE_PREFIX = databasePrefix()
  const { as, owner, worker } = await given(DATABASE_PREFIX)
  const log = pino({ level: 'silent' })
  const DATA_DIR = await folder()
  const settings = { DATABASE_URL: as(worker), DATABASE_PREFIX, DATA_DIR, NODE_ENV: 'production' }
  await assert.rejects(
    openData(cliente, as(worker), readConfig(settings), log),
    /migrations are missing, and this user may not apply them/,
  )
  const both = readConfig({ ...settings, MIGRATION_DATABASE_URL: as(owner) })
  for (const config of [both, readConfig(settings)]) {
    await using data = await openData(cliente, as(worker), config, log)
    assert.equal(new URL(data.databaseUrl).username, worker)
    await assert.rejects(data.database.query('drop table customers'), DENIED)
    assert.deepEqual(await data.database.query('select id from customers'), [])
  }
})
