/** A vehicle from the window to the key: offered, bought, and handed to the person who shows the buyer's code. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openKeyring } from '#platform/tokens/local-issuer'
import {
  buy,
  customerWith,
  ORQUESTRADOR,
  sagaOf,
  settled,
  startSystem,
  until,
  VEICULO,
  vehicleAt,
  vehicleOf,
} from '../fixtures/system.ts'

const DATA_DIR = await mkdtemp(join(tmpdir(), 'mercado-veiculo-vehicles-'))
after(() => rm(DATA_DIR, { recursive: true, force: true }))
const api = await startSystem({ DATA_DIR })
const keyring = await openKeyring(DATA_DIR)

const as = async (caller: Parameters<typeof keyring.sign>[0]) => ({
  authorization: `Bearer ${await keyring.sign(caller)}`,
})
const staff = await as({ role: 'staff' })

const pickUp = (id: number, pickup_code: string) =>
  api.call(VEICULO, 'POST', `/vehicles/${id}/pickup`, { pickup_code, received_by: 'Bruno Lima' }, staff)

/** A purchase that has completed, and the code that its buyer sees. */
async function bought() {
  const customer = await customerWith(api, { initial_balance: 50_000 })
  const vehicle = await vehicleAt(api, 40_000)
  const transaction = await buy(api, customer, vehicle)
  assert.equal((await settled(api, transaction)).status, 'COMPLETED')
  const buyer = await as({ role: 'customer', customer_id: customer })
  const { body } = await api.call(ORQUESTRADOR, 'GET', `/saga-states/${transaction}`, undefined, buyer)
  return { vehicle, transaction, code: body.context.pickup_code as string }
}

test('the buyer shows the code and takes the vehicle; no other code works, and none works twice', async () => {
  const [mine, theirs] = await Promise.all([bought(), bought()])
  const refused = await pickUp(mine.vehicle, theirs.code)
  assert.deepEqual([refused.status, refused.body.detail], [400, 'Wrong pickup code'])
  assert.equal((await vehicleOf(api, mine.vehicle)).status, 'sold')
  const taken = await pickUp(mine.vehicle, mine.code)
  assert.deepEqual(
    [taken.status, taken.body.status, taken.body.received_by, taken.body.sold_to_transaction],
    [200, 'picked_up', 'Bruno Lima', mine.transaction],
  )
  assert.equal((await pickUp(mine.vehicle, mine.code)).body.detail, 'Vehicle already picked up')
  assert.equal((await sagaOf(api, mine.transaction)).status, 'COMPLETED')
})

test('nobody takes a vehicle whose purchase is under way', async () => {
  const vehicle = await vehicleAt(api, 40_000)
  await buy(api, await customerWith(api), vehicle, 'pix')
  await until('it is reserved', async () => (await vehicleOf(api, vehicle)).status === 'reserved')
  const { status, body } = await pickUp(vehicle, '34679ACD')
  assert.deepEqual([status, body.detail], [409, 'Vehicle is not sold'])
})

test('neither the public nor another customer learns the code, the purchase or who took it', async () => {
  const { vehicle, code } = await bought()
  await pickUp(vehicle, code)
  const nobody = { authorization: '' }
  const strangers = (await api.call(VEICULO, 'GET', `/vehicles/${vehicle}`, undefined, nobody)).body
  assert.deepEqual([strangers.status, strangers.picked_up_at], ['picked_up', null])
  for (const paper of ['license_plate', 'chassi_number', 'renavam']) assert.match(strangers[paper], /^\*+$/)
  assert.equal((await api.call(VEICULO, 'GET', '/vehicles?status_filter=sold', undefined, nobody)).status, 401)
  const callers = [await as({ role: 'customer', customer_id: 999_999 })]
  for (const headers of callers) {
    const one = (await api.call(VEICULO, 'GET', `/vehicles/${vehicle}`, undefined, headers)).body
    const list = await api.call(VEICULO, 'GET', '/vehicles?status_filter=sold&limit=100', undefined, headers)
    assert.equal(list.status, 403, 'what was sold is for who works here')
    const told = JSON.stringify([one, strangers])
    for (const secret of [code, 'Bruno Lima', 'sold_to_transaction']) assert.ok(!told.includes(secret), secret)
  }
  const whole = JSON.stringify((await api.call(VEICULO, 'GET', `/vehicles/${vehicle}`, undefined, staff)).body)
  assert.ok(whole.includes('Bruno Lima') && !whole.includes(code))
})

test('a withdrawn vehicle cannot be bought, and can once it is relisted', async () => {
  const customer = await customerWith(api, { initial_balance: 50_000 })
  const vehicle = await vehicleAt(api, 40_000)
  const order = { customer_id: customer, vehicle_id: vehicle, payment_type: 'cash' }
  assert.equal((await api.call(VEICULO, 'POST', `/vehicles/${vehicle}/withdraw`)).status, 200)
  const { status, body } = await api.call(ORQUESTRADOR, 'POST', '/purchase', order)
  assert.deepEqual([status, body.detail], [400, 'Vehicle is not available'])
  assert.equal((await api.call(VEICULO, 'POST', `/vehicles/${vehicle}/relist`)).status, 200)
  assert.equal((await settled(api, await buy(api, customer, vehicle))).status, 'COMPLETED')
})
