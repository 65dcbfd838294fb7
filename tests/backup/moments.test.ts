/**
 * One service's database comes back as of an earlier moment than the others. The audit finds it, and the runbook's advice (redo
 * the named purchases until nothing is found) makes the services agree again, without the loss of a cent or a vehicle.
 */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { databasePrefix } from '../fixtures/database.ts'
import { audit, DATABASES, mend, moments, quiet } from '../fixtures/restored.ts'
import {
  type Api,
  buy,
  customerOf,
  customerWith,
  ORQUESTRADOR,
  PAGAMENTO,
  sagaOf,
  settled,
  startSystem,
  until,
  vehicleAt,
  vehicleOf,
} from '../fixtures/system.ts'

const MONEY = 100_000
const PRICE = 45_000

interface Deal {
  readonly id: string
  readonly buyer: number
  readonly vehicle: number
  readonly payment_type: string
}

const DATA_DIR = await mkdtemp(join(tmpdir(), 'mercado-veiculo-moments-'))
after(() => rm(DATA_DIR, { recursive: true, force: true }))
const DATABASE_PREFIX = databasePrefix()
const start = () => startSystem({ DATA_DIR, DATABASE_PREFIX, SAGA_STEP_TIMEOUT_SECONDS: '0.7' })
const { keep, bringBack } = moments(DATABASE_PREFIX)

const first = await start()
const sold = await Promise.all(['cash', 'credit'].map((type) => deal(first, type)))
for (const { id } of sold) assert.equal((await settled(first, id)).status, 'COMPLETED')
const [paidLater, cancelledLater, waiting] = await Promise.all(['pix', 'pix', 'pix'].map((type) => deal(first, type)))
assert.ok(paidLater && cancelledLater && waiting)
await Promise.all([paidLater, cancelledLater, waiting].map(({ id }) => codeOf(first, id)))
// all customers and vehicles are registered by now: later ones would be lost with the database
const planned = await Promise.all(['cash', 'credit', 'pix', 'cash', 'credit'].map((type) => plan(first, type)))
await first.system[Symbol.asyncDispose]()
await keep('then')

const second = await start()
await pay(second, paidLater.id)
await second.call(ORQUESTRADOR, 'POST', `/purchase/${cancelledLater.id}/cancel`, {})
const since: Deal[] = []
for (const one of planned) since.push({ ...one, id: await buy(second, one.buyer, one.vehicle, one.payment_type) })
const pix = since.find(({ payment_type }) => payment_type === 'pix')
assert.ok(pix)
await codeOf(second, pix.id)
await second.call(ORQUESTRADOR, 'POST', `/purchase/${pix.id}/cancel`, {})
const settledOnes = [...sold, paidLater, cancelledLater, ...since]
for (const { id } of settledOnes) await settled(second, id)
assert.deepEqual(await audit(second), [], 'all is well before')
await second.system[Symbol.asyncDispose]()
await keep('now')

for (const lagging of DATABASES)
  test(`${lagging} is restored to an earlier moment than the others`, async () => {
    await bringBack((name) => (name === lagging ? 'then' : 'now'))
    const api = await start()
    await quiet(api)
    const found = await audit(api)
    assert.notDeepEqual(found, [], 'the audit sees it')
    if (lagging === 'orquestrador') await redoUnfinished(api, waiting.id)
    const left = await mend(api, found)

    if (lagging === 'pagamento_service') {
      // only the provider can tell whether that Pix was paid
      assert.deepEqual(
        left.map(({ kind, subject }) => `${kind} ${subject}`),
        [`payment_missing ${paidLater.id}`],
      )
    } else {
      assert.deepEqual(left, [])
    }
    await pay(api, waiting.id)
    assert.equal((await settled(api, waiting.id)).status, 'COMPLETED')
    for (const one of [...settledOnes, waiting]) await checkDeal(api, one)
    await api.system[Symbol.asyncDispose]()
  })

async function plan(api: Api, payment_type: string) {
  const money = payment_type === 'credit' ? { credit_limit: MONEY } : { initial_balance: MONEY }
  return { buyer: await customerWith(api, money), vehicle: await vehicleAt(api, PRICE), payment_type }
}

async function deal(api: Api, payment_type: string): Promise<Deal> {
  const planned = await plan(api, payment_type)
  return { ...planned, id: await buy(api, planned.buyer, planned.vehicle, payment_type) }
}

function codeOf(api: Api, id: string) {
  return until('the code is shown', async () => {
    const saga = await sagaOf(api, id)
    return saga.current_step === 'PAYMENT_PROCESSING' && String(saga.context.payment_code)
  })
}

async function pay(api: Api, id: string) {
  const { status, body } = await api.call(PAGAMENTO, 'POST', '/payments', { payment_code: await codeOf(api, id) })
  assert.equal(status, 201, JSON.stringify(body))
}

/** Purchases that wait for something decided meanwhile: the audit names them only after minutes of waiting. */
async function redoUnfinished(api: Api, except: string) {
  const { body } = await api.call(ORQUESTRADOR, 'GET', '/saga-states?status=IN_PROGRESS')
  for (const { transaction_id } of body.sagas) {
    const path = `/saga-states/${transaction_id}/redo`
    assert.equal((await api.call(ORQUESTRADOR, 'POST', path, { reason: 'restored' })).status, 202)
    if (transaction_id !== except) await settled(api, transaction_id)
  }
}

async function checkDeal(api: Api, { id, buyer, vehicle, payment_type }: Deal) {
  const saga = await sagaOf(api, id)
  const customer = await customerOf(api, buyer)
  const has = payment_type === 'cash' ? customer.account_balance : customer.available_credit
  const { status } = await vehicleOf(api, vehicle)
  if (saga.status === 'COMPLETED') {
    assert.equal(status, 'sold', `${payment_type} ${id}`)
    if (payment_type !== 'pix') assert.equal(has, MONEY - PRICE)
  } else {
    assert.equal(status, 'available', `${payment_type} ${id} is ${saga.status}`)
    if (payment_type !== 'pix') assert.equal(has, MONEY)
  }
}
