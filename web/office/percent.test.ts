/** Amounts and shares as Brazilians type and read them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amountIn, percentOf } from './percent.ts'

test('an amount is read as Brazilians type it, and anything else is no amount', () => {
  assert.equal(amountIn('R$ 84.900,50'), 84_900.5)
  assert.equal(amountIn('−200'), -200)
  assert.equal(amountIn('1.500'), 1_500)
  for (const nonsense of ['', 'mil', '1,2,3', null]) assert.equal(amountIn(nonsense), undefined)
})

test('a share has one digit behind the comma; a share of zero is empty', () => {
  assert.equal(percentOf(9_100, 100_000), '9,1 %')
  assert.equal(percentOf(1, 0), '')
})
