import assert from 'node:assert/strict'
import { test } from 'node:test'
import { problems } from '#contracts'
import { inWords } from './import-reasons.server.ts'

const told = (field: string, message: string) => inWords({ line: 4, field, message })

test('a line that was refused says its column and its reason in Portuguese, whatever the service said', () => {
  assert.deepEqual(told('license_plate', 'must match format "license-plate"'), {
    line: 4,
    field: 'Placa',
    message: 'A placa tem 7 letras e números.',
  })
  assert.equal(told('dono', 'is no column that is known').field, 'dono')
  assert.match(told('dono', 'is no column that is known').message, /não se conhece/)
  assert.equal(told('brand', 'is required').message, 'Falta preencher.')
  assert.equal(told('', problems.vehicle_exists.detail).message.at(-1), '.')
  assert.doesNotMatch(told('', problems.vehicle_exists.detail).message, /vehicle|exists/i)
  assert.equal(told('', 'something new').message, 'Este valor não serve: confira.')
})
