/** Money moved by hand: its direction, and when one person is not enough. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { adjust, goesWrongWay, isBeyond } from './adjustment.ts'

const ana = {
  id: 7,
  status: 'active',
  account_balance_cents: 100_00,
  credit_limit_cents: 500_00,
  used_credit_cents: 300_00,
} as const

test('differences add to the balance, and never take more than it has', () => {
  const deposited = adjust(ana, { kind: 'deposit', amount_cents: 50_00 }, 0)
  assert.deepEqual(deposited, { ...ana, account_balance_cents: 150_00 })
  assert.deepEqual(adjust(ana, { kind: 'withdrawal', amount_cents: -100_00 }, 0), { ...ana, account_balance_cents: 0 })
  assert.equal(adjust(ana, { kind: 'withdrawal', amount_cents: -100_01 }, 0), 'insufficient_balance')
  assert.equal(adjust(ana, { kind: 'correction', amount_cents: 99_999_999_999 }, 0), 'balance_too_high')
})

test('credit is paid back only up to the amount that is surely owed', () => {
  assert.deepEqual(adjust(ana, { kind: 'credit_repayment', amount_cents: 200_00 }, 200_00), {
    ...ana,
    used_credit_cents: 100_00,
  })
  assert.equal(adjust(ana, { kind: 'credit_repayment', amount_cents: 200_01 }, 200_00), 'nothing_to_repay')
})

test('an erased customer has no account to move', () => {
  assert.equal(adjust({ ...ana, status: 'erased' }, { kind: 'deposit', amount_cents: 1 }, 0), 'customer_erased')
})

test('a deposit cannot take money, and a withdrawal cannot give any', () => {
  const wrong = [
    ['deposit', -1],
    ['withdrawal', 1],
    ['credit_repayment', -1],
    ['trade_in', -1],
    ['correction', 0],
  ] as const
  for (const [kind, amount_cents] of wrong) assert.ok(goesWrongWay({ kind, amount_cents }), kind)
  const right = [
    ['deposit', 1],
    ['withdrawal', -1],
    ['trade_in', 1],
    ['correction', 1],
    ['correction', -1],
  ] as const
  for (const [kind, amount_cents] of right) assert.ok(!goesWrongWay({ kind, amount_cents }), kind)
})

test('the limit counts everything that was moved, in either direction', () => {
  assert.equal(isBeyond(10_000_00, 0, 10_000_00), false)
  assert.equal(isBeyond(10_000_00, 0, 10_000_01), true)
  assert.equal(isBeyond(10_000_00, 9_999_00, -9_999_00), true)
})
