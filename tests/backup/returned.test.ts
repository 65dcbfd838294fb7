/**
 * One service's database comes back as of a moment before purchases were returned. The runbook's advice (redo what the audit
 * names) completes the returns once more, and no money or vehicle goes back twice.
 */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { databasePrefix } from '../fixtures/database.ts'
import { audit, DATABASES, mend, moments, quiet } from '../fixtures/restored.ts'
import { askReturn, receive, returned } from '../fixtures/returns.ts'
import {
  type Api,
  buy,
  customerOf,
  customerWith,
  sagaOf,
  settled,
  startSystem,
  until,
  vehicleAt,
  vehicleOf,
} from '../fixtures/system.ts'

const MONEY = 100_000
const PRICE = 45_000

interface Plan {
  readonly buyer: number
  readonly vehicle: number
  readonly payment_type: string
}
type Deal = Plan & { readonly id: string }

async function plan(api: Api, payment_type: string): Promise<Plan> {
  const buyer = await customerWith(api, { initial_balance: MONEY, credit_limit: MONEY })
  return { buyer, vehicle: await vehicleAt(api, PRICE), payment_type }
}

async function carryOut(api: Api, one: Plan): Promise<Deal> {
  const id = await buy(api, one.buyer, one.vehicle, one.payment_type)
  assert.equal((await settled(api, id)).status, 'COMPLETED')
  return { ...one, id }
}

async function bringBackVehicle(api: Api, { id }: Deal): Promise<void> {
  const { return_id } = await askReturn(api, id)
  await receive(api, return_id)
  await returned(api, return_id)
}

const DATA_DIR = await mkdtemp(join(tmpdir(), 'mercado-veiculo-returned-'))
after(() => rm(DATA_DIR, { recursive: true, force: true }))
const DATABASE_PREFIX = databasePrefix()
const start = () => startSystem({ DATA_DIR, DATABASE_PREFIX, SAGA_STEP_TIMEOUT_SECONDS: '0.7' })
const { keep, bringBack } = moments(DATABASE_PREFIX)

const first = await start()
const before: Deal[] = []
for (const type of ['cash', 'credit', 'cash']) before.push(await carryOut(first, await plan(first, type)))
const [cash, credit, waiting] = before
assert.ok(cash && credit && waiting)
const planned = await Promise.all(['cash', 'credit'].map((type) => plan(first, type)))
await first.system[Symbol.asyncDispose]()
await keep('then')

const second = await start()
for (const one of [cash, credit]) await bringBackVehicle(second, one)
const { return_id } = await askReturn(second, waiting.id)
await until('it waits', async () => (await sagaOf(second, return_id)).current_step === 'RETURN_RECEIPT')
const since: Deal[] = []
for (const one of planned) since.push(await carryOut(second, one))
for (const one of since) await bringBackVehicle(second, one)
assert.deepEqual(await audit(second), [], 'all is well before')
await second.system[Symbol.asyncDispose]()
await keep('now')

for (const lagging of DATABASES)
  test(`${lagging} is restored to before purchases were returned`, async () => {
    await bringBack((name) => (name === lagging ? 'then' : 'now'))
    const api = await start()
    await quiet(api)
    const found = await audit(api)
    assert.notDeepEqual(found, [], 'the audit sees it')
    assert.deepEqual(await mend(api, found), [], 'and what it advises mends it')

    for (const one of [cash, credit, ...since]) {
      const { account_balance, used_credit } = await customerOf(api, one.buyer)
      assert.deepEqual([account_balance, used_credit], [MONEY, 0], `${one.payment_type} ${one.id}`)
      const { status } = await vehicleOf(api, one.vehicle)
      // a database that had never heard of the sale has the vehicle on sale
      assert.equal(status, lagging === 'veiculo_service' && since.includes(one) ? 'available' : 'withdrawn')
    }
    await receive(api, return_id)
    await returned(api, return_id)
    assert.equal((await customerOf(api, waiting.buyer)).account_balance, MONEY)
    assert.deepEqual(await audit(api), [])
    await api.system[Symbol.asyncDispose]()
  })
