/** Money that is no payment of any code: when it goes back by itself, and when an operator is called. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { firstStatus, statusAfter } from './unmatched.ts'

const refused = { status: 'refused', reason: 'no' } as const

test('the provider may refuse four times; at the fifth an operator is called', () => {
  for (const failures of [1, 2, 3, 4]) assert.equal(statusAfter(refused, failures), 'refunding', `${failures}`)
  for (const failures of [5, 6]) assert.equal(statusAfter(refused, failures), 'parked', `${failures}`)
})

test('a refund that is done or under way is no refusal, however many there were', () => {
  assert.equal(statusAfter({ status: 'done' }, 5), 'refunded')
  assert.equal(statusAfter({ status: 'under_way' }, 5), 'refunding')
})

test('money that is certainly nobody’s payment goes back by itself, and the rest waits for people', () => {
  const reasons = [
    'paid_twice',
    'code_closed',
    'not_pix',
    'wrong_amount',
    'unknown_code',
    'end_to_end_id_reused',
  ] as const
  assert.deepEqual(reasons.map(firstStatus), ['refunding', 'refunding', 'refunding', 'parked', 'parked', 'parked'])
})
