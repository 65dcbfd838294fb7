/**
 * While purchases are under way, a release is rolled out whose purchases have one more step. Running purchases finish as they began,
 * new ones take the new step, and a process of the old release leaves the new ones alone.
 */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import pg from 'pg'
import { serviceNames } from '#contracts'
import { databasePrefix, migratedDatabases, testServer } from '../fixtures/database.ts'
import {
  type Api,
  adminOf,
  apiAt,
  buy,
  CLIENTE,
  customerOf,
  customerWith,
  ORQUESTRADOR,
  PAGAMENTO,
  sagaOf,
  settled,
  stepsOf,
  until,
  VEICULO,
  vehicleAt,
} from '../fixtures/system.ts'
import { freshProject, testEmulator, withoutEmulator } from '../pubsub/emulator.ts'
import { type Release, type Running, startRelease } from './release.ts'

const OLD_STEPS = [
  'CREDIT_RESERVATION',
  'VEHICLE_RESERVATION',
  'PAYMENT_CODE_GENERATION',
  'PAYMENT_PROCESSING',
  'MARK_VEHICLE_AS_SOLD',
  'SAGA_COMPLETE',
]
const NEW_STEPS = OLD_STEPS.toSpliced(4, 0, 'CREDIT_CHECK')
const PRICE = 1_000

const folder = await mkdtemp(join(tmpdir(), 'mercado-veiculo-upgrades-'))
after(() => rm(folder, { recursive: true, force: true }))
const admin = await adminOf(folder)

/** Of databases of their own. */
async function freshEnvironment() {
  const prefix = databasePrefix()
  await migratedDatabases(prefix, serviceNames)
  return {
    DATA_DIR: folder,
    DATABASE_URL: testServer(),
    DATABASE_PREFIX: prefix,
    DATABASE_POOL_SIZE: '4',
    SAGA_STEP_TIMEOUT_SECONDS: '5',
  }
}

async function versionOf({ DATABASE_PREFIX }: { DATABASE_PREFIX: string }, transaction_id: string): Promise<number> {
  const url = new URL(testServer())
  url.pathname = `/${DATABASE_PREFIX}orquestrador`
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  try {
    const { rows } = await client.query('select version from sagas where transaction_id = $1', [transaction_id])
    return rows[0].version
  } finally {
    await client.end()
  }
}

/** A purchase that waits until its Pix code is paid. */
async function waitingPurchase(api: Api) {
  const customer = await customerWith(api)
  const transaction = await buy(api, customer, await vehicleAt(api, PRICE), 'pix')
  const code = await until('it waits to be paid', async () => {
    const { current_step, context } = await sagaOf(api, transaction)
    return current_step === 'PAYMENT_PROCESSING' && context.payment_code
  })
  return { transaction, code }
}

async function payAndFinish(api: Api, { transaction, code }: { transaction: string; code: string }) {
  assert.equal((await api.call(PAGAMENTO, 'POST', '/payments', { payment_code: code })).status, 201)
  assert.equal((await settled(api, transaction)).status, 'COMPLETED')
}

test('the next release takes over this one’s purchases, and leaves them to it when it comes back', async () => {
  const environment = await freshEnvironment()
  let running: Running
  const api = apiAt((service) => running.addressOf(service), admin)
  const deploy = async (release: Release) => {
    await running?.stop()
    running = await startRelease(release, environment)
  }
  await deploy('this')
  after(() => running.stop())
  const old = await waitingPurchase(api)

  await deploy('next')
  const young = await waitingPurchase(api)
  await payAndFinish(api, old)
  assert.deepEqual(await stepsOf(api, old.transaction), OLD_STEPS)
  assert.equal(await versionOf(environment, old.transaction), 1)

  await deploy('this') // taken back
  assert.equal((await sagaOf(api, young.transaction)).current_step, 'PAYMENT_PROCESSING', 'it can be looked at')
  const cancelled = await api.call(ORQUESTRADOR, 'POST', `/purchase/${young.transaction}/cancel`, {})
  assert.equal(cancelled.status, 503, 'somebody else must decide')
  assert.equal((await api.call(PAGAMENTO, 'POST', '/payments', { payment_code: young.code })).status, 201)
  const meanwhile = await waitingPurchase(api)
  await payAndFinish(api, meanwhile)
  assert.equal((await sagaOf(api, young.transaction)).current_step, 'PAYMENT_PROCESSING', 'it is left alone')

  await deploy('next')
  assert.equal((await settled(api, young.transaction)).status, 'COMPLETED')
  assert.deepEqual(await stepsOf(api, young.transaction), NEW_STEPS)
  assert.equal(await versionOf(environment, young.transaction), 2)
  assert.deepEqual(await stepsOf(api, meanwhile.transaction), OLD_STEPS)
  assert.deepEqual((await api.call(ORQUESTRADOR, 'GET', '/dead-letters')).body.dead_letters, [])
})

test('both releases run side by side on Pub/Sub: each purchase takes the steps it began with', {
  skip: withoutEmulator,
}, async () => {
  const patient = { ...(await freshEnvironment()), SAGA_STEP_TIMEOUT_SECONDS: '60' }
  const own = { ...patient, BUS: 'pubsub', PROJECT_ID: freshProject() }
  const bus = { ...own, PUBSUB_EMULATOR_HOST: await testEmulator() }
  const start = async (release: Release, service: string, environment: NodeJS.ProcessEnv = bus) => {
    const started = await startRelease(release, environment, service)
    after(() => started.stop())
    return started
  }
  const [cliente, pagamento] = await Promise.all([start('this', CLIENTE), start('this', PAGAMENTO)])
  const veiculo = await start('this', VEICULO, { ...bus, PAGAMENTO_URL: pagamento.addressOf(PAGAMENTO) })
  const peers = {
    ...bus,
    CLIENTE_URL: cliente.addressOf(CLIENTE),
    VEICULO_URL: veiculo.addressOf(VEICULO),
    PAGAMENTO_URL: pagamento.addressOf(PAGAMENTO),
  }
  const [old, young] = await Promise.all([start('this', ORQUESTRADOR, peers), start('next', ORQUESTRADOR, peers)])
  const through = (running: Running) =>
    apiAt((service) => {
      const owner = { [CLIENTE]: cliente, [VEICULO]: veiculo, [PAGAMENTO]: pagamento }[service]
      return (owner ?? running).addressOf(service)
    }, admin)

  const purchases = await Promise.all(
    [old, young].flatMap((running) =>
      Array.from({ length: 10 }, async () => {
        const api = through(running)
        const customer = await customerWith(api, { initial_balance: PRICE })
        return { customer, begunBy: running, transaction: await buy(api, customer, await vehicleAt(api, PRICE)) }
      }),
    ),
  )
  const api = through(young)
  const allSettled = async (begunBy: Running, steps: readonly string[]) => {
    for (const { customer, transaction } of purchases.filter((purchase) => purchase.begunBy === begunBy)) {
      assert.equal((await settled(api, transaction)).status, 'COMPLETED')
      assert.equal(await versionOf(bus, transaction), begunBy === old ? 1 : 2)
      assert.deepEqual(await stepsOf(api, transaction), steps)
      assert.equal((await customerOf(api, customer)).account_balance, 0)
    }
  }
  await allSettled(old, OLD_STEPS)
  await old.stop() // a message that it gave back may have come to it again and again until now
  await allSettled(young, NEW_STEPS)
  const { body } = await api.call(ORQUESTRADOR, 'GET', '/dead-letters')
  assert.deepEqual(body.dead_letters, [], 'what the old one gave back was never taken for a fault')
})
