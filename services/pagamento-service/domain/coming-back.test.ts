/** A payment goes back once, or is owed once, whatever the provider answers and however often it is asked. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PaymentType } from '#contracts'
import { type Charge, newPayment, refund } from './charge.ts'
import { backOf, cameBack, handedBack, owedOf, oweReturn, REFUNDABLE_FOR_MS, returnPayment } from './coming-back.ts'
import { refundAnswered } from './errand.ts'
import type { Provider } from './provider.ts'
import { returnReply } from './replies.ts'

const RETURN = '0195571c-3f6b-7a6e-9b0c-000000000002'
const now = new Date('2026-03-02T12:00:00Z')
const fresh = { code: 'CODE1', expires_at: now }
const request = (payment_type: PaymentType) => ({
  ...{ transaction_id: '0195571c-3f6b-7a6e-9b0c-000000000001', customer_id: 7, vehicle_id: 3 },
  ...{ amount_cents: 4_500_000, payment_type },
})

const refunding: Provider = { issue: () => ({ ok: true }), approves: () => true, refunds: () => true }
const refusing: Provider = { ...refunding, refunds: () => false }
const asking: Provider = {
  ...refunding,
  refunds: () => {
    throw new Error('nobody is to be asked')
  },
}

function paid(payment_type: PaymentType, txid: string | null = null, processed_at = now): Charge {
  const none = { held_cents: 0, received_cents: 0, reason: null, pix_copy_paste: null, task: null }
  return {
    code: { ...request(payment_type), ...fresh, ...none, status: 'used', txid },
    payment: { ...newPayment(payment_type, processed_at, txid && 'E1'), id: 17 },
  }
}

const back = (charge: Charge | undefined, provider: Provider, type: PaymentType = 'pix') =>
  returnPayment(charge, request(type), fresh, { return_id: RETURN }, provider, now)

test('cash and credit go back where they were held: nobody is asked, and the record says refunded', () => {
  for (const type of ['cash', 'credit'] as const) {
    const after = back(paid(type), asking, type)
    assert.deepEqual([after.payment?.status, owedOf(after, now)], ['refunded', undefined])
    assert.deepEqual(returnReply(after, RETURN)?.body, { refunded_cents: 4_500_000, owed_cents: 0 })
  }
})

test('a Pix goes back by its provider, once; a refused refund is owed, once', () => {
  const after = back(paid('pix'), refunding)
  assert.equal(after.payment?.status, 'refunded')
  assert.deepEqual(back(after, asking), after)
  const owed = back(paid('pix'), refusing)
  assert.equal(owedOf(owed, now)?.reason, 'refund_refused')
  assert.deepEqual(returnReply(owed, RETURN)?.body, { refunded_cents: 0, owed_cents: 4_500_000 })
  assert.deepEqual(back(owed, asking), owed, 'asked again, it is owed as before')
})

test('past ninety days no provider is asked', () => {
  const old = paid('pix', 'a'.repeat(32), new Date(now.getTime() - REFUNDABLE_FOR_MS - 1))
  assert.deepEqual(
    [back(old, asking).payment?.refund_due_at, owedOf(back(old, asking), now)?.reason],
    [null, 'refund_too_late'],
  )
  const lastDay = paid('pix', 'a'.repeat(32), new Date(now.getTime() - REFUNDABLE_FOR_MS))
  assert.deepEqual(back(lastDay, asking).payment?.refund_due_at, now)
})

test('a refund over the network is under way, then done or owed', () => {
  const going = back(paid('pix', 'a'.repeat(32)), asking)
  assert.equal(returnReply(going, RETURN), undefined)
  assert.equal(owedOf(going, now), undefined)
  const done = refundAnswered(going, 0, { status: 'done' }, now, now)
  assert.deepEqual(returnReply(done, RETURN)?.body, { refunded_cents: 4_500_000, owed_cents: 0 })
  const refused = refundAnswered(going, 0, { status: 'refused', reason: 'no' }, now, now)
  assert.equal(owedOf(refused, now)?.reason, 'refund_refused')
})

test('a refund that is given up while under way is owed, unless the provider has done it after all', () => {
  const going = back(paid('pix', 'a'.repeat(32)), asking)
  const given = oweReturn(going, RETURN, 0, now)
  assert.equal(owedOf(given, now)?.reason, 'given_up')
  const done = refundAnswered(given, 0, { status: 'done' }, now, now)
  assert.deepEqual([done.payment?.status, owedOf(done, now)], ['refunded', undefined])
  assert.deepEqual(oweReturn(done, RETURN, 0, now), done)
  assert.equal(oweReturn(paid('cash'), RETURN, 0, now).payment?.status, 'refunded')
})

test('money that staff have handed over counts as refunded; a debt of another source changes nothing', () => {
  const owed = back(paid('pix'), refusing)
  assert.equal(handedBack(owed, 'payment 17', now).payment?.status, 'refunded')
  assert.equal(handedBack(owed, `CREDIT_RETURN ${RETURN}`, now), owed)
  const refunded = back(paid('pix'), refunding)
  assert.equal(handedBack(refunded, 'payment 17', now), refunded)
})

test('a late undo of the purchase does not give it back a second time', () => {
  for (const provider of [refunding, refusing]) {
    const after = back(paid('pix'), provider)
    assert.deepEqual(refund(after, request('pix'), fresh, 1, asking, now), after)
  }
})

test('in a database from before the payment, it leaves the tombstone that refuses a late code', () => {
  const tombstone = back(undefined, asking)
  assert.deepEqual([tombstone.code.status, tombstone.code.reason], ['voided', 'voided_before_generated'])
  assert.deepEqual(returnReply(tombstone, RETURN)?.body, { refunded_cents: 0, owed_cents: 0 })
})

test('what a warranty had given back already does not go back again, by the provider or by staff', () => {
  const abated = (charge: Charge, abated_cents: number, provider: Provider, type: PaymentType = 'pix') =>
    returnPayment(charge, request(type), fresh, { return_id: RETURN, abated_cents }, provider, now)
  const cash = abated(paid('cash'), 500_000, asking, 'cash')
  assert.deepEqual([cash.payment?.status, cash.payment?.abated_cents], ['refunded', 500_000])
  const going = abated(paid('pix', 'a'.repeat(32)), 500_000, asking)
  const done = refundAnswered(going, 0, { status: 'done' }, now, now)
  assert.deepEqual(returnReply(done, RETURN)?.body, { refunded_cents: 4_000_000, owed_cents: 0 })
  const refused = abated(paid('pix'), 500_000, refusing)
  assert.equal(owedOf(refused, now)?.amount_cents, 4_000_000)
  const givenUp = oweReturn(going, RETURN, 500_000, now)
  assert.deepEqual([owedOf(givenUp, now)?.amount_cents, backOf(givenUp)], [4_000_000, 4_000_000])
})

test('of a price that a warranty has given back whole, nothing is asked and nothing is owed', () => {
  for (const abated_cents of [4_500_000, 9_000_000]) {
    const wish = { return_id: RETURN, abated_cents }
    const back = returnPayment(paid('pix', 'a'.repeat(32)), request('pix'), fresh, wish, asking, now)
    assert.deepEqual([back.payment?.status, backOf(back), owedOf(back, now)], ['refunded', 0, undefined])
    const given = oweReturn(paid('pix'), RETURN, abated_cents, now)
    assert.deepEqual([given.payment?.status, owedOf(given, now)], ['refunded', undefined])
    assert.deepEqual(returnReply(back, RETURN)?.body, { refunded_cents: 0, owed_cents: 0 })
  }
})

test('a vehicle counts as back after its return, not after a payment or a refund', () => {
  const bought = paid('cash')
  assert.equal(cameBack(bought), false)
  assert.equal(cameBack({ ...bought, payment: null }), false)
  assert.equal(cameBack(refund(bought, request('cash'), fresh, 0, refunding, now)), false)
  assert.equal(cameBack(back(bought, asking, 'cash')), true)
})
