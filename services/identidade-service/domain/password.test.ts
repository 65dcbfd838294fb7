/** Common passwords are refused; long ones of one's own are accepted. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { faultOf } from './password.ts'

const common = new Set(['password', 'qwertyuiop', '1234567890'])

test('refuses short passwords, however their length is counted', () => {
  assert.match(faultOf('abcd12345', common) ?? '', /fewer than 10/)
  assert.match(faultOf('🚗🚙🛻🏍️', common) ?? '', /fewer than 10/)
  assert.match(faultOf('a1'.repeat(65), common) ?? '', /more than 128/)
})

test('refuses common ones, also in capitals and with digits around them', () => {
  for (const password of ['qwertyuiop', 'QwErTyUiOp', '1234567890', 'password2026!', '123Password!!'])
    assert.equal(faultOf(password, common), 'is among the most common passwords', password)
})

test('refuses a few characters over and over', () => {
  assert.equal(faultOf('aaaaaaaaaaaa', common), 'has too few different characters')
  assert.equal(faultOf('abababababab', common), 'has too few different characters')
})

test('takes a sentence, with accents and blanks', () => {
  assert.equal(faultOf('três carros na garagem', common), undefined)
  assert.equal(faultOf('correct horse battery', common), undefined)
})
