/** The return of a vehicle: held once, released or taken back once, also when commands are repeated, late or out of order. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  holdForReturn,
  holdReply,
  type Known,
  type ReturnWish,
  releaseFromReturn,
  takeBack,
  takeBackReply,
} from './coming-back.ts'
import { type Reservation, release, reserve, reserveReply, sell } from './reservation.ts'
import { nobody, onSale, type Stock } from './vehicle.ts'

const PURCHASE = '0195571c-3f6b-7a6e-9b0c-000000000001'
const RETURN = '0195571c-3f6b-7a6e-9b0c-000000000002'
const wish: ReturnWish = { return_id: RETURN, purchase_id: PURCHASE, vehicle_id: 3, customer_id: 7 }
const claim = { transaction_id: PURCHASE, vehicle_id: 3, customer_id: 7 }
const at = new Date('2026-03-02T12:00:00Z')

const sold: Reservation = { ...claim, status: 'sold', reason: null }
const vehicle = (status: 'sold' | 'picked_up' = 'picked_up'): Stock => ({
  ...{ id: 3, price_cents: 9_000, revision: 4 },
  ...{ ...nobody, status, sold_to_transaction: PURCHASE, sold_at: at, picked_up_at: status === 'sold' ? null : at },
})
const bought = (): Known<Stock> => ({ vehicle: vehicle(), reservation: sold, return: undefined })
const held = () => holdForReturn(bought(), wish, { isTaken: false })

test('a held vehicle still belongs to its buyer, and its revision is one higher', () => {
  const { vehicle: after, reservation, return: record } = held()
  assert.deepEqual([after?.status, after?.return_id, after?.revision], ['picked_up', RETURN, 5])
  assert.deepEqual([reservation, record.status], [sold, 'held'])
  assert.equal(holdReply(record).contract.topic, 'events.vehicle.held_for_return')
})

test('a repeated command changes nothing and is answered again', () => {
  const once = held()
  assert.deepEqual(holdForReturn(once, wish, { isTaken: false }), once)
  const back = takeBack(once, wish)
  assert.deepEqual(takeBack(back, wish), back)
  assert.deepEqual(holdForReturn(back, wish, { isTaken: true }), back, 'a late hold finds the vehicle back')
  assert.equal(holdReply(back.return).contract.topic, 'events.vehicle.held_for_return')
  const released = releaseFromReturn(held(), wish)
  assert.deepEqual(releaseFromReturn(released, wish), released)
  assert.equal(
    holdReply(holdForReturn(released, wish, { isTaken: false }).return).contract.topic,
    'events.vehicle.hold_for_return_failed',
  )
})

test('a release that comes first refuses the hold that comes late', () => {
  const released = releaseFromReturn(bought(), wish)
  assert.deepEqual([released.return.status, released.return.reason], ['released', 'released_before_held'])
  const late = holdForReturn(released, wish, { isTaken: false })
  assert.deepEqual(late, released)
  assert.equal(late.vehicle?.return_id, null)
})

test('a second return of one purchase, and one of a purchase that has no vehicle, are refused', () => {
  assert.equal(holdForReturn(bought(), wish, { isTaken: true }).return.reason, 'already_being_returned')
  const released = { ...bought(), reservation: { ...claim, status: 'released', reason: null } as const }
  assert.equal(holdForReturn(released, wish, { isTaken: false }).return.reason, 'not_sold_to_purchase')
})

test('a vehicle that is back is withdrawn and belongs to nobody, whether or not it was picked up', () => {
  for (const status of ['sold', 'picked_up'] as const) {
    const back = takeBack(holdForReturn({ ...bought(), vehicle: vehicle(status) }, wish, { isTaken: false }), wish)
    assert.deepEqual(back.vehicle, { id: 3, price_cents: 9_000, revision: 6, ...nobody, status: 'withdrawn' })
    assert.equal(back.reservation?.status, 'returned')
    assert.equal(takeBackReply(back.return).contract.topic, 'events.vehicle.taken_back')
  }
})

test('late commands of the purchase find it returned: they are answered, and move nothing', () => {
  const { vehicle: after, reservation } = takeBack(held(), wish)
  const relisted = { ...after, ...onSale } as Stock
  for (const now of [after, relisted]) {
    const again = reserve(now, reservation, { ...claim, price_cents: 9_000 })
    assert.deepEqual(again, { vehicle: now, reservation })
    assert.deepEqual(reserveReply(again.reservation).body, { reason: 'returned' })
    assert.deepEqual(release(now, reservation, claim), { vehicle: now, reservation })
    const code = { pickup_code: 'sealed', pickup_print: 'print' }
    assert.equal(sell(now, reservation, { transaction_id: PURCHASE, ...code }, at), 'vehicle_not_sellable')
  }
})

test('in a database from before the sale, the return leaves a tombstone, and others keep their vehicles', () => {
  const other: Stock = { id: 3, price_cents: 9_000, revision: 4, ...onSale }
  const back = takeBack({ vehicle: other, reservation: undefined, return: undefined }, wish)
  assert.equal(back.vehicle, other)
  assert.deepEqual([back.reservation?.status, back.reservation?.reason], ['returned', 'returned_before_reserved'])
  assert.deepEqual(reserve(other, back.reservation, { ...claim, price_cents: 9_000 }).vehicle, other)
  const reserved: Stock = { ...other, ...nobody, status: 'reserved', reserved_by: PURCHASE }
  const half = takeBack(
    { vehicle: reserved, reservation: { ...claim, status: 'reserved', reason: null }, return: undefined },
    wish,
  )
  assert.deepEqual([half.vehicle?.status, half.reservation?.status], ['withdrawn', 'returned'])
})

test('a vehicle that somebody else has is never taken from them', () => {
  const theirs = { ...vehicle(), sold_to_transaction: '0195571c-3f6b-7a6e-9b0c-00000000000f' } as Stock
  assert.throws(() => takeBack({ ...bought(), vehicle: theirs }, wish), /contradict/)
  assert.throws(() => takeBack(releaseFromReturn(held(), wish), wish), /contradict/)
})

test('a car that is in stock again as another vehicle is not held; one that was never handed over cannot be elsewhere', () => {
  const { vehicle: after, return: refused } = holdForReturn(bought(), wish, { isTaken: false, isInAgain: true })
  assert.deepEqual([after, refused.status, refused.reason], [vehicle(), 'refused', 'came_in_again'])
  const inTheYard = holdForReturn({ ...bought(), vehicle: vehicle('sold') }, wish, { isTaken: false, isInAgain: true })
  assert.equal(inTheYard.return.status, 'held')
})
