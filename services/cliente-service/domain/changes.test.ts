/** Which changes count as a consent given or withdrawn, and which as a correction. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { consentChanges } from './changes.ts'

test('a consent is on record when it is given, when it is withdrawn, and not when nothing changes', () => {
  const [yes, no] = [{ marketing: true }, { marketing: false }]
  assert.deepEqual(consentChanges(null, yes), [{ purpose: 'marketing', given: true }])
  assert.deepEqual(consentChanges(null, no), [{ purpose: 'marketing', given: false }])
  assert.deepEqual(consentChanges(yes, no), [{ purpose: 'marketing', given: false }])
  assert.deepEqual(consentChanges(yes, yes), [])
  assert.deepEqual(consentChanges(null, null), [])
})

test('a consent that is left out, or cleared with all the others, is withdrawn', () => {
  const both = { marketing: true, partners: true, surveys: false }
  assert.deepEqual(consentChanges(both, { partners: true }), [{ purpose: 'marketing', given: false }])
  assert.deepEqual(
    consentChanges(both, null).map(({ purpose, given }) => [purpose, given]),
    [
      ['marketing', false],
      ['partners', false],
    ],
  )
})
