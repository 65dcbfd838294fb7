/** The button of art. 49: which buyers see it, and until when. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Saga } from '../../clients/typescript/operations.ts'
import { withdrawalOf } from './withdrawal.ts'

const context = { vehicle_brand: 'Fiat', vehicle_model: 'Pulse', vehicle_year: 2023, vehicle_price: 84_900 }
const bought: Pick<Saga, 'status' | 'context'> = { status: 'COMPLETED', context: { ...context, channel: 'online' } }
/** 23:30 of the 20th in São Paulo. */
const received = { picked_up_at: '2026-11-21T02:30:00.000Z' }
const on = (iso: string) => new Date(iso)

test('before the car is received the buyer may withdraw, and no day is named', () => {
  assert.deepEqual(withdrawalOf(bought, { picked_up_at: null }, [], on('2027-03-01T12:00:00Z')), { state: 'open' })
})

test('the right lasts until the end of the seventh day in São Paulo, and not a second longer', () => {
  const until = '2026-11-28T02:59:59.999Z'
  assert.deepEqual(withdrawalOf(bought, received, [], on(until)), { state: 'open', until })
  assert.deepEqual(withdrawalOf(bought, received, [], on('2026-11-28T03:00:00Z')), { state: 'none' })
})

test('a purchase in the shop, or one that failed, has no such right', () => {
  const counter = { ...bought, context: { ...context, channel: 'counter' as const } }
  assert.deepEqual(withdrawalOf(counter, { picked_up_at: null }, [], on('2026-11-22T12:00:00Z')), { state: 'none' })
  const cancelled = { ...bought, status: 'CANCELLED' as const }
  assert.deepEqual(withdrawalOf(cancelled, received, [], on('2026-11-22T12:00:00Z')), { state: 'none' })
})

test('an open or finished return gets a link; one that was called off leaves the right as it was', () => {
  const now = on('2026-11-22T12:00:00Z')
  const one = (status: 'open' | 'completed' | 'cancelled') => [{ return_id: 'r', status }]
  assert.deepEqual(withdrawalOf(bought, received, one('open'), now), { state: 'returning', return_id: 'r' })
  assert.deepEqual(withdrawalOf(bought, received, one('completed'), now), { state: 'returned', return_id: 'r' })
  assert.equal(withdrawalOf(bought, received, one('cancelled'), now).state, 'open')
})
