/** The relay on a real PostgreSQL: a row leaves the outbox when the bus has taken its message over, and not before. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { creditReleased, type Message } from '#contracts'
import { systemClock, systemIds } from '#platform/clock'
import { testDatabase } from '../tests/database.ts'
import { until } from '../tests/system.ts'
import type { Bus } from './bus.ts'
import { outgoing, stamp, writeOutbox } from './outbox.ts'
import { relay } from './relay.ts'
import { unitOfWork } from './unit-of-work.ts'

const { database } = await testDatabase()
const never = () => assert.fail('this is not called')

function busThat(publish: (message: Message) => Promise<void>): Bus {
  return { publish, subscribe: () => {}, async [Symbol.asyncDispose]() {} }
}

const news = () => outgoing(creditReleased, systemIds.uuid(), { customer_id: 1, released_cents: 0 })

async function waiting(transaction_id: string): Promise<number> {
  const rows = await database.query(`select from outbox where message ->> 'transaction_id' = $1`, [transaction_id])
  return rows.length
}

test('a message goes to the bus when its transaction has committed, and its row goes when the bus has it', async () => {
  const { promise: taken, resolve: take } = Promise.withResolvers<void>()
  const published: Message[] = []
  const bus = busThat((message) => {
    published.push(message)
    return taken
  })
  await using outbox = relay(database, bus, systemClock, never)
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

test('what a transaction sent before it failed is neither kept nor published', async () => {
  await using outbox = relay(database, busThat(never), systemClock, never)
  const message = news()
  const work = unitOfWork(database, outbox, { ids: systemIds, clock: systemClock })(async (_tx, send) => {
    send(message)
    throw new Error('it dies here')
  })
  await assert.rejects(work, /it dies here/)
  assert.equal(await waiting(message.transaction_id), 0)
})

test('what an earlier run left behind is published at the start, in its order', async () => {
  const left = [news(), news(), news()]
  await database.transaction(async (tx) => {
    await writeOutbox(
      tx,
      left.map((one) => stamp(one, systemIds, systemClock)),
    )
  })
  const published: string[] = []
  const bus = busThat(async ({ transaction_id }) => void published.push(transaction_id))
  await using outbox = relay(database, bus, systemClock, never)
  await outbox.start()
  const mine = left.map(({ transaction_id }) => transaction_id)
  assert.deepEqual(
    published.filter((id) => mine.includes(id)),
    mine,
  )
})

test('a message that the bus did not take stays for the next start', async () => {
  const faults: unknown[] = []
  const message = news()
  const broken = relay(
    database,
    busThat(() => Promise.reject(new Error('away'))),
    systemClock,
    (fault) => faults.push(fault),
  )
  await unitOfWork(database, broken, { ids: systemIds, clock: systemClock })(async (_tx, send) => send(message))
  await until('the fault is known', async () => faults.length > 0)
  await broken[Symbol.asyncDispose]()
  assert.equal(await waiting(message.transaction_id), 1)
})
