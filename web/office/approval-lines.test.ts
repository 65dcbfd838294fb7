import assert from 'node:assert/strict'
import { test } from 'node:test'
import { linesOf } from './approval-lines.ts'

const plain = (text: string) => text.replaceAll('\u00a0', ' ')

test('a request tells what would change from what to what, in money and in Portuguese', () => {
  const request = { price: 60_000, transaction_id: '0199', method: 'transfer', note: null }
  const lines = linesOf({ request, rests_on: { price: 64_000, cost: 50_000, status: 'available' } })
  assert.deepEqual(
    lines.map(({ name, value, before }) => [name, plain(value), before && plain(before)]),
    [
      ['Preço', 'R$ 60.000', 'R$ 64.000'],
      ['Forma', 'TED', undefined],
      ['Custo', 'R$ 50.000', undefined],
    ],
  )
})

test('what is as it was is told once', () => {
  assert.deepEqual(linesOf({ request: { year: 2021 }, rests_on: { year: 2021 } }), [{ name: 'Ano', value: '2021' }])
})
