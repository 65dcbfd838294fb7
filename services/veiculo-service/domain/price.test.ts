/** How far one person alone may lower a price. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { needsSecondPerson } from './price.ts'

const change = { current_cents: 100_000_00, highest_cents: 100_000_00, discount_limit: 10, wanted_cents: 0 }
const needs = (wanted: number, more: object = {}) =>
  needsSecondPerson({ ...change, wanted_cents: wanted * 100, ...more })

test('one person may take a tenth off, and not a cent more', () => {
  assert.equal(needs(90_000), false)
  assert.equal(needs(89_999.99), true)
  assert.equal(needs(0.01), true)
})

test('small steps add up: the highest price of the last 30 days counts', () => {
  assert.equal(needs(83_000, { current_cents: 91_000_00 }), true)
})

test('a price that goes up, or stays, needs no second person', () => {
  assert.equal(needs(80_000, { current_cents: 75_000_00 }), false)
  assert.equal(needs(75_000, { current_cents: 75_000_00 }), false)
})

test('a person’s own limit counts instead', () => {
  assert.equal(needs(97_000, { discount_limit: 2 }), true)
  assert.equal(needs(75_000, { discount_limit: 25 }), false)
})

test('a price below the vehicle’s cost always needs a second person, even when it goes up', () => {
  assert.equal(needs(95_000, { floor_cents: 96_000_00 }), true)
  assert.equal(needs(95_000, { floor_cents: 96_000_00, current_cents: 90_000_00 }), true)
})
