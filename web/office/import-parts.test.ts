/** A long file goes in parts, and each refusal still names the line of the whole file. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { partsOf } from './import-parts.ts'

test('each part has the names of the columns, and knows its first line in the file', () => {
  assert.deepEqual(partsOf('\ufeffmarca;modelo\r\na;1\r\nb;2\r\nc;3\r\n', 2), [
    { text: 'marca;modelo\na;1\nb;2', firstLine: 2, lines: 2 },
    { text: 'marca;modelo\nc;3\n', firstLine: 4, lines: 2 },
  ])
})

test('a cell of several lines stays whole', () => {
  const [first, second] = partsOf('marca,nota\nFiat,"duas\nlinhas"\nJeep,ok', 1)
  assert.deepEqual([first?.text, first?.firstLine], ['marca,nota\nFiat,"duas\nlinhas"', 2])
  assert.deepEqual([second?.text, second?.firstLine], ['marca,nota\nJeep,ok', 4])
})

test('an empty file has no parts', () => {
  assert.deepEqual(partsOf('marca;modelo\n\n', 50), [])
})
