/** The commands about vehicles against a real database: repeated, out of order, crowded and concurrent. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generateRenavam } from '@brazilian-utils/brazilian-utils'
import { type BodyOf, type Message, releaseVehicle, reserveVehicle } from '#contracts'
import { systemClock, systemIds } from '#platform/clock'
import { violatedConstraint } from '#platform/database/pg-errors'
import { messageOf, testDatabase } from '../../../tests/fixtures/database.ts'
import { NO_FACTS } from '../domain/vehicle.ts'
import { findVehicles, insertVehicle } from '../vehicles/vehicle-store.ts'
import { vehicleCommands } from './commands.ts'
import { issuedCodes } from './issued-codes.ts'
import { sales } from './sales.ts'

const { database, vault, unitOfWork, sent } = await testDatabase(new URL('../migrations/', import.meta.url))
const [reserving, releasing] = vehicleCommands(systemClock)
if (!reserving || !releasing) throw new Error('a handler is missing')
const issued = issuedCodes(vault)
const desk = sales({ unitOfWork, clock: systemClock, ids: systemIds, issueCode: issued.issue })

type Wish = BodyOf<typeof reserveVehicle>
type Purchase = Wish & { transaction_id: string }

const purchaseOf = (vehicle_id: number, price_cents = 5_000_000): Purchase => ({
  transaction_id: systemIds.uuid(),
  vehicle_id,
  customer_id: 7,
  price_cents,
})

const reservingOf = ({ transaction_id, ...body }: Purchase) => messageOf(reserveVehicle, transaction_id, body)
const releasingOf = ({ transaction_id, price_cents: _, ...body }: Purchase) =>
  messageOf(releaseVehicle, transaction_id, body)

const reserve = (...purchases: Purchase[]) => answers(reserving, purchases.map(reservingOf))
const release = (...purchases: Purchase[]) => answers(releasing, purchases.map(releasingOf))
const sell = ({ vehicle_id, transaction_id }: Purchase) => desk.submit({ vehicle_id, transaction_id })

/** Delivers one batch and returns its answers, in order, without those to other batches. */
async function handle(to: typeof reserving, messages: readonly Message[]) {
  const mine = new Set(messages.map(({ transaction_id }) => transaction_id))
  const before = sent.length
  await unitOfWork((tx, send) => to?.handle(tx, messages, send) ?? Promise.resolve())
  return sent
    .slice(before)
    .filter(({ transaction_id }) => mine.has(transaction_id))
    .map(({ type, body }) => [type.replace('events.vehicle.', ''), body] as const)
}

/** The answers without the revisions, which have a test of their own. */
async function answers(to: typeof reserving, messages: readonly Message[]) {
  const all = await handle(to, messages)
  return all.map(([type, body]) => {
    const { revision: _, ...rest } = body as { revision?: number }
    return [type, rest] as const
  })
}

let born = 0
async function someVehicle(): Promise<number> {
  born += 1
  const number = String(born).padStart(4, '0')
  const { id } = await database.transaction((tx) =>
    insertVehicle(
      tx,
      vault,
      {
        brand: 'Fiat',
        model: 'Uno',
        year: 2020,
        color: 'Prata',
        price_cents: 5_000_000,
        license_plate: `ABC${number}`,
        chassi_number: `9BWZZZ377VT00${number}`,
        renavam: generateRenavam(),
        mileage_km: null,
        fuel: null,
        transmission: null,
        ...NO_FACTS,
        description: null,
        photos: null,
        documentation: null,
      },
      systemClock.now(),
    ),
  )
  return id
}

async function statusOf(vehicle_id: number) {
  const [vehicle] = await findVehicles(database, vault, [vehicle_id])
  return vehicle && [vehicle.status, vehicle.reserved_by ?? vehicle.sold_to_transaction]
}

const reservationsOf = (vehicle_id: number) =>
  database.query<{ status: string; reason: string | null; ended: boolean }>(
    `select status, reason, ended_at is not null as ended from vehicle_reservations where vehicle_id = $1 order by status`,
    [vehicle_id],
  )

const refusedFor = (reason: string) => ['reservation_failed', { reason }]

test('a reserve delivered twice reserves once and answers alike', async () => {
  const vehicle_id = await someVehicle()
  const purchase = purchaseOf(vehicle_id)
  const yes = ['reserved', { vehicle_id }]
  assert.deepEqual(await reserve(purchase, purchase), [yes, yes])
  assert.deepEqual(await reserve(purchase), [yes])
  assert.deepEqual(await statusOf(vehicle_id), ['reserved', purchase.transaction_id])
  assert.deepEqual(await reservationsOf(vehicle_id), [{ status: 'reserved', reason: null, ended: false }])
})

test('refuses an unknown or re-priced vehicle, and keeps to that answer', async () => {
  const nothing = purchaseOf(999_999)
  assert.deepEqual(await reserve(nothing), [refusedFor('vehicle_not_found')])
  assert.deepEqual(await reserve(nothing), [refusedFor('vehicle_not_found')])
  assert.deepEqual(await release(nothing), [['released', { vehicle_id: 999_999 }]])
  const vehicle_id = await someVehicle()
  const outdated = purchaseOf(vehicle_id, 4_999_999)
  assert.deepEqual(await reserve(outdated), [refusedFor('price_changed')])
  assert.deepEqual(await reserve(outdated, purchaseOf(vehicle_id)), [
    refusedFor('price_changed'),
    ['reserved', { vehicle_id }],
  ])
})

test('a repeated release frees once, and not a vehicle that another has reserved since', async () => {
  const vehicle_id = await someVehicle()
  const first = purchaseOf(vehicle_id)
  const second = purchaseOf(vehicle_id)
  await reserve(first)
  const done = ['released', { vehicle_id }]
  assert.deepEqual(await release(first, first), [done, done])
  assert.deepEqual(await statusOf(vehicle_id), ['available', null])
  assert.deepEqual(await reserve(second), [['reserved', { vehicle_id }]])
  assert.deepEqual(await release(first), [done])
  assert.deepEqual(await reserve(first), [refusedFor('released_before_reserved')])
  assert.deepEqual(await statusOf(vehicle_id), ['reserved', second.transaction_id])
})

test('a late reserve whose release came first is refused, and the vehicle stays on sale', async () => {
  const vehicle_id = await someVehicle()
  const purchase = purchaseOf(vehicle_id)
  const done = ['released', { vehicle_id }]
  assert.deepEqual(await release(purchase, purchase), [done, done])
  assert.deepEqual(await reserve(purchase), [refusedFor('released_before_reserved')])
  assert.deepEqual(await statusOf(vehicle_id), ['available', null])
  assert.deepEqual(await reservationsOf(vehicle_id), [
    { status: 'released', reason: 'released_before_reserved', ended: true },
  ])
})

test('exactly the first of 20 buyers in one batch gets the vehicle', async () => {
  const vehicle_id = await someVehicle()
  const answers = await reserve(...Array.from({ length: 20 }, () => purchaseOf(vehicle_id)))
  assert.deepEqual(answers[0], ['reserved', { vehicle_id }])
  assert.deepEqual(answers.slice(1), Array(19).fill(refusedFor('vehicle_unavailable')))
})

test('exactly one of 20 buyers at the same time gets the vehicle', async () => {
  const vehicle_id = await someVehicle()
  const buyers = Array.from({ length: 20 }, () => purchaseOf(vehicle_id))
  const answers = (await Promise.all(buyers.map((one) => reserve(one)))).flat()
  assert.equal(answers.filter(([type]) => type === 'reserved').length, 1)
  assert.equal(answers.length, 20)
  assert.equal((await statusOf(vehicle_id))?.[0], 'reserved')
})

test('batches that name the same vehicles in opposite orders do not wait for each other in a circle', async () => {
  const vehicles = await Promise.all(Array.from({ length: 10 }, someVehicle))
  await Promise.all(
    Array.from({ length: 12 }, (_, n) =>
      reserve(...(n % 2 ? vehicles : [...vehicles].reverse()).map((id) => purchaseOf(id))),
    ),
  )
  for (const id of vehicles) assert.equal((await statusOf(id))?.[0], 'reserved')
})

test('a reserve or release that arrives after the sale changes nothing', async () => {
  const vehicle_id = await someVehicle()
  const purchase = purchaseOf(vehicle_id)
  await reserve(purchase)
  await sell(purchase)
  assert.deepEqual(await reserve(purchase), [['reserved', { vehicle_id }]])
  assert.deepEqual(await release(purchase), [['released', { vehicle_id }]])
  assert.deepEqual(await reserve(purchaseOf(vehicle_id)), [refusedFor('vehicle_unavailable')])
  assert.deepEqual(await statusOf(vehicle_id), ['sold', purchase.transaction_id])
})

test('sales asked for at the same time are decided one by one, each with a pickup code that stays', async () => {
  const vehicles = await Promise.all(Array.from({ length: 10 }, someVehicle))
  const purchases = vehicles.map((id) => purchaseOf(id))
  await reserve(...purchases)
  const rivals = vehicles.map((id) => purchaseOf(id))
  const answers = await Promise.all([...rivals, ...purchases, ...purchases].map(sell))
  assert.deepEqual(answers.slice(0, 10), Array(10).fill('vehicle_reserved_by_another'))
  assert.deepEqual(answers.slice(10, 20), answers.slice(20))
  const sold = answers.slice(10, 20).flatMap((one) => (typeof one === 'object' ? one : []))
  const codes = await Promise.all(sold.map(issued.open))
  assert.equal(new Set(codes).size, 10)
  assert.match(String(codes[0]), /^[34679ACDEFGHJKMNPQRTVWXY]{8}$/)
  assert.deepEqual(await Promise.all(rivals.map(sell)), Array(10).fill('vehicle_already_sold'))
  const [{ ended, status } = {}] = await reservationsOf(vehicles[0] as number)
  assert.deepEqual([ended, status], [true, 'sold'])
})

test('the database itself refuses a second live reservation of a vehicle', async () => {
  const vehicle_id = await someVehicle()
  const force = () =>
    database.query(
      `insert into vehicle_reservations (transaction_id, vehicle_id, customer_id, status, created_at)
       values ($1, $2, 7, 'reserved', now())`,
      [systemIds.uuid(), vehicle_id],
    )
  await force()
  await assert.rejects(force, (error) => violatedConstraint(error) === 'vehicle_reservations_one_live')
  await assert.rejects(
    database.query(`update vehicles set status = 'reserved' where id = $1`, [vehicle_id]),
    (error) => violatedConstraint(error) === 'vehicles_reserved_by_someone',
  )
})

test('a reply tells the revision when its command changed the vehicle, and only then', async () => {
  const vehicle_id = await someVehicle()
  const [first, second] = [purchaseOf(vehicle_id), purchaseOf(vehicle_id)]
  const told = async (to: typeof reserving, ...messages: readonly Message[]) =>
    (await handle(to, messages)).map(([, body]) => (body as { revision?: number }).revision)
  assert.deepEqual(await told(reserving, reservingOf(first), reservingOf(first), reservingOf(second)), [
    2,
    undefined,
    undefined,
  ])
  assert.deepEqual(await told(releasing, releasingOf(first), releasingOf(first), releasingOf(second)), [
    3,
    undefined,
    undefined,
  ])
  const third = purchaseOf(vehicle_id)
  assert.deepEqual(await told(reserving, reservingOf(third)), [4])
})

test('a vehicle is among the offers exactly while it is available', async () => {
  const isOffered = async (id: number) =>
    (await database.query(`select from vehicle_offers where id = $1`, [id])).length === 1
  const vehicle_id = await someVehicle()
  const first = purchaseOf(vehicle_id)
  assert.ok(await isOffered(vehicle_id))
  await reserve(first, purchaseOf(vehicle_id))
  assert.ok(!(await isOffered(vehicle_id)))
  await release(first)
  assert.ok(await isOffered(vehicle_id))
  const second = purchaseOf(vehicle_id)
  await reserve(second)
  await sell(second)
  assert.ok(!(await isOffered(vehicle_id)))
  const byHand = await someVehicle()
  await desk.submit({ vehicle_id: byHand, transaction_id: null })
  assert.ok(!(await isOffered(byHand)))
})
