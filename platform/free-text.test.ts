/** Identifiers that somebody types into a reason are removed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withoutIdentifiers } from './free-text.ts'

test('identifiers are taken out of what people type, however they write them', () => {
  const typed = [
    '529.982.247-25',
    '52998224725',
    '529 982 247 25',
    '11.222.333/0001-81',
    '12ABC34501DE35',
    '12.ABC.345/01DE-35',
    'ana.souza+1@example.com.br',
    '(11) 98765-4321',
    '+55 11 98765 4321',
    '00639884962',
    'ABC1D23',
    'abc-1234',
    '9BD281A22R0000001',
    '01310-100',
  ]
  for (const identifier of typed)
    assert.equal(withoutIdentifiers(`Asked by ${identifier}, at the counter`), 'Asked by […], at the counter')
})

test('the rest stays: words, amounts, years and the purchase that it is about', () => {
  const reason = 'Dispute over purchase 01a209d1-d06a-74c2-8817-7421184e3915: R$ 97.900,00 in 2026, ticket 1234'
  assert.equal(withoutIdentifiers(reason), reason)
})
