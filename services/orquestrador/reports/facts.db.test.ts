/**
 * Facts, entries and reports on a database: messages that come twice, late or early, the edge of a month, and a rebuild
 * from the facts.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type BodyOf, purchaseCompleted, purchaseFailed, purchaseReturned, vehicleAccounted } from '#contracts'
import { systemIds } from '#platform/clock'
import { messageOf, testDatabase } from '../../../tests/fixtures/database.ts'
import { accountEvents, keepFacts, rebuildReports, reporting } from './facts.ts'
import { failuresBy, longestStanding, salesBy, stockBy } from './report-store.ts'

const { database, unitOfWork } = await testDatabase(new URL('../migrations/', import.meta.url))

const passedOn: string[] = []
const intakes = [purchaseCompleted, purchaseReturned, purchaseFailed].map((contract) => ({
  contract,
  subscription: contract.subscriptions[0] ?? '',
  take: async (messages: readonly { type: string }[]) => void passedOn.push(...messages.map(({ type }) => type)),
}))
const [takeCompleted, takeReturned, takeFailed] = reporting(intakes, database).map(({ take }) => take)

let vehicles = 0
const number = () => {
  vehicles += 1
  return vehicles
}
type Told = BodyOf<typeof vehicleAccounted>
const account = (more: Partial<Told> = {}): Told => ({
  ...{
    vehicle_id: number(),
    revision: 1,
    brand: 'Fiat',
    model: 'Uno',
    year: 2020,
    status: 'available' as const,
  },
  ...{
    price_cents: 5_000_000,
    taken_in_on: '2026-01-10',
    source: 'purchase' as const,
    cost_cents: 4_000_000,
  },
  expenses_cents: 0,
  ...more,
})
/** A vehicle whose cost nobody has entered. */
const uncosted = (more: Partial<Told>): Told => {
  const { cost_cents: _, ...told } = account(more)
  return told
}
const tell = (body: Told, occurred_at = '2026-01-10T12:00:00.000Z') =>
  unitOfWork(async (tx, send) => {
    const message = { ...messageOf(vehicleAccounted, systemIds.uuid(), body), occurred_at }
    for (const { handle } of accountEvents) await handle(tx, [message], send)
  })

const bought = (vehicle_id: number, amount_cents = 5_000_000) => ({
  ...{ customer_id: 7, vehicle_id, amount_cents, payment_type: 'cash' as const },
})
const sold = (id: string, vehicle_id: number, occurred_at: string, amount_cents?: number) => {
  const message = { ...messageOf(purchaseCompleted, id, bought(vehicle_id, amount_cents)), occurred_at }
  return takeCompleted?.([message])
}
const returned = (purchase_id: string, vehicle_id: number, occurred_at: string) => {
  const body = { purchase_id, ...bought(vehicle_id) }
  return takeReturned?.([{ ...messageOf(purchaseReturned, systemIds.uuid(), body), occurred_at }])
}

const months = (from: string, to: string, view: 'booked' | 'sold' = 'booked') =>
  salesBy(database, { from, to }, 'month', view).then((rows) =>
    rows.map(({ key, sales, returns, revenue_cents, margin_cents }) => [
      key,
      sales,
      returns,
      revenue_cents,
      margin_cents,
    ]),
  )

test('a sale counts on its day in São Paulo, once, however often the message comes', async () => {
  const { vehicle_id, ...rest } = account({ brand: 'Borda' })
  await tell({ vehicle_id, ...rest })
  const id = systemIds.uuid()
  for (let told = 0; told < 2; told += 1) await sold(id, vehicle_id, '2025-02-01T01:00:00.000Z') // 31 January, 22:00 there
  assert.deepEqual(await months('2025-01-01', '2025-01-31'), [['2025-01', 1, 0, 5_000_000, 1_000_000]])
  assert.deepEqual(await months('2025-02-01', '2025-02-28'), [])
  assert.equal(passedOn.length, 2, 'and whoever listened before is told as before')
})

test('a return and a late expense count in their own month; by month of sale they count with the sale', async () => {
  const car = account()
  await tell(car)
  const id = systemIds.uuid()
  await sold(id, car.vehicle_id, '2025-03-10T12:00:00.000Z')
  const march = await months('2025-03-01', '2025-03-31')
  assert.deepEqual(march, [['2025-03', 1, 0, 5_000_000, 1_000_000]])
  await tell({ ...car, revision: 2, expenses_cents: 50_000 }, '2025-04-02T12:00:00.000Z')
  assert.deepEqual(await months('2025-03-01', '2025-03-31'), march, 'a closed month stays')
  assert.deepEqual(await months('2025-04-01', '2025-04-30'), [['2025-04', 0, 0, 0, -50_000]])
  await returned(id, car.vehicle_id, '2025-05-02T12:00:00.000Z')
  assert.deepEqual(await months('2025-03-01', '2025-03-31'), march)
  assert.deepEqual(await months('2025-05-01', '2025-05-31'), [['2025-05', 0, 1, -5_000_000, -950_000]])
  assert.deepEqual(await months('2025-03-01', '2025-05-31', 'sold'), [['2025-03', 1, 1, 0, 0]])
})

test('a return that is heard before its sale takes it back all the same', async () => {
  const car = account()
  await tell(car)
  const id = systemIds.uuid()
  await returned(id, car.vehicle_id, '2025-06-20T12:00:00.000Z')
  await sold(id, car.vehicle_id, '2025-06-10T12:00:00.000Z')
  assert.deepEqual(await months('2025-06-01', '2025-06-30'), [['2025-06', 1, 1, 0, 0]])
})

test('a sale without a known cost is in no margin until somebody enters the cost', async () => {
  const car = uncosted({ brand: 'Incerta' })
  await tell(car)
  await sold(systemIds.uuid(), car.vehicle_id, '2025-07-10T12:00:00.000Z')
  const july = () => salesBy(database, { from: '2025-07-01', to: '2025-07-31' }, 'brand', 'booked')
  const [before] = await july()
  assert.deepEqual([before?.key, before?.uncosted, before?.margin_cents], ['Incerta', 1, 0])
  await tell({ ...car, revision: 2, cost_cents: 4_200_000 }, '2025-07-12T12:00:00.000Z')
  const [after] = await july()
  assert.deepEqual([after?.uncosted, after?.margin_cents], [0, 800_000])
})

test('a sale by several people is credited to each by their share, to the cent, and a return takes the same shares back', async () => {
  const car = account()
  await tell(car)
  const transaction_id = systemIds.uuid()
  const about = { at: '2024-05-10T12:00:00.000Z', vehicle_id: car.vehicle_id, transaction_id, payment_type: 'counter' }
  const sellers = ['ana', 'bia', 'rui'].map((id, index) => ({ id, share: index === 0 ? 34 : 33 }))
  const sale = { ...about, key: `sale:${transaction_id}`, kind: 'sale', amount_cents: 5_000_001 } as const
  await database.transaction((tx) => keepFacts(tx, [{ ...sale, seller: 'staff ana', sellers }]))
  const alone = account()
  await tell(alone)
  await database.transaction((tx) =>
    keepFacts(tx, [{ ...sale, key: 'sale:alone', vehicle_id: alone.vehicle_id, seller: 'staff ana' }]),
  )
  const may = async () =>
    (await salesBy(database, { from: '2024-05-01', to: '2024-06-30' }, 'seller', 'sold')).map(
      ({ key, sales, revenue_cents, margin_cents }) => [key, sales, revenue_cents, margin_cents],
    )
  assert.deepEqual(await may(), [
    ['ana', 2, 5_000_001 + 1_700_000, 1_000_001 + 340_000],
    ['bia', 1, 1_650_000, 330_000],
    ['rui', 1, 1_650_001, 330_001],
  ])
  await returned(transaction_id, car.vehicle_id, '2024-06-01T12:00:00.000Z')
  assert.deepEqual(await may(), [
    ['ana', 2, 5_000_001, 1_000_001],
    ['bia', 1, 0, 0],
    ['rui', 1, 0, 0],
  ])
})

test('failed purchases are counted by their reason', async () => {
  const failed = (reason: string) => {
    const body = { ...bought(1), reason, failed_step: 'VEHICLE_RESERVATION' }
    const message = messageOf(purchaseFailed, systemIds.uuid(), body)
    return takeFailed?.([{ ...message, occurred_at: '2025-08-10T12:00:00.000Z' }])
  }
  await failed('price_changed')
  await failed('vehicle_unavailable')
  await failed('price_changed')
  assert.deepEqual(await failuresBy(database, { from: '2025-08-01', to: '2025-08-31' }), [
    { reason: 'price_changed', count: 2 },
    { reason: 'vehicle_unavailable', count: 1 },
  ])
})

test('the stock is told by days, at cost, without vehicles that are sold, gone from the house or unknown', async () => {
  const standing = async () => (await stockBy(database, '2026-05-01', 'brand')).filter(({ key }) => key === 'Parada')
  const [old, young, gone] = [
    account({ brand: 'Parada', acquired_on: '2026-01-01', expenses_cents: 10_000 }),
    uncosted({ brand: 'Parada', taken_in_on: '2026-04-21' }),
    account({ brand: 'Parada' }),
  ]
  for (const one of [old, young, gone]) await tell(one)
  await sold(systemIds.uuid(), gone.vehicle_id, '2026-04-10T12:00:00.000Z')
  await tell({ ...account({ brand: 'Parada', status: 'returned_to_owner' }) })
  assert.deepEqual(await standing(), [
    { key: 'Parada', count: 2, price_cents: 10_000_000, cost_cents: 4_010_000, uncosted: 1, days_in_stock: 65 },
  ])
  const bands = await stockBy(database, '2026-05-01', 'days')
  assert.ok(bands.some(({ key }) => key === '91+') && bands.some(({ key }) => key === '0-30'))
  const [longest] = await longestStanding(database, '2026-05-01', 1)
  assert.deepEqual(
    [longest?.vehicle_id, longest?.days_in_stock, longest?.name],
    [old.vehicle_id, 120, 'Parada Uno 2020'],
  )
})

test('reports that are rebuilt from the facts stay the same', async () => {
  const all = () =>
    Promise.all([
      database.query(
        `select kind, at, vehicle_id, revenue_cents, cost_cents, margin_cents from report_entries order by at, vehicle_id, kind`,
      ),
      database.query(`select vehicle_id, known, in_stock from report_vehicles order by vehicle_id`),
    ])
  const before = await all()
  assert.ok((await database.transaction(rebuildReports)) > 10)
  assert.deepEqual(await all(), before)
})
