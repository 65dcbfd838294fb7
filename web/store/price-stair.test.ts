/** Prices as steps: a lower price is drawn lower, and no label lies on another. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stairOf } from './price-stair.ts'

const DAY = 86_400_000
const now = Date.parse('2026-11-29T12:00:00Z')
const offered = (price: number, days: number) => ({ price, at: new Date(now - days * DAY).toISOString() })

test('each price is drawn from its day to the next, the last one until today', () => {
  const stair = stairOf([offered(84_900, 25), offered(87_400, 50), offered(89_900, 100)], now)
  assert.deepEqual(
    stair.map(({ price, from, to }) => [price, from, to]),
    [
      [89_900, 0, 50],
      [87_400, 50, 75],
      [84_900, 75, 100],
    ],
  )
  assert.ok(stair.every(({ level, before }) => before === undefined || level < before))
})

test('the latest price always has a label, the others only where there is room', () => {
  const stair = stairOf([offered(1, 1), offered(2, 2), offered(3, 60), offered(4, 95), offered(5, 100)], now)
  assert.deepEqual(
    stair.map(({ told }) => told),
    ['where it begins', 'in the table', 'where it begins', 'in the table', 'at the end'],
  )
})
