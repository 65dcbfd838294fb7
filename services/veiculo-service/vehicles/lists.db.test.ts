/**
 * Lists remember counts and endings for seconds, but never outdated ones: counts are exact after every change, and endings
 * after a correction.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Database } from '#platform/database/database'
import { call, database, offered, vault } from '../http/http.suite.ts'
import type { Filter } from './listing-store.ts'
import { vehicleLists } from './lists.ts'

const everything: Filter = {
  ...{ shelf: 'available', q: null, brands: null, model: null, year_min: null, year_max: null },
  ...{ price_min_cents: null, price_max_cents: null, mileage_max: null },
  ...{ bodies: null, fuels: null, transmissions: null, colors: null },
}
const gurgels: Filter = { ...everything, brands: ['Gurgel'] }

/** Lists over a database that notes how often something was counted. */
function counting(isAlone: boolean) {
  const asked = { counts: 0 }
  const counted: Database = {
    ...database,
    query: (text, values) => {
      if (text.includes('count(*)')) asked.counts += 1
      return database.query(text, values)
    },
  }
  const lists = vehicleLists({ database: counted, vault, isAlone })
  const totalOf = async (filter: Filter) => (await lists.page(filter, 'newest', undefined, 10, 'masked')).total
  return { lists, asked, totalOf }
}

test('a total is counted once for all callers, and anew after a change', async () => {
  const { asked, totalOf } = counting(true)
  await offered({ brand: 'Gurgel', model: 'BR-800' })
  const before = await totalOf(gurgels)
  assert.deepEqual(await Promise.all([totalOf(gurgels), totalOf(gurgels)]), [before, before])
  assert.equal(asked.counts, 1)
  const { id } = await offered({ brand: 'Gurgel', model: 'BR-800' })
  assert.equal(await totalOf(gurgels), before + 1)
  assert.equal((await call('POST', `/vehicles/${id}/withdraw`, { reason: 'em revisão' })).status, 200)
  assert.equal(await totalOf(gurgels), before)
  assert.equal(asked.counts, 3)
})

test('the meaning of a word is asked for again after a vehicle brought new words', async () => {
  const { lists } = counting(true)
  const find = async () =>
    (await lists.page({ ...everything, q: 'tupiniquim' }, 'newest', undefined, 10, 'masked')).total
  assert.equal(await find(), 0)
  await offered({ brand: 'Gurgel', model: 'Tupiniquim' })
  assert.equal(await find(), 1)
})

test('facets change with their list', async () => {
  const { lists } = counting(true)
  const filter = { ...everything, brands: ['Puma'] }
  assert.deepEqual(await lists.facets(filter), [])
  await offered({ brand: 'Puma', model: 'GTE' })
  assert.deepEqual(
    (await lists.facets(filter)).filter(({ facet }) => facet === 'brand'),
    [{ facet: 'brand', value: 'Puma', count: 1 }],
  )
})

test('where the service has other processes, every total is counted anew', async () => {
  const { asked, totalOf } = counting(false)
  await totalOf(gurgels)
  await totalOf(gurgels)
  assert.equal(asked.counts, 2)
})

test('an ending belongs to the present papers, and no whole paper is shown', async () => {
  const { lists } = counting(true)
  const { id } = await offered({ brand: 'Miura', model: 'Targa', license_plate: 'MIU1A23' })
  const shown = async () => {
    const { vehicles } = await lists.page({ ...everything, brands: ['Miura'] }, 'newest', undefined, 10, 'masked')
    return vehicles.map(({ license_plate, chassi_number, received_by }) => ({
      license_plate,
      chassi: chassi_number.slice(0, -4),
      received_by,
    }))
  }
  const stars = '*'.repeat(13)
  const expected = (license_plate: string) => [{ license_plate, chassi: stars, received_by: null }]
  assert.deepEqual(await shown(), expected('****A23'))
  const { status } = await call('PUT', `/vehicles/${id}`, { license_plate: 'MIU4B56' })
  assert.equal(status, 200)
  assert.deepEqual(await shown(), expected('****B56'))
  assert.deepEqual(await shown(), expected('****B56'))
})

test('papers that can’t be opened are empty in their row alone, and are tried again', async () => {
  const { lists } = counting(true)
  const [good, bad] = [await offered({ brand: 'Santa Matilde' }), await offered({ brand: 'Santa Matilde' })]
  const [kept] = await database.query<{ sealed: string }>(
    'select license_plate as sealed from vehicle_papers where vehicle_id = $1',
    [bad.id],
  )
  const store = (sealed: string | undefined) =>
    database.query('update vehicle_papers set license_plate = $2 where vehicle_id = $1', [bad.id, sealed])
  const plates = async () => {
    const filter = { ...everything, brands: ['Santa Matilde'] }
    const { vehicles } = await lists.page(filter, 'newest', undefined, 10, 'masked')
    return new Map(vehicles.map(({ id, license_plate }) => [id, license_plate]))
  }
  await store('v1.1.damaged')
  assert.deepEqual([(await plates()).get(bad.id), (await plates()).get(good.id)?.slice(0, 4)], ['', '****'])
  await store(kept?.sealed)
  assert.equal((await plates()).get(bad.id)?.slice(0, 4), '****')
})
