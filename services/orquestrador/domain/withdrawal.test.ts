/** The last day on which a buyer may return without a reason: by the days of São Paulo, whatever the hour. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lastMomentToReturn, refusesWithdrawal } from './withdrawal.ts'

const received_at = new Date('2026-03-02T14:00:00-03:00')

test('asking by the seventh day, 23:59 in São Paulo, is enough', () => {
  const allowed = (at: string) => refusesWithdrawal({ channel: 'online', received_at }, new Date(at))
  assert.equal(allowed('2026-03-02T14:00:00-03:00'), undefined)
  assert.equal(allowed('2026-03-09T23:59:59.999-03:00'), undefined)
  assert.equal(allowed('2026-03-10T00:00:00-03:00'), 'return_right_over')
})

test('a vehicle received at ten in the evening was received that day, though UTC has the next', () => {
  assert.equal(
    lastMomentToReturn(new Date('2026-01-31T22:00:00-03:00')).toISOString(),
    new Date('2026-02-07T23:59:59.999-03:00').toISOString(),
  )
  assert.equal(
    lastMomentToReturn(new Date('2026-02-01T00:00:00-03:00')).toISOString(),
    new Date('2026-02-08T23:59:59.999-03:00').toISOString(),
  )
})

test('a telephone sale has the seven days, a sale in the shop has none, and before the vehicle is received they do not run', () => {
  const late = new Date('2027-01-01T12:00:00-03:00')
  assert.equal(refusesWithdrawal({ channel: 'remote', received_at: null }, late), undefined)
  assert.equal(refusesWithdrawal({ channel: 'remote', received_at }, late), 'return_right_over')
  assert.equal(refusesWithdrawal({ channel: 'counter', received_at: null }, received_at), 'return_right_absent')
  assert.equal(refusesWithdrawal({ received_at }, received_at), undefined, 'nobody wrote down where it was bought')
})
