/** A saga drawn on its definition: which steps are lit, which were undone, and which needs a person. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Saga } from '../../clients/typescript/operations.ts'
import type { Line } from '../store/story.ts'
import { chartOf } from './chart.ts'

const line = (step: string, status: Saga['status'], more: Partial<Line> = {}): Line => ({
  ...{ at: '2026-11-28T14:00:00.000Z', step, status, what: 'events.x', attempt: 1 },
  ...more,
})
const told = (history: readonly Line[], status: Saga['status'], kind: Saga['kind'] = 'purchase') =>
  chartOf(history, { kind, status }).stages.map(
    ({ name, state, undo }) => `${name} ${state}${undo ? ` / ${undo.state}` : ''}`,
  )

const begun = [
  line('CREDIT_RESERVATION', 'STARTED', { what: 'started' }),
  line('VEHICLE_RESERVATION', 'IN_PROGRESS'),
  line('PAYMENT_CODE_GENERATION', 'IN_PROGRESS'),
  line('PAYMENT_PROCESSING', 'IN_PROGRESS'),
]

test('a purchase that goes forward is lit at its step, and nothing is undone', () => {
  assert.deepEqual(told(begun, 'IN_PROGRESS'), [
    'CREDIT_RESERVATION done / idle',
    'VEHICLE_RESERVATION done / idle',
    'PAYMENT_CODE_GENERATION done / idle',
    'PAYMENT_PROCESSING now',
    'MARK_VEHICLE_AS_SOLD next',
  ])
})

test('a stuck refund is the step that needs a person, and shows its attempts and the reason', () => {
  const history = [
    ...begun,
    line('CANCELLATION_PAYMENT_REFUND', 'CANCELLING', { what: 'cancel_requested' }),
    line('CANCELLATION_PAYMENT_REFUND', 'FAILED_REQUIRES_MANUAL_INTERVENTION', { attempt: 6, reason: 'refund_failed' }),
  ]
  const { stages } = chartOf(history, { kind: 'purchase', status: 'FAILED_REQUIRES_MANUAL_INTERVENTION' })
  const { undo } = stages[2] ?? {}
  assert.deepEqual([undo?.state, undo?.attempts, undo?.reason], ['stuck', 6, 'refund_failed'])
  assert.equal(stages[3]?.state, 'stopped')
  assert.equal(stages[4]?.state, 'idle')
})

test('a step that was refused says why, and the ones before it are undone', () => {
  const history = [
    ...begun.slice(0, 2),
    line('CREDIT_RELEASE', 'COMPENSATING', { reason: 'vehicle_unavailable' }),
    line('COMPENSATION_COMPLETE', 'FAILED_COMPENSATED'),
  ]
  const { stages } = chartOf(history, { kind: 'purchase', status: 'FAILED_COMPENSATED' })
  assert.deepEqual([stages[1]?.state, stages[1]?.reason], ['failed', 'vehicle_unavailable'])
  assert.equal(stages[0]?.undo?.state, 'undone')
})

test('a return is drawn from its own definition, its point of no return where the car is received', () => {
  const history = [line('HOLD_FOR_RETURN', 'STARTED'), line('RETURN_RECEIPT', 'IN_PROGRESS')]
  const { stages, name } = chartOf(history, { kind: 'return', status: 'IN_PROGRESS' })
  assert.equal(name, 'return')
  assert.deepEqual(
    stages.filter(({ isPivot }) => isPivot).map(({ name: step }) => step),
    ['RETURN_RECEIPT'],
  )
  assert.equal(stages[1]?.state, 'now')
})
