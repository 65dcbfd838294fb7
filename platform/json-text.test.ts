import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isMultipleOf, numberTyped } from './decimals.ts'
import { composed, faultsOf } from './json-text.ts'

test('money is counted by the digits as they were typed', () => {
  for (const text of [
    '100',
    '100.00',
    '1e5',
    '1.5E2',
    '0.01',
    '-0.01',
    '50000000.19',
    '999999999.99',
    '10.1',
    '0',
    '-0',
    '0.00',
  ])
    assert.ok(isMultipleOf(0.01, numberTyped(text) ?? Number.NaN), text)
  for (const text of ['50000.0000009', '0.001', '1e-3', '999999999.999', '0.1234', '10.009'])
    assert.equal(isMultipleOf(0.01, numberTyped(text) ?? Number.NaN), false, text)
  assert.equal(isMultipleOf(5, 12), false)
  assert.equal(isMultipleOf(5, 1e300), true)
  assert.equal(isMultipleOf(0.01, 5e-324), false)
})

test('every whole number of cents is a valid amount, and a thousandth more is not', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 99_999_999_999 }), fc.integer({ min: 1, max: 9 }), (cents, thousandths) => {
      const typed = (cents / 100).toFixed(2)
      assert.ok(isMultipleOf(0.01, numberTyped(typed) ?? Number.NaN), typed)
      const finer = numberTyped(`${typed}${thousandths}`)
      assert.ok(finer === undefined || !isMultipleOf(0.01, finer))
    }),
  )
})

test('a number whose digits cannot all be kept is no number', () => {
  for (const text of ['0.10000000000000000001', '9007199254740993', '1e400', '1e-400', '123456789.123456789012'])
    assert.equal(numberTyped(text), undefined, text)
  for (const text of ['0x1', '1.', '.5', '01', '+1', ' 1', '', 'NaN', 'Infinity', '1e', '1_000'])
    assert.equal(numberTyped(text), undefined, text)
})

test('a key that is named twice is found, at any depth and however it is written', () => {
  for (const [text, key] of [
    ['{"initial_balance":1,"initial_balance":500}', 'initial_balance'],
    ['[{"a":{"b":1,"c":[],"b":2}}]', 'b'],
    ['{"a":1,"\\u0061":2}', 'a'],
    ['{"":1,"":2}', ''],
  ] as const)
    assert.equal(faultsOf(text).twice, key, text)
  for (const text of [
    '{"a":{"a":1},"b":[{"a":1},{"a":2}]}',
    '{"a":"\\"a\\":1,\\"a\\":2"}',
    '["a","a"]',
    '"a"',
    '{"a":"{\\"b","b":1}',
  ])
    assert.equal(faultsOf(text).twice, undefined, text)
})

test('numbers that would lose digits are named by where they stand', () => {
  const text = '{"price":1e400,"a/b":[1,{"c":9007199254740993}],"d":"1e400","ok":1.50}'
  assert.deepEqual(faultsOf(text).inexact, ['/price', '/a~1b/1/c'])
})

test('what JSON itself writes has no fault', () => {
  fc.assert(fc.property(fc.json(), (text) => assert.deepEqual(faultsOf(text), { inexact: [] })))
})

test('text is composed, wherever it stands', () => {
  const [apart, together] = ['Cafe\u0301', 'Caf\u00e9']
  assert.deepEqual(composed({ [apart]: [apart, 1, null, { x: apart }] }), {
    [together]: [together, 1, null, { x: together }],
  })
})
