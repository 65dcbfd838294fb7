/** The limits on buying and taking a vehicle: to the cent, and to the birthday. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Account, affordable, amend, block, type Customer, needsRepresentative, unblock } from './customer.ts'
import { movements } from './ledger.ts'

const account: Account = {
  id: 1,
  status: 'active',
  account_balance_cents: 10_000,
  credit_limit_cents: 30_000,
  used_credit_cents: 5_000,
}
const customer = { ...account, blocked_reason: null, blocked_at: null } as Customer
const now = new Date('2026-03-02T12:00:00Z')
const later = new Date('2026-03-03T12:00:00Z')

test('a price is covered to the cent, and never by a blocked customer', () => {
  assert.deepEqual(affordable(account, 10_000), { cash: true, credit: true })
  assert.deepEqual(affordable(account, 10_001), { cash: false, credit: true })
  assert.deepEqual([affordable(account, 25_000).credit, affordable(account, 25_001).credit], [true, false])
  assert.deepEqual(affordable({ ...account, status: 'blocked' }, 1), { cash: false, credit: false })
})

test('a limit is never below the credit in use, not by a cent', () => {
  assert.equal(typeof amend(customer, { credit_limit_cents: 5_000 }, now), 'object')
  assert.equal(amend(customer, { credit_limit_cents: 4_999 }, now), 'credit_limit_in_use')
})

test('blocking again changes the reason and not the date; an erased customer is neither blocked nor freed', () => {
  const blocked = block(customer, 'first', now)
  assert.ok(typeof blocked !== 'string')
  const again = block(blocked, 'second', later)
  assert.ok(typeof again !== 'string')
  assert.deepEqual([again.blocked_reason, again.blocked_at], ['second', now])
  assert.deepEqual(unblock(again, later), { ...customer, updated_at: later })
  assert.equal(unblock(customer, later), customer)
  const erased = { ...customer, status: 'erased' } as Customer
  assert.deepEqual(
    [block(erased, 'x', now), unblock(erased, now), amend(erased, {}, now)],
    Array(3).fill('customer_erased'),
  )
})

test('somebody is of age on their eighteenth birthday in São Paulo, and a company never acts alone', () => {
  const needs = (birth_date: string | null, at: string, document = '52998224725') =>
    needsRepresentative({ document, birth_date }, new Date(at))
  assert.equal(needs('2008-03-02', '2026-03-02T02:59:59Z'), true, 'the evening before, there')
  assert.equal(needs('2008-03-02', '2026-03-02T03:00:00Z'), false)
  assert.equal(needs(null, '2026-03-02T12:00:00Z'), false)
  assert.equal(needs('1980-01-01', '2026-03-02T12:00:00Z', '11222333000181'), true)
})

test('the ledger has an entry for each account that moved, with both balances after it, and no others', () => {
  const after = { ...account, account_balance_cents: 9_000, used_credit_cents: 6_000 }
  const told = movements(account, after, 'adjustment').map((one) => [
    one.account,
    one.amount_cents,
    one.balance_after_cents,
    one.credit_after_cents,
  ])
  assert.deepEqual(told, [
    ['balance', -1_000, 9_000, 25_000],
    ['credit', -1_000, 9_000, 24_000],
  ])
  assert.equal(movements(account, { ...account, account_balance_cents: 1 }, 'adjustment').length, 1)
  assert.deepEqual(movements(account, account, 'adjustment'), [])
  assert.equal(movements(undefined, account, 'opening').length, 2)
})
