/** A code opens once, within its time and its tries. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CODE_TRIES, type StoredCode, tryCode } from './code.ts'

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 29, 12, 0, seconds))
const code: StoredCode = { code_hash: 'right', tries_left: CODE_TRIES, expires_at: at(600), used_at: null }

test('the right code is used up by its first use', () => {
  const used = tryCode(code, 'right', at(1))
  assert.ok(used !== 'wrong_code')
  assert.deepEqual(used.used_at, at(1))
  assert.equal(tryCode(used, 'right', at(2)), 'wrong_code')
})

test('the right code comes too late after five wrong ones', () => {
  let left: StoredCode = code
  for (let guess = 0; guess < CODE_TRIES; guess += 1) {
    const after = tryCode(left, 'wrong', at(guess))
    assert.ok(after !== 'wrong_code')
    assert.equal(after.used_at, null)
    left = after
  }
  assert.equal(tryCode(left, 'right', at(10)), 'wrong_code')
})

test('a code ends at its time', () => {
  assert.notEqual(tryCode(code, 'right', at(599)), 'wrong_code')
  assert.equal(tryCode(code, 'right', at(600)), 'wrong_code')
})
