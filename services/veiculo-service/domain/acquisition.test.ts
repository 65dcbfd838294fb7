/** What a seller alone does not go below: never less than the cost, and never the cost itself. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Acquisition, costOfSale, floorForSellers } from './acquisition.ts'

const bought: Acquisition = {
  ...{ acquired_at: '2026-03-02', cost_cents: 0, source: 'purchase' },
  ...{ owner_customer_id: null, owner_share_percent: null },
}
const costs = (cost_cents: number, share: number | null = null, expenses_cents = 0) => ({
  acquisition: { ...bought, cost_cents, owner_share_percent: share },
  expenses_cents,
})

test('a seller’s floor is never below the cost, and at most 6 % above what was paid and spent', () => {
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 99_999_999_99 }), (cents) => {
      const floor = floorForSellers(cents, costs(cents)) ?? 0
      assert.ok(floor >= cents && floor <= cents * 1.06 + 1, `${floor} for ${cents}`)
    }),
  )
})

test('it is the same for costs within a step, so that no number of tries tells them apart', () => {
  const floors = [6_310_000, 6_450_001, 6_640_000].map((cents) => floorForSellers(7_000_000, costs(cents)))
  assert.equal(new Set(floors).size, 1)
  assert.notEqual(floorForSellers(7_000_000, costs(6_700_000)), floors[0])
})

test('what a consigned car’s owner gets counts too, rounded up to the next five percent', () => {
  const shares = [91, 93.5, 95].map((share) => floorForSellers(7_000_000, costs(0, share)))
  assert.deepEqual(shares, [6_650_000, 6_650_000, 6_650_000])
  fc.assert(
    fc.property(
      fc.integer({ min: 1_000_00, max: 900_000_00 }),
      fc.integer({ min: 1, max: 10_000 }),
      fc.integer({ min: 0, max: 9_000_00 }),
      (price, share, expenses) => {
        const consigned = costs(0, share / 100, expenses)
        assert.ok((floorForSellers(price, consigned) ?? 0) >= (costOfSale(price, consigned) ?? 0))
      },
    ),
  )
})

test('of a car whose cost nobody has entered, nothing is known', () => {
  assert.equal(floorForSellers(7_000_000, { acquisition: null, expenses_cents: 5 }), undefined)
})
