/** Tables for spreadsheets, which run what begins like a formula. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { csvOf } from './csv.ts'

test('a text that begins like a formula is made harmless, a number below zero stays one', () => {
  const rows = [
    ['=HYPERLINK("http://x")', -12.5],
    ['+1', 0],
    ['-1', null],
    ['@cmd', 3],
    ['Fiat "Uno", 2020', 1],
    ['duas\nlinhas', 2],
  ] as const
  assert.equal(
    csvOf(['nome', 'valor'], rows),
    [
      '\ufeffnome,valor',
      `"'=HYPERLINK(""http://x"")",-12.5`,
      "'+1,0",
      "'-1,",
      "'@cmd,3",
      '"Fiat ""Uno"", 2020",1',
      '"duas\nlinhas",2',
      '',
    ].join('\r\n'),
  )
})
