/** A typed number is read as that number, or refused. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { amountTyped, idTyped, wholeTyped } from './typed-numbers.ts'

test('amounts are read as they are written in Brazil, and as programs write them', () => {
  for (const [text, amount] of [
    ['84.900', 84_900],
    ['84900', 84_900],
    ['84.900,50', 84_900.5],
    ['84900,5', 84_900.5],
    ['84900.50', 84_900.5],
    ['1.50', 1.5],
    ['1.500', 1_500],
    ['R$ 45.990', 45_990],
    ['R$\u00a045.990,90', 45_990.9],
    ['-R$ 10,00', -10],
    ['−1.234.567,89', -1_234_567.89],
    ['007', 7],
    [' 0 ', 0],
  ] as const)
    assert.equal(amountTyped(text), amount, text)
})

test('a text that could mean two numbers, or has more than two decimals, is refused', () => {
  const unread = [
    '',
    'muito',
    '1,234.56',
    '1.2345',
    '50000.0000009',
    '12.34.567',
    '1.23,4',
    '1e5',
    '0x10',
    '1 000',
    '٣',
    '9'.repeat(20),
  ]
  for (const text of unread) assert.equal(amountTyped(text), undefined, text)
})

test('whole numbers have no fraction and no sign', () => {
  assert.deepEqual(['51.300', '51300 km', '12,0', '12,5', '-5', ''].map(wholeTyped), [
    51_300,
    51_300,
    12,
    undefined,
    undefined,
    undefined,
  ])
})

test('an id has only one spelling', () => {
  assert.equal(idTyped('17'), 17)
  for (const text of ['0x11', '1e1', '17.0', ' 17', '017', '-17', '', null, undefined, '9'.repeat(16)])
    assert.equal(idTyped(text), 0, `${text}`)
})

test('an amount that is written the Brazilian way is read back to the cent', () => {
  const written = new Intl.NumberFormat('pt-BR', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
  fc.assert(
    fc.property(fc.integer({ min: -99_999_999_999, max: 99_999_999_999 }), (cents) => {
      assert.equal(amountTyped(written.format(cents / 100)), cents === 0 ? 0 : cents / 100)
    }),
  )
})
