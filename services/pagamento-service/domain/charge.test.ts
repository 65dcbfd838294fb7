/** The states of a charge: by example, and under any sequence of events. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Charge, expire, generate, pay, refund } from './charge.ts'
import type { ChargeRequest, Provider } from './provider.ts'
import { generateReply, paymentReply, refundReply } from './replies.ts'

const start = new Date('2026-11-23T12:00:00Z')
const TTL_MS = 60_000
const after = (ms: number) => new Date(start.getTime() + ms)
const fresh = { code: 'FirstCode', expires_at: after(TTL_MS) }
const another = { code: 'SecondCode', expires_at: after(2 * TTL_MS) }

const request: ChargeRequest = {
  transaction_id: '0190b4d0-0000-7000-8000-000000000001',
  customer_id: 7,
  vehicle_id: 3,
  amount_cents: 4_500_000,
  payment_type: 'pix',
}

const willing: Provider = { issue: () => ({ ok: true }), approves: () => true, refunds: () => true }
const unwilling: Provider = { issue: () => ({ ok: false }), approves: () => false, refunds: () => false }

const pending = generate(undefined, request, fresh, willing, start)
const paid = stored(pay(pending, 'pix', start, willing))
const declined = stored(pay(pending, 'pix', start, unwilling))
const expired = expire(pending, after(TTL_MS))
const voided = refund(pending, request, another, 0, willing, start)
const refunded = refund(paid, request, another, 0, willing, start)
const tombstone = refund(undefined, request, fresh, 0, willing, start)
const unissued = generate(undefined, request, fresh, unwilling, start)

test('a code is made once: asked for again, it is the same one', () => {
  assert.equal(pending.code.status, 'pending')
  for (const charge of [pending, paid, declined, expired, voided, refunded, tombstone, unissued]) {
    assert.equal(generate(charge, request, another, willing, start), charge)
  }
  assert.deepEqual(generateReply(paid)?.body, generateReply(pending)?.body)
})

test('a code that the provider does not issue, or that was voided before, is refused for good', () => {
  assert.deepEqual(generateReply(unissued)?.body, { reason: 'provider_refused' })
  assert.deepEqual(generateReply(tombstone)?.body, { reason: 'voided_before_generated' })
})

test('a paid code is used, a declined one has failed, and both keep to it', () => {
  assert.deepEqual([paid.code.status, paid.payment?.status], ['used', 'completed'])
  assert.deepEqual([declined.code.status, declined.payment?.status], ['failed', 'failed'])
  for (const charge of [paid, declined, expired, voided, refunded, tombstone, unissued]) {
    assert.equal(pay(charge, 'pix', start, willing), charge)
  }
})

test('a code can be paid until its last millisecond, and has expired after it', () => {
  assert.equal(pay(pending, 'pix', after(TTL_MS - 1), willing).code.status, 'used')
  assert.equal(pay(pending, 'pix', after(TTL_MS), willing).code.status, 'expired')
  assert.equal(expire(pending, after(TTL_MS - 1)), pending)
  assert.equal(expire(paid, after(TTL_MS)), paid)
})

test('tells the purchase the state of its payment, and nothing while it waits', () => {
  assert.equal(paymentReply(pending), undefined)
  assert.deepEqual(paymentReply(paid)?.body, { payment_id: 1, amount_cents: 4_500_000 })
  assert.deepEqual(paymentReply(refunded)?.body, { payment_id: 1, amount_cents: 4_500_000 })
  const reasons = [declined, expired, voided, tombstone].map((charge) => paymentReply(charge)?.body)
  assert.deepEqual(reasons, [
    { reason: 'payment_declined' },
    { reason: 'payment_code_expired' },
    { reason: 'payment_code_voided' },
    { reason: 'payment_code_voided' },
  ])
})

test('gives back what was paid and no more, and nothing when nothing was', () => {
  assert.deepEqual([refunded.code.status, refunded.payment?.status], ['used', 'refunded'])
  assert.deepEqual(refundReply(refunded)?.body, { refunded_cents: 4_500_000 })
  for (const charge of [declined, expired, voided, refunded, tombstone, unissued]) {
    assert.equal(refund(charge, request, another, 0, willing, start), charge)
  }
  for (const charge of [declined, expired, voided, tombstone, unissued]) {
    assert.deepEqual(refundReply(charge)?.body, { refunded_cents: 0 })
  }
})

test('a refund that the provider refuses leaves a trace, and can be asked for again', () => {
  const refused = refund(refund(paid, request, another, 0, unwilling, start), request, another, 0, unwilling, start)
  assert.deepEqual(refused, { ...paid, payment: { ...paid.payment, refund_failures: 2 } })
  assert.deepEqual(refundReply(refused)?.body, { reason: 'provider_refused' })
  const given = refund(refused, request, another, 1, willing, after(1))
  assert.deepEqual([given.payment?.status, given.payment?.refunded_at], ['refunded', after(1)])
  const voidable = refund(pending, request, another, 0, unwilling, start)
  assert.equal(voidable.code.status, 'voided', 'voiding asks no provider')
})

type Happening = { what: 'generate' | 'pay' | 'expire' | 'refund'; wait: number; agrees: boolean }

const happenings = fc.array(
  fc.record<Happening>({
    what: fc.constantFrom('generate', 'pay', 'expire', 'refund'),
    wait: fc.integer({ min: 0, max: TTL_MS / 2 }),
    agrees: fc.boolean(),
  }),
  { maxLength: 25 },
)

test('under any sequence a charge is paid at most once, refunded at most once, and paid exactly when its code is used', () => {
  fc.assert(
    fc.property(happenings, (sequence) => {
      let charge: Charge | undefined
      let now = start
      let payments = 0
      let refunds = 0
      for (const happening of sequence) {
        now = new Date(now.getTime() + happening.wait)
        const before = charge
        charge = happen(before, happening, now)
        if (!charge) continue
        if (isPaid(charge) && !isPaid(before)) payments += 1
        if (charge.payment?.status === 'refunded' && before?.payment?.status !== 'refunded') refunds += 1
        assert.equal(isPaid(charge), charge.code.status === 'used')
        assert.equal(charge.code.status === 'pending' && charge.payment !== null, false)
        if (before) {
          assert.equal(charge.code.code, before.code.code, 'the buyer was told this code')
          if (before.code.status !== 'pending') assert.equal(charge.code.status, before.code.status, 'decided for good')
        }
      }
      assert.ok(payments <= 1)
      assert.ok(refunds <= payments, 'only what was paid is given back')
    }),
    { numRuns: 2_000 },
  )
})

test('once it is undone nothing stays paid, whatever came before or comes after', () => {
  fc.assert(
    fc.property(happenings, happenings, (before, late) => {
      const run = (charge: Charge | undefined, sequence: readonly Happening[]) =>
        sequence.reduce<Charge | undefined>((last, happening) => happen(last, happening, start), charge)
      const undone = refund(run(undefined, before), request, another, 0, willing, start)
      assert.equal(undone.payment?.status === 'completed', false)
      assert.equal(run(undone, late), undone)
    }),
    { numRuns: 1_000 },
  )
})

function happen(charge: Charge | undefined, { what, agrees }: Happening, now: Date): Charge | undefined {
  const provider = agrees ? willing : unwilling
  const code = { code: `CodeAt${now.getTime()}`, expires_at: new Date(now.getTime() + TTL_MS) }
  switch (what) {
    case 'generate':
      return generate(charge, request, code, provider, now)
    case 'pay':
      return charge && stored(pay(charge, 'pix', now, provider))
    case 'expire':
      return charge && expire(charge, now)
    case 'refund':
      return refund(charge, request, code, 0, provider, now)
  }
}

/** As the store returns it: its payment has an id. */
function stored(charge: Charge): Charge {
  return charge.payment?.id === null ? { ...charge, payment: { ...charge.payment, id: 1 } } : charge
}

function isPaid(charge: Charge | undefined): boolean {
  return charge?.payment?.status === 'completed' || charge?.payment?.status === 'refunded'
}
