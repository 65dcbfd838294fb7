import assert from 'node:assert/strict'
import { test } from 'node:test'
import { columnsIn } from './stock-columns.ts'

const chosen = (search: string) => columnsIn(new URLSearchParams(search))

test('without a choice the usual columns are shown; a choice keeps their order and forgets what is none', () => {
  assert.deepEqual(chosen('q=argo'), ['placa', 'estado', 'km', 'dias'])
  assert.deepEqual(chosen('coluna=carro&coluna=fotos&coluna=placa&coluna=lucro'), ['placa', 'fotos'])
  assert.deepEqual(chosen('coluna=carro'), [])
})
