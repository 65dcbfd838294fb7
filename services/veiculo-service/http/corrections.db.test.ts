/**
 * Corrections of fields that are fixed after a sale: by an admin, with a reason, and never where a purchase depends on
 * them.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { call, keyring, offered, reservedBySomebody, sell, sent, some } from './http.suite.ts'

const staff = await keyring.sign({ role: 'staff', subject: 'rui' })
const reason = 'Conferido no documento'
const ofVehicle = (body: unknown) => (body as { vehicle_id: number }).vehicle_id
const correct = (id: number, body: object, token?: string) => call('POST', `/vehicles/${id}/corrections`, body, token)

test('a wrong plate on a sold car is corrected, with a reason, and the car stays sold to its buyer', async () => {
  const vehicle = await offered()
  const transaction_id = await reservedBySomebody(vehicle)
  await sell(vehicle.id, { transaction_id })
  const license_plate = 'XYZ9A88'
  assert.equal((await call('PUT', `/vehicles/${vehicle.id}`, { license_plate })).status, 400)
  assert.equal((await correct(vehicle.id, { license_plate, color: 'Azul' })).body.errors[0].path, '/reason')
  assert.equal((await correct(vehicle.id, { reason })).status, 422)
  assert.equal((await correct(vehicle.id, { license_plate, reason }, staff)).status, 403)
  const { status, body } = await correct(vehicle.id, { license_plate, reason })
  assert.deepEqual([status, body.status, body.sold_to_transaction], [200, 'sold', transaction_id])
  const found = await call('POST', '/vehicles/search', { license_plate })
  assert.equal(found.body.vehicles[0].id, vehicle.id)
  const { history } = (await call('GET', `/vehicles/${vehicle.id}/history`)).body
  assert.ok(
    history.some(
      ({ act, reason: why }: { act: string; reason: string }) => act === 'vehicle_corrected' && why === reason,
    ),
  )
})

test('a plate that another car in the house has is refused', async () => {
  const [one, other] = [some(), await offered()]
  await call('POST', '/vehicles', one)
  const refused = await correct(other.id, { license_plate: one.license_plate, reason })
  assert.deepEqual(
    [refused.status, refused.body.detail],
    [409, 'License plate, chassi number or renavam already exists for another vehicle'],
  )
})

test('a sale by hand that was a mistake is undone, and its code opens nothing; a purchase’s vehicle is not touched', async () => {
  const byMistake = await offered()
  const { body: sold } = await sell(byMistake.id)
  const beside = await correct(byMistake.id, { status: 'available', color: 'Azul', reason })
  assert.equal(beside.body.errors[0].path, '/status')
  assert.equal((await correct(byMistake.id, { status: 'available', reason })).body.status, 'available')
  const account = sent.findLast(
    ({ type, body }) => type === 'events.vehicle.accounted' && ofVehicle(body) === byMistake.id,
  )
  assert.ok(account && !('sold_by_hand_at' in (account.body as object)), 'the owner’s reports take the sale back')
  assert.equal((await correct(byMistake.id, { status: 'available', reason })).status, 409, 'it is sold no more')
  const late = { pickup_code: sold.pickup_code, received_by: 'Ana Souza' }
  assert.equal((await call('POST', `/vehicles/${byMistake.id}/pickup`, late)).status, 409)
  const { vehicles } = (await call('GET', '/vehicles?status_filter=available&limit=100', undefined, '')).body
  assert.ok(vehicles.some(({ id }: { id: number }) => id === byMistake.id))

  const bought = await offered()
  await sell(bought.id, { transaction_id: await reservedBySomebody(bought) })
  const refused = await correct(bought.id, { status: 'withdrawn', reason })
  assert.deepEqual([refused.status, refused.body.detail], [409, 'The vehicle is sold to this purchase'])
})
