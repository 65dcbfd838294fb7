/** Pub/Sub and then PostgreSQL go away while purchases run, and come back: accepted purchases are finished, and done once. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import {
  findPubsubEmulator,
  freePort,
  type PubsubEmulator,
  startPubsubEmulator,
} from '../../app/cluster/pubsub-emulator.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../app/embedded/postgres.ts'
import { isLarge } from '../fixtures/size.ts'
import { type Api, startSystem, until } from '../fixtures/system.ts'
import { balanceBooks, openMarket, order } from './books.ts'
import { freshProject, withoutEmulator } from './emulator.ts'

/** It stops the emulator, so it needs one of its own. */
const skip =
  withoutEmulator || (!findPubsubEmulator() && 'the emulator that PUBSUB_EMULATOR_HOST names is not ours to stop')
/** Longer than any single try to send waits. */
const AWAY_SECONDS = isLarge ? 20 : 8
const STEP_TIMEOUT_SECONDS = 120
/**
 * Messages that the emulator had taken and has forgotten are sent again, at growing intervals, until the step's deadline.
 */
const PATIENCE_MS = (STEP_TIMEOUT_SECONDS + 60) * 1_000

let emulator: PubsubEmulator
let postgres: EmbeddedPostgres
let api: Api
const port = await freePort()
const folder = await mkdtemp(join(tmpdir(), 'mercado-veiculo-outages-'))
const startPostgres = (preferred: number) =>
  startEmbeddedPostgres({ directory: join(folder, 'postgres'), port: preferred, durable: false })

if (!skip) {
  emulator = await startPubsubEmulator({ port })
  postgres = await startPostgres(0)
  after(async () => {
    await emulator[Symbol.asyncDispose]()
    await postgres[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })
  api = await startSystem({
    BUS: 'pubsub',
    PUBSUB_EMULATOR_HOST: emulator.host,
    PROJECT_ID: freshProject(),
    DATABASE_URL: postgres.url,
    // a slow machine is slow to come back: no purchase shall be given up for that
    SAGA_STEP_TIMEOUT_SECONDS: String(STEP_TIMEOUT_SECONDS),
  })
}

test('Pub/Sub is away and has forgotten everything: every purchase is finished all the same', {
  skip,
}, async () => {
  const market = await openMarket(api, 10, 6)
  const indices = market.vehicles.map((_, index) => index)
  const before = indices.slice(0, 30).map((index) => order(api, market, index))
  await until('some purchases are under way', async () => (await Promise.race(before)) !== undefined)
  await emulator[Symbol.asyncDispose]()
  const gone = performance.now()
  await Promise.all(before)
  const meanwhile = await Promise.all(indices.slice(30).map((index) => order(api, market, index)))
  assert.ok(
    meanwhile.every((transaction) => transaction),
    'purchases are accepted while Pub/Sub is away',
  )
  await pause(AWAY_SECONDS * 1_000 - (performance.now() - gone)) // the outage itself
  emulator = await startPubsubEmulator({ port })
  const completed = await balanceBooks(api, market, PATIENCE_MS)
  assert.ok(completed >= 30, `only ${completed} of 60 purchases were completed`)
})

test('PostgreSQL is started again: purchases accepted before and after it are finished', { skip }, async () => {
  const market = await openMarket(api, 10, 6)
  let answered = 0
  const orders = Promise.all(
    market.vehicles.map(async (_, index) => {
      await order(api, market, index)
      answered += 1
    }),
  )
  orders.catch(() => {}) // a rejection is reported where it is awaited
  await until('some purchases are under way', async () => answered >= 5)
  const { port: kept } = postgres
  await postgres[Symbol.asyncDispose]()
  postgres = await startPostgres(kept)
  assert.equal(postgres.port, kept)
  await orders
  const completed = await balanceBooks(api, market, PATIENCE_MS)
  assert.ok(completed >= 30, `only ${completed} of 60 purchases were completed`)
})
