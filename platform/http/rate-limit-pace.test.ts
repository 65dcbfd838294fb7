import assert from 'node:assert/strict'
import { test } from 'node:test'
import { paceOf } from './rate-limit-pace.ts'

test('a key that asks too often is told when it may ask again, and a refused request does not count', () => {
  const pace = paceOf(1)
  assert.equal(pace.take('ana', 0)?.allowed, true)
  for (const [now, waitSeconds] of [
    [0, 60],
    [0, 60],
    [59_001, 1],
  ] as const) {
    const refused = pace.take('ana', now)
    assert.deepEqual(
      [refused?.allowed, refused?.remaining, refused?.resetSeconds, refused?.retryAfterSeconds],
      [false, 0, waitSeconds, waitSeconds],
    )
  }
  assert.equal(pace.take('ana', 60_000)?.allowed, true)
  assert.equal(pace.take('rui', 0)?.allowed, true, 'another key')
})

test('a quiet key may use its whole limit at once, then evenly; looking at a key does not count', () => {
  const pace = paceOf(3)
  const remaining = [1, 2, 3].map(() => pace.take('ana', 1_000)?.remaining)
  assert.deepEqual(remaining, [2, 1, 0])
  assert.equal(pace.take('ana', 20_900)?.allowed, false)
  assert.equal(pace.look('ana', 21_000)?.remaining, 1)
  assert.equal(pace.take('ana', 21_000)?.allowed, true)
  assert.equal(pace.take('ana', 21_000)?.allowed, false)
})

test('a costly request counts for several, but never for more than a whole minute', () => {
  const pace = paceOf(10)
  assert.equal(pace.take('ana', 0, 1, 4)?.remaining, 6)
  assert.equal(pace.take('rui', 0, 1, 400)?.remaining, 0)
  assert.equal(pace.take('nina', 0, 2, 4)?.remaining, 16, 'twice the limit')
  assert.equal(paceOf(0).take('ana', 0), undefined)
})

test('when there are too many keys, the one that asked longest ago is forgotten', () => {
  const pace = paceOf(1, 2)
  for (const key of ['a', 'b', 'a', 'c']) pace.take(key, 0)
  assert.deepEqual(
    ['a', 'b', 'c'].map((key) => pace.look(key, 0)?.remaining),
    [1, 0, 0],
  )
})
