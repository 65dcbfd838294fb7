/** Prices and sales by hand, from the side of a member of staff whose friend wants a car. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { call, clock, database, keyring, offered } from './http.suite.ts'

const tokenOf = (subject: string, role: 'staff' | 'admin' = 'staff', more: object = {}) =>
  keyring.sign({ role, subject, ...more })
const [maria, owner, partner] = await Promise.all([
  tokenOf('maria'),
  tokenOf('owner', 'admin'),
  tokenOf('partner', 'admin'),
])

const reprice = (id: number, price: number, token = maria, more: object = {}) =>
  call('PUT', `/vehicles/${id}`, { price, ...more }, token)
const approve = (approval_id: string, token = owner) => call('POST', `/approvals/${approval_id}/approve`, {}, token)
const sellByHand = (id: number, token = maria) => call('PATCH', `/vehicles/${id}/mark_as_sold`, undefined, token)
const vehicleAt = async (price: number) => (await offered({ price })).id as number
const shown = async (id: number) => (await call('GET', `/vehicles/${id}`)).body
const DAY_MS = 86_400_000

test('staff may take a tenth off; beyond that nothing happens until an admin says yes', async () => {
  const id = await vehicleAt(100_000)
  const { status, body: waits } = await reprice(id, 0.01)
  assert.deepEqual([status, waits.kind, waits.asked_by, waits.rests_on], [202, 'price', 'maria', { price: 100_000 }])
  assert.equal((await shown(id)).price, 100_000)
  assert.equal((await reprice(id, 90_000)).body.price, 90_000)
})

test('nine percent a day is no way round the limit', async () => {
  const id = await vehicleAt(100_000)
  assert.equal((await reprice(id, 91_000)).status, 200)
  assert.equal((await reprice(id, 83_000)).status, 202)
  const before = clock.ahead
  try {
    clock.ahead += 29 * DAY_MS
    assert.equal((await reprice(id, 83_000)).status, 202, 'what it cost a month ago still counts')
    clock.ahead += 2 * DAY_MS
    assert.equal((await reprice(id, 83_000)).status, 200, 'and after that the price that stood since')
  } finally {
    clock.ahead = before
  }
})

test('a price that has moved since it was asked about is not overwritten', async () => {
  const id = await vehicleAt(100_000)
  const { body: waits } = await reprice(id, 50_000)
  assert.equal((await reprice(id, 120_000)).status, 200)
  const late = await approve(waits.approval_id)
  assert.deepEqual([late.status, late.body.detail], [409, 'What the approval rests on has changed: ask again'])
  assert.equal((await shown(id)).price, 120_000)
})

test('two admins at once lower a price once, and both who asked and who decided are on record', async () => {
  const id = await vehicleAt(100_000)
  const { body: waits } = await reprice(id, 70_000)
  const decisions = await Promise.all([
    approve(waits.approval_id),
    approve(waits.approval_id, partner),
    reprice(id, 95_000),
  ])
  const [one, other] = decisions
  assert.ok([one, other].filter(({ status }) => status === 200).length <= 1)
  const { body } = await call('GET', `/vehicles/${id}/history`)
  const prices = body.history.filter(({ act }: { act: string }) => act === 'price_changed')
  assert.ok(prices.every(({ author }: { author: string }) => author === 'maria'))
  assert.equal(new Set(prices.map(({ entry }: { entry: number }) => entry)).size, prices.length)
})

test('a person’s own limit counts for them', async () => {
  const id = await vehicleAt(100_000)
  const careful = await tokenOf('nina', 'staff', { scope: 'seller', discount_limit: 2 })
  assert.equal((await reprice(id, 97_000, careful)).status, 202)
  const trusted = await tokenOf('rita', 'staff', { discount_limit: 30 })
  assert.equal((await reprice(id, 75_000, trusted)).status, 200)
})

test('a price that waits does not hold up the other changes, and they do not carry it along', async () => {
  const id = await vehicleAt(100_000)
  const { status, body } = await reprice(id, 50_000, maria, { color: 'Azul' })
  assert.deepEqual([status, body.errors?.[0]?.path], [422, '/color'])
  assert.deepEqual([(await shown(id)).price, (await shown(id)).color], [100_000, 'Prata'])
})

test('an admin lowers a price alone, and it is on record as such', async () => {
  const id = await vehicleAt(100_000)
  assert.equal((await reprice(id, 50_000, owner)).body.price, 50_000)
  const { body } = await call('GET', `/approvals?status=alone&about_id=${id}`)
  assert.deepEqual(
    body.approvals.map((one: { kind: string; decided_by: string }) => [one.kind, one.decided_by]),
    [['price', 'owner']],
  )
})

test('staff sell by hand only by an admin’s word, once, and at the price that was asked about', async () => {
  const id = await vehicleAt(100_000)
  const { status, body: waits } = await sellByHand(id)
  assert.deepEqual([status, waits.kind, 'pickup_code' in waits], [202, 'sale_by_hand', false])
  assert.equal((await shown(id)).status, 'available')
  assert.equal((await approve(waits.approval_id, maria)).status, 403)
  const again = (await sellByHand(id)).body
  assert.equal((await approve(waits.approval_id)).status, 200)
  assert.equal((await shown(id)).status, 'sold')
  assert.equal((await approve(again.approval_id)).status, 409)
  assert.equal((await sellByHand(id)).body.detail, 'Vehicle already sold')
  const [row] = await database.query<{ sold_by: string }>(`select sold_by from vehicles where id = $1`, [id])
  assert.equal(row?.sold_by, 'staff maria')

  const moved = await vehicleAt(100_000)
  const { body: stale } = await sellByHand(moved)
  await reprice(moved, 110_000)
  assert.equal((await approve(stale.approval_id)).status, 409)
  assert.equal((await shown(moved)).status, 'available')
})

test('an admin sells by hand alone', async () => {
  const id = await vehicleAt(100_000)
  const { status, body } = await sellByHand(id, owner)
  assert.deepEqual([status, body.status, typeof body.pickup_code], [200, 'sold', 'string'])
  assert.equal((await call('GET', `/approvals?status=alone&about_id=${id}`)).body.total, 1)
})

test('a vehicle’s history tells who did what, newest first, page by page', async () => {
  const id = await vehicleAt(100_000)
  await call('POST', `/vehicles/${id}/withdraw`, undefined, maria)
  await call('POST', `/vehicles/${id}/relist`, undefined, owner)
  await call('PUT', `/vehicles/${id}`, { license_plate: 'XYZ1234' }, maria)
  const { body } = await call('GET', `/vehicles/${id}/history`, undefined, maria)
  assert.deepEqual(
    body.history.map(({ act, author }: { act: string; author: string }) => [act, author]),
    [
      ['vehicle_changed', 'maria'],
      ['vehicle_relisted', 'owner'],
      ['vehicle_withdrawn', 'maria'],
      ['vehicle_offered', 'admin'],
    ],
  )
  assert.deepEqual(body.history[0].personal_fields, ['license_plate'])
  assert.doesNotMatch(JSON.stringify(body), /XYZ1234/)
  const first = (await call('GET', `/vehicles/${id}/history?limit=3`)).body
  const rest = (await call('GET', `/vehicles/${id}/history?limit=3&cursor=${first.next_cursor}`)).body
  assert.deepEqual([...first.history, ...rest.history], body.history)
  assert.deepEqual([rest.next_cursor, rest.total], [null, 4])
  assert.equal((await call('GET', '/vehicles/424242/history')).status, 404)
})

test('everybody sees the prices that a vehicle on sale was offered at, and since when', async () => {
  const { id, created_at } = await offered({ price: 45_000 })
  await call('PUT', `/vehicles/${id}`, { price: 44_000 })
  await call('PUT', `/vehicles/${id}`, { color: 'Azul' })
  const seen = await call('GET', `/vehicles/${id}/prices`, undefined, '')
  assert.deepEqual(
    seen.body.prices.map(({ price }: { price: number }) => price),
    [44_000, 45_000],
  )
  assert.ok(seen.body.prices[1].at >= created_at)
  await call('POST', `/vehicles/${id}/withdraw`)
  assert.equal((await call('GET', `/vehicles/${id}/prices`, undefined, '')).status, 404)
  assert.equal((await call('GET', '/vehicles/999999/prices')).status, 404)
})
