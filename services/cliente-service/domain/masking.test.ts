/** A list shows enough of people to tell them apart, and too little to reach them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Customer } from './customer.ts'
import { masked } from './masking.ts'

const ana = {
  id: 7,
  name: 'Ana Souza',
  email: 'ana.souza@example.com',
  phone: '+5511987654321',
  document: '52998224725',
  birth_date: '1990-02-03',
  driver_license: '12345678900',
  address: {
    postal_code: '01310100',
    street: 'Av. Paulista',
    number: '1000',
    complement: 'ap. 3',
    district: 'Bela Vista',
    city: 'São Paulo',
    state: 'SP',
  },
  refund_pix_key: 'ana.souza@example.com',
} as Customer

test('a number keeps four characters, an e-mail its first one, and an address its district', () => {
  const shown = masked(ana)
  assert.deepEqual(
    [shown.email, shown.phone, shown.birth_date, shown.driver_license, shown.refund_pix_key],
    ['a***@example.com', '**********4321', '****-**-**', '*******8900', '*****************.com'],
  )
  assert.deepEqual(shown.address, {
    ...{ postal_code: '01310***', street: '***', number: '***' },
    ...{ district: 'Bela Vista', city: 'São Paulo', state: 'SP' },
  })
  assert.equal(shown.name, 'Ana Souza')
})

test('unknown fields stay unknown', () => {
  const unknown = { email: null, birth_date: null, driver_license: null, address: null, refund_pix_key: null }
  const { email, birth_date, driver_license, address, refund_pix_key } = masked({ ...ana, ...unknown })
  assert.deepEqual({ email, birth_date, driver_license, address, refund_pix_key }, unknown)
})
