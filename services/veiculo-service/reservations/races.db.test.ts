/** Staff and buyers who want the same vehicle at the same moment, on real PostgreSQL, many times. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemIds } from '#platform/clock'
import { call, database, keyring, offered, reservedBySomebody, sell } from '../http/http.suite.ts'

const staff = await keyring.sign({ role: 'staff' })

const ROUNDS = 25

const times = async (rounds: number, what: (round: number) => Promise<void>) => {
  for (let round = 0; round < rounds; round += 1) await what(round)
}

const vehicleAt = async (id: number) => (await call('GET', `/vehicles/${id}`, undefined, staff)).body

const isOffered = async (id: number) =>
  (await database.query(`select from vehicle_offers where id = $1`, [id])).length === 1

test('a price is changed before a vehicle is reserved or not at all', async () => {
  await times(ROUNDS, async () => {
    const vehicle = await offered({ price: 45_000 })
    const [edit] = await Promise.all([
      call('PUT', `/vehicles/${vehicle.id}`, { price: 46_000 }),
      reservedBySomebody(vehicle),
    ])
    const { status, price } = await vehicleAt(vehicle.id)
    const outcome = edit.status === 200 ? [46_000, 'available'] : [45_000, 'reserved']
    assert.deepEqual([price, status], outcome)
    if (edit.status !== 200) assert.equal(edit.body.detail, 'Cannot edit vehicle that is reserved or sold')
  })
})

test('a vehicle is withdrawn or reserved, and on offer in neither case', async () => {
  await times(ROUNDS, async () => {
    const vehicle = await offered()
    const [withdrawal] = await Promise.all([
      call('POST', `/vehicles/${vehicle.id}/withdraw`),
      reservedBySomebody(vehicle),
    ])
    const { status } = await vehicleAt(vehicle.id)
    assert.deepEqual([withdrawal.status, status], withdrawal.status === 200 ? [200, 'withdrawn'] : [409, 'reserved'])
    assert.ok(!(await isOffered(vehicle.id)))
  })
})

test('a vehicle is sold by hand or reserved, never both', async () => {
  await times(ROUNDS, async () => {
    const vehicle = await offered()
    const [sale, transaction_id] = await Promise.all([sell(vehicle.id), reservedBySomebody(vehicle)])
    const { status, sold_to_transaction } = await vehicleAt(vehicle.id)
    assert.deepEqual([sale.status, status], sale.status === 200 ? [200, 'sold'] : [409, 'reserved'])
    assert.equal(sold_to_transaction, undefined)
    assert.equal((await sell(vehicle.id, { transaction_id })).status, sale.status === 200 ? 409 : 200)
  })
})

test('sellers who edit what they read at the same time do not overwrite each other', async () => {
  const { id } = await offered()
  const { headers } = await call('GET', `/vehicles/${id}`)
  const prices = [41_000, 42_000, 43_000, 44_000]
  const edits = await Promise.all(
    prices.map((price) => call('PUT', `/vehicles/${id}`, { price }, staff, { 'if-match': String(headers.etag) })),
  )
  assert.deepEqual(edits.map(({ status }) => status).sort(), [200, 412, 412, 412])
  const winner = prices[edits.findIndex(({ status }) => status === 200)]
  assert.equal((await vehicleAt(id)).price, winner)
})

test('guesses made all at once are counted one by one', async () => {
  const vehicle = await offered()
  await sell(vehicle.id, { transaction_id: await reservedBySomebody(vehicle) })
  const guess = { pickup_code: 'AAAAAAAA', received_by: 'Ana Souza' }
  const answers = await Promise.all(
    Array.from({ length: 12 }, () => call('POST', `/vehicles/${vehicle.id}/pickup`, guess, staff)),
  )
  const count = (wanted: number) => answers.filter(({ status }) => status === wanted).length
  assert.deepEqual([count(400), count(429)], [5, 7])
})

test('one offer sent many times at once under one key is one vehicle', async () => {
  const body = {
    ...{ brand: 'Fiat', model: 'Prêmio', year: 1990, color: 'Azul', price: 9_000 },
    ...{ license_plate: 'KEY1A23', chassi_number: '9BWZZZ377VT990001', renavam: '00639884962' },
  }
  const key = { 'idempotency-key': systemIds.uuid() }
  const answers = await Promise.all(Array.from({ length: 8 }, () => call('POST', '/vehicles', body, staff, key)))
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([201]))
  assert.equal(new Set(answers.map(({ body: { id } }) => id)).size, 1)
  assert.equal((await call('POST', '/vehicles', { ...body, price: 1 }, staff, key)).status, 422)
})
