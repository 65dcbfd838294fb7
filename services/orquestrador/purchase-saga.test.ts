/** The purchase saga, row by row of its table: given a position, when an input comes, then it does this. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PaymentType, SagaStatus } from '#contracts'
import { begin, type Decision, decide, type Saga, type SagaInput } from '#saga'
import { type PurchaseRequest, purchaseSaga } from './purchase-saga.ts'

const now = new Date('2026-01-05T12:00:00Z')
const moment = { now, stepTimeoutMs: 7_000 }
const code = { payment_code: 'CODE1', expires_at: '2026-01-05T12:30:00.000Z' }
const CASH: PurchaseRequest = {
  customer_id: 7,
  vehicle_id: 9,
  amount_cents: 5_000,
  payment_type: 'cash',
  vehicle: { brand: 'Fiat', model: 'Strada', year: 2024 },
}

/** The facts about a purchase that the payment's owner and listeners for the end are told. */
const charge = (payment_type: PaymentType) => ({ customer_id: 7, vehicle_id: 9, amount_cents: 5_000, payment_type })

const reply = (type: string, body: object = {}): SagaInput => ({ kind: 'reply', type: `events.${type}`, body })
const failure = (type: string, reason = 'because'): SagaInput => reply(type, { reason })
const cancel: SagaInput = { kind: 'cancel', reason: 'gave up' }
const deadline: SagaInput = { kind: 'deadline' }

const PROOF = `v1.5000.${'A'.repeat(86)}`

/** The replies that bring a purchase to each step. */
const WAY: readonly [step: string, reply: SagaInput][] = [
  ['CREDIT_RESERVATION', reply('credit.reserved')],
  ['VEHICLE_RESERVATION', reply('vehicle.reserved')],
  ['PAYMENT_CODE_GENERATION', reply('payment.code_generated', code)],
  ['PAYMENT_PROCESSING', reply('payment.processed', { payment_id: 3, amount_cents: 5_000, proof: PROOF })],
]

function at(step: string, request = CASH): Saga {
  let { saga } = begin(purchaseSaga, 't-1', request, moment)
  for (const [passed, input] of WAY) {
    if (saga.step === step) break
    assert.equal(saga.step, passed)
    saga = when(saga, input).saga
  }
  assert.equal(saga.step, step)
  return saga
}

const when = (saga: Saga, input: SagaInput, later = 0): Decision =>
  decide(purchaseSaga, saga, input, { ...moment, now: new Date(now.getTime() + later) })

const sent = ({ effects }: Decision) =>
  effects.map((effect) => (effect.kind === 'send' ? effect.contract.topic : effect.name))

const bodyOf = ({ effects: [effect] }: Decision) => (effect?.kind === 'send' ? effect.body : effect?.request)

function then(decision: Decision, status: SagaStatus, step: string, ...effects: string[]) {
  assert.deepEqual([decision.saga.status, decision.saga.step, ...sent(decision)], [status, step, ...effects])
}

/** Answers each undo with success; returns the steps on the way. */
function unwind(decision: Decision): { steps: string[]; last: Decision } {
  const answers: Record<string, SagaInput> = {
    PAYMENT_REFUND: reply('payment.refunded', { refunded_cents: 0 }),
    VEHICLE_RELEASE: reply('vehicle.released'),
    CREDIT_RELEASE: reply('credit.released'),
  }
  const steps: string[] = []
  let last = decision
  for (let answer: SagaInput | undefined; ; last = when(last.saga, answer)) {
    steps.push(last.saga.step)
    answer = answers[last.saga.step.replace('CANCELLATION_', '')]
    if (!answer) return { steps, last }
  }
}

test('a purchase begins by asking for the credit', () => {
  then(begin(purchaseSaga, 't-1', CASH, moment), 'STARTED', 'CREDIT_RESERVATION', 'commands.credit.reserve')
})

const forward: readonly [step: string, next: string, effect: string][] = [
  ['CREDIT_RESERVATION', 'VEHICLE_RESERVATION', 'commands.vehicle.reserve'],
  ['VEHICLE_RESERVATION', 'PAYMENT_CODE_GENERATION', 'commands.payment.generate_code'],
  ['PAYMENT_CODE_GENERATION', 'PAYMENT_PROCESSING', 'commands.payment.process'],
  ['PAYMENT_PROCESSING', 'MARK_VEHICLE_AS_SOLD', 'mark_vehicle_as_sold'],
]
for (const [step, next, effect] of forward) {
  const [, answer] = WAY.find(([name]) => name === step) ?? []
  assert.ok(answer)
  test(`${step}, answered, goes on to ${next}, once`, () => {
    const decision = when(at(step), answer)
    then(decision, 'IN_PROGRESS', next, effect)
    assert.deepEqual(when(decision.saga, answer), { saga: decision.saga, effects: [] })
  })
}

for (const payment_type of ['cash', 'credit', 'pix'] as const) {
  test(`a ${payment_type} purchase tells each service what it needs, to do its step and to undo it`, () => {
    const request = { ...CASH, payment_type }
    const hold = { customer_id: 7, amount_cents: 5_000, payment_type }
    assert.deepEqual(bodyOf(begin(purchaseSaga, 't-1', request, moment)), hold)
    const asked = WAY.map(([step, answer]) => bodyOf(when(at(step, request), answer)))
    const wish = { vehicle_id: 9, customer_id: 7, price_cents: 5_000 }
    assert.deepEqual(asked, [
      wish,
      charge(payment_type),
      { payment_code: 'CODE1' },
      { vehicle_id: 9, payment_proof: PROOF },
    ])

    const refund = when(at('PAYMENT_PROCESSING', request), failure('payment.failed', 'payment_declined'))
    assert.deepEqual(bodyOf(refund), { ...charge(payment_type), resumptions: 0 })
    const vehicleRelease = when(refund.saga, reply('payment.refunded', { refunded_cents: 0 }))
    assert.deepEqual(bodyOf(vehicleRelease), { vehicle_id: 9, customer_id: 7 })
    const creditRelease = when(vehicleRelease.saga, reply('vehicle.released'))
    assert.deepEqual(bodyOf(creditRelease), hold)
    const why = { reason: 'payment_declined', failed_step: 'PAYMENT_PROCESSING' }
    assert.deepEqual(bodyOf(when(creditRelease.saga, reply('credit.released'))), { ...charge(payment_type), ...why })
  })
}

test('the sale completes the purchase and keeps the pickup code', () => {
  const answer: SagaInput = { kind: 'call_answered', step: 'MARK_VEHICLE_AS_SOLD', answer: { pickup_code: 'P' } }
  const decision = when(at('MARK_VEHICLE_AS_SOLD'), answer)
  then(decision, 'COMPLETED', 'SAGA_COMPLETE', 'events.purchase.completed')
  assert.equal(decision.saga.data.pickup_code, 'P')
  assert.deepEqual(bodyOf(decision), charge('cash'))
  assert.equal(decision.saga.deadline, null)
})

test('a refused credit ends the purchase with nothing to undo', () => {
  const decision = when(at('CREDIT_RESERVATION'), failure('credit.reservation_failed', 'insufficient_balance'))
  then(decision, 'FAILED', 'COMPENSATION_COMPLETE', 'events.purchase.failed')
  const why = { reason: 'insufficient_balance', failed_step: 'CREDIT_RESERVATION' }
  assert.deepEqual(bodyOf(decision), { ...charge('cash'), ...why })
})

const failures: readonly [step: string, event: string, undone: string[]][] = [
  ['VEHICLE_RESERVATION', 'vehicle.reservation_failed', ['CREDIT_RELEASE']],
  ['PAYMENT_CODE_GENERATION', 'payment.code_generation_failed', ['VEHICLE_RELEASE', 'CREDIT_RELEASE']],
  ['PAYMENT_PROCESSING', 'payment.failed', ['PAYMENT_REFUND', 'VEHICLE_RELEASE', 'CREDIT_RELEASE']],
]
for (const [step, event, undone] of failures) {
  test(`${step}, refused, undoes the steps before it in reverse`, () => {
    const decision = when(at(step), failure(event))
    assert.equal(decision.saga.status, 'COMPENSATING')
    const { steps, last } = unwind(decision)
    assert.deepEqual(steps, [...undone, 'COMPENSATION_COMPLETE'])
    then(last, 'FAILED_COMPENSATED', 'COMPENSATION_COMPLETE', 'events.purchase.failed')
  })
}

const cutOff: readonly [step: string, undone: string[]][] = [
  ['CREDIT_RESERVATION', ['CREDIT_RELEASE']],
  ['VEHICLE_RESERVATION', ['VEHICLE_RELEASE', 'CREDIT_RELEASE']],
  ['PAYMENT_CODE_GENERATION', ['PAYMENT_REFUND', 'VEHICLE_RELEASE', 'CREDIT_RELEASE']],
  ['PAYMENT_PROCESSING', ['PAYMENT_REFUND', 'VEHICLE_RELEASE', 'CREDIT_RELEASE']],
]
for (const [step, undone] of cutOff) {
  test(`${step}, given up, is undone too, because it may have happened`, () => {
    const decision = when(at(step), cancel)
    assert.equal(decision.saga.status, 'CANCELLING')
    const { steps, last } = unwind(decision)
    assert.deepEqual(steps, [...undone.map((name) => `CANCELLATION_${name}`), 'CANCELLATION_COMPLETE'])
    then(last, 'CANCELLED', 'CANCELLATION_COMPLETE', 'events.purchase.cancelled')
    assert.deepEqual(bodyOf(last), { ...charge('cash'), reason: 'cancelled', cancelled_step: step })
  })

  test(`${step} without an answer is asked three times, then undone too`, () => {
    const first = at(step)
    const second = when(first, deadline, 1_000)
    const third = when(second.saga, deadline, 3_000)
    assert.deepEqual([second.saga.attempt, third.saga.attempt], [2, 3])
    assert.deepEqual(sent(second), sent(third))
    assert.equal(third.saga.deadline?.getTime(), now.getTime() + 7_000, 'the waits add up to the time-out')
    assert.equal(when(third.saga, deadline, 6_999).transition, undefined, 'not before its time')
    const { steps, last } = unwind(when(third.saga, deadline, 7_000))
    assert.deepEqual(steps, [...undone, 'COMPENSATION_COMPLETE'])
    then(last, 'FAILED_COMPENSATED', 'COMPENSATION_COMPLETE', 'events.purchase.failed')
    assert.deepEqual(bodyOf(last), { ...charge('cash'), reason: 'timed_out', failed_step: step })
  })
}

test('from the sale on there is no way back', () => {
  const decision = when(at('MARK_VEHICLE_AS_SOLD'), cancel)
  assert.equal(decision.refusal, 'too_advanced_to_cancel')
  assert.deepEqual(sent(decision), ['events.purchase.cancellation_failed'])
  assert.deepEqual(bodyOf(decision), { ...charge('cash'), reason: 'too_advanced_to_cancel' })
  assert.equal(decision.transition, undefined)
})

test('the sale is tried again and again, then an operator is called, who resumes it', () => {
  let saga = at('MARK_VEHICLE_AS_SOLD')
  for (let tries = 1; tries < 6; tries++) {
    const decision = when(saga, deadline, 60_000)
    assert.deepEqual(sent(decision), ['mark_vehicle_as_sold'])
    saga = { ...decision.saga, deadline: now }
  }
  const stuck = when(saga, deadline)
  then(stuck, 'FAILED_REQUIRES_MANUAL_INTERVENTION', 'MARK_VEHICLE_AS_SOLD')
  then(when(stuck.saga, { kind: 'resume', by: 'admin' }), 'IN_PROGRESS', 'MARK_VEHICLE_AS_SOLD', 'mark_vehicle_as_sold')
  assert.equal(when(stuck.saga, cancel).refusal, 'not_cancellable')
})

test('a sale that veiculo-service refuses is not asked for again until an operator resumes it', () => {
  const refused: SagaInput = { kind: 'call_refused', step: 'MARK_VEHICLE_AS_SOLD', reason: 'vehicle_already_sold' }
  const stuck = when(at('MARK_VEHICLE_AS_SOLD'), refused)
  then(stuck, 'FAILED_REQUIRES_MANUAL_INTERVENTION', 'MARK_VEHICLE_AS_SOLD')
  assert.equal(stuck.transition?.reason, 'vehicle_already_sold')
  then(when(stuck.saga, { kind: 'resume', by: 'admin' }), 'IN_PROGRESS', 'MARK_VEHICLE_AS_SOLD', 'mark_vehicle_as_sold')
})

const begun: readonly [because: string, input: SagaInput, status: SagaStatus, prefix: string][] = [
  ['compensation', failure('payment.failed'), 'COMPENSATING', ''],
  ['cancellation', cancel, 'CANCELLING', 'CANCELLATION_'],
]
const undos: readonly [step: string, command: string, answersBefore: readonly SagaInput[]][] = [
  ['PAYMENT_REFUND', 'commands.payment.refund', []],
  ['VEHICLE_RELEASE', 'commands.vehicle.release', [reply('payment.refunded')]],
  ['CREDIT_RELEASE', 'commands.credit.release', [reply('payment.refunded'), reply('vehicle.released')]],
]
for (const [because, input, status, prefix] of begun) {
  for (const [undoing, command, answers] of undos) {
    const step = `${prefix}${undoing}`
    test(`a ${because} insists on ${step}, then calls an operator, who resumes it`, () => {
      let saga = [input, ...answers].reduce((last, one) => when(last, one).saga, at('PAYMENT_PROCESSING'))
      for (const second of [1, 3, 7, 11, 15]) {
        const again = when(saga, deadline, second * 1_000)
        then(again, status, step, command)
        saga = again.saga
      }
      assert.equal(when(saga, deadline, 18_999).transition, undefined)
      const stuck = when(saga, deadline, 19_000)
      then(stuck, 'FAILED_REQUIRES_MANUAL_INTERVENTION', step)
      const resumed = when(stuck.saga, { kind: 'resume', by: 'admin' })
      then(resumed, status, step, command)
      assert.equal(unwind(resumed).last.saga.status, because === 'cancellation' ? 'CANCELLED' : 'FAILED_COMPENSATED')
    })
  }
}

test('a refused refund is tried again, then an operator is called, and the next refund counts the resumption', () => {
  let saga = when(at('PAYMENT_PROCESSING'), cancel).saga
  for (let tries = 1; tries < 6; tries++) {
    saga = when(saga, failure('payment.refund_failed')).saga
    saga = { ...when(saga, deadline, 60_000).saga, deadline: now }
  }
  const stuck = when(saga, failure('payment.refund_failed'))
  then(stuck, 'FAILED_REQUIRES_MANUAL_INTERVENTION', 'CANCELLATION_PAYMENT_REFUND')
  const resumed = when(stuck.saga, { kind: 'resume', by: 'admin' })
  then(resumed, 'CANCELLING', 'CANCELLATION_PAYMENT_REFUND', 'commands.payment.refund')
  assert.deepEqual(bodyOf(resumed), { ...charge('cash'), resumptions: 1 })
})

test('a second cancellation, and one after the end, are refused', () => {
  const cancelling = when(at('VEHICLE_RESERVATION'), cancel)
  assert.equal(when(cancelling.saga, cancel).refusal, 'already_cancelling')
  assert.equal(when(unwind(cancelling).last.saga, cancel).refusal, 'not_cancellable')
})

test('a pix buyer has as long as the code lives', () => {
  const waiting = at('PAYMENT_PROCESSING', { ...CASH, payment_type: 'pix' })
  assert.equal(waiting.deadline?.toISOString(), code.expires_at)
  assert.equal(when(waiting, deadline, 29 * 60_000).transition, undefined)
  const expired = when(waiting, failure('payment.failed', 'payment_code_expired'), 30 * 60_000)
  then(expired, 'COMPENSATING', 'PAYMENT_REFUND', 'commands.payment.refund')
  then(when(waiting, deadline, 30 * 60_000), 'IN_PROGRESS', 'PAYMENT_PROCESSING', 'commands.payment.process')
  assert.equal(at('PAYMENT_PROCESSING').deadline?.getTime(), now.getTime() + 1_000)
})

test('a late answer to an earlier step changes nothing', () => {
  const compensating = when(at('VEHICLE_RESERVATION'), cancel)
  assert.equal(when(compensating.saga, reply('vehicle.reserved')).transition, undefined)
  const ended = unwind(compensating).last.saga
  for (const [, answer] of WAY) assert.deepEqual(when(ended, answer), { saga: ended, effects: [] })
})

test('a saga of another version is refused, not guessed at', () => {
  assert.throws(() => when({ ...at('CREDIT_RESERVATION'), version: 99 }, deadline), /version 99/)
})
