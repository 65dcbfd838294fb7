/** The feed that portals and spreadsheets read. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Vehicle } from '../../../clients/typescript/operations.ts'
import { scriptSafe } from '../json-ld.ts'
import { csv, feedRow } from './stock-feed.ts'

const vehicle: Vehicle = {
  id: 7,
  brand: 'Fiat',
  model: 'Pulse "Drive", 1.3',
  year: 2023,
  color: '=cmd()',
  price: 84_900.5,
  license_plate: '****D23',
  plate_last_digit: 3,
  chassi_number: '*************1234',
  renavam: '*******8900',
  status: 'available',
  is_reserved: false,
  is_sold: false,
  created_at: '2026-11-01T12:00:00.000Z',
  updated_at: '2026-11-02T12:00:00.000Z',
  sold_at: null,
  picked_up_at: null,
}

test('a row has the facts of the page, with whole addresses and no identifiers', () => {
  const row = feedRow(vehicle, 'https://loja.example')
  assert.equal(row.url, 'https://loja.example/carros/7/fiat-pulse-drive-1-3-2023')
  assert.equal(row.mileage_km, null)
  assert.doesNotMatch(JSON.stringify(row), /\*\*/)
})

test('a cell with marks is quoted, and one that begins as a formula is text', () => {
  const [, line = ''] = csv([feedRow(vehicle, 'https://loja.example')]).split('\r\n')
  assert.match(line, /"Pulse ""Drive"", 1\.3"/)
  assert.match(line, /,'=cmd\(\),/)
})

test('data in a page cannot end the element that it stands in', () => {
  assert.equal(scriptSafe({ a: '</script><script>' }), '{"a":"\\u003c/script>\\u003cscript>"}')
})
