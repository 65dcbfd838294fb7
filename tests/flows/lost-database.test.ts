/**
 * The database is lost while purchases run, and comes back without anybody's help to the services: its server is restarted
 * in every way, another one takes its place, or its password is changed. Accepted purchases are finished, and nothing is
 * set aside.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Client } from 'pg'
import { serviceNames } from '#contracts'
import { ANY_PORT } from '../../app/addresses.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../app/embedded/postgres.ts'
import { type Ending, type Server, startServer } from '../chaos/server.ts'
import { startTcpProxy } from '../chaos/tcp-proxy.ts'
import {
  type Api,
  adminOf,
  apiAt,
  buy,
  customerOf,
  customerWith,
  settled,
  startSystem,
  until,
  vehicleAt,
} from '../fixtures/system.ts'

const PRICE = 1_000
const PURCHASES = 10
const MONEY = 100 * PRICE
const PATIENCE_MS = 120_000

const home = await mkdtemp(join(tmpdir(), 'mercado-veiculo-lost-'))
after(() => rm(home, { recursive: true, force: true }))

test('services find a restarted server, and one that takes its place, and finish what was begun', async () => {
  let server: Server | undefined = await startServer(join(home, 'one'))
  after(() => server?.[Symbol.asyncDispose]())
  await using line = await startTcpProxy(() => server?.port())
  const DATABASE_URL = Object.assign(new URL(server.url()), { port: String(line.port) }).href
  const api = await startSystem({ DATABASE_URL, DATABASE_PREFIX: '', SAGA_STEP_TIMEOUT_SECONDS: '60' })
  const buyer = await customerWith(api, { initial_balance: MONEY })
  let bought = 0
  const survives = async (lose: () => Promise<void>) => {
    const begun = await someBegun(api, buyer)
    await lose()
    for (const id of begun) assert.equal((await settled(api, id, PATIENCE_MS)).status, 'COMPLETED')
    bought += begun.length
    assert.equal((await customerOf(api, buyer)).account_balance, MONEY - bought * PRICE)
  }
  for (const ending of ['fast', 'immediate', 'crash'] satisfies Ending[])
    await survives(async () => server?.restart(ending))
  await survives(async () => {
    const first = server
    server = undefined
    await first?.[Symbol.asyncDispose]()
    await cp(join(home, 'one'), join(home, 'two'), { recursive: true })
    await chmod(join(home, 'two', 'postgres', 'data'), 0o700)
    server = await startServer(join(home, 'two'))
  })
  await nothingSetAside(api)
  await api.system[Symbol.asyncDispose]()
})

test('a process whose password was changed sets nothing aside and ends with a word; started again, it finishes what was begun', async () => {
  await using server = await startEmbeddedPostgres({
    directory: join(home, 'three', 'postgres'),
    port: 0,
    durable: false,
  })
  const DATA_DIR = join(home, 'keys')
  const admin = await adminOf(DATA_DIR)
  const first = await startApart(server, DATA_DIR)
  const api = apiAt(first.addressOf, admin)
  const buyer = await customerWith(api, { initial_balance: MONEY })
  const begun = await someBegun(api, buyer)
  await asSuperuser(server.url, "alter role pagamento_service_app password 'another'")
  await asSuperuser(
    server.url,
    "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'pagamento_service_app'",
  )
  const { code, said } = await first.end
  assert.equal(code, 1)
  assert.match(said, /the database lets pagamento-service in no more: was its password changed\?/)

  const again = await startApart(server, DATA_DIR)
  const later = apiAt(again.addressOf, admin)
  for (const id of begun) assert.equal((await settled(later, id, PATIENCE_MS)).status, 'COMPLETED')
  assert.equal((await customerOf(later, buyer)).account_balance, MONEY - begun.length * PRICE)
  await nothingSetAside(later)
  again.stop()
  assert.equal((await again.end).code, 0)
})

/** Accepted, and on their way. */
const someBegun = (api: Api, buyer: number) =>
  Promise.all(Array.from({ length: PURCHASES }, async () => buy(api, buyer, await vehicleAt(api, PRICE))))

async function nothingSetAside(api: Api) {
  for (const service of serviceNames)
    assert.equal((await api.call(service, 'GET', '/dead-letters')).body.total, 0, service)
}

/** The whole system as a process of its own, once it takes traffic. */
async function startApart({ url: DATABASE_URL }: EmbeddedPostgres, DATA_DIR: string) {
  const env = { ...process.env, ...ANY_PORT, DATA_DIR, DATABASE_URL, LOG_LEVEL: 'fatal', PAGES: 'false' }
  const child = spawn(process.execPath, [new URL('../../app/main.ts', import.meta.url).pathname], { env })
  after(() => child.kill('SIGKILL'))
  let said = ''
  for (const output of [child.stdout, child.stderr])
    output.on('data', (words) => {
      said += words
    })
  const addressOf = (service: string) => new RegExp(`^ *${service} +(http://127.0.0.1:\\d+)`, 'm').exec(said)?.[1] ?? ''
  const end = once(child, 'close').then(([code]) => ({ code: code as number | null, said }))
  await until(
    'it takes traffic',
    () => {
      if (child.exitCode !== null) throw new Error(`it ended: ${said}`)
      return serviceNames.every(addressOf)
    },
    PATIENCE_MS,
  )
  return { addressOf, end, stop: () => child.kill('SIGTERM') }
}

async function asSuperuser(url: string, statement: string) {
  const session = new Client({ connectionString: url })
  await session.connect()
  await session.query(statement)
  await session.end()
}
