/** A new data key while the system sells: the rotation is killed in the middle and continued, and values open before, meanwhile and after. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, test } from 'node:test'
import { generateCpf } from '@brazilian-utils/brazilian-utils'
import { openDatabase } from '#platform/database/database'
import { databasePrefix, testServer } from '../fixtures/database.ts'
import { buy, CLIENTE, customerWith, ORQUESTRADOR, settled, startSystem, until, vehicleAt } from '../fixtures/system.ts'

const DATABASE_PREFIX = databasePrefix()
const DATA_DIR = await mkdtemp(join(tmpdir(), 'mercado-veiculo-rotate-'))
after(() => rm(DATA_DIR, { recursive: true, force: true }))
const api = await startSystem({ DATABASE_PREFIX, DATA_DIR })

/** Several batches of rows. */
const CUSTOMERS = 160

const databaseOf = (name: string) => {
  const url = new URL(testServer())
  url.pathname = `/${DATABASE_PREFIX}${name}`
  const database = openDatabase({ url: url.href, poolSize: 4, onIdleError: () => {} })
  after(() => database[Symbol.asyncDispose]())
  return database
}
const people = databaseOf('cliente_service')

const rotation = (...args: string[]) => {
  const environment = { ...process.env, DATABASE_URL: testServer(), DATABASE_PREFIX, DATA_DIR }
  const child = spawn(process.execPath, [new URL('../../app/ops/rotate-keys.ts', import.meta.url).pathname, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment,
  })
  const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { child, ended: ended.then(([out, err]) => ({ out, err })) }
}

const marksIn = async (table: string, column: string, database = people) =>
  (
    await database.query<{ mark: string; count: number }>(
      `select substring(${column} from '^v1\\.\\d+\\.') as mark, count(*) as count from ${table} group by 1 order by 1`,
    )
  ).map(({ mark, count }) => [mark, count])

test('a killed rotation is continued, amid purchases, registrations and changes', async () => {
  const documents = new Map<number, string>()
  const register = async () => {
    const document = generateCpf()
    const body = {
      name: 'Ana Souza',
      email: `${document}@example.com`,
      phone: '11987654321',
      document,
      initial_balance: 9e6,
    }
    const made = await api.call(CLIENTE, 'POST', '/customers', body)
    assert.equal(made.status, 201, JSON.stringify(made.body))
    documents.set(made.body.id, document)
    return made.body.id as number
  }
  const all = await Promise.all(Array.from({ length: CUSTOMERS }, register))
  const hook = { url: 'https://receiver.example.com/', events: ['events.purchase.*'] }
  assert.equal((await api.call(ORQUESTRADOR, 'POST', '/webhook-subscriptions', hook)).status, 201)

  let isOver = false
  const counts = { bought: 0, changed: 0, registered: 0, read: 0 }
  const pick = () => all[Math.floor(Math.random() * all.length)] as number
  const traffic = [
    async () => {
      const saga = await settled(api, await buy(api, pick(), await vehicleAt(api, 1_000)))
      assert.equal(saga.status, 'COMPLETED')
      counts.bought += 1
    },
    async () => {
      const { status } = await api.call(CLIENTE, 'PUT', `/customers/${pick()}`, { phone: '(21) 99876-5432' })
      assert.equal(status, 200)
      counts.changed += 1
    },
    async () => {
      await register()
      counts.registered += 1
    },
    async () => {
      const id = pick()
      const { body } = await api.call(CLIENTE, 'GET', `/customers/${id}`)
      assert.equal(body.document.slice(-4), documents.get(id)?.slice(-4))
      counts.read += 1
    },
  ].map(async (step) => {
    while (!isOver) await step()
  })

  // it comes to this row and waits: there it is killed
  const release = Promise.withResolvers<void>()
  const held = Promise.withResolvers<void>()
  const holding = people.transaction(async (tx) => {
    await tx.query(`select from people where customer_id = $1 for update`, [all[CUSTOMERS - 20]])
    held.resolve()
    await release.promise
  })
  await held.promise
  const first = rotation('cliente-service')
  await until('it waits in the middle', async () => {
    const waiting = await people.query(
      `select from pg_stat_activity where wait_event_type = 'Lock' and query like 'select customer_id as row_key%'`,
    )
    return waiting.length > 0
  })
  first.child.kill('SIGKILL')
  await first.ended
  release.resolve()
  await holding
  const marks = await marksIn('people', 'document')
  assert.equal(marks.length, 2, 'some are sealed with the new key, some with the old one')
  const before = counts.read + counts.bought
  await until('life goes on', async () => counts.read + counts.bought > before + 5)

  const second = await rotation().ended
  assert.equal(second.err, '')
  assert.match(second.out, /cliente-service: gone on with the data key that was begun; rows sealed anew: people \d+/)
  assert.match(second.out, /orquestrador: a new data key; rows sealed anew: webhook_subscriptions 1,/)
  const read = counts.read
  await until('and is read', async () => counts.read > read + 5)
  isOver = true
  await Promise.all(traffic)
  for (const [what, count] of Object.entries(counts)) assert.ok(count > 0, what)

  assert.deepEqual(await marksIn('people', 'document'), [[marks[1]?.[0], documents.size]])
  assert.equal((await marksIn('vehicle_papers', 'renavam', databaseOf('veiculo_service'))).length, 1)
  for (const [id, document] of documents) {
    const { status, body } = await api.call(CLIENTE, 'GET', `/customers/${id}`)
    assert.deepEqual(
      [status, body.document.slice(-4), body.email],
      [200, document.slice(-4), `${document}@example.com`],
    )
  }
  const [[id, document] = []] = documents
  assert.ok(id && document)
  const again = { name: 'Ana Souza', email: 'other@example.com', phone: '11987654321', document }
  assert.equal((await api.call(CLIENTE, 'POST', '/customers', again)).status, 409, 'its fingerprint is the same')
})

test('data keys are wrapped anew without touching a row; an unknown service is refused', async () => {
  const id = await customerWith(api)
  const wrapped = () => people.query<{ wrapped: string }>(`select wrapped from data_keys order by id`)
  const before = await wrapped()
  const marks = await marksIn('people', 'document')
  const { out } = await rotation('--rewrap', 'cliente-service').ended
  assert.match(out, /^cliente-service: \d data keys wrapped anew$/m)
  const now = await wrapped()
  assert.ok(now.length === before.length && now.every((one, index) => one.wrapped !== before[index]?.wrapped))
  assert.deepEqual(await marksIn('people', 'document'), marks)
  assert.equal((await api.call(CLIENTE, 'GET', `/customers/${id}`)).status, 200)
  const wrong = await rotation('gateway').ended
  assert.match(wrong.err, /usage: npm run -s rotate-keys/)
})
