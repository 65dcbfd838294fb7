/** Who gets a vehicle, by example and under any sequence of late and repeated commands. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  type Buyer,
  type Claim,
  type Reservation,
  release,
  releaseReply,
  reserve,
  reserveReply,
  sell,
} from './reservation.ts'
import { amend, type Details, mask, mercosulPlate, NO_FACTS, onSale, type Stock, type Vehicle } from './vehicle.ts'

const uno: Stock = { id: 3, price_cents: 2_500_000, revision: 1, ...onSale }
const at = new Date('2026-11-23T12:00:00Z')

const claim = (transaction_id = 't1'): Claim => ({ transaction_id, vehicle_id: 3, customer_id: 7 })
const wish = (transaction_id = 't1', price_cents = 2_500_000) => ({ ...claim(transaction_id), price_cents })
const codeOf = (whose: string) => ({ pickup_code: `code-${whose}`, pickup_print: `print-${whose}` })
const buyer = (transaction_id = 't1') => ({ transaction_id, ...codeOf(transaction_id) })
const byHand = { transaction_id: null, ...codeOf('by-hand') }

function sold(vehicle: Stock | undefined, reservation: Reservation | undefined, to: Buyer) {
  const sale = sell(vehicle, reservation, to, at)
  if (typeof sale === 'string') return assert.fail(sale)
  return sale
}

test('reserves an available vehicle for its first buyer, and no other', () => {
  const first = reserve(uno, undefined, wish('t1'))
  assert.equal(first.vehicle?.status, 'reserved')
  assert.equal(first.vehicle?.reserved_by, 't1')
  assert.deepEqual(reserveReply(first.reservation).body, { vehicle_id: 3 })
  const second = reserve(first.vehicle, undefined, wish('t2'))
  assert.equal(second.vehicle, first.vehicle)
  assert.deepEqual(reserveReply(second.reservation).body, { reason: 'vehicle_unavailable' })
})

test('says why a vehicle can not be reserved', () => {
  assert.equal(reserve(undefined, undefined, wish()).reservation.reason, 'vehicle_not_found')
  assert.equal(reserve(uno, undefined, wish('t1', 1)).reservation.reason, 'price_changed')
  const withdrawn: Stock = { ...uno, ...onSale, status: 'withdrawn' }
  assert.equal(reserve(withdrawn, undefined, wish()).reservation.reason, 'vehicle_unavailable')
})

test('a repeated reserve gets the answer of the first', () => {
  const first = reserve(uno, undefined, wish())
  assert.deepEqual(reserve(first.vehicle, first.reservation, wish()), first)
  const refused = reserve(uno, undefined, wish('t1', 1))
  assert.deepEqual(reserve(uno, refused.reservation, wish()).reservation, refused.reservation)
})

test('a release puts the vehicle back on sale, again and again with the same answer', () => {
  const { vehicle, reservation } = reserve(uno, undefined, wish())
  const released = release(vehicle, reservation, claim())
  assert.deepEqual(released.vehicle, { ...uno, revision: 3 })
  assert.deepEqual(releaseReply(released.reservation).body, { vehicle_id: 3 })
  assert.deepEqual(release(released.vehicle, released.reservation, claim()), released)
  assert.deepEqual(reserveReply(released.reservation).body, { reason: 'released_before_reserved' })
})

test('a release that comes before its reserve has the late reserve refused', () => {
  const tombstone = release(uno, undefined, claim())
  assert.equal(tombstone.vehicle, uno)
  const late = reserve(uno, tombstone.reservation, wish())
  assert.equal(late.vehicle, uno)
  assert.deepEqual(reserveReply(late.reservation).body, { reason: 'released_before_reserved' })
})

test('the release of one buyer does not free the vehicle of another', () => {
  const { vehicle } = reserve(uno, undefined, wish('t1'))
  const refused = reserve(vehicle, undefined, wish('t2'))
  assert.equal(release(vehicle, refused.reservation, claim('t2')).vehicle, vehicle)
  assert.equal(release(vehicle, undefined, claim('t3')).vehicle, vehicle)
})

test('sells to the purchase that has it reserved, and answers it alike ever after', () => {
  const reserved = reserve(uno, undefined, wish())
  const sale = sold(reserved.vehicle, reserved.reservation, buyer())
  assert.equal(sale.vehicle.status, 'sold')
  assert.equal(sale.vehicle.sold_to_transaction, 't1')
  assert.equal(sale.reservation?.status, 'sold')
  const again = sold(sale.vehicle, sale.reservation, { ...buyer(), pickup_code: 'another' })
  assert.deepEqual(again, sale)
  assert.equal(again.vehicle.pickup_code, 'code-t1')
  const pickedUp: Stock = { ...sale.vehicle, status: 'picked_up', reserved_by: null, sold_at: at, picked_up_at: at }
  assert.equal(sold(pickedUp, sale.reservation, buyer()).vehicle, pickedUp)
})

test('sells by hand what is on sale, once', () => {
  const sale = sold(uno, undefined, byHand)
  assert.equal(sale.vehicle.status, 'sold')
  assert.equal(sale.vehicle.pickup_code, 'code-by-hand')
  assert.equal(sell(sale.vehicle, undefined, byHand, at), 'vehicle_already_sold')
  assert.equal(sell(sale.vehicle, undefined, buyer(), at), 'vehicle_already_sold')
})

test('says why a vehicle can not be sold', () => {
  const { vehicle, reservation } = reserve(uno, undefined, wish('t1'))
  assert.equal(sell(undefined, undefined, byHand, at), 'vehicle_not_found')
  assert.equal(sell(vehicle, undefined, buyer('t2'), at), 'vehicle_reserved_by_another')
  assert.equal(sell(vehicle, undefined, byHand, at), 'vehicle_reserved_by_another')
  assert.equal(sell(sold(vehicle, reservation, buyer()).vehicle, undefined, buyer('t2'), at), 'vehicle_already_sold')
  assert.equal(sell({ ...uno, ...onSale, status: 'withdrawn' }, undefined, byHand, at), 'vehicle_not_sellable')
  assert.equal(sell(uno, undefined, buyer(), at), 'vehicle_not_sellable')
})

test('both forms of a plate are one car, and masks keep only the end', () => {
  assert.equal(mercosulPlate('ABC1234'), 'ABC1C34')
  assert.equal(mercosulPlate('ABC1C34'), 'ABC1C34')
  assert.equal(mask('ABC1234', 3), '****234')
})

test('a vehicle that somebody has can not be amended', () => {
  const vehicle: Vehicle = {
    ...uno,
    ...details,
    received_by: null,
    photo_files: [],
    previous_vehicle_id: null,
    restrictions: null,
    created_at: at,
    updated_at: at,
  }
  const later = new Date('2026-11-24T12:00:00Z')
  assert.deepEqual(amend(vehicle, { color: 'Azul' }, later), {
    ...vehicle,
    color: 'Azul',
    revision: 2,
    updated_at: later,
  })
  const { vehicle: reserved } = reserve(vehicle, undefined, wish())
  const sale = sell(vehicle, undefined, byHand, at)
  if (!reserved || typeof sale === 'string') return assert.fail('it was on sale')
  assert.equal(amend(reserved, { color: 'Azul' }, later), 'vehicle_not_editable')
  assert.equal(amend(sale.vehicle, { color: 'Azul' }, later), 'vehicle_not_editable')
})

const details: Details = {
  brand: 'Fiat',
  model: 'Uno',
  year: 2020,
  color: 'Prata',
  price_cents: uno.price_cents,
  license_plate: 'ABC1234',
  chassi_number: '9BWZZZ377VT004251',
  renavam: '00639884962',
  mileage_km: null,
  fuel: null,
  transmission: null,
  ...NO_FACTS,
  description: null,
  photos: null,
  documentation: null,
}

const commands = fc.array(
  fc.record({
    what: fc.constantFrom('reserve', 'release', 'sell', 'sell by hand'),
    transaction: fc.constantFrom('t1', 't2', 't3', 't4'),
  }),
  { maxLength: 40 },
)

interface World {
  readonly vehicle: Stock
  readonly reservations: ReadonlyMap<string, Reservation>
}

function after({ vehicle, reservations }: World, what: string, transaction: string): World {
  const known = reservations.get(transaction)
  const next = (settled: { vehicle: Stock | undefined; reservation: Reservation | undefined }): World => ({
    vehicle: settled.vehicle ?? vehicle,
    reservations: settled.reservation ? new Map(reservations).set(transaction, settled.reservation) : reservations,
  })
  if (what === 'reserve') return next(reserve(vehicle, known, wish(transaction)))
  if (what === 'release') return next(release(vehicle, known, claim(transaction)))
  const sale = sell(vehicle, known, what === 'sell' ? buyer(transaction) : byHand, at)
  return typeof sale === 'string' ? { vehicle, reservations } : next(sale)
}

test('under any sequence of late and repeated commands at most one purchase has the vehicle, and sold stays sold', () => {
  fc.assert(
    fc.property(commands, (sequence) => {
      let world: World = { vehicle: uno, reservations: new Map() }
      for (const { what, transaction } of sequence) {
        const before = world
        world = after(before, what, transaction)
        const { vehicle, reservations } = world
        const hasChanged = vehicle !== before.vehicle
        assert.equal(vehicle.revision, before.vehicle.revision + (hasChanged ? 1 : 0), 'each change is counted')
        if (before.vehicle.status === 'sold') assert.deepEqual(vehicle, before.vehicle)
        for (const [id, reservation] of before.reservations) {
          if (reservation.status !== 'reserved') assert.equal(reservations.get(id), reservation, 'the end is the end')
        }
        const live = [...reservations.values()].filter(({ status }) => status === 'reserved' || status === 'sold')
        assert.ok(live.length <= 1)
        assert.equal(live[0]?.transaction_id ?? null, vehicle.reserved_by ?? vehicle.sold_to_transaction)
        assert.equal(vehicle.status === 'reserved', live[0]?.status === 'reserved')
      }
    }),
    { numRuns: 2_000 },
  )
})
