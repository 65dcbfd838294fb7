/** Sending on the real database, with receivers that the tests play: slow ones, dead ones, and senders that die. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { purchaseCompleted } from '#contracts'
import { systemClock, systemIds } from '#platform/clock'
import { messageOf, testDatabase } from '../../../tests/fixtures/database.ts'
import type { AttemptResult } from './delivery.ts'
import { claimDue, findDelivery, listDeliveries, recordAttempts, removeFinished } from './delivery-store.ts'
import { webhookIntakes } from './events.ts'
import type { Poster, WebhookPost } from './post.ts'
import { type SenderParts, startSender } from './sender.ts'
import { deleteSubscription, findSubscription, insertSubscription, rotateSecret } from './subscription-store.ts'

const { database, vault } = await testDatabase(new URL('../migrations/', import.meta.url))
const clock = systemClock
const never = () => assert.fail('this is not called')

let receivers = 0

/** A subscription at an address of its own. */
async function subscribed(events: readonly string[] = ['events.purchase.*']) {
  const url = `https://receiver-${receivers++}.test/`
  const made = await database.transaction((tx) =>
    insertSubscription(tx, vault, { url, events, description: null, secret: 's' }, clock.now()),
  )
  assert.ok(made)
  return made
}

const body = { customer_id: 1, vehicle_id: 2, amount_cents: 3_050, payment_type: 'pix' as const }
const completed = () => messageOf(purchaseCompleted, systemIds.uuid(), body)

async function tell(messages = [completed()], onDue: (at: Date) => void = () => {}) {
  const intake = webhookIntakes({ database, clock, onDue }).find(({ contract }) => contract === purchaseCompleted)
  await intake?.take(messages)
  return messages
}

const deliveriesOf = (id: number) => listDeliveries(database, id, null, null, 100)

/** A network on which `answer` decides the result of a post; posts are noted when they begin. */
function network(answer: (webhook: WebhookPost, stop: AbortSignal) => Promise<AttemptResult> | AttemptResult) {
  const posts: WebhookPost[] = []
  const poster: Poster = {
    post(webhook, stop) {
      posts.push(webhook)
      return Promise.try(answer, webhook, stop)
    },
    async [Symbol.asyncDispose]() {},
  }
  return { posts, poster }
}

const sender = (poster: Poster, options: Partial<SenderParts> = {}) =>
  startSender({ database, vault, clock, poster, onError: never, waitAfter: () => 20, ...options })

async function until<T>(ask: () => Promise<T | undefined | false>): Promise<T> {
  for (const giveUp = Date.now() + 20_000; Date.now() < giveUp; await pause(5)) {
    const answer = await ask()
    if (answer) return answer
  }
  throw new Error('waited in vain')
}

const ended = (id: number, count: number) =>
  until(async () => {
    const all = await deliveriesOf(id)
    return all.length === count && all.every(({ finished_at }) => finished_at) && all
  })

const untilAborted = (stop: AbortSignal) =>
  new Promise<AttemptResult>((resolve) => stop.addEventListener('abort', () => resolve({ error: 'timed_out' })))

test('an event that comes twice, and twice in one batch, is one delivery to each who wants it', async () => {
  const [all, none, other] = [await subscribed(), await subscribed(['events.purchase.failed']), await subscribed()]
  const message = completed()
  let due = 0
  const count = () => void due++
  await tell([message, message], count)
  await tell([message], count)
  assert.equal(due, 1, 'nothing new is due the second time')
  for (const { id } of [all, other]) assert.equal((await deliveriesOf(id)).length, 1)
  assert.equal((await deliveriesOf(none.id)).length, 0)
  const [sent] = await claimDue(database, all.id, clock.now(), clock.now(), 1)
  assert.deepEqual(JSON.parse(sent?.body ?? ''), {
    id: message.message_id,
    type: 'events.purchase.completed',
    transaction_id: message.transaction_id,
    occurred_at: message.occurred_at,
    data: { customer_id: 1, vehicle_id: 2, amount: 30.5, payment_type: 'pix' },
  })
  for (const { id } of [all, none, other]) await deleteSubscription(database, id)
  assert.equal((await deliveriesOf(all.id)).length, 0, 'its deliveries go with it')
})

test('when nobody has subscribed, an event leaves nothing behind', async () => {
  await tell([completed()], never)
  assert.deepEqual(await database.query(`select from webhook_deliveries`), [])
})

test('a receiver that is down is tried again until it is up', async () => {
  const { id, url } = await subscribed()
  let left = 3
  const { posts, poster } = network(() => (left-- > 0 ? { error: 'connection_refused' } : { status_code: 200 }))
  await tell()
  await using _sending = sender(poster)
  const [delivery] = await ended(id, 1)
  assert.deepEqual([delivery?.status, delivery?.attempts, delivery?.last_status_code], ['delivered', 4, 200])
  assert.equal(new Set(posts.map((post) => post.body)).size, 1, 'the same each time')
  assert.equal(posts[0]?.url, url)
  await deleteSubscription(database, id)
})

test('a receiver that never takes it is given up in the end', async () => {
  const { id } = await subscribed()
  const { posts, poster } = network(() => ({ status_code: 500 }))
  await tell()
  await using _sending = sender(poster, { waitAfter: () => 1 })
  const [delivery] = await ended(id, 1)
  assert.deepEqual([delivery?.status, delivery?.last_status_code, delivery?.due_at], ['failed', 500, null])
  assert.equal(posts.length, 16)
  await deleteSubscription(database, id)
})

test('a receiver that does not answer holds up nobody else', async () => {
  const [slow, quick] = [await subscribed(), await subscribed()]
  const { poster } = network((webhook, stop) => (webhook.url === slow.url ? untilAborted(stop) : { status_code: 204 }))
  await tell(Array.from({ length: 30 }, completed))
  await using _sending = sender(poster)
  const all = await ended(quick.id, 30)
  assert.ok(all.every(({ status }) => status === 'delivered'))
  const waiting = await deliveriesOf(slow.id)
  assert.ok(waiting.every(({ status }) => status === 'pending'))
  assert.equal(waiting.filter(({ attempts }) => attempts === 1).length, 8, 'only so many at a time')
  for (const { id } of [slow, quick]) await deleteSubscription(database, id)
})

test('several processes send each delivery once', async () => {
  const ids = [(await subscribed()).id, (await subscribed()).id]
  const { posts, poster } = network(async () => {
    await pause(1)
    return { status_code: 200 }
  })
  await tell(Array.from({ length: 60 }, completed))
  const senders = Array.from({ length: 4 }, () => sender(poster))
  for (const id of ids) await ended(id, 60)
  for (const one of senders) await one[Symbol.asyncDispose]()
  assert.equal(posts.length, 120)
  assert.equal(new Set(posts.map(({ headers }) => headers['x-webhook-delivery'])).size, 120)
  for (const id of ids) await deleteSubscription(database, id)
})

test('a dead process’s deliveries are sent when its lease is over, and its late results do not count', async () => {
  const { id } = await subscribed()
  await tell()
  const lease = new Date(Date.now() + 300)
  const [claimed] = await claimDue(database, id, clock.now(), lease, 8)
  assert.ok(claimed)
  const sentAt: number[] = []
  const { poster } = network(() => {
    sentAt.push(Date.now())
    return { status_code: 200 }
  })
  await using _sending = sender(poster)
  await ended(id, 1)
  assert.equal(sentAt.length, 1)
  assert.ok((sentAt[0] ?? 0) >= lease.getTime(), 'not before')
  const late = { id: claimed.id, attempts: claimed.attempts, failures: 1, status: 'failed' as const, due_at: null }
  await recordAttempts(database, [{ ...late, finished_at: clock.now(), last_status_code: 500, last_error: null }])
  assert.equal((await findDelivery(database, claimed.id))?.status, 'delivered')
  await deleteSubscription(database, id)
})

test('a process that stops lets go of its deliveries, and the next one sends them at once', async () => {
  const { id } = await subscribed()
  await tell()
  const hanging = network((_webhook, stop) => untilAborted(stop))
  const first = sender(hanging.poster)
  await until(async () => hanging.posts.length === 1)
  await first[Symbol.asyncDispose]()
  const [released] = await deliveriesOf(id)
  assert.deepEqual([released?.status, released?.failures, released?.last_error], ['pending', 0, 'interrupted'])
  await using _next = sender(network(() => ({ status_code: 200 })).poster)
  const [delivery] = await ended(id, 1)
  assert.deepEqual([delivery?.status, delivery?.attempts], ['delivered', 2])
  await deleteSubscription(database, id)
})

test('410 disables the subscription, and its waiting deliveries fail', async () => {
  const { id } = await subscribed()
  await tell(Array.from({ length: 20 }, completed))
  const { posts, poster } = network(() => ({ status_code: 410 }))
  await using _sending = sender(poster)
  const all = await ended(id, 20)
  assert.ok(all.every(({ status }) => status === 'failed'))
  assert.ok(posts.length <= 8, `${posts.length} were sent`)
  assert.ok((await findSubscription(database, id))?.disabled_at)
  await tell()
  assert.equal((await deliveriesOf(id)).length, 20, 'nothing new is written for it')
  await deleteSubscription(database, id)
})

test('a subscription that is deleted while something is sent to it is no fault', async () => {
  const { id } = await subscribed()
  await tell()
  const { posts, poster } = network(async () => {
    await deleteSubscription(database, id)
    return { status_code: 500 }
  })
  await using _sending = sender(poster)
  await until(async () => posts.length === 1 && (await deliveriesOf(id)).length === 0)
})

test('a database that is away for a moment is waited for', async () => {
  const { id } = await subscribed()
  await tell()
  let failing = 2
  const flaky = {
    ...database,
    query: <Row extends object>(text: string, values?: readonly unknown[]) =>
      failing-- > 0 ? Promise.reject(new Error('the database is away')) : database.query<Row>(text, values),
  }
  const faults: unknown[] = []
  const { poster } = network(() => ({ status_code: 200 }))
  await using _sending = sender(poster, { database: flaky, onError: (error) => faults.push(error) })
  await ended(id, 1)
  assert.equal(faults.length, 2)
  await deleteSubscription(database, id)
})

test('ended deliveries are removed when they are old, and waiting ones are not', async () => {
  const { id } = await subscribed()
  await tell([completed(), completed(), completed()])
  const [one, two] = await claimDue(database, id, clock.now(), new Date(Date.now() + 60_000), 2)
  assert.ok(one && two)
  const delivered = { status: 'delivered' as const, due_at: null, last_status_code: 200, last_error: null }
  await recordAttempts(database, [
    { ...one, ...delivered, finished_at: new Date('2026-01-01T00:00:00Z') },
    { ...two, ...delivered, finished_at: clock.now() },
  ])
  assert.equal(await removeFinished(database, new Date('2026-02-01T00:00:00Z'), 10), 1)
  assert.equal((await deliveriesOf(id)).length, 2)
  await deleteSubscription(database, id)
})

test('the number of subscriptions is limited', async () => {
  const made = []
  for (;;) {
    const wanted = { url: 'https://receiver.test/', events: ['events.purchase.*'], description: null, secret: 's' }
    const one = await database.transaction((tx) => insertSubscription(tx, vault, wanted, clock.now()))
    if (!one) break
    made.push(one)
  }
  assert.equal(made.length, 100)
  for (const { id } of made) await deleteSubscription(database, id)
})

test('an old secret signs beside the new one until its time, and then no more', async () => {
  for (const [oldUntil, marks] of [
    [new Date(Date.now() + 3_600_000), 2],
    [new Date(Date.now() - 1_000), 1],
  ] as const) {
    const { id } = await subscribed()
    await database.transaction((tx) => rotateSecret(tx, vault, id, 'the new one', oldUntil, clock.now()))
    const { posts, poster } = network(() => ({ status_code: 200 }))
    await tell()
    {
      await using _sending = sender(poster)
      await ended(id, 1)
    }
    const { headers = {} } = posts[0] ?? {}
    const signature = String(Object.entries(headers).find(([name]) => name === 'x-signature')?.[1])
    assert.equal(signature.match(/v1=/g)?.length, marks, signature)
    await deleteSubscription(database, id)
  }
})
