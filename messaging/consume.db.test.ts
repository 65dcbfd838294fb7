/** The consumer on a real PostgreSQL: messages that do not fit or poison a batch are set aside, the others go on. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { creditReleased, type Message, releaseCredit } from '#contracts'
import { systemIds } from '#platform/clock'
import { isUnavailable } from '#platform/database/pg-errors'
import { messageOf, testDatabase } from '../tests/fixtures/database.ts'
import { consumer, ForNewerProcess, handler } from './consume.ts'
import { outgoing } from './outbox/outbox.ts'

const { database, unitOfWork, sent } = await testDatabase()
const SUBSCRIPTION = 'cliente-service-release-credit-sub'

const command = (customer_id = 1) =>
  messageOf(releaseCredit, systemIds.uuid(), { customer_id, amount_cents: 100, payment_type: 'cash' })

const answering = (handled: string[], poison: (message: Message) => boolean = () => false) =>
  consumer(
    handler(releaseCredit, SUBSCRIPTION, (_tx, messages, send) => {
      for (const message of messages) {
        send(outgoing(creditReleased, message.transaction_id, { customer_id: 1, released_cents: 0 }))
        if (poison(message)) throw new Error('a poisonous message')
      }
      handled.push(...messages.map(({ message_id }) => message_id))
    }),
    unitOfWork,
    () => {},
  )

const parked = ({ message_id }: Message) =>
  database.query<{ reason: string; attempts: number }>(
    'select reason, attempts from dead_letters where message_id = $1',
    [message_id],
  )

const repliesTo = ({ transaction_id }: Message) => sent.filter((message) => message.transaction_id === transaction_id)

test('a message that does not fit its contract is parked with its reason, and the rest goes on', async () => {
  const handled: string[] = []
  const good = command()
  const misfit: Message = { ...command(), body: { customer_id: 'x' } }
  const newer: Message = { ...command(), schema_version: 2 }
  const again = await answering(handled)([misfit, good, newer].map((message) => ({ message, attempt: 1 })))
  assert.deepEqual(again, [])
  assert.deepEqual(handled, [good.message_id])
  assert.match((await parked(misfit))[0]?.reason ?? '', /does not fit its contract: .*customer_id/)
  assert.match((await parked(newer))[0]?.reason ?? '', /unknown version 2/)
  assert.deepEqual(await parked(good), [])
})

test('a message that poisons its batch is found and comes again alone; the others are handled once', async () => {
  const handled: string[] = []
  const messages = [command(), command(), command()]
  const bad = messages[1] as Message
  const consume = answering(handled, (message) => message.message_id === bad.message_id)
  const again = await consume(messages.map((message) => ({ message, attempt: 1 })))
  assert.deepEqual(
    again.map(({ message }) => message),
    [bad],
  )
  assert.deepEqual(handled, [messages[0]?.message_id, messages[2]?.message_id])
  assert.deepEqual(repliesTo(bad), [], 'what it sent before it failed was never sent')
  assert.equal(repliesTo(messages[0] as Message).length, 1)
})

test('a message that fails for the last time is parked with the fault', async () => {
  const bad = command()
  const again = await answering([], () => true)([{ message: bad, attempt: 5 }])
  assert.deepEqual(again, [])
  assert.deepEqual(await parked(bad), [{ reason: 'Error: a poisonous message', attempts: 5 }])
})

test('a database that is out of reach is nobody’s fault: everything comes again', async () => {
  const unreachable = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
  const consume = consumer(
    { contract: releaseCredit, subscription: SUBSCRIPTION, take: () => Promise.reject(unreachable) },
    unitOfWork,
    () => {},
  )
  await assert.rejects(consume([{ message: command(), attempt: 5 }]), /ECONNREFUSED/)
})

test('a message that only a newer release understands is given back as often as it comes, and is no fault', async () => {
  const message = command()
  const faults: unknown[] = []
  const receiver = handler(releaseCredit, SUBSCRIPTION, () => {
    throw new ForNewerProcess('of a version to come')
  })
  const consume = consumer(receiver, unitOfWork, (error) => void faults.push(error))
  for (const attempt of [1, 5, 50]) assert.equal((await consume([{ message, attempt }])).length, 1)
  assert.deepEqual([faults, await parked(message)], [[], []])
})

test('an outage while its messages are handled one by one counts against none of them', async () => {
  const messages = [command(), command()]
  const consume = consumer(
    handler(releaseCredit, SUBSCRIPTION, (_tx, together) => {
      if (together.length > 1) throw new Error('together they fail')
      throw Object.assign(new Error('the database is away'), { code: 'ECONNREFUSED' })
    }),
    unitOfWork,
    () => {},
  )
  await assert.rejects(consume(messages.map((message) => ({ message, attempt: 5 }))), isUnavailable)
  for (const message of messages) assert.deepEqual(await parked(message), [])
})
