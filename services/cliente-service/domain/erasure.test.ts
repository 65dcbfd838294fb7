/** What law and an open account keep of somebody who asked to be forgotten, at the very limits. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openAccount, retainedRecords } from './erasure.ts'

const DAY_MS = 86_400_000
const periods = { coaf: 5 * 365 * DAY_MS, fiscal: 11 * 365 * DAY_MS, claims: 5 * 365 * DAY_MS }
const now = new Date('2026-11-29T12:00:00Z')
const keptOf = (...prices_cents: number[]) =>
  retainedRecords(
    [],
    prices_cents.map((price_cents) => ({ price_cents, bought_at: now })),
    now,
    periods,
  ).map(({ records }) => records)

test('the registry of large purchases begins at R$ 10,000 exactly', () => {
  assert.deepEqual(keptOf(999_999), ['purchases'])
  assert.deepEqual(keptOf(1_000_000), ['purchases', 'purchases_of_10000_and_more'])
  assert.deepEqual(keptOf(), [])
})

test('each kind of record is kept from its own last purchase', () => {
  const later = new Date(now.getTime() + DAY_MS)
  const kept = retainedRecords(
    [],
    [
      { price_cents: 1_000_000, bought_at: now },
      { price_cents: 100, bought_at: later },
    ],
    later,
    periods,
  )
  assert.deepEqual(
    kept.map(({ until }) => until),
    [later.getTime() + periods.fiscal, now.getTime() + periods.coaf].map((time) => new Date(time).toISOString()),
  )
})

test('a cent owed by either side, or a car that waits, keeps the account open', () => {
  const account = { account_balance_cents: 0, used_credit_cents: 0 } as Parameters<typeof openAccount>[0]
  const bought = [{ transaction_id: 'a' }, { transaction_id: 'b' }]
  const elsewhere = { handedOver: ['a', 'b'], counter_debt_cents: 0, owed_back_cents: 0 }
  assert.deepEqual(openAccount(account, bought, elsewhere), [])
  assert.deepEqual(openAccount({ ...account, account_balance_cents: 1 }, [], elsewhere), [
    { what: 'balance', amount_cents: 1 },
  ])
  assert.deepEqual(openAccount({ ...account, used_credit_cents: 1 }, [], elsewhere), [
    { what: 'used_credit', amount_cents: 1 },
  ])
  assert.deepEqual(openAccount(account, bought, { ...elsewhere, handedOver: ['a'] }), [
    { what: 'vehicle_not_picked_up', transaction_id: 'b' },
  ])
  assert.deepEqual(openAccount(account, [], { ...elsewhere, counter_debt_cents: 1, owed_back_cents: 2 }), [
    { what: 'counter_debt', amount_cents: 1 },
    { what: 'money_owed_back', amount_cents: 2 },
  ])
})
