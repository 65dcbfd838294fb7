import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { lifetime } from './lifetime.ts'

test('a time is over exactly when the wall clock says so, or when that shows a time before it began', () => {
  mock.timers.enable({ apis: ['Date'], now: 1_000_000 })
  try {
    const isGood = lifetime(60_000)
    for (const [moved, good] of [
      [0, true],
      [59_999, true],
      [60_000, false],
      [-1, false],
    ] as const) {
      mock.timers.setTime(1_000_000 + moved)
      assert.equal(isGood(), good, `${moved} ms on`)
    }
  } finally {
    mock.timers.reset()
  }
})
