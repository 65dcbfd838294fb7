/** The parts of an undone purchase go back once, each its own way, and no more than was paid less what a warranty gave. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { REFUNDABLE_FOR_MS } from './coming-back.ts'
import { owedOfPart, oweInstead, type PartBack, partAnswered, sendBack, wayBackOf } from './parts-back.ts'

const now = new Date('2026-03-02T12:00:00Z')
const RETURN = '0195571c-3f6b-7a6e-9b0c-000000000002'
const E2E = 'E'.repeat(32)

let ids = 0
function part(more: Partial<PartBack> = {}): PartBack {
  ids += 1
  return {
    ...{ id: ids, transaction_id: '0195571c-3f6b-7a6e-9b0c-000000000001', customer_id: 7 },
    ...{ method: 'banknotes', state: 'received', amount_cents: 1_000, processed_at: now, end_to_end_id: null },
    ...{ is_of_another: false, back_cents: 0, refund_due_at: null, refund_failures: 0 },
    ...more,
  }
}
const wayOf = (more: Partial<PartBack>) => sendBack([part(more)], 0, now)[0]
const backOf = (parts: readonly PartBack[], abated_cents: number) =>
  sendBack(parts, abated_cents, now).map(({ back_cents }) => back_cents)

test('a Pix goes back by the provider, and so does a deposit whose Pix is known; the rest is owed', () => {
  assert.deepEqual([wayOf({ method: 'pix' })?.state, wayOf({ method: 'pix' })?.refund_due_at], ['refunding', now])
  assert.equal(wayOf({ method: 'deposit', end_to_end_id: E2E })?.state, 'refunding')
  for (const method of ['banknotes', 'transfer', 'card', 'financing', 'trade_in', 'deposit'] as const) {
    const owed = wayOf({ method })
    assert.deepEqual([owed?.state, owed?.back_cents, owed?.refund_due_at], ['owed', 1_000, null], method)
    assert.equal(owed && owedOfPart(owed, RETURN, now)?.reason, 'part_undone')
  }
})

test('what was only promised is cancelled, and what counts no more is left alone', () => {
  assert.deepEqual([wayOf({ state: 'promised' })?.state, wayOf({ state: 'promised' })?.back_cents], ['cancelled', 0])
  for (const state of ['asked', 'reversed', 'failed', 'cancelled', 'refunding', 'refunded', 'owed'] as const)
    assert.equal(wayOf({ state }), undefined, state)
})

test('past ninety days no provider is asked', () => {
  const at = (ms: number) => wayOf({ method: 'pix', processed_at: new Date(now.getTime() - ms) })
  assert.equal(at(REFUNDABLE_FOR_MS)?.state, 'refunding')
  const late = at(REFUNDABLE_FOR_MS + 1)
  assert.deepEqual([late?.state, late && owedOfPart(late, RETURN, now)?.reason], ['owed', 'refund_too_late'])
})

test('what the provider refuses is owed; an answer to an earlier attempt changes nothing', () => {
  const going = wayOf({ method: 'pix' }) ?? assert.fail()
  const refused = partAnswered(going, 0, false)
  assert.deepEqual([refused.state, refused.refund_failures, refused.refund_due_at], ['owed', 1, null])
  assert.equal(owedOfPart(refused, null, now)?.reason, 'refund_refused')
  for (const isDone of [true, false]) assert.equal(partAnswered(refused, 0, isDone), refused)
  const done = partAnswered(going, 0, true)
  assert.deepEqual([done.state, done.refund_due_at, owedOfPart(done, null, now)], ['refunded', null, undefined])
  for (const isDone of [true, false]) assert.equal(partAnswered(done, 0, isDone), done)
})

test('a refund that is given up while under way is owed, unless the provider has done it after all', () => {
  const going = wayOf({ method: 'pix' }) ?? assert.fail()
  const [given = assert.fail()] = oweInstead([going, part({ state: 'refunded' }), part({ state: 'owed' })])
  assert.equal(oweInstead([given]).length, 0)
  assert.equal(owedOfPart(given, RETURN, now)?.reason, 'given_up')
  assert.equal(partAnswered(given, 0, false), given)
  assert.equal(partAnswered(given, 0, true).state, 'refunded')
})

test('an abatement lowers the buyer’s own parts first, what goes back by hand before a Pix, the latest first', () => {
  const parts = [
    part({ method: 'transfer', is_of_another: true }),
    part({ method: 'pix' }),
    part({ method: 'card' }),
    part(),
    part({ state: 'promised' }),
  ]
  assert.deepEqual(backOf(parts, 400), [1_000, 1_000, 1_000, 600, 0])
  assert.deepEqual(backOf(parts, 2_400), [1_000, 600, 0, 0, 0])
  assert.deepEqual(backOf(parts, 3_100), [900, 0, 0, 0, 0])
  const whole = sendBack([part({ method: 'pix' })], 1_000, now)[0]
  assert.deepEqual([whole?.state, whole?.refund_due_at], ['refunded', null], 'nothing is left to ask for')
})

test('whatever the parts are, what came goes back, less what a warranty gave', () => {
  const some = fc.array(
    fc.record({
      method: fc.constantFrom('banknotes', 'pix', 'deposit', 'card' as const),
      state: fc.constantFrom('promised', 'received', 'failed' as const),
      amount_cents: fc.integer({ min: 1, max: 9_000 }),
      is_of_another: fc.boolean(),
      end_to_end_id: fc.constantFrom(null, E2E),
    }),
    { maxLength: 6 },
  )
  fc.assert(
    fc.property(some, fc.integer({ min: 0, max: 20_000 }), (found, abated_cents) => {
      const parts = found.map((one) => part(one as Partial<PartBack>))
      const received = parts.reduce((sum, one) => sum + (one.state === 'received' ? one.amount_cents : 0), 0)
      const sent = sendBack(parts, abated_cents, now)
      const { refunding_cents, refunded_cents, owed_cents } = wayBackOf(sent)
      assert.equal(refunding_cents + refunded_cents + owed_cents, Math.max(0, received - abated_cents))
      for (const { back_cents, amount_cents } of sent) assert.ok(back_cents >= 0 && back_cents <= amount_cents)
      assert.deepEqual(sendBack(sent, abated_cents, now), [], 'sent once')
    }),
  )
})
