/** The effects of a hold and its release on a customer, by example and under any sequence of commands. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { PaymentType } from '#contracts'
import {
  type CreditHold,
  giveBack,
  type HoldRequest,
  release,
  releaseReply,
  reserve,
  reserveReply,
  returnReply,
} from './credit-hold.ts'
import { type Account, availableCredit, maskDocument } from './customer.ts'
import type { LedgerEntry } from './ledger.ts'

const ana: Account = {
  id: 7,
  status: 'active',
  account_balance_cents: 100_000,
  credit_limit_cents: 50_000,
  used_credit_cents: 10_000,
}

const purchase = (payment_type: PaymentType, amount_cents: number, transaction_id = 't1'): HoldRequest => ({
  transaction_id,
  customer_id: ana.id,
  payment_type,
  amount_cents,
})

test('a cash purchase takes the price from the balance and writes it down', () => {
  const { customer, hold, entries } = reserve(ana, undefined, purchase('cash', 100_000))
  assert.equal(customer?.account_balance_cents, 0)
  assert.equal(hold.status, 'held')
  assert.deepEqual(entries, [
    {
      customer_id: 7,
      kind: 'hold',
      account: 'balance',
      transaction_id: 't1',
      amount_cents: -100_000,
      balance_after_cents: 0,
      credit_after_cents: 40_000,
    },
  ])
  assert.deepEqual(reserveReply(hold).body, { customer_id: 7, amount_cents: 100_000 })
})

test('a credit purchase uses credit and leaves the balance alone', () => {
  const { customer, entries } = reserve(ana, undefined, purchase('credit', 40_000))
  assert.equal(customer?.used_credit_cents, 50_000)
  assert.equal(customer?.account_balance_cents, 100_000)
  assert.deepEqual(
    entries.map(({ account, amount_cents, credit_after_cents }) => [account, amount_cents, credit_after_cents]),
    [['credit', -40_000, 0]],
  )
})

test('a Pix purchase holds nothing, however dear', () => {
  const held = reserve(ana, undefined, purchase('pix', 99_999_999))
  assert.deepEqual(held.customer, ana)
  assert.equal(held.hold.status, 'held')
  const released = release(ana, held.hold, purchase('pix', 99_999_999))
  assert.deepEqual(released.customer, ana)
  assert.deepEqual(releaseReply(released.hold).body, { customer_id: 7, released_cents: 0 })
  assert.deepEqual([...held.entries, ...released.entries], [])
})

const returned = (customer: Account, request: HoldRequest) => {
  const held = reserve(customer, undefined, request)
  return giveBack(held.customer, held.hold, request)
}

test('a return gives back what was held, whichever way it was paid, and answers its own saga', () => {
  for (const type of ['cash', 'credit', 'pix'] as const) {
    const { customer, hold } = returned(ana, purchase(type, 20_000))
    assert.deepEqual(customer, ana)
    assert.equal(hold.status, 'returned')
    const reply = returnReply(hold, 'r1')
    assert.deepEqual(
      [reply.transaction_id, reply.body],
      ['r1', { customer_id: 7, returned_cents: type === 'pix' ? 0 : 20_000 }],
    )
  }
})

test('when the credit was repaid already, the return goes to the balance', () => {
  const { hold } = reserve(ana, undefined, purchase('credit', 40_000))
  const repaid = { ...ana, used_credit_cents: 15_000 }
  const { customer, entries } = giveBack(repaid, hold, purchase('credit', 40_000))
  assert.deepEqual([customer?.used_credit_cents, customer?.account_balance_cents], [0, 125_000])
  assert.deepEqual(
    entries.map(({ kind, account, amount_cents }) => [kind, account, amount_cents]),
    [
      ['return_of_repaid', 'balance', 25_000],
      ['return', 'credit', 15_000],
    ],
  )
})

test('a return gives back no more than a warranty has left: cash and credit less, a Pix elsewhere', () => {
  const abated = (customer: Account, type: 'cash' | 'credit' | 'pix', repaid_cents = 0, abated_cents = 5_000) => {
    const held = reserve(customer, undefined, purchase(type, 40_000))
    const before = held.customer && {
      ...held.customer,
      used_credit_cents: held.customer.used_credit_cents - repaid_cents,
    }
    const after = giveBack(before, held.hold, { ...purchase(type, 40_000), abated_cents })
    const sum = after.entries.reduce((cents, { amount_cents }) => cents + amount_cents, 0)
    return { ...after, sum, told: returnReply(after.hold, 'r1').body }
  }
  const cash = abated(ana, 'cash')
  assert.equal(cash.customer?.account_balance_cents, ana.account_balance_cents - 5_000)
  assert.deepEqual([cash.hold.abated_cents, cash.sum, cash.told.returned_cents], [5_000, 35_000, 35_000])
  const unpaid = abated(ana, 'credit')
  assert.deepEqual([unpaid.customer?.used_credit_cents, unpaid.sum], [ana.used_credit_cents + 5_000, 35_000])
  assert.equal(unpaid.customer?.account_balance_cents, ana.account_balance_cents, 'the buyer had that in money')
  const repaid = abated(ana, 'credit', 40_000)
  assert.deepEqual(
    [repaid.customer?.used_credit_cents, repaid.customer?.account_balance_cents],
    [0, ana.account_balance_cents + 35_000 - ana.used_credit_cents],
  )
  const pix = abated(ana, 'pix')
  assert.deepEqual([pix.customer, pix.hold.abated_cents, pix.told.returned_cents], [ana, 0, 0])
  const beyond = abated(ana, 'cash', 0, 99_000)
  assert.deepEqual([beyond.customer?.account_balance_cents, beyond.sum], [ana.account_balance_cents - 40_000, 0])
  const first = giveBack(ana, undefined, { ...purchase('cash', 40_000), abated_cents: 5_000 })
  assert.deepEqual(
    [first.entries, returnReply(first.hold, 'r1').body.returned_cents],
    [[], 0],
    'a tombstone moved nothing',
  )
})

test('a return that comes again, or after a release, moves nothing; one that comes first is a tombstone', () => {
  const once = returned(ana, purchase('cash', 20_000))
  const again = giveBack(once.customer, once.hold, purchase('cash', 20_000))
  assert.deepEqual(again, { customer: once.customer, hold: once.hold, entries: [] })
  const late = release(once.customer, once.hold, purchase('cash', 20_000))
  assert.deepEqual([late.entries, releaseReply(late.hold).body.released_cents], [[], 0])
  const first = giveBack(ana, undefined, purchase('cash', 20_000))
  const reserved = reserve(ana, first.hold, purchase('cash', 20_000))
  assert.deepEqual([reserved.customer, reserved.entries], [ana, []])
  assert.deepEqual(reserveReply(reserved.hold).body, { reason: 'returned' })
  assert.deepEqual(returnReply(first.hold, 'r1').body, { customer_id: 7, returned_cents: 0 })
})

test('says why a purchase can not be held, and holds nothing then', () => {
  const cases: [Account | undefined, HoldRequest, string][] = [
    [undefined, purchase('cash', 1), 'customer_not_found'],
    [{ ...ana, status: 'blocked' }, purchase('pix', 1), 'customer_blocked'],
    [{ ...ana, status: 'erased' }, purchase('cash', 1), 'customer_blocked'],
    [ana, purchase('cash', 100_001), 'insufficient_balance'],
    [ana, purchase('credit', 40_001), 'insufficient_credit_limit'],
  ]
  for (const [customer, request, reason] of cases) {
    const refused = reserve(customer, undefined, request)
    assert.deepEqual(reserveReply(refused.hold).body, { reason })
    assert.equal(refused.customer, customer)
    assert.deepEqual(refused.entries, [])
    const released = release(customer, refused.hold, request)
    assert.equal(released.hold, refused.hold, 'a refused hold stays refused')
    assert.deepEqual(releaseReply(released.hold).body, { customer_id: 7, released_cents: 0 })
  }
})

test('gives back once, and answers a repeated release as it did the first', () => {
  for (const kind of ['cash', 'credit'] as const) {
    const request = purchase(kind, 30_000)
    const held = reserve(ana, undefined, request)
    const released = release(held.customer, held.hold, request)
    assert.deepEqual(released.customer, ana)
    assert.deepEqual(releaseReply(released.hold).body, { customer_id: 7, released_cents: 30_000 })
    const again = release(released.customer, released.hold, request)
    assert.deepEqual(again, { customer: released.customer, hold: released.hold, entries: [] })
  }
})

test('gives back to a customer who was blocked meanwhile', () => {
  const request = purchase('cash', 30_000)
  const held = reserve(ana, undefined, request)
  const released = release({ ...(held.customer ?? ana), status: 'blocked' }, held.hold, request)
  assert.equal(released.customer?.account_balance_cents, ana.account_balance_cents)
})

test('refuses a reserve whose release came first', () => {
  const request = purchase('cash', 30_000)
  const tombstone = release(ana, undefined, request)
  assert.deepEqual(releaseReply(tombstone.hold).body, { customer_id: 7, released_cents: 0 })
  const late = reserve(ana, tombstone.hold, request)
  assert.deepEqual(reserveReply(late.hold).body, { reason: 'released_before_reserved' })
  assert.equal(late.customer, ana)
})

test('a reserve redelivered after the release does not hold again', () => {
  const request = purchase('cash', 30_000)
  const held = reserve(ana, undefined, request)
  const released = release(held.customer, held.hold, request)
  const late = reserve(released.customer, released.hold, request)
  assert.deepEqual(late.customer, ana)
  assert.deepEqual(reserveReply(late.hold).body, { reason: 'released_before_reserved' })
})

const commands = fc.array(
  fc.record({
    what: fc.constantFrom(reserve, release),
    purchase: fc.integer({ min: 0, max: 5 }),
  }),
  { maxLength: 40 },
)
const purchases = fc.array(
  fc.record({
    payment_type: fc.constantFrom<PaymentType>('cash', 'credit', 'pix'),
    amount_cents: fc.integer({ min: 0, max: 60_000 }),
  }),
  { minLength: 6, maxLength: 6 },
)

test('no sequence of commands, repeated or out of order, makes or loses a cent or goes below zero', () => {
  fc.assert(
    fc.property(commands, purchases, (sequence, wanted) => {
      let customer = ana
      const holds = new Map<string, CreditHold>()
      const ledger: LedgerEntry[] = []
      const releasedFirst = new Set<string>()
      for (const command of sequence) {
        const transaction_id = `t${command.purchase}`
        const request = {
          transaction_id,
          customer_id: ana.id,
          ...(wanted[command.purchase] ?? wanted[0]),
        } as HoldRequest
        if (command.what === release && !holds.has(transaction_id)) releasedFirst.add(transaction_id)
        const settled = command.what(customer, holds.get(transaction_id), request)
        customer = settled.customer ?? customer
        holds.set(transaction_id, settled.hold)
        ledger.push(...settled.entries)

        assert.ok(customer.account_balance_cents >= 0)
        assert.ok(customer.used_credit_cents >= 0 && availableCredit(customer) >= 0)
        assert.equal(customer.account_balance_cents + heldBy(holds, 'cash'), ana.account_balance_cents)
        assert.equal(customer.used_credit_cents - heldBy(holds, 'credit'), ana.used_credit_cents)
        assert.equal(moved(ledger, 'balance'), customer.account_balance_cents - ana.account_balance_cents)
        assert.equal(moved(ledger, 'credit'), availableCredit(customer) - availableCredit(ana))
      }
      for (const id of releasedFirst) assert.notEqual(holds.get(id)?.status, 'held')
    }),
    { numRuns: 1_000 },
  )
})

test('shows only the last four characters of a document', () => {
  assert.equal(maskDocument('52998224725'), '*******4725')
  assert.equal(maskDocument('12ABC34501DE35'), '**********DE35')
})

const heldBy = (holds: ReadonlyMap<string, CreditHold>, kind: PaymentType) =>
  [...holds.values()]
    .filter(({ status, payment_type }) => status === 'held' && payment_type === kind)
    .reduce((sum, { amount_cents }) => sum + amount_cents, 0)

const moved = (ledger: readonly LedgerEntry[], account: LedgerEntry['account']) =>
  ledger.filter((entry) => entry.account === account).reduce((sum, { amount_cents }) => sum + amount_cents, 0)
