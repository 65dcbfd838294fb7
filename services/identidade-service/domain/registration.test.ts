/** Which people may sign up by themselves, and which need a representative. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ageAt, faultsOf, type Registration } from './registration.ts'

const today = '2026-11-29'
const ana: Registration = {
  name: 'Ana Souza',
  document: '52998224725',
  birth_date: '1990-03-01',
  phone: '+5511987654321',
  representative: null,
}
const paths = (changed: Partial<Registration>) => faultsOf({ ...ana, ...changed }, today).map(({ path }) => path)

test('a grown person needs nobody, a company no birth date', () => {
  assert.deepEqual(paths({}), [])
  assert.deepEqual(paths({ document: '11222333000181', birth_date: null }), [])
})

test('a person says when they were born, and not in the future', () => {
  assert.deepEqual(paths({ birth_date: null }), ['/birth_date'])
  assert.deepEqual(paths({ birth_date: '2026-11-30' }), ['/birth_date'])
  assert.deepEqual(paths({ birth_date: '1899-12-31' }), ['/birth_date'])
})

test('until the day they are eighteen somebody else acts for them', () => {
  const mother = { name: 'Rita Souza', document: '11144477735' }
  assert.deepEqual(paths({ birth_date: '2008-11-30' }), ['/representative'])
  assert.deepEqual(paths({ birth_date: '2008-11-29' }), [])
  assert.deepEqual(paths({ birth_date: '2010-01-01', representative: mother }), [])
  assert.deepEqual(paths({ birth_date: '2010-01-01', representative: { ...mother, document: ana.document } }), [
    '/representative/document',
  ])
  assert.deepEqual(paths({ representative: { ...mother, document: '11222333000181' } }), ['/representative/document'])
})

test('years are whole ones, also for those born on 29 February', () => {
  assert.deepEqual([ageAt('2008-02-29', '2026-02-28'), ageAt('2008-02-29', '2026-03-01')], [17, 18])
})
