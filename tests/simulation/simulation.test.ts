/** Thousands of seeded schedules of everything that can go wrong, and the proof that the simulation would notice. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decide } from '#saga'
import { purchaseSaga } from '../../services/orquestrador/purchase-saga.ts'
import { onSale } from '../../services/veiculo-service/domain/vehicle.ts'
import { RULES } from './participants.ts'
import { simulate } from './simulate.ts'
import type { Faults } from './world.ts'

const SEEDS = 4_000
const STUCK = 'FAILED_REQUIRES_MANUAL_INTERVENTION'

test('whatever is repeated, reordered, delayed or killed, money and vehicles are all accounted for', () => {
  const endings = new Set<string>()
  const positions = new Set<string>()
  for (let seed = 1; seed <= SEEDS; seed++) {
    const report = simulate(seed)
    for (const ending of report.endings) endings.add(ending)
    for (const position of report.positions) positions.add(position)
  }
  assert.deepEqual([...endings].sort(), ['CANCELLED', 'COMPLETED', 'FAILED', 'FAILED_COMPENSATED'])
  assert.deepEqual([...positions].sort(), everyPosition().sort(), 'every place where a purchase can stand is visited')
})

function everyPosition(): string[] {
  const [first, ...later] = purchaseSaga.steps.map(({ name }) => name)
  const undos = purchaseSaga.steps.flatMap((step) => (step.kind === 'ask' && step.undo ? [step.undo.step] : []))
  const cancelling = undos.map((step) => `CANCELLATION_${step}`)
  return [
    `STARTED ${first}`,
    ...later.map((step) => `IN_PROGRESS ${step}`),
    ...undos.map((step) => `COMPENSATING ${step}`),
    ...cancelling.map((step) => `CANCELLING ${step}`),
    ...[...undos, ...cancelling, purchaseSaga.pivot].map((step) => `${STUCK} ${step}`),
    ...['COMPLETED SAGA_COMPLETE', 'FAILED COMPENSATION_COMPLETE'],
    ...['FAILED_COMPENSATED COMPENSATION_COMPLETE', 'CANCELLED CANCELLATION_COMPLETE'],
  ]
}

test('the same seed makes the same run, and another seed another', () => {
  for (let seed = 1; seed <= 50; seed++) assert.deepEqual(simulate(seed), simulate(seed))
  assert.notDeepEqual(simulate(1).trace, simulate(2).trace)
})

const faults: Readonly<Record<string, readonly [faults: Faults, seenAs: RegExp]>> = {
  'a release of the credit whose tombstone does not stop the late reserve': [
    {
      holdCredit: (customer, hold, request) =>
        RULES.holdCredit(customer, hold?.reason === 'released_before_reserved' ? undefined : hold, request),
    },
    /its hold still stands/,
  ],
  'a release that gives the money back each time it is asked': [
    {
      releaseCredit: (customer, hold, request) =>
        RULES.releaseCredit(customer, hold && { ...hold, status: 'held', reason: null }, request),
    },
    /is made or lost/,
  ],
  'a reservation that does not look whether the vehicle is free': [
    {
      takeVehicle: (vehicle, reservation, claim) =>
        RULES.takeVehicle(reservation ? vehicle : vehicle && { ...vehicle, ...onSale }, reservation, claim),
    },
    /held by 2 purchases/,
  ],
  'a late reserve that takes a released vehicle again': [
    {
      takeVehicle: (vehicle, reservation, claim) =>
        RULES.takeVehicle(vehicle, reservation?.status === 'released' ? undefined : reservation, claim),
    },
    /its vehicle is not given back/,
  ],
  'a refund that leaves an unpaid code payable': [
    { refund: (charge, ...rest) => (charge?.code.status === 'pending' ? charge : RULES.refund(charge, ...rest)) },
    /its code can still be paid|its payment is not given back/,
  ],
  'a refund whose tombstone does not stop the late code': [
    {
      generate: (charge, ...rest) =>
        RULES.generate(charge?.code.reason === 'voided_before_generated' ? undefined : charge, ...rest),
    },
    /its code can still be paid|its payment is not given back/,
  ],
  'a code that can be paid twice': [
    {
      pay: (charge, ...rest) => {
        const isUsed = charge.code.status === 'used'
        return RULES.pay(isUsed ? { ...charge, code: { ...charge.code, status: 'pending' } } : charge, ...rest)
      },
    },
    /its money was taken 2 times/,
  ],
  'a code that can be paid after it was voided': [
    {
      pay: (charge, ...rest) => {
        const isVoided = charge.code.status === 'voided'
        return RULES.pay(isVoided ? { ...charge, code: { ...charge.code, status: 'pending' } } : charge, ...rest)
      },
    },
    /its payment is not given back/,
  ],
  'a refund that gives the money back each time it is asked': [
    {
      refund: (charge, ...rest) => {
        if (charge?.payment?.status !== 'refunded') return RULES.refund(charge, ...rest)
        return RULES.refund({ ...charge, payment: { ...charge.payment, status: 'completed' } }, ...rest)
      },
    },
    /its money was given back 2 times/,
  ],
  'a sale that hands out a new pickup code each time it is asked': [
    {
      sell: (vehicle, reservation, to, at) => {
        const sale = RULES.sell(vehicle, reservation, to, at)
        if (typeof sale === 'string' || !to || sale.vehicle.status !== 'sold') return sale
        return { ...sale, vehicle: { ...sale.vehicle, pickup_code: to.pickup_code } }
      },
    },
    /its pickup code opens no door/,
  ],
  'an engine that cancels after the point of no return': [
    {
      decide: (definition, saga, input, moment) =>
        input.kind === 'cancel' && saga.status === 'IN_PROGRESS' && saga.step === definition.pivot
          ? decide(definition, { ...saga, step: 'PAYMENT_PROCESSING' }, input, moment)
          : decide(definition, saga, input, moment),
    },
    /who has not paid/,
  ],
  'an engine that does not undo the step that was cut off': [
    {
      decide: (definition, saga, input, moment) => {
        const decision = decide(definition, saga, input, moment)
        if (input.kind !== 'deadline' || saga.step !== 'VEHICLE_RESERVATION' || !decision.saga.unwinding)
          return decision
        const reply = { kind: 'reply', type: 'events.vehicle.released', body: {} } as const
        return decide(definition, decision.saga, reply, moment)
      },
    },
    /its vehicle is not given back/,
  ],
}

for (const [fault, [broken, seenAs]] of Object.entries(faults)) {
  test(`the simulation sees ${fault}`, () => {
    assert.throws(
      () => {
        for (let seed = 1; seed <= SEEDS; seed++) simulate(seed, broken)
      },
      new RegExp(`seed \\d+, step \\d+: .*(${seenAs.source})`),
    )
  })
}
