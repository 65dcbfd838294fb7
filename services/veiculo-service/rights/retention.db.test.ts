/** How long the person who took a vehicle is kept. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { call, clock, database, offered, sell } from '../http/http.suite.ts'
import { forgetReceivers } from './retention-store.ts'

const DAY_MS = 86_400_000
const pastBy = (days: number) => new Date(clock.now().getTime() - days * DAY_MS)

test('the person who took a vehicle is forgotten once the time is over, and the handover itself is not', async () => {
  const { id } = await offered()
  const { body } = await sell(id)
  const pickup = { pickup_code: body.pickup_code, received_by: 'Ana Souza, RG 12.345.678' }
  assert.equal((await call('POST', `/vehicles/${id}/pickup`, pickup)).body.received_by, pickup.received_by)

  clock.ahead = 100 * DAY_MS
  assert.equal(await forgetReceivers(database, pastBy(101), 10), 0)
  assert.equal(await forgetReceivers(database, pastBy(99), 10), 1)
  assert.equal(await forgetReceivers(database, pastBy(99), 10), 0)
  const { body: after } = await call('GET', `/vehicles/${id}`)
  assert.deepEqual([after.status, 'received_by' in after, after.picked_up_at === null], ['picked_up', false, false])
  clock.ahead = 0
})
