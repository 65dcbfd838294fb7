/** The relay on a real PostgreSQL: a row leaves the outbox when the bus has taken its message over, and not before. */
import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { creditReleased, type Message } from '#contracts'
import { systemClock, systemIds } from '#platform/clock'
import { testDatabase, testServer } from '../../tests/fixtures/database.ts'
import { until } from '../../tests/fixtures/system.ts'
import type { Bus } from '../bus.ts'
import { claimUnsent, outgoing, stamp, writeOutbox } from './outbox.ts'
import { relay } from './relay.ts'
import { unitOfWork } from './unit-of-work.ts'

const { database } = await testDatabase()
const never = () => assert.fail('this is not called')

function busThat(publish: (message: Message) => Promise<void>): Bus {
  return { publish, subscribe: () => {}, async opened() {}, async stopTaking() {}, async [Symbol.asyncDispose]() {} }
}

const news = () => outgoing(creditReleased, systemIds.uuid(), { customer_id: 1, released_cents: 0 })

async function waiting(transaction_id: string): Promise<number> {
  const rows = await database.query(`select from outbox where messages::text like '%' || $1 || '%'`, [transaction_id])
  return rows.length
}

test('a message goes to the bus when its transaction has committed, and its row goes when the bus has it', async () => {
  const { promise: taken, resolve: take } = Promise.withResolvers<void>()
  const published: Message[] = []
  const bus = busThat((message) => {
    published.push(message)
    return taken
  })
  await using outbox = relay(database, bus, never)
  const message = news()
  await unitOfWork(database, outbox, { ids: systemIds, clock: systemClock })(async (_tx, send) => send(message))
  assert.deepEqual(
    published.map(({ transaction_id }) => transaction_id),
    [message.transaction_id],
  )
  assert.equal(await waiting(message.transaction_id), 1)
  take()
  await until('the row is removed', async () => (await waiting(message.transaction_id)) === 0)
})

test('messages of a transaction that failed are neither kept nor published', async () => {
  await using outbox = relay(database, busThat(never), never)
  const message = news()
  const work = unitOfWork(database, outbox, { ids: systemIds, clock: systemClock })((_tx, send) => {
    send(message)
    throw new Error('it dies here')
  })
  await assert.rejects(work, /it dies here/)
  assert.equal(await waiting(message.transaction_id), 0)
})

test('messages that an earlier run left behind are published at the start, in their order', async () => {
  const left = [news(), news(), news()]
  await database.transaction((tx) => {
    for (const one of left) writeOutbox(tx, systemIds.uuid(), [stamp(one, systemIds, systemClock)])
    return Promise.resolve()
  })
  const published: string[] = []
  const bus = busThat(async ({ transaction_id }) => void published.push(transaction_id))
  await using outbox = relay(database, bus, never)
  await outbox.start()
  const mine = left.map(({ transaction_id }) => transaction_id)
  assert.deepEqual(
    published.filter((id) => mine.includes(id)),
    mine,
  )
})

test('messages that were left behind a moment ago are published by a process whose clock is ten minutes behind', async () => {
  const message = news()
  await database.transaction((tx) => {
    writeOutbox(tx, systemIds.uuid(), [stamp(message, systemIds, systemClock)])
    return Promise.resolve()
  })
  const published: string[] = []
  const bus = busThat(async ({ transaction_id }) => void published.push(transaction_id))
  mock.timers.enable({ apis: ['Date'], now: Date.now() - 600_000 })
  try {
    await using outbox = relay(database, bus, never)
    await outbox.start()
    assert.ok(published.includes(message.transaction_id))
  } finally {
    mock.timers.reset()
  }
})

test('a message that the bus did not take stays for the next start', async () => {
  const faults: unknown[] = []
  const message = news()
  const broken = relay(
    database,
    busThat(() => Promise.reject(new Error('away'))),
    (fault) => faults.push(fault),
  )
  await unitOfWork(database, broken, { ids: systemIds, clock: systemClock })(async (_tx, send) => send(message))
  await until('the fault is known', async () => faults.length > 0)
  await broken[Symbol.asyncDispose]()
  assert.equal(await waiting(message.transaction_id), 1)
})

/** Relays of several replicas, each with a bus of its own, on the same outbox. */
async function replica(publish: (message: Message) => Promise<void>) {
  const url = new URL(testServer())
  const [current] = await database.query<{ name: string }>('select current_database() as name')
  url.pathname = `/${current?.name}`
  return relay(database, busThat(publish), () => {}, url.href)
}

test('the others take over what a dead replica left behind, each message by one of them', async () => {
  const left = Array.from({ length: 50 }, news)
  await database.transaction((tx) => {
    for (const one of left) writeOutbox(tx, systemIds.uuid(), [stamp(one, systemIds, systemClock)])
    return Promise.resolve()
  })
  await database.query(`update outbox set at = at - interval '1 minute'`)
  const mine = new Set(left.map(({ transaction_id }) => transaction_id))
  const published: string[] = []
  const note = ({ transaction_id }: Message) => {
    if (mine.has(transaction_id)) published.push(transaction_id)
    return Promise.resolve()
  }
  await using one = await replica(note)
  await using other = await replica(note)
  await Promise.all([one.start(), other.start()])
  const isGone = async (id: string) => (await waiting(id)) === 0
  await until('every row is removed', async () => (await Promise.all([...mine].map(isGone))).every(Boolean))
  assert.deepEqual(published.toSorted(), [...mine].sort())
})

test('a replica hears of what another commits, and publishes it when that one does not', async () => {
  const published: string[] = []
  await using stuck = await replica(() => new Promise(() => {}))
  await using lively = await replica(async ({ transaction_id }) => void published.push(transaction_id))
  await Promise.all([stuck.start(), lively.start()])
  const message = news()
  await unitOfWork(database, stuck, { ids: systemIds, clock: systemClock })(async (_tx, send) => send(message))
  await until('the other has published it', async () => published.includes(message.transaction_id))
  await until('the row is removed', async () => (await waiting(message.transaction_id)) === 0)
})

test('while the bus refuses, a replica tries again by itself until it takes the message', async () => {
  let refusals = 2
  const published: string[] = []
  await using outbox = await replica(({ transaction_id }) => {
    refusals -= 1
    if (refusals >= 0) return Promise.reject(new Error('away'))
    published.push(transaction_id)
    return Promise.resolve()
  })
  await outbox.start()
  const message = news()
  await unitOfWork(database, outbox, { ids: systemIds, clock: systemClock })(async (_tx, send) => send(message))
  await until('it is published', async () => published.includes(message.transaction_id))
  await until('the row is removed', async () => (await waiting(message.transaction_id)) === 0)
})

test('a row that another replica holds is passed over, and the next one goes out at once', async () => {
  const [held, free] = [news(), news()]
  const rows = [held, free].map((one) => ({ id: systemIds.uuid(), message: stamp(one, systemIds, systemClock) }))
  await database.transaction((tx) => {
    for (const { id, message } of rows) writeOutbox(tx, id, [message])
    return Promise.resolve()
  })
  const claimed = await database.transaction(async (first) => {
    await first.query('select from outbox where id = $1 for update', [rows[0]?.id])
    return database.transaction((second) => claimUnsent(second, 0, [], 100))
  })
  const ids = claimed.map(({ id }) => id)
  assert.deepEqual([ids.includes(rows[0]?.id ?? ''), ids.includes(rows[1]?.id ?? '')], [false, true])
  await database.query('delete from outbox where id = any($1::uuid[])', [rows.map(({ id }) => id)])
})
