/** The identifiers of vehicles in the database: sealed, even for those that were offered before there was a vault. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { databaseBefore, testDatabase } from '../../../tests/fixtures/database.ts'
import { NO_FACTS } from '../domain/vehicle.ts'
import { sealPlainPapers } from './plain-papers-store.ts'
import { findVehicles, insertVehicle, lockCounter, updateCounter } from './vehicle-store.ts'

const MIGRATIONS = new URL('../migrations/', import.meta.url)
const EARLIER = 520

const uno = {
  ...{ brand: 'Fiat', model: 'Uno', year: 2020, color: 'Prata', price_cents: 4_500_000 },
  ...{ license_plate: 'ABC1234', chassi_number: '9BWZZZ377VT004251', renavam: '00639884962' },
  ...{ mileage_km: null, fuel: null, transmission: null, description: null, photos: null, documentation: null },
  ...NO_FACTS,
}

test('plate, chassi, RENAVAM and who received the vehicle lie sealed, and come back', async () => {
  const { database, vault } = await testDatabase(MIGRATIONS)
  const { id } = await database.transaction((tx) => insertVehicle(tx, vault, uno, new Date()))
  await database.query(
    `update vehicles set status = 'picked_up', sold_at = now(), picked_up_at = now() where id = $1`,
    [id],
  )
  await database.transaction(async (tx) => {
    const counter = await lockCounter(tx, vault, id)
    assert.ok(counter)
    await updateCounter(tx, vault, { ...counter, received_by: 'Ana Souza' })
  })
  const text = JSON.stringify(
    await database.query(
      `select to_jsonb(vehicles) from vehicles union all select to_jsonb(vehicle_papers) from vehicle_papers`,
    ),
  )
  for (const value of ['ABC1234', 'ABC1C34', uno.chassi_number, uno.renavam, 'Ana Souza'])
    assert.ok(!text.includes(value))
  const [found] = await findVehicles(database, vault, [id])
  assert.ok(found)
  const { license_plate, chassi_number, renavam, received_by } = found
  assert.deepEqual(
    [license_plate, chassi_number, renavam, received_by],
    ['ABC1234', uno.chassi_number, uno.renavam, 'Ana Souza'],
  )
})

test('vehicles from before there was a vault are sealed at the next start, and both forms of their plates stay taken', async () => {
  const { database, upgrade } = await databaseBefore(MIGRATIONS, '0004')
  await database.query(
    `insert into vehicles (brand, model, year, color, price_cents, license_plate, plate_mercosul, chassi_number, renavam,
       status, sold_at, picked_up_at, received_by, created_at, updated_at)
     select 'Fiat', 'Uno', 2020, 'Prata', 100, 'ABC1' || lpad(n::text, 3, '0'), 'M' || n, 'C' || n, lpad(n::text, 11, '0'),
       'picked_up', now(), now(), 'Ana ' || n, now(), now() from generate_series(1, $1::int) as n`,
    [EARLIER],
  )
  const vault = await upgrade()
  const counts = await Promise.all([sealPlainPapers(database, vault), sealPlainPapers(database, vault)])
  assert.equal(counts[0] + counts[1], EARLIER)
  const plain = await database.query(
    `select from vehicles where num_nonnulls(license_plate, chassi_number, renavam) > 0 or received_by like 'Ana%'`,
  )
  assert.equal(plain.length, 0)
  const [found] = await findVehicles(database, vault, [EARLIER])
  assert.deepEqual(
    [found?.license_plate, found?.chassi_number, found?.renavam, found?.received_by],
    [`ABC1${EARLIER}`, `C${EARLIER}`, `00000000${EARLIER}`, `Ana ${EARLIER}`],
  )
  await database.query(`update vehicles set status = 'sold', picked_up_at = null, received_by = null where id = 7`)
  const offered = (papers: object) =>
    database.transaction((tx) => insertVehicle(tx, vault, { ...uno, license_plate: 'ZZZ9999', ...papers }, new Date()))
  await assert.rejects(offered({ license_plate: 'ABC1A07' }), /vehicles_plate_unique/) // ABC1007
  await assert.rejects(offered({ chassi_number: 'C7' }), /vehicles_chassi_unique/)
  await assert.rejects(offered({ renavam: '00000000007' }), /vehicles_renavam_unique/)
  const again = await offered({ license_plate: 'ABC1008', chassi_number: 'C8', renavam: '00000000008' })
  assert.equal(again.previous_vehicle_id, 8, 'one that was picked up before this was kept comes in anew')
})
