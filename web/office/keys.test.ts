/** The keyboard shortcuts of the office. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actOf, PLACES } from './keys.ts'

test('G and a letter lead to a page, N and a letter to a form for something new; the letter alone does nothing', () => {
  for (const [first, second, to] of PLACES) assert.deepEqual(actOf(second, first), { kind: 'go', to })
  assert.deepEqual(actOf('G', undefined), { kind: 'wait', after: 'g' })
  assert.equal(actOf('h', undefined), undefined)
  assert.equal(actOf('z', 'g'), undefined)
})

test('J and K move through the rows, F goes to the filter, ? lists the shortcuts', () => {
  assert.deepEqual(actOf('j', undefined), { kind: 'row', by: 1 })
  assert.deepEqual(actOf('K', undefined), { kind: 'row', by: -1 })
  assert.deepEqual(actOf('f', 'n'), { kind: 'filter' })
  assert.deepEqual(actOf('?', undefined), { kind: 'help' })
})

test('E, R and X go to what the page offers, unless they end a G or an N; a space marks', () => {
  for (const letter of ['e', 'r', 'x'] as const) assert.deepEqual(actOf(letter, undefined), { kind: 'offer', letter })
  assert.deepEqual(actOf('e', 'g'), { kind: 'go', to: '/painel/estoque' })
  assert.deepEqual(actOf('r', 'n'), { kind: 'offer', letter: 'r' })
  assert.deepEqual(actOf(' ', undefined), { kind: 'mark' })
})
