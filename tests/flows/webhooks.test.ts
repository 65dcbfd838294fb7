/** Systems of other companies are told how purchases end: over HTTP, with receivers that come, go and misbehave. */
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { databasePrefix } from '../fixtures/database.ts'
import { buy, customerWith, ORQUESTRADOR, sagaOf, settled, startSystem, until, vehicleAt } from '../fixtures/system.ts'

const DATA_DIR = await mkdtemp(join(tmpdir(), 'mercado-veiculo-webhooks-'))
after(() => rm(DATA_DIR, { recursive: true, force: true }))
const DATABASE_PREFIX = databasePrefix()
const environment = { DATA_DIR, DATABASE_PREFIX, WEBHOOK_ALLOW_LOOPBACK: 'true' }
let api = await startSystem(environment)

interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** A receiver that answers with `status`, or not at all while that is `silent`. */
async function receiver(status: number | 'silent' = 204, port = 0) {
  const received: Received[] = []
  const state = { status, received, url: '', port: 0, close: async () => stop(server) }
  const server = createServer(async (request, response) => {
    const text = (await request.toArray()).join('')
    received.push({ path: request.url ?? '', headers: request.headers, text })
    if (state.status !== 'silent') response.writeHead(state.status, { location: '/elsewhere' }).end()
  }).listen(port, '127.0.0.1')
  await once(server, 'listening')
  after(() => stop(server))
  const address = server.address()
  state.port = typeof address === 'object' && address ? address.port : 0
  state.url = `http://127.0.0.1:${state.port}/hook`
  return state
}

async function stop(server: Server) {
  if (!server.listening) return
  server.close()
  server.closeAllConnections()
  await once(server, 'close')
}

const call = (method: string, path: string, body?: unknown) => api.call(ORQUESTRADOR, method, path, body)

async function subscribe(url: string, events = ['events.purchase.*']) {
  const { status, body } = await call('POST', '/webhook-subscriptions', { url, events })
  assert.equal(status, 201, JSON.stringify(body))
  return body
}

const completedPurchase = async (price = 1_000.5) => {
  const customer = await customerWith(api, { initial_balance: price })
  const transaction = await buy(api, customer, await vehicleAt(api, price))
  return settled(api, transaction)
}

/** The one delivery of a subscription once it looks as asked. */
const deliveryOf = (subscription: number, looks: (delivery: Record<string, unknown>) => boolean) =>
  until('the delivery is there', async () => {
    const { body } = await call('GET', `/webhook-subscriptions/${subscription}/deliveries`)
    const [delivery] = body.deliveries
    return delivery && looks(delivery) && delivery
  })

const unsubscribe = async (id: number) =>
  assert.equal((await call('DELETE', `/webhook-subscriptions/${id}`)).status, 204)

test('a company that has subscribed is told of a completed purchase, signed, and without personal data', async () => {
  const hook = await receiver()
  const subscription = await subscribe(hook.url)
  const saga = await completedPurchase()
  const told = await until('it is told', async () => hook.received[0])
  const body = JSON.parse(told.text)
  assert.match(body.id, /^[0-9a-f-]{36}$/)
  assert.ok(new Date(body.occurred_at) <= new Date())
  const { customer_id, vehicle_id } = saga
  assert.deepEqual(body, {
    id: body.id,
    type: 'events.purchase.completed',
    transaction_id: saga.transaction_id,
    occurred_at: body.occurred_at,
    data: { customer_id, vehicle_id, amount: 1_000.5, payment_type: 'cash' },
  })
  const [, t = '', v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(told.headers['x-signature'])) ?? []
  assert.ok(Math.abs(Date.now() / 1_000 - Number(t)) < 60)
  assert.equal(v1, createHmac('sha256', subscription.secret).update(`${t}.${told.text}`).digest('hex'))
  const standard = new Webhook(subscription.secret).verify(told.text, told.headers as Record<string, string>)
  assert.deepEqual(standard, body)
  assert.equal(told.headers['webhook-id'], body.id)
  assert.equal(told.headers['x-webhook-event'], 'events.purchase.completed')
  assert.equal(told.headers['content-type'], 'application/json')

  const delivery = await deliveryOf(subscription.id, ({ status }) => status === 'delivered')
  assert.equal(String(delivery.id), told.headers['x-webhook-delivery'])
  assert.deepEqual([delivery.attempts, delivery.last_status_code, delivery.next_attempt_at], [1, 204, null])
  assert.equal(hook.received.length, 1)
  await unsubscribe(subscription.id)
})

test('the secret is shown once', async () => {
  const hook = await receiver()
  const subscription = await subscribe(hook.url)
  assert.match(subscription.secret, /^whsec_/)
  const one = await call('GET', `/webhook-subscriptions/${subscription.id}`)
  const { secret: _secret, ...rest } = subscription
  assert.deepEqual(one.body, rest)
  const list = await call('GET', '/webhook-subscriptions')
  assert.deepEqual(list.body.subscriptions, [rest])
  assert.equal(list.body.total, 1)
  await unsubscribe(subscription.id)
  assert.equal((await call('GET', `/webhook-subscriptions/${subscription.id}`)).status, 404)
})

test('each receiver gets only the events that it has subscribed to', async () => {
  const [failures, cancellations] = [await receiver(), await receiver()]
  const ids = [
    (await subscribe(failures.url, ['events.purchase.failed'])).id,
    (await subscribe(cancellations.url, ['events.purchase.cancelled', 'events.purchase.cancellation_failed'])).id,
  ]
  const { transaction_id: completed } = await completedPurchase()
  const declined = await completedPurchase(500.13)
  assert.equal(declined.status, 'FAILED_COMPENSATED')
  const cancelled = await buy(api, await customerWith(api), await vehicleAt(api, 700), 'pix')
  await until('it waits', async () => (await sagaOf(api, cancelled)).current_step === 'PAYMENT_PROCESSING')
  await call('POST', `/purchase/${cancelled}/cancel`, { reason: 'Ana prefers blue' })
  assert.equal((await settled(api, cancelled)).status, 'CANCELLED')
  assert.equal((await call('POST', `/purchase/${completed}/cancel`, {})).status, 400)

  await until('all is told', async () => failures.received.length === 1 && cancellations.received.length === 2)
  const failed = JSON.parse(failures.received[0]?.text ?? '')
  assert.deepEqual([failed.type, failed.transaction_id], ['events.purchase.failed', declined.transaction_id])
  assert.deepEqual([failed.data.reason, failed.data.failed_step], ['payment_declined', 'PAYMENT_PROCESSING'])
  const ended = cancellations.received.map(({ text }) => JSON.parse(text))
  const gaveUp = ended.find(({ type }) => type === 'events.purchase.cancelled')
  assert.equal(gaveUp.transaction_id, cancelled)
  assert.equal(gaveUp.data.cancelled_step, 'PAYMENT_PROCESSING')
  assert.ok(!JSON.stringify(gaveUp).includes('Ana'), 'what a person typed stays here')
  const refused = ended.find(({ type }) => type === 'events.purchase.cancellation_failed')
  assert.deepEqual([refused.transaction_id, refused.data.reason], [completed, 'not_cancellable'])
  for (const id of ids) await unsubscribe(id)
})

test('a receiver that was down gets its delivery when it is up and it is asked for again', async () => {
  const { url, port, close } = await receiver()
  await close()
  const subscription = await subscribe(url)
  const { transaction_id } = await completedPurchase()
  const failing = await deliveryOf(subscription.id, ({ attempts, last_error }) => attempts === 1 && !!last_error)
  assert.deepEqual([failing.status, failing.last_error], ['pending', 'connection_refused'])
  const wait = Date.parse(failing.next_attempt_at) - Date.now()
  assert.ok(wait > 30_000 && wait <= 60_000, `next in ${wait} ms`)

  const up = await receiver(204, port)
  assert.equal((await call('POST', `/webhook-deliveries/${failing.id}/retry`)).status, 202)
  const delivered = await deliveryOf(subscription.id, ({ status }) => status === 'delivered')
  assert.deepEqual([delivered.attempts, 'last_error' in delivered], [2, false])
  assert.equal(JSON.parse(up.received[0]?.text ?? '').transaction_id, transaction_id)
  const { entries } = (await call('GET', '/journal?limit=1000')).body
  const sentAgain = entries.filter(({ act }: { act: string }) => act === 'webhook_sent_again')
  assert.deepEqual(
    sentAgain.map(({ about_id }: { about_id: string }) => about_id),
    [String(failing.id)],
  )
  await unsubscribe(subscription.id)
})

test('a redirect is not followed, and a delivered event can be sent again', async () => {
  const hook = await receiver(302)
  const subscription = await subscribe(hook.url)
  await completedPurchase()
  const redirected = await deliveryOf(subscription.id, ({ last_status_code }) => last_status_code === 302)
  assert.equal(redirected.status, 'pending')
  assert.deepEqual(
    hook.received.map(({ path }) => path),
    ['/hook'],
  )
  hook.status = 200
  await call('POST', `/webhook-deliveries/${redirected.id}/retry`)
  await deliveryOf(subscription.id, ({ status }) => status === 'delivered')
  await call('POST', `/webhook-deliveries/${redirected.id}/retry`)
  await until('it is sent again', async () => hook.received.length === 3)
  const [, second, third] = hook.received
  assert.equal(second?.text, third?.text, 'the same event, by its id')
  await unsubscribe(subscription.id)
})

test('a receiver that says 410 is told no more, until it is enabled again', async () => {
  const hook = await receiver(410)
  const subscription = await subscribe(hook.url)
  await completedPurchase()
  const failed = await deliveryOf(subscription.id, ({ status }) => status === 'failed')
  assert.equal(failed.last_status_code, 410)
  assert.equal((await call('GET', `/webhook-subscriptions/${subscription.id}`)).body.status, 'disabled')
  const refused = await call('POST', `/webhook-deliveries/${failed.id}/retry`)
  assert.deepEqual([refused.status, refused.body.detail], [409, 'Webhook subscription is disabled'])

  hook.status = 204
  const enabled = await call('POST', `/webhook-subscriptions/${subscription.id}/enable`)
  assert.deepEqual([enabled.status, enabled.body.status], [200, 'active'])
  assert.equal((await call('POST', `/webhook-deliveries/${failed.id}/retry`)).status, 202)
  await deliveryOf(subscription.id, ({ status }) => status === 'delivered')
  await unsubscribe(subscription.id)
})

test('for a while after its secret is changed, a receiver can check by the old one or the new', async () => {
  const hook = await receiver()
  const { id, secret: old } = await subscribe(hook.url)
  const { status, body } = await call('POST', `/webhook-subscriptions/${id}/rotate-secret`)
  assert.equal(status, 200)
  assert.notEqual(body.secret, old)
  assert.ok(new Date(body.old_secret_valid_until) > new Date())
  await completedPurchase()
  const told = await until('it is told', async () => hook.received[0])
  const [t = '', ...marks] = String(told.headers['x-signature'])
    .split(',')
    .map((part) => part.split('=')[1] ?? '')
  const mark = (secret: string) => createHmac('sha256', secret).update(`${t}.${told.text}`).digest('hex')
  assert.deepEqual(marks, [mark(body.secret), mark(old)])
  await unsubscribe(id)
})

test('an address inside, or one that is not proper, is refused at the door', async () => {
  const refusal = async (url: string) => {
    const { status, body } = await call('POST', '/webhook-subscriptions', { url, events: ['events.purchase.*'] })
    return [status, body.detail, body.reason]
  }
  const words = 'Webhook URL is not acceptable'
  assert.deepEqual(await refusal('https://169.254.169.254/latest/meta-data'), [400, words, 'address_refused'])
  assert.deepEqual(await refusal('https://[fd00:ec2::254]/'), [400, words, 'address_refused'])
  assert.deepEqual(await refusal('http://erp.example.com/'), [400, words, 'https_required'])
  assert.deepEqual(await refusal('https://me:secret@erp.example.com/'), [400, words, 'credentials_in_url'])
  const misfit = await call('POST', '/webhook-subscriptions', {
    url: 'nowhere',
    events: ['events.credit.reserved'],
    a: 1,
  })
  assert.equal(misfit.status, 422)
  const paths = misfit.body.errors.map(({ path }: { path: string }) => path).sort()
  assert.deepEqual(paths, ['/a', '/events/0', '/url'])
})

test('unknown subscriptions and deliveries are not found, and nothing is sent twice at once', async () => {
  for (const [method, path] of [
    ['GET', '/webhook-subscriptions/999999'],
    ['DELETE', '/webhook-subscriptions/999999'],
    ['POST', '/webhook-subscriptions/999999/rotate-secret'],
    ['POST', '/webhook-subscriptions/999999/enable'],
    ['GET', '/webhook-subscriptions/999999/deliveries'],
    ['POST', '/webhook-deliveries/999999/retry'],
  ] as const) {
    assert.equal((await call(method, path)).status, 404, `${method} ${path}`)
  }
  const slow = await receiver('silent')
  const subscription = await subscribe(slow.url)
  await completedPurchase()
  await until('it is being sent', async () => slow.received.length === 1)
  const delivery = await deliveryOf(subscription.id, ({ attempts }) => attempts === 1)
  const early = await call('POST', `/webhook-deliveries/${delivery.id}/retry`)
  assert.deepEqual([early.status, early.body.detail], [409, 'Webhook delivery is under way'])
  await unsubscribe(subscription.id)
})

test('deliveries are listed page by page and by status', async () => {
  const hook = await receiver()
  const subscription = await subscribe(hook.url)
  await Promise.all([completedPurchase(), completedPurchase(), completedPurchase()])
  const path = `/webhook-subscriptions/${subscription.id}/deliveries`
  await until('all are delivered', async () => (await call('GET', `${path}?status=delivered`)).body.total === 3)
  const { body: first } = await call('GET', `${path}?limit=2`)
  const { body: second } = await call('GET', `${path}?limit=2&cursor=${first.next_cursor}`)
  assert.deepEqual([first.deliveries.length, second.deliveries.length, second.next_cursor], [2, 1, null])
  assert.equal((await call('GET', `${path}?status=failed`)).body.total, 0)
  await unsubscribe(subscription.id)
})

test('the OpenAPI document shows receivers what they get', async () => {
  const { body } = await call('GET', '/openapi.json')
  const { callbacks, description } = body.paths['/webhook-subscriptions'].post
  assert.match(description, /X-Signature/)
  const [sent] = Object.values<{ post: { requestBody: object } }>(callbacks.purchaseEvent)
  assert.match(JSON.stringify(sent?.post.requestBody), /schemas\/WebhookBody/)
  assert.ok(body.components.schemas.WebhookBody.properties.occurred_at)
})

test('a delivery that a stop interrupted is sent after the next start', async () => {
  const hook = await receiver('silent')
  const subscription = await subscribe(hook.url)
  const { transaction_id } = await completedPurchase()
  await until('it is being sent', async () => hook.received.length === 1)
  await api.system[Symbol.asyncDispose]()
  hook.status = 204
  api = await startSystem(environment)
  const delivered = await deliveryOf(subscription.id, ({ status }) => status === 'delivered')
  assert.deepEqual([delivered.transaction_id, delivered.attempts], [transaction_id, 2])
  assert.equal(hook.received[0]?.text, hook.received[1]?.text)
  await unsubscribe(subscription.id)
})
