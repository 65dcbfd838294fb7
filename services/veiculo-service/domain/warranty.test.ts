/** The days of the warranty, at their edges, and how claims are closed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Claim, type Closing, close, daysLeft, refusesClaim, repairUntil } from './warranty.ts'

const SALE = '0195571c-3f6b-7a6e-9b0c-000000000001'
const at = (text: string) => new Date(text)
const taken = { status: 'picked_up', picked_up_on: '2026-03-02' }

test('the ninetieth day after receipt is the last, except for hidden faults', () => {
  assert.equal(refusesClaim(taken, false, '2026-05-31'), undefined)
  assert.equal(refusesClaim(taken, false, '2026-06-01'), 'warranty_over')
  assert.equal(refusesClaim(taken, true, '2029-06-01'), undefined)
})

test('a vehicle that nobody has fetched has no warranty, whatever its status was before', () => {
  for (const status of ['available', 'sold', 'withdrawn'])
    assert.equal(refusesClaim({ status, picked_up_on: null }, true, '2026-03-03'), 'vehicle_not_picked_up')
  assert.equal(refusesClaim({ ...taken, status: 'withdrawn' }, false, '2026-03-03'), 'vehicle_not_picked_up')
})

test('a claim is late after thirty days', () => {
  const due_on = repairUntil('2026-03-02')
  assert.equal(due_on, '2026-04-01')
  const left = ['2026-03-02', '2026-04-01', '2026-04-02'].map((today) => daysLeft({ due_on }, today))
  assert.deepEqual(left, [30, 0, -1])
})

const claim: Claim = {
  ...{ id: 1, vehicle_id: 3, transaction_id: SALE, customer_id: 7, what: 'Câmbio', is_hidden: false },
  ...{ opened_at: at('2026-03-10T12:00:00Z'), opened_by: 'staff rui', due_on: '2026-04-09', status: 'open' },
  ...{ cost_cents: null, refund_cents: null, findings: null, closed_at: null, closed_by: null },
}
const standing = { sold_to_transaction: SALE, return_id: null }
const now = at('2026-03-20T12:00:00Z')
const abated: Closing = { outcome: 'abated', cost_cents: null, refund_cents: 50_000, findings: 'Fica como está' }

test('a claim is closed once, with a finding', () => {
  const closed = close(claim, standing, abated, 'staff bia', now)
  assert.ok(typeof closed === 'object')
  assert.deepEqual([closed.status, closed.refund_cents, closed.closed_by], ['abated', 50_000, 'staff bia'])
  assert.equal(close(closed, standing, abated, 'staff bia', now), 'claim_closed')
})

test('only a purchase that stands can have its price lowered', () => {
  const away = { ...standing, return_id: SALE }
  assert.equal(close(claim, away, abated, 'staff bia', now), 'vehicle_being_returned')
  assert.equal(
    close(claim, { ...standing, sold_to_transaction: null }, abated, 'staff bia', now),
    'vehicle_being_returned',
  )
  assert.equal(close({ ...claim, transaction_id: null }, standing, abated, 'staff bia', now), 'no_buyer_to_refund')
  const repaired: Closing = { ...abated, outcome: 'repaired', refund_cents: null }
  assert.equal(typeof close(claim, away, repaired, 'staff bia', now), 'object')
})
