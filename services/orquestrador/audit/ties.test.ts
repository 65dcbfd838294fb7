/** The records of two services about accounts and customers, and the audit's findings. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { auditTies, compareTies } from './ties.ts'

const now = new Date('2026-11-29T12:00:00Z')
const created_at = '2026-11-29T09:00:00Z'
const account = (account_id: string, customer_id: number | null, waits = false) => ({
  account_id,
  customer_id,
  waits,
  created_at,
})
const tie = (account_id: string, customer_id: number, at = created_at) => ({ account_id, customer_id, at })
const kinds = (...given: Parameters<typeof compareTies>) =>
  compareTies(...given).map(({ kind, subject }) => [kind, subject])

test('accounts with their customers are no finding, nor those of staff or those with a record to claim', () => {
  assert.deepEqual(kinds([account('a', 1), account('b', null), account('c', 2)], [tie('a', 1), tie('c', 2)], now), [])
})

test('an account that has waited for its customer for more than an hour is a finding', () => {
  assert.deepEqual(kinds([account('a', null, true)], [], now), [['account_without_customer', 'account a']])
  assert.deepEqual(kinds([account('a', null, true)], [], new Date('2026-11-29T09:30:00Z')), [])
})

test('a customer of two accounts is a finding, and so is the account that the other service does not know', () => {
  assert.deepEqual(kinds([account('a', 1), account('b', 1)], [tie('a', 1)], now), [
    ['customer_of_two_accounts', 'customer 1'],
    ['account_disowned', 'account b'],
  ])
})

test('finds an account with another customer there, and a customer whose account is gone', () => {
  assert.deepEqual(kinds([account('a', 1)], [tie('a', 2)], now), [['account_disowned', 'account a']])
  assert.deepEqual(kinds([], [tie('a', 2)], now), [['account_missing', 'customer 2']])
  assert.deepEqual(kinds([], [tie('a', 2, '2026-11-29T11:59:00Z')], now), [], 'just made: its account was read before')
})

test('reads on until a page is not full', async () => {
  const asked: string[] = []
  const ask = (_service: string, path: string) => {
    asked.push(path)
    const full = path === '/account-ties'
    const accounts = Array.from({ length: full ? 500 : 1 }, () => account(crypto.randomUUID(), null))
    return Promise.resolve({ status: 200, content: { accounts, customers: [] } })
  }
  assert.deepEqual(await auditTies(ask, now), [])
  assert.deepEqual(
    asked.map((path) => path.split('?')[0]),
    ['/account-ties', '/account-ties', '/customer-ties'],
  )
})
