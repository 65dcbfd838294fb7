/** Pickup codes against people who read the database, and staff at the counter who guess. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { vehiclePickedUp } from '#contracts'
import { rotateKeys } from '#platform/vault/reseal-store'
import { call, clock, database, keyring, offered, reservedBySomebody, sell, sent, vault } from '../http/http.suite.ts'
import { sealedTables } from '../vehicles/vehicle-store.ts'
import { sealPlainCodes } from './plain-codes-store.ts'

const HOUR_MS = 3_600_000

async function bought() {
  const vehicle = await offered()
  const transaction_id = await reservedBySomebody(vehicle)
  const { body } = await sell(vehicle.id, { transaction_id })
  return { id: vehicle.id as number, transaction_id, code: body.pickup_code as string }
}

const tokenOf = (subject: string) => keyring.sign({ role: 'staff', subject })

const pickup = (id: number, pickup_code: string, token: string) =>
  call('POST', `/vehicles/${id}/pickup`, { pickup_code, received_by: 'Ana Souza' }, token)

interface Kept {
  readonly pickup_code: string | null
  readonly pickup_print: string | null
}

async function keptOf(id: number): Promise<Kept> {
  const [row] = await database.query<Kept>('select pickup_code, pickup_print from vehicles where id = $1', [id])
  assert.ok(row)
  return row
}

test('whoever reads the table learns no code, and cannot tell two equal ones', async () => {
  const { id, transaction_id, code } = await bought()
  const kept = await keptOf(id)
  assert.match(kept.pickup_code ?? '', /^v1\./)
  assert.ok(!JSON.stringify(kept).includes(code))
  const other = await bought()
  await database.query('update vehicles set pickup_code = $2, pickup_print = $3 where id = $1', [
    other.id,
    kept.pickup_code,
    kept.pickup_print,
  ])
  // a code that was copied to another vehicle opens neither it nor itself
  assert.equal((await pickup(other.id, code, await tokenOf('carla'))).body.detail, 'Wrong pickup code')
  assert.equal((await sell(other.id, { transaction_id: other.transaction_id })).status, 500)
  assert.equal((await sell(id, { transaction_id })).body.pickup_code, code)
})

test('after the pickup the code is gone, and a purchase that asks again is answered without one', async () => {
  const { id, transaction_id, code } = await bought()
  assert.equal((await pickup(id, code, await tokenOf('carla'))).status, 200)
  assert.deepEqual(await keptOf(id), { pickup_code: null, pickup_print: null })
  const again = await sell(id, { transaction_id })
  assert.deepEqual([again.status, again.body.status, 'pickup_code' in again.body], [200, 'picked_up', false])
  const together = await call('POST', '/vehicles/sales', { sales: [{ vehicle_id: id, transaction_id }] })
  assert.deepEqual(together.body.results, [{ vehicle_id: id, transaction_id, sold: true }])
  const told = sent.filter((message) => message.type === vehiclePickedUp.topic)
  assert.deepEqual(
    told.filter((message) => message.transaction_id === transaction_id).map(({ body }) => Object(body).vehicle_id),
    [id],
  )
})

test('a person who guesses at thirty vehicles at once is stopped after twenty, even with the right code; others are not', async () => {
  const vehicles = await Promise.all(Array.from({ length: 30 }, bought))
  const rui = await tokenOf('rui')
  const answers = await Promise.all(vehicles.map(({ id }) => pickup(id, 'AAAAAAAA', rui)))
  const statuses = Map.groupBy(answers, ({ status }) => status)
  assert.deepEqual([statuses.get(400)?.length, statuses.get(429)?.length], [20, 10])
  const [first] = vehicles
  assert.ok(first)
  const stopped = await pickup(first.id, first.code, rui)
  assert.equal(stopped.status, 429)
  assert.ok(Number(stopped.headers['retry-after']) > 3_000)
  assert.equal((await pickup(first.id, first.code, await tokenOf('ana'))).status, 200)
  const [, second] = vehicles
  assert.ok(second)
  clock.ahead += HOUR_MS
  assert.equal((await pickup(second.id, second.code, rui)).status, 200)
  clock.ahead = 0
})

test('codes of the release before are sealed at the next start, and open the same doors', async () => {
  const [waiting, taken] = [await bought(), await bought()]
  await pickup(taken.id, taken.code, await tokenOf('carla'))
  for (const { id, code } of [waiting, taken])
    await database.query('update vehicles set pickup_code = $2, pickup_print = null where id = $1', [id, code])
  assert.equal((await sell(waiting.id, { transaction_id: waiting.transaction_id })).body.pickup_code, waiting.code)
  const old = await bought()
  await database.query('update vehicles set pickup_code = $2, pickup_print = null where id = $1', [old.id, old.code])
  assert.equal((await pickup(old.id, old.code, await tokenOf('carla'))).status, 200)
  assert.equal(await sealPlainCodes(database, vault), 2)
  assert.equal(await sealPlainCodes(database, vault), 0)
  assert.deepEqual(await keptOf(taken.id), { pickup_code: null, pickup_print: null })
  assert.match((await keptOf(waiting.id)).pickup_code ?? '', /^v1\./)
  assert.equal((await sell(waiting.id, { transaction_id: waiting.transaction_id })).body.pickup_code, waiting.code)
  assert.equal((await pickup(waiting.id, waiting.code, await tokenOf('carla'))).status, 200)
})

test('a new data key reaches codes that wait', async () => {
  // the copies of the first test are sealed for another vehicle, which no rotation could open
  await database.query(`update vehicles set pickup_code = null, pickup_print = null where status = 'sold'`)
  const { id, transaction_id, code } = await bought()
  const before = (await keptOf(id)).pickup_code
  await rotateKeys(database, vault, sealedTables, new Date())
  assert.notEqual((await keptOf(id)).pickup_code?.split('.')[1], before?.split('.')[1])
  assert.equal((await sell(id, { transaction_id })).body.pickup_code, code)
})
