/** A purchase as it happens, over Server-Sent Events: a frontend sees it, whichever process moves the purchase. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import pino from 'pino'
import { type RunningService, runService } from '#host'
import { embeddedBus } from '#messaging'
import { turns } from '#platform/batching/turns'
import { systemClock, systemIds } from '#platform/clock'
import { readConfig } from '#platform/config'
import { openIssuers } from '#platform/tokens/issuers'
import { openKeyring } from '#platform/tokens/local-issuer'
import { orquestrador } from '../../services/orquestrador/service.ts'
import { databasePrefix, testServer } from '../fixtures/database.ts'
import {
  buy,
  customerWith,
  ORQUESTRADOR,
  PAGAMENTO,
  sagaOf,
  settled,
  startSystem,
  until,
  vehicleAt,
} from '../fixtures/system.ts'

const DATABASE_PREFIX = databasePrefix()
const DATA_DIR = await mkdtemp(join(tmpdir(), 'mercado-veiculo-events-'))
after(() => rm(DATA_DIR, { recursive: true, force: true }))
const api = await startSystem({ DATABASE_PREFIX, DATA_DIR })
const keyring = await openKeyring(DATA_DIR)
const admin = await api.as({ role: 'admin' })

interface Told {
  readonly event: string
  readonly id: string | undefined
  // biome-ignore lint/suspicious/noExplicitAny: whatever the API tells; the assertions say what it should be
  readonly data: any
}

interface Listening {
  readonly told: Told[]
  readonly response: Response
  /** Resolves when the server has ended the stream, or it was left. */
  readonly over: Promise<void>
  leave(): void
}

async function listen(
  transaction: string,
  headers: Record<string, string> = {},
  at = api.system.addressOf(ORQUESTRADOR),
  query = '',
): Promise<Listening> {
  const leaving = new AbortController()
  const url = `${at}/saga-states/${transaction}/events${query}`
  const response = await fetch(url, { headers: { ...admin, ...headers }, signal: leaving.signal })
  const told: Told[] = []
  const over = readEvents(response, told).catch((error) => {
    if (!leaving.signal.aborted) throw error
  })
  return { told, response, over, leave: () => leaving.abort() }
}

async function readEvents(response: Response, told: Told[]) {
  let text = ''
  for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const blocks = (text + piece).split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map((line) => /^(\w*): ?(.*)$/.exec(line)?.slice(1) as [string, string]))
      const event = fields.get('event')
      if (event) told.push({ event, id: fields.get('id'), data: JSON.parse(fields.get('data') ?? '') })
    }
  }
}

const waitingPix = async (price = 45_000) => {
  const transaction = await buy(api, await customerWith(api), await vehicleAt(api, price), 'pix')
  const saga = await until('the code is shown', async () => {
    const found = await sagaOf(api, transaction)
    return found.current_step === 'PAYMENT_PROCESSING' && found
  })
  return { transaction, saga }
}

const pay = async (payment_code: string) =>
  assert.equal((await api.call(PAGAMENTO, 'POST', '/payments', { payment_code })).status, 201)

const stepsIn = (told: readonly Told[]) =>
  told.filter(({ event }) => event === 'transition').map(({ data }) => data.step)

/** Another process of the same service as far as the database can tell; it moves no saga itself. */
async function replica(environment: Record<string, string> = {}): Promise<RunningService> {
  const config = readConfig({ DATABASE_PREFIX, DATA_DIR, PORT_ORQUESTRADOR: '0', LOG_LEVEL: 'fatal', ...environment })
  return runService(orquestrador, {
    config,
    databaseServer: testServer(),
    bus: embeddedBus(),
    turns: turns(),
    clock: systemClock,
    ids: systemIds,
    log: pino({ level: 'fatal' }),
    version: '0',
    addressOf: (service) => api.system.addressOf(service),
    issuers: await openIssuers(config),
  })
}

const FORWARD = ['CREDIT_RESERVATION', 'VEHICLE_RESERVATION', 'PAYMENT_CODE_GENERATION', 'PAYMENT_PROCESSING']
const SOLD = ['MARK_VEHICLE_AS_SOLD', 'SAGA_COMPLETE']

test('a buyer sees each step of a purchase, the pickup code, and the end', async () => {
  const customer = await customerWith(api, { initial_balance: 50_000 })
  const transaction = await buy(api, customer, await vehicleAt(api, 50_000))
  const { told, response, over } = await listen(transaction)
  assert.equal(response.headers.get('content-type'), 'text/event-stream')
  assert.equal(response.headers.get('cache-control'), 'no-store')
  await over
  assert.deepEqual(stepsIn(told), [...FORWARD, ...SOLD])
  const { body } = await api.call(ORQUESTRADOR, 'GET', `/saga-states/${transaction}/history`)
  assert.deepEqual(
    told.filter(({ event }) => event === 'transition').map(({ data }) => data),
    // only staff see who did what, in the history; a buyer's stream names nobody
    body.history.map(({ author: _, ...line }: { author?: string }) => line),
  )
  const end = told.at(-1)
  assert.deepEqual([end?.event, end?.data.status], ['end', 'COMPLETED'])
  const sagas = told.filter(({ event }) => event === 'saga')
  assert.equal(sagas.at(-1)?.data.context.pickup_code, (await sagaOf(api, transaction)).context.pickup_code)
})

test('while a pix purchase waits, its buyer sees what there is to pay, and then each step as it happens', async () => {
  const { transaction, saga } = await waitingPix()
  const { told, over } = await listen(transaction)
  const shown = await until('the code is told', async () => told.find(({ event }) => event === 'saga'))
  const { payment_code, pix_copy_paste, expires_at, pickup_code } = shown.data.context
  assert.deepEqual(
    { payment_code, pix_copy_paste, expires_at },
    {
      payment_code: saga.context.payment_code,
      pix_copy_paste: saga.context.pix_copy_paste,
      expires_at: saga.context.expires_at,
    },
  )
  assert.match(pix_copy_paste, /br\.gov\.bcb\.pix/)
  assert.ok(new Date(expires_at) > new Date())
  assert.equal(pickup_code, undefined)
  assert.deepEqual(stepsIn(told), FORWARD)
  await pay(payment_code)
  await over
  assert.deepEqual(stepsIn(told), [...FORWARD, ...SOLD])
})

test('a reader that was cut off goes on after the last event that it saw', async () => {
  const { transaction, saga } = await waitingPix()
  const first = await listen(transaction)
  const seen = await until('the wait is told', async () => first.told.find(({ data }) => data.step === FORWARD.at(-1)))
  first.leave()
  await first.over
  const second = await listen(transaction, { 'last-event-id': seen.id ?? '' })
  const third = await listen(transaction, {}, undefined, `?last_event_id=${seen.id}`)
  await pay(saga.context.payment_code)
  await Promise.all([second.over, third.over])
  for (const { told } of [second, third]) {
    assert.deepEqual(stepsIn(told), SOLD)
    assert.equal(told[0]?.event, 'saga', 'what the buyer needs is told anew')
    assert.equal(told.at(-1)?.event, 'end')
  }
})

test('a browser that comes again after the end is told to stay away', async () => {
  const customer = await customerWith(api, { initial_balance: 1_000 })
  const transaction = await buy(api, customer, await vehicleAt(api, 1_000))
  const { told, over } = await listen(transaction)
  await over
  const again = await listen(transaction, { 'last-event-id': told.at(-1)?.id ?? '' })
  assert.equal(again.response.status, 204)
  const lastLine = told.findLast(({ event }) => event === 'transition')?.id ?? ''
  const endMissed = await listen(transaction, { 'last-event-id': lastLine })
  await endMissed.over
  assert.deepEqual(
    endMissed.told.map(({ event }) => event),
    ['saga', 'end'],
  )
})

test('an unknown purchase is not found, and an id that no event had is refused', async () => {
  const unknown = '019b0000-0000-7000-8000-000000000000'
  const missing = await api.call(ORQUESTRADOR, 'GET', `/saga-states/${unknown}/events`)
  assert.deepEqual([missing.status, missing.body.detail], [404, 'Saga state not found'])
  const misfit = await api.call(ORQUESTRADOR, 'GET', `/saga-states/${unknown}/events`, undefined, {
    'last-event-id': 'yesterday',
  })
  assert.equal(misfit.status, 422)
})

test('fifty readers of one purchase, half of them at another replica, all see it to its end', async () => {
  await using other = await replica()
  const { transaction, saga } = await waitingPix()
  const places = Array.from({ length: 50 }, (_, index) => (index % 2 ? other.url : undefined))
  const readers = await Promise.all(places.map((place) => listen(transaction, {}, place)))
  await until('all have the code', async () => readers.every(({ told }) => told.some(({ event }) => event === 'saga')))
  await pay(saga.context.payment_code)
  await Promise.all(readers.map(({ over }) => over))
  for (const { told } of readers) {
    assert.deepEqual(stepsIn(told), [...FORWARD, ...SOLD])
    assert.equal(told.at(-1)?.event, 'end')
  }
})

test('a purchase that is given up is followed to its end', async () => {
  const { transaction } = await waitingPix()
  const { told, over } = await listen(transaction)
  await api.call(ORQUESTRADOR, 'POST', `/purchase/${transaction}/cancel`, { reason: 'found another' })
  await over
  assert.equal(told.at(-1)?.data.status, 'CANCELLED')
  assert.equal(told.at(-1)?.data.reason, 'found another')
})

test('beyond its limit a process refuses to open another stream, until one has closed', async () => {
  await using other = await replica({ EVENT_STREAMS_MAX: '1' })
  const { transaction } = await waitingPix()
  const first = await listen(transaction, {}, other.url)
  const refused = await fetch(`${other.url}/saga-states/${transaction}/events`, { headers: admin })
  assert.equal(refused.status, 503)
  assert.ok(refused.headers.get('retry-after'))
  assert.match(await refused.text(), /too_many_streams/)
  first.leave()
  await until('there is room again', async () => {
    const next = await listen(transaction, {}, other.url)
    next.leave()
    return next.response.status === 200
  })
})

test('a process that stops ends its streams and does not wait for their readers', async () => {
  const other = await replica()
  const { transaction } = await waitingPix()
  const { told, over } = await listen(transaction, {}, other.url)
  await until('the history is told', async () => told.length >= FORWARD.length)
  await other[Symbol.asyncDispose]()
  await over
  assert.ok(!told.some(({ event }) => event === 'end'), 'it has not ended: the reader comes again elsewhere')
})

test('the pickup code is shown to the buyer, not to the staff nor to another customer', async () => {
  const customer = await customerWith(api, { initial_balance: 1_000 })
  const transaction = await buy(api, customer, await vehicleAt(api, 1_000))
  await settled(api, transaction)
  const seenBy = async (caller: Parameters<typeof keyring.sign>[0]) => {
    const headers = { authorization: `Bearer ${await keyring.sign(caller)}` }
    const one = await api.call(ORQUESTRADOR, 'GET', `/saga-states/${transaction}`, undefined, headers)
    const list = await api.call(ORQUESTRADOR, 'GET', `/saga-states?customer_id=${customer}`, undefined, headers)
    const { told, over } = await listen(transaction, headers)
    await over
    const streamed = told.find(({ event }) => event === 'saga')?.data.context.pickup_code
    const codes = [one.body.context.pickup_code, list.body.sagas[0].context.pickup_code, streamed]
    assert.equal(new Set(codes).size, 1, 'the same everywhere')
    return codes[0]
  }
  assert.match(await seenBy({ role: 'customer', customer_id: customer }), /^\w{8}$/)
  const another = await api.as({ role: 'customer', customer_id: customer + 1 })
  for (const path of ['', '/history', '/events']) {
    const { status } = await api.call(ORQUESTRADOR, 'GET', `/saga-states/${transaction}${path}`, undefined, another)
    assert.equal(status, 404, path)
  }
  const theirs = await api.call(ORQUESTRADOR, 'GET', '/saga-states', undefined, another)
  assert.deepEqual(theirs.body.sagas, [])
  assert.equal(await seenBy({ role: 'staff' }), undefined)
  assert.equal(await seenBy({ role: 'admin' }), undefined)
})
