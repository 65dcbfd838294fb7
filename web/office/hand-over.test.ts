/** The form of a handover becomes the body of the request. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { handOverIn } from './hand-over.ts'

const typed = (fields: Record<string, string>) => {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  return handOverIn(form)
}

test('by the code, to the buyer, with what was given along', () => {
  assert.deepEqual(
    typed({
      codigo: ' 7K4-2Q9 ',
      documento: '',
      nome: 'Ana Souza',
      como: 'buyer',
      km: '51.300',
      chaves: '2',
      manual: 'on',
    }),
    {
      pickup_code: '7K4-2Q9',
      received_by: { name: 'Ana Souza', as: 'buyer' },
      mileage_km: 51_300,
      keys: 2,
      manual: true,
    },
  )
})

test('unreadable kilometres are refused by the service, never guessed', () => {
  const { mileage_km, keys } = typed({ codigo: 'X', nome: 'Ana', km: '51300,5', chaves: '-2' })
  assert.ok(Number.isNaN(mileage_km) && Number.isNaN(keys))
})

test('by the document, to a proxy, with the proof; a code that is there too is enough', () => {
  const proxy = { documento: '529.982.247-25', nome: 'Bia Lima', como: 'proxy', prova: 'procuração 12' }
  assert.deepEqual(typed(proxy), {
    buyer_document: '529.982.247-25',
    received_by: { name: 'Bia Lima', as: 'proxy', proof: 'procuração 12' },
  })
  assert.equal('buyer_document' in typed({ ...proxy, codigo: 'X' }), false)
})
