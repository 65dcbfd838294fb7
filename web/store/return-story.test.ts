/** A return's history, told to the buyer. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Saga } from '../../clients/typescript/operations.ts'
import { canCallOff, returnEndingOf, returnStepsOf } from './return-story.ts'
import type { Line } from './story.ts'

const line = (step: string, status: Saga['status'], what = 'events.x'): Line => ({
  at: '2026-11-28T14:00:00.000Z',
  step,
  status,
  what,
  attempt: 1,
})
const told = (history: readonly Line[], status: Saga['status'], payment_type: Saga['payment_type']) =>
  returnStepsOf(history, { status, payment_type }).map(({ step, state }) => `${step} ${state}`)
const saga = (status: Saga['status'], current_step: string, failure_reason?: string) =>
  ({ status, current_step, context: { ...(failure_reason && { failure_reason }) } }) as Saga

const asked = [line('HOLD_FOR_RETURN', 'STARTED', 'started'), line('RETURN_RECEIPT', 'IN_PROGRESS')]

test('the car is awaited, and the list shows only steps of money that was paid', () => {
  assert.deepEqual(told(asked, 'IN_PROGRESS', 'pix'), [
    'HOLD_FOR_RETURN done',
    'RETURN_RECEIPT now',
    'PAYMENT_RETURN next',
    'VEHICLE_RETURN next',
  ])
  assert.deepEqual(told(asked, 'IN_PROGRESS', 'credit').at(2), 'CREDIT_RETURN next')
})

test('a step that moves nothing is shown when it is stuck or under way', () => {
  const history = [...asked, line('CREDIT_RETURN', 'IN_PROGRESS')]
  assert.deepEqual(told(history, 'IN_PROGRESS', 'pix').at(2), 'CREDIT_RETURN now')
})

test('a return that was called off shows where, and which steps were undone', () => {
  const history = [
    ...asked,
    line('CANCELLATION_RETURN_HOLD_RELEASE', 'CANCELLING', 'cancel_requested'),
    line('CANCELLATION_COMPLETE', 'CANCELLED'),
  ]
  assert.deepEqual(told(history, 'CANCELLED', 'pix'), [
    'HOLD_FOR_RETURN done',
    'RETURN_RECEIPT stopped',
    'RETURN_HOLD_RELEASE undone',
  ])
})

test('a car that never came is told as late, anything else as failed', () => {
  assert.equal(returnEndingOf(saga('FAILED_COMPENSATED', 'COMPENSATION_COMPLETE', 'vehicle_not_received')), 'late')
  assert.equal(returnEndingOf(saga('FAILED', 'COMPENSATION_COMPLETE', 'vehicle_not_found')), 'failed')
})

test('the buyer may keep the car until the shop has it', () => {
  assert.equal(canCallOff(saga('IN_PROGRESS', 'RETURN_RECEIPT')), true)
  assert.equal(canCallOff(saga('IN_PROGRESS', 'PAYMENT_RETURN')), false)
  assert.equal(canCallOff(saga('COMPLETED', 'SAGA_COMPLETE')), false)
})
