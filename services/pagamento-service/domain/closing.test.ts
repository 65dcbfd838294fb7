/** The count of a day, and the day and month that a moment belongs to. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dayOf, endOfMonth, expectedOf, totalsOf } from './closing.ts'

test('ten in the evening is still that day in São Paulo, and the month ends at its midnight', () => {
  assert.equal(dayOf(new Date('2026-02-01T01:00:00Z')), '2026-01-31')
  assert.equal(dayOf(new Date('2026-02-01T03:00:00Z')), '2026-02-01')
  assert.equal(endOfMonth('2026-01').toISOString(), '2026-02-01T03:00:00.000Z')
  assert.equal(endOfMonth('2026-12').toISOString(), '2027-01-01T03:00:00.000Z')
})

test('the till should hold its opening amount and the notes that came, less the notes that went out', () => {
  const totals = totalsOf([
    { method: 'banknotes', amount_cents: 10_000 },
    { method: 'transfer', amount_cents: 90_000 },
    { method: 'banknotes', amount_cents: -3_000 },
  ])
  assert.deepEqual(totals, { banknotes: 7_000, transfer: 90_000 })
  const count = { opening_cents: 500, withdrawn_cents: 2_000, counted_cents: 5_500, float_cents: 500, reason: null }
  assert.equal(expectedOf(totals, count), 5_500)
  assert.equal(expectedOf(totals, { ...count, counted_cents: 5_400 }), 'difference_unexplained')
  assert.equal(expectedOf(totals, { ...count, counted_cents: 5_400, reason: 'Troco errado' }), 5_500)
  assert.equal(expectedOf(totals, { ...count, float_cents: 5_501 }), 'float_above_counted')
})
