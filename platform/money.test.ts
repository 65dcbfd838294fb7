import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { inReais, toCents, toReais } from './money.ts'

test('every amount converts back to the same number of cents', () => {
  for (const [reais, cents] of [
    [1.15, 115],
    [4.35, 435],
    [0.29, 29],
    [999_999_999.99, 99_999_999_999],
    [-12.34, -1_234],
  ] as const)
    assert.equal(toCents(reais), cents)
  fc.assert(fc.property(fc.integer({ min: 0, max: 99_999_999_999 }), (cents) => toCents(toReais(cents)) === cents))
})

test('amounts of a record are given in reais, and all else as it is', () => {
  const kept = { price_cents: 4_500_050, credit_limit_cents: null, discount_limit: 10, revision: 3, dollars_centser: 5 }
  assert.deepEqual(inReais(kept), {
    price: 45_000.5,
    credit_limit_cents: null,
    discount_limit: 10,
    revision: 3,
    dollars_centser: 5,
  })
})
