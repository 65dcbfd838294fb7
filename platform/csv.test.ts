/** Tables for spreadsheets, which run what begins like a formula. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { csvOf, rowsIn } from './csv.ts'

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

test('reads what spreadsheets write, with the line that each row stands on', () => {
  const rows = [
    { line: 1, cells: ['brand', 'price'] },
    { line: 2, cells: ['Fiat "Uno"; azul', '45.990,90'] },
    { line: 4, cells: ['duas\nlinhas', '1'] },
    { line: 6, cells: ['sem fim', ''] },
  ]
  assert.deepEqual(
    rowsIn('\ufeffbrand;price\r\n"Fiat ""Uno""; azul";45.990,90\r\n\r\n"duas\nlinhas";1\r\nsem fim;'),
    rows,
  )
  assert.deepEqual(rowsIn('a,b\n1,2\n'), [
    { line: 1, cells: ['a', 'b'] },
    { line: 2, cells: ['1', '2'] },
  ])
  assert.deepEqual(rowsIn(''), [])
  assert.deepEqual(rowsIn('a,b\n1,"2\n3,4'), [
    { line: 1, cells: ['a', 'b'] },
    { line: 2, cells: ['1', '2\n3,4'], isOpen: true },
  ])
  const table = [['=1', 'a"b', 'c,d']]
  assert.deepEqual(rowsIn(csvOf(['x', 'y', 'z'], table))[1]?.cells, ["'=1", 'a"b', 'c,d'])
})
