import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inReais } from './money.ts'

test('amounts of a record are told in reais, and all else as it is', () => {
  const kept = { price_cents: 4_500_050, credit_limit_cents: null, discount_limit: 10, revision: 3, dollars_centser: 5 }
  assert.deepEqual(inReais(kept), {
    price: 45_000.5,
    credit_limit_cents: null,
    discount_limit: 10,
    revision: 3,
    dollars_centser: 5,
  })
})
