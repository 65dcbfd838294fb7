/** Two people edit one vehicle: the input of both is kept, and only fields that both changed are asked about. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changedFields, merge, sentOf, valuesOf } from './vehicle-form.ts'

const before = valuesOf({
  brand: 'Fiat',
  model: 'Argo',
  year: 2023,
  color: 'Vermelho',
  price: 62_900.5,
  mileage_km: 51_300,
})

test('a vehicle reads as Brazilians write, and unknown fields are empty', () => {
  assert.deepEqual([before.price, before.mileage_km, before.year, before.fuel], ['62.900,50', '51.300', '2023', ''])
})

test('typed numbers become those of the API, with or without dots, and nonsense is no number', () => {
  assert.deepEqual(
    ['84.900', '84900', '84.900,50', '', 'muito'].map((text) => sentOf('price', text)),
    [84_900, 84_900, 84_900.5, null, undefined],
  )
  assert.deepEqual(
    ['84900.50', '1.5', '84900.555'].map((text) => sentOf('price', text)),
    [84_900.5, 1.5, undefined],
    'a point is no mistake of a hundred times the price',
  )
  assert.deepEqual(
    ['51.300', '51300', '51300.5', '-1'].map((text) => sentOf('mileage_km', text)),
    [51_300, 51_300, undefined, undefined],
  )
  assert.equal(sentOf('color', ' Azul '), 'Azul')
})

test('only changed fields are sent', () => {
  assert.deepEqual(changedFields(before, { ...before, color: 'Azul', model: 'Argo ' }), ['color'])
})

test('a field that only one of two changed is taken, one that both changed is asked about', () => {
  const mine = { ...before, price: '60.000', color: 'Azul' }
  const theirs = { ...before, price: '61.000', fuel: 'Flex' }
  const { values, conflicts } = merge(before, mine, theirs)
  assert.deepEqual(conflicts, ['price'])
  assert.deepEqual([values.price, values.color, values.fuel], ['60.000', 'Azul', 'Flex'])
})

test('the same change made by both is no conflict', () => {
  const same = { ...before, price: '60.000' }
  assert.deepEqual(merge(before, same, same).conflicts, [])
})
