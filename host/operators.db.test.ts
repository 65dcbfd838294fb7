/** Dead letters on a real PostgreSQL, over HTTP: an operator lists, replays and gives them up. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import pino from 'pino'
import { creditReleased, creditReserved, type Message, problems, releaseCredit } from '#contracts'
import { type Clock, systemIds } from '#platform/clock'
import { httpApp } from '#platform/http/app'
import { telemetry } from '#platform/telemetry'
import { consumer, handler, type MessageIntake } from '../messaging/consume.ts'
import { park } from '../messaging/dead-letters.ts'
import { outgoing } from '../messaging/outbox/outbox.ts'
import { openAccess } from '../tests/fixtures/access.ts'
import { messageOf, testDatabase } from '../tests/fixtures/database.ts'
import { tidyUp } from './housekeeping.ts'
import { messagingGauges } from './measures.ts'
import { operatorRoutes } from './operator-routes.ts'
import { replayer } from './replay.ts'

const { database, vault, unitOfWork, sent } = await testDatabase()
const RELEASES = 'cliente-service-release-credit-sub'
const REPLIES = 'orquestrador-credit-reserved-sub'

let now = new Date('2026-03-02T12:00:00Z')
const clock: Clock = { now: () => now }
const ailing = new Set<string>()
const taken: string[] = []

const releases = handler(releaseCredit, RELEASES, async (tx, messages, send) => {
  for (const { transaction_id } of messages) {
    await tx.query('select pg_sleep(0.02)')
    if (ailing.has(transaction_id)) throw new Error('the customer is out of order')
    send(outgoing(creditReleased, transaction_id, { customer_id: 1, released_cents: 0 }))
  }
})
const replies: MessageIntake = {
  contract: creditReserved,
  subscription: REPLIES,
  async take(messages) {
    await unitOfWork(async (tx) => void (await tx.query('select 1'))) // on a connection of its own, as the sagas do
    taken.push(...messages.map(({ transaction_id }) => transaction_id))
  },
}

const app = await httpApp({
  access: openAccess(),
  title: 'a service',
  description: '',
  version: '1',
  log: pino({ level: 'silent' }),
})
after(() => app.close())
const replay = replayer({ unitOfWork, receivers: [releases, replies], onFault: () => {} })
operatorRoutes({ database, vault, clock, replay })(app)

const command = () =>
  messageOf(releaseCredit, systemIds.uuid(), { customer_id: 1, amount_cents: 100, payment_type: 'cash' })

/** Parked as in production: after the last attempt has failed. */
async function parked(message: Message = command()): Promise<number> {
  ailing.add(message.transaction_id)
  await consumer(releases, unitOfWork, () => {})([{ message, attempt: 5 }])
  const [row] = await database.query<{ id: number }>('select id from dead_letters where message_id = $1', [
    message.message_id,
  ])
  if (!row) throw new Error('it was not parked')
  return row.id
}

const call = async (method: 'GET' | 'POST' | 'DELETE', url: string) => {
  const answer = await app.inject({ method, url })
  return { status: answer.statusCode, body: answer.json() }
}

const repliesTo = ({ transaction_id }: Message) => sent.filter((one) => one.transaction_id === transaction_id).length

test('a dead letter is listed with its reason and its message, and found by its id', async () => {
  const message = command()
  const id = await parked(message)
  const { body } = await call('GET', '/dead-letters?limit=1')
  const [letter] = body.dead_letters
  assert.deepEqual(
    [letter.id, letter.subscription, letter.status, letter.reason, letter.attempts],
    [id, RELEASES, 'waiting', 'Error: the customer is out of order', 5],
  )
  const { message_id, type, transaction_id } = message
  assert.deepEqual(
    { ...letter.message },
    { message_id, type, transaction_id, schema_version: 1, occurred_at: message.occurred_at, body: message.body },
  )
  assert.deepEqual((await call('GET', `/dead-letters/${id}`)).body, letter)
  assert.equal((await call('GET', '/dead-letters/999999')).body.type, problems.dead_letter_not_found.type)
})

test('the list is read page by page, and by subscription', async () => {
  const ids = [await parked(), await parked(), await parked()].reverse()
  const first = (await call('GET', '/dead-letters?limit=2')).body
  assert.deepEqual(
    first.dead_letters.map(({ id }: { id: number }) => id),
    ids.slice(0, 2),
  )
  const second = (await call('GET', `/dead-letters?limit=2&cursor=${first.next_cursor}`)).body
  assert.equal(second.dead_letters[0].id, ids[2])
  assert.equal(second.total, first.total)
  assert.equal((await call('GET', `/dead-letters?subscription=${REPLIES}`)).body.total, 0)
  assert.equal((await call('GET', `/dead-letters?subscription=${RELEASES}`)).body.total, first.total)
})

test('a replay handles the message by its own handler: its effect, its answer and the record commit together', async () => {
  const message = command()
  const id = await parked(message)
  ailing.delete(message.transaction_id)
  const { status, body } = await call('POST', `/dead-letters/${id}/replay`)
  assert.equal(status, 200)
  assert.equal(body.outcome, 'handled')
  assert.equal(repliesTo(message), 1)
  const { dead_letters } = (await call('GET', '/dead-letters?limit=100')).body
  assert.ok(!dead_letters.some((letter: { id: number }) => letter.id === id), 'it is gone from the list')
  const kept = (await call('GET', '/dead-letters?status=replayed&limit=1')).body.dead_letters[0]
  assert.deepEqual(kept, body.dead_letter)
  assert.deepEqual([kept.settled_by, kept.settled_at, kept.attempts], ['nobody', now.toISOString(), 6])
})

const acts = (id: number) =>
  database.query<{ act: string; subject: string; reason: string | null }>(
    `select act, subject, reason from journal where about = 'dead_letter' and about_id = $1 order by id`,
    [String(id)],
  )

test('an operator who replays a letter or gives it up is on record once, and one who fails to is not', async () => {
  const message = command()
  const id = await parked(message)
  assert.equal((await call('POST', `/dead-letters/${id}/replay`)).status, 409)
  assert.deepEqual(await acts(id), [])
  for (let time = 0; time < 2; time += 1) await call('DELETE', `/dead-letters/${id}?reason=CPF+529.982.247-25+is+wrong`)
  ailing.delete(message.transaction_id)
  for (let time = 0; time < 2; time += 1) await call('POST', `/dead-letters/${id}/replay`)
  const [given, replayed, ...more] = await acts(id)
  assert.deepEqual([given?.act, replayed?.act, more], ['dead_letter_discarded', 'dead_letter_replayed', []])
  assert.equal(given?.subject, replayed?.subject)
  assert.match(given?.reason ?? '', /is wrong/)
  assert.doesNotMatch(given?.reason ?? '', /529/)
})

test('two operators who replay one letter at once have it handled once', async () => {
  const message = command()
  const id = await parked(message)
  ailing.delete(message.transaction_id)
  const other = replayer({ unitOfWork, receivers: [releases], onFault: () => {} }) // another replica's
  const results = await Promise.all([
    call('POST', `/dead-letters/${id}/replay`).then(({ body }) => body.outcome),
    other(id, { by: 'admin', now }).then(({ outcome }) => outcome),
    call('POST', `/dead-letters/${id}/replay`).then(({ body }) => body.outcome),
  ])
  assert.deepEqual(results.sort(), ['handled', 'handled_before', 'handled_before'])
  assert.equal(repliesTo(message), 1)
})

test('a replay that fails says why, counts, and leaves the letter and everything else as it was', async () => {
  const message = command()
  const id = await parked(message)
  const { status, body } = await call('POST', `/dead-letters/${id}/replay`)
  assert.equal(status, 409)
  assert.equal(body.type, problems.dead_letter_failed_again.type)
  assert.deepEqual([body.reason, body.attempts], ['Error: the customer is out of order', 6])
  const letter = (await call('GET', `/dead-letters/${id}`)).body
  assert.deepEqual(
    [letter.status, letter.attempts, letter.tried_by, letter.tried_at],
    ['waiting', 6, 'nobody', now.toISOString()],
  )
  assert.equal(repliesTo(message), 0)
})

test('a letter that still does not fit its contract, or belongs to no handler, fails again without being tried', async () => {
  const misfit = { ...command(), body: { customer_id: 'x' } }
  const lost = { ...command(), type: 'commands.nobody' }
  await unitOfWork(async (tx) => {
    await park(tx, { subscription: RELEASES, message: misfit, reason: 'once', attempts: 1 })
    await park(tx, { subscription: 'unknown', message: lost, reason: 'once', attempts: 1 })
  })
  const [nobodys, unfit] = (await call('GET', '/dead-letters?limit=2')).body.dead_letters
  assert.match((await call('POST', `/dead-letters/${unfit.id}/replay`)).body.reason, /does not fit its contract/)
  assert.match((await call('POST', `/dead-letters/${nobodys.id}/replay`)).body.reason, /no handler/)
})

test('many replays at once of messages that commit elsewhere do not wait for each other’s connections', async () => {
  const messages = Array.from({ length: 20 }, () =>
    messageOf(creditReserved, systemIds.uuid(), { customer_id: 1, amount_cents: 100 }),
  )
  await unitOfWork(async (tx) => {
    for (const message of messages) await park(tx, { subscription: REPLIES, message, reason: 'once', attempts: 5 })
  })
  const { dead_letters } = (await call('GET', `/dead-letters?subscription=${REPLIES}`)).body
  assert.equal(dead_letters.length, 20)
  const answers = await Promise.all(
    dead_letters.map(({ id }: { id: number }) => call('POST', `/dead-letters/${id}/replay`)),
  )
  assert.deepEqual([...new Set(answers.map(({ body }) => body.outcome))], ['handled'], JSON.stringify(answers[0]?.body))
  assert.deepEqual([...taken].sort(), messages.map(({ transaction_id }) => transaction_id).sort())
})

test('a letter that is given up is kept with who, when and why, and stays given up when a copy of it fails', async () => {
  const message = command()
  const id = await parked(message)
  assert.equal((await call('DELETE', `/dead-letters/${id}`)).body.type, problems.validation_failed.type)
  const { status, body } = await call('DELETE', `/dead-letters/${id}?reason=settled%20by%20phone`)
  assert.equal(status, 200)
  assert.deepEqual([body.status, body.settled_by, body.settled_because], ['discarded', 'nobody', 'settled by phone'])
  const again = await call('DELETE', `/dead-letters/${id}?reason=another`)
  assert.deepEqual([again.status, again.body], [200, body], 'the first reason stays')

  await parked(message)
  assert.deepEqual((await call('GET', `/dead-letters/${id}`)).body, body)
  assert.equal((await call('GET', '/dead-letters?status=discarded')).body.dead_letters[0].id, id)
})

test('a replayed letter cannot be given up; one that was given up can still be replayed', async () => {
  const message = command()
  const id = await parked(message)
  ailing.delete(message.transaction_id)
  await call('DELETE', `/dead-letters/${id}?reason=too%20soon`)
  assert.equal((await call('POST', `/dead-letters/${id}/replay`)).body.outcome, 'handled')
  assert.equal((await call('DELETE', `/dead-letters/${id}?reason=x`)).body.type, problems.dead_letter_settled.type)
  assert.equal((await call('DELETE', '/dead-letters/999999?reason=x')).body.type, problems.dead_letter_not_found.type)
})

test('a copy of a replayed message that cannot be handled waits for an operator again', async () => {
  const message = command()
  const id = await parked(message)
  ailing.delete(message.transaction_id)
  await call('POST', `/dead-letters/${id}/replay`)
  assert.equal(await parked(message), id)
  const { status, settled_at } = (await call('GET', `/dead-letters/${id}`)).body
  assert.deepEqual([status, settled_at], ['waiting', null])
})

test('monitoring sees how many wait, by subscription of this service', async () => {
  const told = telemetry('a service')
  for (const gauge of messagingGauges(database, [RELEASES, REPLIES])) told.gauge(gauge)
  const { total } = (await call('GET', `/dead-letters?subscription=${RELEASES}`)).body
  await database.query(
    `insert into outbox (id, messages, at) values ('01900000-0000-7000-8000-000000000000', '[]', clock_timestamp() - interval '1 hour')`,
  )
  const text = await told.text()
  assert.match(text, new RegExp(`mercado_dead_letters\\{subscription="${RELEASES}".*\\} ${total}`))
  assert.match(text, new RegExp(`mercado_dead_letters\\{subscription="${REPLIES}".*\\} 0`))
  assert.match(text, /mercado_dead_letters\{subscription="other".*\} 1/)
  const [, age] = /mercado_outbox_oldest_age_seconds\{.*\} (.*)/.exec(text) ?? []
  assert.ok(Number(age) >= 3_600 && Number(age) < 3_700, age)
  assert.match(text, /mercado_database_connections\{state="waiting".*\} 0/)
  await database.query('delete from outbox')
})

test('answers kept under idempotency keys go after two days, settled letters after a year, those that wait never', async () => {
  const insertKeys = `insert into idempotency_keys (scope, key, request_hash, answer)
    select 'nobody', 'key-' || n, '', '{}' from generate_series(1, 2500) as n`
  await database.query(insertKeys)
  now = new Date(Date.now() + 47 * 3_600_000)
  assert.equal((await tidyUp({ database, clock }))['idempotency keys'], 0)
  const message = command()
  const settled = await parked(message)
  await call('DELETE', `/dead-letters/${settled}?reason=x`)
  const waiting = await parked()

  now = new Date(Date.now() + 49 * 3_600_000)
  const gone = await tidyUp({ database, clock })
  assert.equal(gone['idempotency keys'], 2_500)
  assert.equal((await call('GET', `/dead-letters/${settled}`)).status, 200)
  now = new Date(Date.now() + 400 * 86_400_000)
  await tidyUp({ database, clock })
  assert.equal((await call('GET', `/dead-letters/${settled}`)).status, 404)
  assert.equal((await call('GET', `/dead-letters/${waiting}`)).status, 200)
})
