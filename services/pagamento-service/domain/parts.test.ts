/** Parts of a payment at the counter: by example, and under any sequence of staff's entries. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Charge, expire, generate, refund } from './charge.ts'
import { returnPayment } from './coming-back.ts'
import { failPart, type Money, netOf, payDebt, receivePart, restOf, reversePart, takePart } from './parts.ts'
import type { Provider } from './provider.ts'
import { paymentReply, refundReply, returnReply } from './replies.ts'

const now = new Date('2026-11-23T12:00:00Z')
const TTL = 72 * 3_600_000
const late = new Date(now.getTime() + TTL)
const fresh = { code: 'Counter1', expires_at: late }
const another = { code: 'Counter2', expires_at: late }
const RETURN = '0190b4d0-0000-7000-8000-000000000002'
const request = {
  transaction_id: '0190b4d0-0000-7000-8000-000000000001',
  customer_id: 7,
  vehicle_id: 3,
  amount_cents: 10_000,
  payment_type: 'counter',
} as const
/** It refuses everything, so these tests show that nobody asks it about the counter. */
const unwilling: Provider = { issue: () => ({ ok: true }), approves: () => false, refunds: () => false }
const pending = generate(undefined, request, fresh, unwilling, now)

const received = (amount_cents: number): Money => ({ amount_cents, is_received: true })
const promised = (amount_cents: number): Money => ({ amount_cents, is_received: false })

/** As the store hands it out: its payment has an id. */
const stored = (charge: Charge): Charge =>
  charge.payment?.id === null ? { ...charge, payment: { ...charge.payment, id: 1 } } : charge

function taken(charge: Charge, part: Money): Charge {
  const after = takePart(charge, part, now)
  return typeof after === 'string' ? assert.fail(after) : stored(after)
}

const paid = taken(taken(pending, received(4_000)), promised(6_000))

test('the part that fills the code completes the payment, promised or not, and a cent more is refused', () => {
  const half = taken(pending, received(4_000))
  assert.deepEqual([half.code.status, half.code.held_cents, restOf(half)], ['pending', 4_000, 6_000])
  assert.equal(takePart(half, promised(6_001), now), 'payment_exceeds_due')
  assert.deepEqual([paid.code.status, paid.payment?.status, paid.code.received_cents], ['used', 'completed', 4_000])
  assert.deepEqual(paymentReply(paid)?.body, { payment_id: 1, amount_cents: 10_000 })
  assert.equal(takePart(paid, received(1), now), paid)
})

test('a code that holds money never runs out by itself; one that holds none does', () => {
  assert.equal(expire(pending, late).code.status, 'expired')
  const half = taken(pending, received(1))
  assert.equal(expire(half, late), half)
  const done = takePart(half, received(9_999), late)
  assert.equal(typeof done === 'object' && done.code.status, 'used', 'and it can still be paid')
  const tooLate = takePart(pending, received(10_000), late)
  assert.equal(typeof tooLate === 'object' && tooLate.code.status, 'expired')
})

test('a part that is struck before the sale can be paid anew; after the sale nothing is struck', () => {
  const half = taken(pending, received(4_000))
  const struck = reversePart(half, received(4_000))
  assert.deepEqual(struck, pending)
  assert.equal(reversePart(paid, received(4_000)), 'part_of_sold')
  assert.equal(failPart(half, received(4_000)), 'part_not_sold')
})

test('a part that fails after the sale is missing until its debt is paid, and the sale stands', () => {
  const failed = failPart(paid, received(4_000))
  if (typeof failed === 'string') return assert.fail(failed)
  assert.deepEqual([failed.code.status, failed.payment?.status, failed.code.received_cents], ['used', 'completed', 0])
  const back = payDebt(failed, 4_000)
  assert.deepEqual(back, paid)
  const come = receivePart(paid, promised(6_000))
  assert.equal(typeof come === 'object' && come.code.received_cents, 10_000)
  assert.equal(receivePart(paid, received(6_000)), 'part_not_open')
})

test('an undo answers at once without asking a provider, and a return tells how its parts go back', () => {
  const half = taken(pending, received(4_000))
  const voided = refund(half, request, another, 0, unwilling, now)
  assert.equal(voided.code.status, 'voided')
  assert.deepEqual(refundReply(voided)?.body, { refunded_cents: 0 })
  const undone = refund(paid, request, another, 0, unwilling, now)
  assert.equal(undone.payment?.status, 'refunded')
  assert.deepEqual(refundReply(undone)?.body, { refunded_cents: 0 })
  const returned = returnPayment(paid, request, another, { return_id: RETURN }, unwilling, now)
  const ways = { refunding_cents: 0, refunded_cents: 1_000, owed_cents: 3_000 }
  assert.deepEqual(returnReply(returned, RETURN, ways)?.body, { refunded_cents: 1_000, owed_cents: 3_000 })
  assert.equal(
    returnReply(returned, RETURN, { ...ways, refunding_cents: 1 }),
    undefined,
    'the provider has not answered',
  )
  for (const over of [voided, undone, returned]) {
    assert.equal(takePart(over, received(1), now), over)
    assert.equal(receivePart(over, promised(6_000)), 'part_not_open')
    assert.equal(payDebt(over, 1), 'part_not_open')
  }
})

test('a trade-in is worth its valuation less debts and lien', () => {
  assert.equal(netOf({ vehicle_id: null, valuation_cents: 30_000, debts_cents: 1_000, payoff_cents: 12_000 }), 17_000)
})

interface Deed {
  readonly what: 'take' | 'receive' | 'reverse' | 'fail'
  readonly amount_cents: number
  readonly is_received: boolean
}
const deeds = fc.array(
  fc.record<Deed>({
    what: fc.constantFrom('take', 'take', 'receive', 'reverse', 'fail'),
    amount_cents: fc.integer({ min: 1, max: 7_000 }),
    is_received: fc.boolean(),
  }),
  { maxLength: 30 },
)

test('under any sequence a code holds the sum of its open parts, no more than is due, and is paid exactly when it is full', () => {
  fc.assert(
    fc.property(deeds, (sequence) => {
      let charge = pending
      const open: { amount_cents: number; is_received: boolean; failed?: boolean }[] = []
      for (const { what, ...money } of sequence) {
        if (what === 'take') {
          const after = takePart(charge, money, now)
          if (typeof after === 'string' || after === charge) continue
          charge = stored(after)
          open.push({ ...money })
        } else {
          const part = open.find(({ failed }) => !failed)
          if (!part) continue
          const rule = { receive: receivePart, reverse: reversePart, fail: failPart }[what]
          const after = rule(charge, part)
          if (typeof after === 'string') continue
          charge = after
          if (what === 'receive') part.is_received = true
          if (what === 'reverse') open.splice(open.indexOf(part), 1)
          if (what === 'fail') Object.assign(part, { failed: true, is_received: false })
        }
        const sum = (parts: typeof open) => parts.reduce((total, { amount_cents }) => total + amount_cents, 0)
        assert.equal(charge.code.held_cents, sum(open))
        assert.equal(charge.code.received_cents, sum(open.filter(({ is_received }) => is_received)))
        assert.ok(charge.code.held_cents <= charge.code.amount_cents)
        assert.equal(charge.code.status === 'used', charge.code.held_cents === charge.code.amount_cents)
      }
    }),
    { numRuns: 1_000 },
  )
})
