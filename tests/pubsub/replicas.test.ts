/** Two processes of every service on Pub/Sub: they share the work, one of each may die by SIGKILL, all stop when asked to. */

import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { serviceNames } from '#contracts'
import { readConfig } from '#platform/config'
import { ANY_PORT } from '../../app/addresses.ts'
import { end, type Replicas, startReplicas } from '../../app/cluster/replicas.ts'
import { databasePrefix, migratedDatabases, testServer } from '../fixtures/database.ts'
import { type Api, adminOf, apiAt, CLIENTE, until } from '../fixtures/system.ts'
import { balanceBooks, openMarket, order } from './books.ts'
import { freshProject, testEmulator, withoutEmulator } from './emulator.ts'

const BUYERS = 20
const EACH = 4
const skip = withoutEmulator

let replicas: Replicas
const DATA_DIR = await mkdtemp(join(tmpdir(), 'mercado-veiculo-replicas-'))
after(() => rm(DATA_DIR, { recursive: true, force: true }))
const api = readingTwice(apiAt((service) => replicas.addressOf(service), await adminOf(DATA_DIR)))

if (!skip) {
  const environment = {
    ...process.env,
    BUS: 'pubsub',
    PUBSUB_EMULATOR_HOST: await testEmulator(),
    PROJECT_ID: freshProject(),
    DATABASE_URL: testServer(),
    DATABASE_PREFIX: databasePrefix(),
    DATABASE_POOL_SIZE: '4',
    DATA_DIR,
    LOG_LEVEL: 'fatal',
    SAGA_STEP_TIMEOUT_SECONDS: '5',
  }
  await migratedDatabases(environment.DATABASE_PREFIX, serviceNames)
  replicas = await startReplicas({ config: readConfig({ ...environment, ...ANY_PORT }), environment, count: 2 })
  after(() => replicas[Symbol.asyncDispose]())
}

/** A connection ends with the replica behind it, perhaps just as it is used again. */
function readingTwice({ call }: Api): Api {
  return {
    call: (service, method, ...rest) =>
      call(service, method, ...rest).catch((error) => {
        if (method !== 'GET') throw error
        return call(service, method, ...rest)
      }),
  }
}

test('every replica is ready, and each purchase is done once, whichever replicas work on it', {
  skip,
}, async () => {
  for (const { url } of replicas.running()) assert.equal((await fetch(`${url}/ready`)).status, 200)
  const market = await openMarket(api, BUYERS, EACH)
  const answers = await Promise.all(market.vehicles.map((_, index) => order(api, market, index)))
  assert.ok(answers.every((transaction) => transaction))
  assert.equal(await balanceBooks(api, market), BUYERS * EACH)
})

test('one replica of every service dies by SIGKILL in the middle, and the others finish its purchases', {
  skip,
}, async () => {
  const market = await openMarket(api, BUYERS, EACH)
  let accepted = 0
  const orders = Promise.all(
    market.vehicles.map(async (_, index) => {
      await order(api, market, index)
      accepted += 1
    }),
  )
  orders.catch(() => {}) // a rejection is reported where it is awaited
  await until('purchases are under way', async () => accepted >= 10)
  const victims = serviceNames.flatMap((name) => replicas.running().find(({ service }) => service === name) ?? [])
  assert.equal(victims.length, serviceNames.length)
  await Promise.all(victims.map((victim) => end(victim, 'SIGKILL')))
  await orders
  assert.ok((await balanceBooks(api, market)) >= accepted / 2)
})

test('a replica that is told to stop finishes what it does, and ends well within ten seconds', {
  skip,
}, async () => {
  const replica = await replicas.add(CLIENTE)
  const begun = performance.now()
  await end(replica, 'SIGTERM')
  assert.equal(replica.process.exitCode, 0)
  assert.ok(performance.now() - begun < 10_000)
})
