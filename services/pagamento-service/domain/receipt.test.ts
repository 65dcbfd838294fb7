/** Money that comes in, for every possible state of its charge. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Charge, expire, generate, pay, refund } from './charge.ts'
import { closed, issued, notIssued, refundAnswered } from './errand.ts'
import type { ChargeRequest, Provider } from './provider.ts'
import { cancelled, type Receipt, receive } from './receipt.ts'
import { generateReply, paymentReply, refundReply } from './replies.ts'

const start = new Date('2026-11-23T12:00:00Z')
const after = (ms: number) => new Date(start.getTime() + ms)
const TTL_MS = 60_000
const fresh = { code: 'FirstCode', expires_at: after(TTL_MS) }
const request: ChargeRequest = {
  transaction_id: '0190b4d0-0000-7000-8000-000000000001',
  customer_id: 7,
  vehicle_id: 3,
  amount_cents: 4_500_000,
  payment_type: 'pix',
}
const here: Provider = { issue: () => ({ ok: true }), approves: () => true, refunds: () => true }
const there: Provider = { ...here, issue: () => ({ ok: true, txid: 'a'.repeat(32) }) }

const pending = generate(undefined, request, fresh, here, start)
const voided = refund(pending, request, fresh, 0, here, start)
const expired = expire(pending, after(TTL_MS))
const declined = stored(pay(pending, 'pix', start, { ...here, approves: () => false }))
const paidHere = stored(pay(pending, 'pix', start, here))

const receipt = (end_to_end_id: string | null = 'E1', more: Partial<Receipt> = {}): Receipt => ({
  amount_cents: 4_500_000,
  end_to_end_id,
  paid_at: start,
  ...more,
})
const paid = stored(receive(pending, receipt(), start).charge)

test('money that comes in time, of the right amount, pays the code', () => {
  assert.deepEqual([paid.code.status, paid.payment?.status, paid.payment?.end_to_end_id], ['used', 'completed', 'E1'])
  assert.equal(receive(pending, receipt('E1', { amount_cents: null }), start).charge.code.status, 'used')
})

test('told again, it changes nothing, with its end-to-end id or without', () => {
  for (const again of [receipt(), receipt(null)]) assert.deepEqual(receive(paid, again, after(1)), { charge: paid })
})

test('a payment that was known without its end-to-end id gets it, once', () => {
  const { charge, unmatched } = receive(paidHere, receipt('E1'), after(1))
  assert.equal(unmatched, undefined)
  assert.deepEqual(charge, { ...paidHere, payment: { ...paidHere.payment, end_to_end_id: 'E1' } })
  assert.equal(receive(charge, receipt('E2'), after(1)).unmatched, 'paid_twice')
})

test('another amount is never counted as paid, however the code stands', () => {
  for (const charge of [pending, voided, expired, declined, paid]) {
    const outcome = receive(charge, receipt('E9', { amount_cents: 4_499_999 }), start)
    assert.deepEqual(outcome, { charge, unmatched: 'wrong_amount' })
  }
})

test('money for a closed code is a payment that goes back, and the code stays closed', () => {
  for (const charge of [voided, expired]) {
    const late = stored(receive(charge, receipt(), after(TTL_MS)).charge)
    assert.deepEqual([late.code, late.payment?.status], [charge.code, 'completed'])
    assert.deepEqual(late.payment?.refund_due_at, after(TTL_MS))
    assert.deepEqual(refund(late, request, fresh, 0, here, after(TTL_MS)), late, 'no purchase waits for it')
    assert.deepEqual(refundReply(late)?.body, { refunded_cents: 0 })
    assert.equal(receive(late, receipt('E2'), after(TTL_MS)).unmatched, 'paid_twice')
  }
  assert.equal(receive(declined, receipt(), start).unmatched, 'code_closed')
})

test('a payment in time counts as long as the clock has not closed the code; a late one closes it', () => {
  const inTime = receive(pending, receipt('E1', { paid_at: after(TTL_MS - 1) }), after(TTL_MS + 5)).charge
  assert.equal(inTime.code.status, 'used')
  const tooLate = receive(pending, receipt('E1', { paid_at: after(TTL_MS) }), after(TTL_MS + 5)).charge
  assert.deepEqual([tooLate.code.status, tooLate.payment?.refund_due_at], ['expired', after(TTL_MS + 5)])
  const fromTheFuture = receive(pending, receipt('E1', { paid_at: after(TTL_MS) }), start).charge
  assert.equal(fromTheFuture.code.status, 'used')
})

test('a Pix for a purchase that is paid otherwise goes back', () => {
  const cash = generate(undefined, { ...request, payment_type: 'cash' }, fresh, here, start)
  assert.deepEqual(receive(cash, receipt(), start), { charge: cash, unmatched: 'not_pix' })
  const settled = stored(pay(cash, 'cash', start, here))
  assert.equal(receive(settled, receipt(), start).unmatched, 'not_pix')
  assert.deepEqual(receive(settled, receipt(null), start), { charge: settled })
})

test('a cancelled payment fails, and tells its purchase so; a decided one stays', () => {
  const failed = stored(cancelled(pending, start))
  assert.deepEqual([failed.code.status, failed.payment?.status], ['failed', 'failed'])
  assert.deepEqual(paymentReply(failed)?.body, { reason: 'payment_cancelled' })
  for (const charge of [paid, voided, expired, declined, failed]) assert.equal(cancelled(charge, start), charge)
})

test('the purchase hears of a charge over the network once it is made, or refused', () => {
  const asked = generate(undefined, request, fresh, there, start)
  assert.deepEqual(asked.code.task, { kind: 'issue', due_at: start })
  assert.equal(generateReply(asked), undefined)
  assert.equal(generateReply(issued(asked, '000201', start))?.contract.topic, 'events.payment.code_generated')
  assert.deepEqual(generateReply(notIssued(asked, start))?.body, { reason: 'provider_refused' })
})

test('a charge over the network is closed once its provider says so, and a refund waits for it', () => {
  const open = issued(generate(undefined, request, fresh, there, start), '000201', start)
  const voiding = refund(open, request, fresh, 0, there, after(1))
  assert.deepEqual([voiding.code.status, voiding.code.task?.kind, refundReply(voiding)], ['pending', 'void', undefined])
  assert.deepEqual(refundReply(closed(voiding))?.body, { refunded_cents: 0 })
  const expiring = expire(open, after(TTL_MS))
  assert.equal(closed(expiring).code.status, 'expired')
  assert.equal(closed(refund(expiring, request, fresh, 0, there, after(TTL_MS))).code.status, 'voided')
  const paidMeanwhile = stored(receive(voiding, receipt(), after(2)).charge)
  assert.deepEqual([paidMeanwhile.code.status, paidMeanwhile.payment?.refund_due_at], ['used', after(2)])
  const back = refundAnswered(paidMeanwhile, 0, { status: 'done' }, after(3), after(4))
  assert.deepEqual(refundReply(back)?.body, { refunded_cents: 4_500_000 })
})

test('a charge that is being closed is closed, even when its provider says meanwhile that nobody will pay it', () => {
  const asked = generate(undefined, request, fresh, there, start)
  const open = issued(asked, '000201', start)
  const voiding = refund(open, request, fresh, 0, there, after(1))
  for (const underWay of [asked, voiding, expire(open, after(TTL_MS))])
    assert.equal(
      cancelled(underWay, after(TTL_MS)),
      underWay,
      `while the provider is asked to ${underWay.code.task?.kind}`,
    )
  assert.deepEqual(refundReply(closed(cancelled(voiding, after(2))))?.body, { refunded_cents: 0 })
})

test('a charge that nobody was shown is taken back at once, and closed behind that', () => {
  const asked = generate(undefined, request, fresh, there, start)
  const taken = refund(asked, request, fresh, 0, there, after(1))
  assert.deepEqual([taken.code.status, taken.code.task?.kind], ['voided', 'void'])
  assert.deepEqual(refundReply(taken)?.body, { refunded_cents: 0 })
  for (const answered of [issued(taken, '000201', after(2)), notIssued(taken, after(2))]) {
    assert.deepEqual(answered.code, { ...taken.code, task: { kind: 'void', due_at: after(2) } })
    assert.equal(generateReply(answered), undefined)
    assert.deepEqual(closed(answered).code, { ...taken.code, task: null })
  }
  const late = receive(taken, receipt(), after(3)).charge
  assert.deepEqual([late.code.status, late.payment?.refund_due_at], ['voided', after(3)])
})

test('a charge that one process has had made is not refused by another that was slower', () => {
  const open = issued(generate(undefined, request, fresh, there, start), '000201', start)
  assert.equal(notIssued(open, after(1)), open)
})

test('a refund that was refused waits to be asked for again; a late payment’s is tried again by itself', () => {
  const open = issued(generate(undefined, request, fresh, there, start), '000201', start)
  const bought = stored(receive(open, receipt(), start).charge)
  const refusing = { status: 'refused', reason: 'no' } as const
  const asked = refund(bought, request, fresh, 0, there, start)
  const refused = refundAnswered(asked, 0, refusing, start, after(9))
  assert.deepEqual(refundReply(refused)?.body, { reason: 'provider_refused' })
  assert.equal(
    refundAnswered(refused, 0, { status: 'done' }, start, after(9)),
    refused,
    'an answer to an earlier attempt',
  )
  const again = refund(refused, request, fresh, 1, there, after(5))
  assert.deepEqual([refundReply(again), again.payment?.refund_due_at], [undefined, after(5)])
  const late = stored(receive(voided, receipt(), start).charge)
  assert.deepEqual(refundAnswered(late, 0, refusing, start, after(9)).payment?.refund_due_at, after(9))
})

type Happening = { what: (typeof WHAT)[number]; id: string; wait: number }
const WHAT = [
  'receive',
  'wrong',
  'cancel',
  'expire',
  'refund',
  'issued',
  'notIssued',
  'closed',
  'given',
  'kept',
] as const

test('under any sequence, over the network or not, every Pix pays the code, goes back, or is set aside', () => {
  const sequences = fc.array(
    fc.record<Happening>({
      what: fc.constantFrom(...WHAT),
      id: fc.constantFrom('E1', 'E2', 'E3'),
      wait: fc.integer({ min: 0, max: TTL_MS / 3 }),
    }),
    { maxLength: 30 },
  )
  fc.assert(
    fc.property(fc.constantFrom(here, there), sequences, (provider, sequence) => {
      let charge = generate(undefined, request, fresh, provider, start)
      let now = start
      for (const happening of sequence) {
        now = new Date(now.getTime() + happening.wait)
        const before = charge
        const { next, unmatched } = happen(before, happening, now, provider)
        charge = stored(next)
        const { code, payment } = charge
        if (happening.what === 'receive' && !unmatched) assert.equal(payment?.end_to_end_id, happening.id)
        if (before.payment?.end_to_end_id) assert.equal(payment?.end_to_end_id, before.payment.end_to_end_id)
        if (before.code.status !== 'pending') assert.equal(code.status, before.code.status, 'decided for good')
        if (code.status === 'pending') assert.equal(payment, null)
        if (code.status === 'used') assert.ok(payment?.status === 'completed' || payment?.status === 'refunded')
        else if (payment?.status === 'completed') assert.ok(payment.refund_due_at, 'a late payment is on its way back')
        if (code.task) assert.ok(code.txid && (code.status === 'pending' || isVoidedUnseen(charge)))
        if (payment?.refund_due_at) assert.equal(payment.status, 'completed')
      }
    }),
    { numRuns: 3_000 },
  )
})

function happen(charge: Charge, { what, id }: Happening, now: Date, provider: Provider) {
  const next = (after: Charge) => ({ next: after, unmatched: undefined })
  const failures = charge.payment?.refund_failures ?? 0
  switch (what) {
    case 'receive':
    case 'wrong': {
      const amount_cents = what === 'wrong' ? 1 : 4_500_000
      const { charge: received, unmatched } = receive(charge, { amount_cents, end_to_end_id: id, paid_at: now }, now)
      return { next: received, unmatched }
    }
    case 'cancel':
      return next(cancelled(charge, now))
    case 'expire':
      return next(expire(charge, now))
    case 'refund':
      return next(refund(charge, request, fresh, 0, provider, now))
    case 'issued':
      return next(charge.code.txid ? issued(charge, '000201', now) : charge)
    case 'notIssued':
      return next(charge.code.task?.kind === 'issue' ? notIssued(charge, now) : charge)
    case 'closed':
      return next(closed(charge))
    case 'given':
      return next(refundAnswered(charge, failures, { status: 'done' }, now, now))
    case 'kept':
      return next(refundAnswered(charge, failures, { status: 'refused', reason: 'no' }, now, now))
  }
}

const isVoidedUnseen = ({ code }: Charge) =>
  code.status === 'voided' && code.task?.kind === 'void' && code.pix_copy_paste === null

/** As the store returns it: its payment has an id. */
function stored(charge: Charge): Charge {
  return charge.payment?.id === null ? { ...charge, payment: { ...charge.payment, id: 1 } } : charge
}
