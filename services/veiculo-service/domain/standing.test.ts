/** A vehicle is taken off sale, put back and handed over: by example, and under any sequence of acts of staff. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { asWritten, type Counter, type Guesser, handOver, reissue } from './pickup.ts'
import { reserve, sell } from './reservation.ts'
import { blockedBy, type Finding, stated } from './restrictions.ts'
import { amend, giveBackToOwner, NO_FACTS, onSale, publish, relist, type Vehicle, withdraw } from './vehicle.ts'

const CODE = '34679ACD'
const MINUTE_MS = 60_000
const start = new Date('2026-11-23T12:00:00Z')
const minutesLater = (minutes: number) => new Date(start.getTime() + minutes * MINUTE_MS)

const uno = {
  id: 3,
  brand: 'Fiat',
  model: 'Uno',
  year: 2020,
  color: 'Prata',
  price_cents: 2_500_000,
  license_plate: 'ABC1234',
  chassi_number: '9BWZZZ377VT004251',
  renavam: '00639884962',
  mileage_km: null,
  fuel: null,
  transmission: null,
  ...NO_FACTS,
  description: null,
  photos: null,
  documentation: null,
  revision: 1,
  received_by: null,
  photo_files: [],
  previous_vehicle_id: null,
  restrictions: null,
  created_at: start,
  updated_at: start,
  pickup_failures: 0,
  pickup_locked_until: null,
  ...onSale,
} satisfies Counter

const CLEAR: Finding = { status: 'clear', source: 'Senatran', checked_on: '2026-11-20', note: null }

/** As it is stored, except that here the print of a code is the code itself. */
const issued = (code: string) => ({ pickup_code: `sealed ${code}`, pickup_print: code })

const claim = { transaction_id: 't1', vehicle_id: 3, customer_id: 7, price_cents: 2_500_000 }

function soldUno(): Counter {
  const sale = sell(uno, undefined, { transaction_id: null, ...issued(CODE) }, start)
  return typeof sale === 'string' ? assert.fail(sale) : sale.vehicle
}

/** The vehicle after wrong codes at these minutes. */
function guessed(vehicle: Counter, minutes: readonly number[]): Counter {
  return minutes.reduce((before, at) => {
    const refused = handOver(before, undefined, { pickup_print: 'WRONG', received_by: 'Ana' }, minutesLater(at))
    return typeof refused === 'object' && 'wrongCode' in refused ? refused.wrongCode : before
  }, vehicle)
}

const takenBy = (vehicle: Counter, pickup_code: string, minutes = 0) =>
  handOver(vehicle, undefined, { pickup_print: asWritten(pickup_code), received_by: 'Ana' }, minutesLater(minutes))

test('a withdrawn vehicle is not to be had until it is relisted', () => {
  const withdrawn = withdraw(uno, minutesLater(1))
  if (typeof withdrawn === 'string') return assert.fail(withdrawn)
  assert.deepEqual(withdrawn, { ...uno, status: 'withdrawn', revision: 2, updated_at: minutesLater(1) })
  assert.equal(withdraw(withdrawn, minutesLater(2)), withdrawn)
  assert.equal(reserve(withdrawn, undefined, claim).reservation.reason, 'vehicle_unavailable')
  assert.equal(sell(withdrawn, undefined, { transaction_id: null, ...issued(CODE) }, start), 'vehicle_not_sellable')
  assert.deepEqual(relist(withdrawn, minutesLater(2)), { ...uno, revision: 3, updated_at: minutesLater(2) })
  assert.equal(relist(uno, start), uno)
})

test('a vehicle in preparation is published once the facts that the law demands are known', () => {
  const prepared = { ...uno, status: 'preparation' } as const
  assert.equal(reserve(prepared, undefined, claim).reservation.reason, 'vehicle_unavailable')
  assert.equal(relist(prepared, start), 'vehicle_not_relistable')
  const published = publish(prepared, minutesLater(1))
  assert.deepEqual(published, { ...uno, revision: 2, updated_at: minutesLater(1) })
  const known = (theft: Finding['status'], lien: Finding['status']) =>
    stated(null, {
      ...{ fines: CLEAR, taxes: CLEAR, other: CLEAR },
      ...{ theft: { ...CLEAR, status: theft }, lien: { ...CLEAR, status: lien } },
    })
  for (const [restrictions, blocked] of [
    [known('clear', 'found'), []],
    [known('found', 'clear'), ['theft']],
    [known('clear', 'unknown'), ['lien']],
    [stated(null, { theft: CLEAR }), ['fines', 'taxes', 'lien', 'other']],
  ] as const) {
    assert.deepEqual(blockedBy(restrictions), blocked)
    const next = publish({ ...prepared, restrictions }, start)
    assert.equal(typeof next === 'string' ? next : next.status, blocked.length ? 'papers_keep_off_sale' : 'available')
    const back = relist({ ...uno, status: 'withdrawn', restrictions }, start)
    assert.equal(typeof back === 'string' ? back : back.status, blocked.length ? 'papers_keep_off_sale' : 'available')
  }
})

test('a vehicle that went back to its owner can be had by nobody here, and one that somebody has does not go back', () => {
  const back = giveBackToOwner(uno, start)
  if (typeof back === 'string') return assert.fail(back)
  assert.equal(back.status, 'returned_to_owner')
  assert.equal(giveBackToOwner(back, start), back)
  for (const decide of [withdraw, relist, publish]) assert.equal(typeof decide(back, start), 'string')
  assert.equal(amend(back, { color: 'Azul' }, start), 'vehicle_not_editable')
  assert.equal(giveBackToOwner(soldUno(), start), 'vehicle_not_withdrawable')
})

test('a vehicle that somebody has is neither withdrawn nor relisted', () => {
  const { vehicle: reserved } = reserve(uno, undefined, claim)
  for (const vehicle of [reserved, soldUno()]) {
    if (!vehicle) return assert.fail('it was there')
    assert.equal(withdraw(vehicle, start), 'vehicle_not_withdrawable')
    assert.equal(relist(vehicle, start), 'vehicle_not_relistable')
  }
})

test('a code counts however it is typed, and no other counts', () => {
  for (const typed of [CODE, '3467-9acd', ' 3467 9ACD ']) {
    assert.deepEqual(takenBy(soldUno(), typed, 1), {
      ...soldUno(),
      status: 'picked_up',
      picked_up_at: minutesLater(1),
      pickup_code: null,
      pickup_print: null,
      received_by: 'Ana',
      revision: 3,
      updated_at: minutesLater(1),
    })
  }
  fc.assert(
    fc.property(fc.string(), (typed) => {
      fc.pre(typed.replace(/[\s-]/g, '').toUpperCase() !== CODE)
      const guesser = { failures: 1, since: start }
      assert.deepEqual(takenBy(soldUno(), typed), { wrongCode: { ...soldUno(), pickup_failures: 1 }, guesser })
    }),
  )
})

test('only a sold vehicle is handed over, and once', () => {
  assert.equal(takenBy(uno, CODE), 'vehicle_not_sold')
  const taken = takenBy(soldUno(), CODE)
  if (typeof taken === 'string' || !('status' in taken)) return assert.fail('it was there to be taken')
  assert.equal(takenBy(taken, CODE), 'vehicle_already_picked_up')
})

test('the fifth wrong code closes the counter for a quarter of an hour, for the right code too', () => {
  assert.equal(typeof takenBy(guessed(soldUno(), [0, 1, 2, 3]), CODE, 4), 'object')
  const closed = guessed(soldUno(), [0, 1, 2, 3, 4])
  assert.deepEqual(takenBy(closed, CODE, 18), { lockedUntil: minutesLater(19) })
  assert.deepEqual(takenBy(guessed(closed, [5, 6, 7]), CODE, 18), { lockedUntil: minutesLater(19) })
  const taken = takenBy(closed, CODE, 19)
  assert.equal('status' in Object(taken) && Object(taken).status, 'picked_up')
})

test('twenty wrong codes in an hour stop their typist at every vehicle, and right ones in between do not help', () => {
  let guesser: Guesser | undefined
  const typed = (print: string, minutes: number) => {
    const said = handOver(soldUno(), guesser, { pickup_print: print, received_by: 'Ana' }, minutesLater(minutes))
    if (typeof said === 'object' && 'guesser' in said) guesser = said.guesser
    return said
  }
  for (let guess = 0; guess < 19; guess += 1) {
    typed('WRONG', guess)
    assert.equal(Object(typed(CODE, guess)).status, 'picked_up')
  }
  typed('WRONG', 30)
  assert.deepEqual(typed(CODE, 31), { lockedUntil: minutesLater(60) })
  assert.deepEqual(typed('WRONG', 59), { lockedUntil: minutesLater(60) })
  typed('WRONG', 60)
  assert.deepEqual(guesser, { failures: 1, since: minutesLater(60) })
})

test('a sale by hand gets a new code in place of a lost one, a purchase does not', () => {
  const again = reissue(guessed(soldUno(), [0, 1, 2, 3, 4]), issued('NEWC0DE9'), minutesLater(5))
  if (typeof again === 'string') return assert.fail(again)
  assert.deepEqual(again, { ...soldUno(), ...issued('NEWC0DE9'), revision: 3, updated_at: minutesLater(5) })
  assert.ok('wrongCode' in Object(takenBy(again, CODE, 6)))
  const { vehicle: reserved, reservation } = reserve(uno, undefined, claim)
  const bought = sell(reserved, reservation, { transaction_id: 't1', ...issued(CODE) }, start)
  if (typeof bought === 'string') return assert.fail(bought)
  assert.equal(reissue({ ...uno, ...bought.vehicle }, issued('NEWC0DE9'), start), 'pickup_code_with_buyer')
  assert.equal(reissue(uno, issued('NEWC0DE9'), start), 'vehicle_not_sold')
})

const deeds = {
  withdraw: (vehicle: Counter, now: Date) => withdraw(vehicle, now),
  relist: (vehicle: Counter, now: Date) => relist(vehicle, now),
  amend: (vehicle: Counter, now: Date) => amend(vehicle, { color: `Cor ${now.getTime()}` }, now),
  reserve: (vehicle: Counter) => reserve(vehicle, undefined, claim).vehicle ?? vehicle,
  sell: (vehicle: Counter, now: Date) => {
    const sale = sell(vehicle, undefined, { transaction_id: null, ...issued(CODE) }, now)
    return typeof sale === 'string' ? sale : sale.vehicle
  },
  'take it': (vehicle: Counter, now: Date) =>
    handOver(vehicle, undefined, { pickup_print: CODE, received_by: 'Ana' }, now),
} satisfies Record<string, (vehicle: Counter, now: Date) => unknown>

type Deed = keyof typeof deeds

const leadsTo: Readonly<Record<Deed, readonly [from: Vehicle['status'], to: Vehicle['status']][]>> = {
  withdraw: [
    ['available', 'withdrawn'],
    ['withdrawn', 'withdrawn'],
  ],
  relist: [
    ['withdrawn', 'available'],
    ['available', 'available'],
  ],
  amend: [
    ['available', 'available'],
    ['withdrawn', 'withdrawn'],
  ],
  reserve: [['available', 'reserved']],
  sell: [['available', 'sold']],
  'take it': [['sold', 'picked_up']],
}

const isVehicle = (outcome: unknown): outcome is Counter =>
  typeof outcome === 'object' && outcome !== null && 'revision' in outcome

test('whatever staff try, a vehicle goes only where it may, and each change counts one up', () => {
  const names = Object.keys(deeds) as Deed[]
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...names), { maxLength: 30 }), (sequence) => {
      let vehicle: Counter = uno
      sequence.forEach((deed, index) => {
        const after = deeds[deed](vehicle, minutesLater(index))
        const goes = leadsTo[deed].find(([from]) => from === vehicle.status)
        if (!isVehicle(after) || after === vehicle) {
          assert.ok(!goes || goes[0] === goes[1], `${deed} of a vehicle that is ${vehicle.status}`)
          return
        }
        assert.deepEqual([after.status, after.revision], [goes?.[1], vehicle.revision + 1])
        vehicle = after
      })
    }),
  )
})
