/** A sold vehicle that nobody fetches is published after three days and after ten, once each, however many processes look at once. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemIds } from '#platform/clock'
import { call, clock, database, offered, reservedBySomebody, sell, sent, unitOfWork } from '../http/http.suite.ts'
import { tellWaiting } from './waiting.ts'

const DAY_MS = 86_400_000
const look = () => tellWaiting({ unitOfWork, clock, ids: systemIds })

async function after(days: number) {
  clock.ahead = days * DAY_MS
  await Promise.all([look(), look(), look()])
  clock.ahead = 0
}

const toldOf = (vehicle_id: number) =>
  sent
    .filter(
      ({ type, body }) =>
        type.endsWith('awaiting_pickup') && (body as { vehicle_id: number }).vehicle_id === vehicle_id,
    )
    .map(({ transaction_id, body }) => ({ transaction_id, ...(body as { days: number; customer_id?: number }) }))

async function bought() {
  const vehicle = await offered()
  const transaction_id = await reservedBySomebody(vehicle)
  const { body } = await sell(vehicle.id, { transaction_id })
  return { id: vehicle.id as number, transaction_id, pickup_code: body.pickup_code as string }
}

test('a waiting vehicle is published on its third and its tenth day, for its purchase, and never twice', async () => {
  const { id, transaction_id } = await bought()
  await after(2)
  assert.deepEqual(toldOf(id), [])
  for (const days of [3, 4, 9]) await after(days)
  assert.deepEqual(
    toldOf(id).map((told) => [told.transaction_id, told.days, typeof told.customer_id]),
    [[transaction_id, 3, 'number']],
  )
  for (const days of [10, 11, 400]) await after(days)
  assert.deepEqual(
    toldOf(id).map(({ days }) => days),
    [3, 10],
  )
})

test('when nothing ran for ten days, only the tenth day is published; a sale by hand names no buyer', async () => {
  const vehicle = await offered()
  assert.equal((await sell(vehicle.id, {})).status, 200)
  await after(30)
  assert.deepEqual(
    toldOf(vehicle.id).map(({ days, customer_id }) => [days, customer_id]),
    [[10, undefined]],
  )
})

test('a vehicle that is fetched, being returned or not sold is not published', async () => {
  const [fetched, held, idle] = [await bought(), await bought(), await offered()]
  const pickup = { pickup_code: fetched.pickup_code, received_by: 'Ana Souza' }
  assert.equal((await call('POST', `/vehicles/${fetched.id}/pickup`, pickup)).status, 200)
  await database.query('update vehicles set return_id = $2 where id = $1', [held.id, systemIds.uuid()])
  await after(30)
  for (const { id } of [fetched, held, idle]) assert.deepEqual(toldOf(id), [])
})
