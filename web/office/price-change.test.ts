import assert from 'node:assert/strict'
import { test } from 'node:test'
import { priceAfter } from './price-change.ts'

test('a price is typed as it is, or as what it moves by', () => {
  assert.equal(priceAfter('88.900', 89_900), 88_900)
  assert.equal(priceAfter('R$ 88.900,50', 89_900), 88_900.5)
  assert.equal(priceAfter('-1.000', 89_900), 88_900)
  assert.equal(priceAfter('− 1.000', 89_900), 88_900)
  assert.equal(priceAfter('+500,10', 89_900.2), 90_400.3)
})

test('a percentage ends in whole reais', () => {
  assert.equal(priceAfter('-2 %', 89_950), 88_151)
  assert.equal(priceAfter('+3,5%', 100_000), 103_500)
})

test('what comes to nothing, to less or is no number is no price', () => {
  for (const text of ['', '0', '-90.000', '-100 %', 'barato', '--5', '-', '5 %', '- -3'])
    assert.equal(priceAfter(text, 89_900), undefined, text)
})
