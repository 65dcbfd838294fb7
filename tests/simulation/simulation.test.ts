/** Thousands of seeded schedules of everything that can go wrong, and the proof that the simulation would notice. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { simulate } from './simulate.ts'
import { RULES, type Rules } from './world.ts'

const SEEDS = 2_500

test('whatever is repeated, reordered, delayed or killed, money and vehicles are all accounted for', () => {
  const endings = new Set<string>()
  const positions = new Set<string>()
  for (let seed = 1; seed <= SEEDS; seed++) {
    const report = simulate(seed)
    for (const ending of report.endings) endings.add(ending)
    for (const position of report.positions) positions.add(position)
  }
  assert.deepEqual([...endings].sort(), ['CANCELLED', 'COMPLETED', 'FAILED', 'FAILED_COMPENSATED'])
  for (const seen of [
    'FAILED_REQUIRES_MANUAL_INTERVENTION CANCELLATION_PAYMENT_REFUND',
    'IN_PROGRESS MARK_VEHICLE_AS_SOLD',
  ]) {
    assert.ok(positions.has(seen), `${seen} was never reached`)
  }
})

test('the same seed makes the same run', () => {
  assert.deepEqual(simulate(42).trace, simulate(42).trace)
})

const broken: Record<string, Partial<Rules>> = {
  'a release of the credit that forgets its tombstone': {
    releaseHold: (customer, hold, request) => {
      const settled = RULES.releaseHold(customer, hold, request)
      return hold ? settled : { ...settled, hold: undefined as never }
    },
  },
  'a release that gives the money back each time it is asked': {
    releaseHold: (customer, hold, request) =>
      RULES.releaseHold(
        customer,
        hold?.status === 'released' ? { ...hold, status: 'held', reason: null } : hold,
        request,
      ),
  },
  'a reservation that does not look whether the vehicle is free': {
    takeVehicle: (vehicle, reservation, claim) =>
      RULES.takeVehicle(vehicle && ({ ...vehicle, status: 'available' } as typeof vehicle), reservation, claim),
  },
  'a late reserve that takes a released vehicle again': {
    takeVehicle: (vehicle, reservation, claim) =>
      RULES.takeVehicle(vehicle, reservation?.status === 'released' ? undefined : reservation, claim),
  },
  'a refund that leaves an unpaid code payable': {
    refund: (charge, ...rest) => (charge?.code.status === 'pending' ? charge : RULES.refund(charge, ...rest)),
  },
}

for (const [fault, rules] of Object.entries(broken)) {
  test(`the simulation sees ${fault}`, () => {
    assert.throws(() => {
      for (let seed = 1; seed <= SEEDS; seed++) simulate(seed, { ...RULES, ...rules })
    }, /seed \d+/)
  })
}
