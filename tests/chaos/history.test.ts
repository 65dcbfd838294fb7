/** Tests the judge of histories: a history that one system can have shown passes, and an impossible one is found. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Seen, seenIn, unexplained } from './history.ts'
import { noPromises } from './promises.ts'

const vehicle = (as: string, from: number, to: number): Seen => ({ what: 'vehicle 7', as, from, to })
const findings = (...seen: Seen[]) => unexplained(seen, noPromises())

test('a vehicle that is reserved, free again, sold and picked up is explained, also where steps were not seen', () => {
  assert.deepEqual(findings(vehicle('reserved', 0, 1), vehicle('available', 2, 3), vehicle('picked_up', 4, 5)), [])
})

test('answers that overlap may come in any order, those that do not may not', () => {
  assert.deepEqual(findings(vehicle('sold', 0, 10), vehicle('available', 5, 12)), [])
  assert.match(findings(vehicle('sold', 0, 4), vehicle('available', 5, 12)).join(), /vehicle 7 was seen as nothing/)
})

test('a stale answer to one of three clients is found among the others', () => {
  const seen = [vehicle('available', 0, 9), vehicle('sold', 1, 3), vehicle('sold', 2, 8), vehicle('reserved', 4, 7)]
  assert.equal(findings(...seen).length, 1)
  assert.deepEqual(findings(...seen.slice(0, 3)), [])
})

test('a purchase that goes on after its end is found', () => {
  const at = (as: string, from: number): Seen => ({ what: 'purchase a', as, from, to: from + 1 })
  assert.deepEqual(findings(at('IN_PROGRESS', 0), at('COMPENSATING', 2), at('FAILED_COMPENSATED', 4)), [])
  for (const as of ['IN_PROGRESS', 'CANCELLED', 'FAILED_REQUIRES_MANUAL_INTERVENTION'])
    assert.equal(findings(at('COMPLETED', 0), at(as, 2)).length, 1, as)
})

test('a balance is no more than was paid in, no less than the orders leave, and never below zero', () => {
  const promises = noPromises()
  promises.customers.set(3, { balance_cents: 500, limit_cents: 0 })
  promises.vehicles.set(1, 300)
  promises.accepted.set('a', { key: 'a', customer_id: 3, vehicle_id: 1, payment_type: 'cash' })
  promises.accepted.set('b', { key: 'b', customer_id: 3, vehicle_id: 1, payment_type: 'cash' })
  const judged = (cents: number) =>
    unexplained([{ what: 'customer 3', as: String(cents), from: 0, to: 1 }], promises).length
  assert.deepEqual([500, 200, 0, 501, -100].map(judged), [0, 0, 0, 1, 1])
})

test('a history made from one order is explained, however its answers overlap', () => {
  const steps = fc.array(fc.tuple(fc.constantFrom('stay', 'on', 'back'), fc.nat(3), fc.nat(3)), { maxLength: 40 })
  fc.assert(
    fc.property(steps, (made) => {
      const way = ['available', 'reserved', 'sold', 'picked_up']
      let place = 0
      const seen = made.map(([move, early, late], moment) => {
        if (move === 'on') place = Math.min(place + 1, 3)
        if (move === 'back' && place === 1) place = 0
        return vehicle(way[place] ?? '', moment - early, moment + late)
      })
      assert.deepEqual(findings(...seen), [])
    }),
  )
})

test('reads from each answer the state that it shows', () => {
  const seen = (path: string, body: object) => seenIn(path, body, 1, 2)
  assert.deepEqual(seen('/vehicles/7', { status: 'sold' }), vehicle('sold', 1, 2))
  assert.deepEqual(seen('/vehicles/7/pickup', { status: 'picked_up' }), vehicle('picked_up', 1, 2))
  assert.equal(seen('/customers/3', { account_balance: 10.1, status: 'active' })?.as, '1010')
  assert.equal(seen('/vehicles', { vehicles: [] }), undefined)
})
