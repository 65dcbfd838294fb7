/** Which typed words find a name, and which find nobody. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { beginningsOf, soughtIn } from './name-beginnings.ts'

test('a name is found by the beginning of any of its words, accents and case aside', () => {
  assert.deepEqual(beginningsOf('Ana Conceição dos Reis'), [
    ...['ana', 'con', 'conc', 'conce', 'concei', 'conceic', 'conceica', 'conceicao', 'rei', 'reis'],
  ])
  assert.deepEqual(soughtIn('CONCEI  reis'), ['concei', 'reis'])
  assert.deepEqual(soughtIn('de ab'), [], 'too short to be looked for')
  assert.deepEqual(soughtIn('Wolfeschlegelstein'), ['wolfeschle'], 'as long as is kept')
})

test('whatever the name, each of its words finds it from the third letter on', () => {
  const word = fc.string({ minLength: 3, maxLength: 14, unit: fc.constantFrom(...'abcçãéxyz') })
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), fc.nat(), fc.nat(), (words, which, letters) => {
      const typed = words[which % words.length] ?? ''
      const part = [...typed].slice(0, 3 + (letters % [...typed].length)).join('')
      const known = beginningsOf(words.join(' '))
      assert.ok(soughtIn(part).every((beginning) => known.includes(beginning)))
    }),
  )
})
