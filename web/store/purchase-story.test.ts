/** A saga's history, told to its buyer: each way that a purchase can go, and the words for each ending. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Saga } from '../../clients/typescript/operations.ts'
import { canCancel, codeInGroups, endingOf, isOver, stepsOf } from './purchase-story.ts'
import type { Line } from './story.ts'

const at = (minute: number) => `2026-11-28T14:0${minute}:00.000Z`
const line = (minute: number, step: string, status: Saga['status'], what = 'events.x', attempt = 1): Line => ({
  at: at(minute),
  step,
  status,
  what,
  attempt,
})
const told = (history: readonly Line[], status: Saga['status']) =>
  stepsOf(history, status).map(({ step, state }) => `${step} ${state}`)

const begun = [
  line(0, 'CREDIT_RESERVATION', 'STARTED', 'started'),
  line(1, 'VEHICLE_RESERVATION', 'IN_PROGRESS'),
  line(2, 'PAYMENT_CODE_GENERATION', 'IN_PROGRESS'),
  line(3, 'PAYMENT_PROCESSING', 'IN_PROGRESS'),
]

const saga = (over: Partial<Saga> & { readonly failure_reason?: string } = {}): Saga => ({
  kind: 'purchase',
  transaction_id: '019b0000-0000-7000-8000-000000000000',
  customer_id: 1,
  vehicle_id: 2,
  amount: 84_900,
  payment_type: 'pix',
  status: 'IN_PROGRESS',
  current_step: 'PAYMENT_PROCESSING',
  created_at: at(0),
  updated_at: at(3),
  ...over,
  context: {
    vehicle_brand: 'Fiat',
    vehicle_model: 'Pulse',
    vehicle_year: 2023,
    vehicle_price: 84_900,
    ...(over.failure_reason && { failure_reason: over.failure_reason }),
  },
})

test('a purchase under way shows the finished, the present and the next steps', () => {
  assert.deepEqual(told(begun, 'IN_PROGRESS'), [
    'CREDIT_RESERVATION done',
    'VEHICLE_RESERVATION done',
    'PAYMENT_CODE_GENERATION done',
    'PAYMENT_PROCESSING now',
    'MARK_VEHICLE_AS_SOLD next',
  ])
  assert.equal(endingOf(saga()), 'waiting_for_pix')
  assert.equal(endingOf(saga({ payment_type: 'cash' })), 'running')
})

test('a purchase that was completed has nothing ahead', () => {
  const history = [...begun, line(4, 'MARK_VEHICLE_AS_SOLD', 'IN_PROGRESS'), line(5, 'SAGA_COMPLETE', 'COMPLETED')]
  assert.deepEqual(told(history, 'COMPLETED').at(-1), 'MARK_VEHICLE_AS_SOLD done')
  assert.equal(told(history, 'COMPLETED').length, 5)
})

test('a step that was asked again is shown once', () => {
  const history = [...begun, line(4, 'PAYMENT_PROCESSING', 'IN_PROGRESS', 'timed_out', 2)]
  assert.equal(told(history, 'IN_PROGRESS').filter((one) => one.startsWith('PAYMENT_PROCESSING')).length, 1)
})

test('the slower of two buyers sees where it failed and what came back, and nothing ahead', () => {
  const history = [
    ...begun.slice(0, 2),
    line(2, 'CREDIT_RELEASE', 'COMPENSATING', 'events.vehicle.reservation_failed'),
    line(3, 'COMPENSATION_COMPLETE', 'FAILED_COMPENSATED'),
  ]
  assert.deepEqual(told(history, 'FAILED_COMPENSATED'), [
    'CREDIT_RESERVATION done',
    'VEHICLE_RESERVATION failed',
    'CREDIT_RELEASE undone',
  ])
  assert.equal(endingOf(saga({ status: 'FAILED_COMPENSATED', failure_reason: 'vehicle_unavailable' })), 'outrun')
})

test('a cancelled purchase stopped where its buyer gave up', () => {
  const history = [
    ...begun,
    line(4, 'CANCELLATION_PAYMENT_REFUND', 'CANCELLING', 'cancel_requested'),
    line(5, 'CANCELLATION_VEHICLE_RELEASE', 'CANCELLING'),
  ]
  assert.deepEqual(told(history, 'CANCELLING').slice(3), [
    'PAYMENT_PROCESSING stopped',
    'PAYMENT_REFUND undone',
    'VEHICLE_RELEASE undoing',
  ])
})

test('an undo that needs a person is said to be with the shop', () => {
  const status = 'FAILED_REQUIRES_MANUAL_INTERVENTION'
  const history = [...begun, line(4, 'PAYMENT_REFUND', 'COMPENSATING'), line(5, 'PAYMENT_REFUND', status)]
  assert.equal(told(history, status).at(-1), 'PAYMENT_REFUND stuck')
  assert.equal(endingOf(saga({ status })), 'stuck')
})

test('each reason of failure has words of its own, and one that is not known has some too', () => {
  const ended = (failure_reason: string) => endingOf(saga({ status: 'FAILED', failure_reason }))
  assert.equal(ended('payment_code_expired'), 'expired')
  assert.equal(ended('payment_declined'), 'refused_payment')
  assert.equal(ended('insufficient_credit_limit'), 'refused_credit')
  assert.equal(ended('price_changed'), 'price_changed')
  assert.equal(ended('the moon was full'), 'failed')
})

test('it can be cancelled until the sale is being registered', () => {
  assert.equal(canCancel(saga()), true)
  assert.equal(canCancel(saga({ current_step: 'MARK_VEHICLE_AS_SOLD' })), false)
  assert.equal(canCancel(saga({ status: 'COMPENSATING' })), false)
  assert.equal(isOver(saga({ status: 'COMPENSATING' })), false)
  assert.equal(isOver(saga({ status: 'CANCELLED' })), true)
})

test('a pickup code is read in groups', () => {
  assert.equal(codeInGroups('M3AN6RVA'), 'M3AN-6RVA')
})
