import assert from 'node:assert/strict'
import { test } from 'node:test'
import { callerFrom, claimAt, scopeIn } from './claims.ts'

test('only people have a customer: a service that names one has none', () => {
  assert.deepEqual(callerFrom({ role: 'customer', customer_id: 7, sub: 'u' }), {
    role: 'customer',
    subject: 'u',
    customer_id: 7,
  })
  assert.deepEqual(callerFrom({ role: 'service', customer_id: 7, sub: 's' }), { role: 'service', subject: 's' })
  assert.equal(callerFrom({ role: 'admin', customer_id: '7' }).customer_id, 7)
})

test('an unknown role, number or scope makes nobody a caller', () => {
  for (const claims of [
    {},
    { role: 'root' },
    { role: 'customer' },
    { role: 'customer', customer_id: 0 },
    { role: 'customer', customer_id: 1.5 },
    { role: 'customer', customer_id: '0x7' },
    { role: 'staff', customer_id: 'x' },
    { role: 'staff', scope: 'owner' },
    { role: 'staff', discount_limit: -1 },
    { role: 'staff', discount_limit: 100.5 },
    { role: 'staff', discount_limit: '10' },
  ])
    assert.throws(() => callerFrom(claims), JSON.stringify(claims))
  assert.equal(callerFrom({ role: 'staff', discount_limit: 100 }).discount_limit, 100)
  assert.equal(callerFrom({ role: 'staff' }).scope, 'operator')
  assert.equal(scopeIn('openid email'), undefined)
  assert.equal(claimAt({ a: { b: 'c' } }, 'a.b'), 'c')
  assert.equal(claimAt({ 'a.b': 'whole' }, 'a.b'), 'whole')
})
