/** One field for everything: the kind of a typed text follows from its form. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { kindsOf, typedPlain } from './search-kinds.ts'

const kinds = (typed: string) => [...kindsOf(typed)].sort()

test('each kind of number in a shop is recognised by its form, as people write it', () => {
  assert.deepEqual(kinds('529.982.247-25'), ['document', 'identifier', 'renavam'])
  assert.deepEqual(kinds('11.222.333/0001-81'), ['document'])
  assert.deepEqual(kinds('bra-2e19'), ['identifier', 'plate', 'words'])
  assert.deepEqual(kinds('9BD363A1XNYK12345'), ['chassi', 'identifier', 'words'])
  assert.deepEqual(kinds('ana@example.com'), ['email'])
  assert.deepEqual(kinds('019b0000-0000-7000-8000-00000000abcd'), ['sale'])
  assert.deepEqual(kinds('Argo Drive'), ['words'])
  assert.deepEqual(kinds('***'), [])
})

test('marks are taken out of numbers', () => {
  assert.equal(typedPlain('bra-2e19'), 'BRA2E19')
})
