/** Photos that are dragged, or moved by a button. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { moved, placed } from './photo-order.ts'

test('a photo moves by one place, and stays if it is at the end', () => {
  assert.deepEqual(moved([1, 2, 3], 2, -1), [2, 1, 3])
  assert.deepEqual(moved([1, 2, 3], 2, 1), [1, 3, 2])
  assert.deepEqual(moved([1, 2, 3], 1, -1), [1, 2, 3])
  assert.deepEqual(moved([1, 2, 3], 3, 1), [1, 2, 3])
  assert.deepEqual(moved([1, 2, 3], 9, 1), [1, 2, 3])
})

test('a photo that is dropped on another takes its place', () => {
  assert.deepEqual(placed([1, 2, 3, 4], 4, 0), [4, 1, 2, 3])
  assert.deepEqual(placed([1, 2, 3, 4], 1, 2), [2, 3, 1, 4])
})
