/** The owner's ledger: by example, and against what any sequence of facts must add up to. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Account, costOf, type Entry, giveBack, type Known, learn, resell, type Step, sell } from './ledger.ts'

const day = (at: string) => at.slice(0, 10)
const NOTHING: Known = { account: null, sold: null }
const uno: Account = {
  ...{ vehicle_id: 3, revision: 1, brand: 'Fiat', model: 'Uno', year: 2020, status: 'available' },
  ...{ price_cents: 4_500_000, taken_in_on: '2026-03-01', acquired_on: '2026-02-20', source: 'purchase' },
  ...{ cost_cents: 3_800_000, owner_share_basis_points: 0, expenses_cents: 100_000, sold_by_hand_at: null },
}
const sale = (amount_cents = 4_400_000) => ({
  ...{ transaction_id: 't1', vehicle_id: 3, amount_cents, payment_type: 'cash', seller: 'staff maria' },
})
const AT = '2026-04-10T15:00:00.000Z'

/** One after the other. */
const after = (...steps: readonly ((known: Known) => Step)[]) =>
  steps.reduce<{ known: Known; entries: readonly Entry[] }>(
    ({ known, entries }, step) => {
      const next = step(known)
      return { known: next.known, entries: [...entries, ...next.entries] }
    },
    { known: NOTHING, entries: [] },
  )
const margin = (entries: readonly Entry[]) => entries.reduce((sum, { margin_cents }) => sum + margin_cents, 0)

test('a sale is entered at the vehicle’s cost by then, with its discount and how long it stood', () => {
  const { entries } = after(
    (known) => learn(known, uno, AT, day),
    (known) => sell(known, sale(), AT, day),
  )
  const [entry] = entries
  assert.equal(entries.length, 1)
  assert.deepEqual(
    [entry?.revenue_cents, entry?.discount_cents, entry?.cost_cents, entry?.margin_cents, entry?.days_in_stock],
    [4_400_000, 100_000, 3_900_000, 500_000, 49],
  )
})

test('an expense after the sale is an entry of its own, and the sale stays as it was', () => {
  const later = '2026-05-02T12:00:00.000Z'
  const sold = after(
    (known) => learn(known, uno, AT, day),
    (known) => sell(known, sale(), AT, day),
  )
  const repaired = learn(sold.known, { ...uno, revision: 2, expenses_cents: 170_000 }, later, day)
  assert.deepEqual(
    repaired.entries.map(({ kind, at, count, revenue_cents, cost_cents }) => [
      kind,
      at,
      count,
      revenue_cents,
      cost_cents,
    ]),
    [['cost', later, 0, 0, 70_000]],
  )
  assert.deepEqual(
    learn(repaired.known, { ...uno, revision: 2, expenses_cents: 999 }, later, day).entries,
    [],
    'told late',
  )
  const back = giveBack(repaired.known, later)
  assert.deepEqual(
    back.entries.map(({ kind, count, revenue_cents, cost_cents }) => [kind, count, revenue_cents, cost_cents]),
    [['return', -1, -4_400_000, -3_970_000]],
  )
  assert.equal(margin([...sold.entries, ...repaired.entries, ...back.entries]), 0)
})

test('a consigned vehicle costs what its owner gets, and a sale by hand is entered once', () => {
  const consigned = { ...uno, source: 'consignment', cost_cents: 0, owner_share_basis_points: 9_250, expenses_cents: 0 }
  assert.equal(costOf(consigned, 10_000_000), 9_250_000)
  assert.equal(costOf({ ...uno, cost_cents: null }, 1), null)
  const byHand = { ...uno, revision: 2, status: 'sold', sold_by_hand_at: AT }
  const { entries } = after(
    (known) => learn(known, uno, AT, day),
    (known) => learn(known, byHand, AT, day),
    (known) => learn(known, { ...byHand, revision: 3, status: 'picked_up' }, AT, day),
  )
  assert.deepEqual(
    entries.map(({ kind, payment_type, revenue_cents }) => [kind, payment_type, revenue_cents]),
    [['sale', 'by_hand', 4_500_000]],
  )
})

test('whatever the facts and their order, the entries add up to the sales and their costs', () => {
  const facts = fc.array(
    fc.oneof(
      fc.record({
        kind: fc.constant('account' as const),
        revision: fc.integer({ min: 1, max: 9 }),
        cost: fc.option(fc.integer({ min: 0, max: 90_000 })),
        expenses: fc.integer({ min: -500, max: 9_000 }),
      }),
      fc.record({ kind: fc.constant('sale' as const), amount: fc.integer({ min: 1, max: 99_000 }) }),
      fc.record({ kind: fc.constant('return' as const) }),
    ),
    { maxLength: 20 },
  )
  fc.assert(
    fc.property(facts, (told) => {
      let known = NOTHING
      const entries: Entry[] = []
      let account: { cost: number | null; expenses: number; revision: number } | undefined
      let sold: { amount: number; cost: number | null } | undefined
      for (const fact of told) {
        if (fact.kind === 'account') {
          const { revision, cost, expenses } = fact
          const next = { ...uno, revision, cost_cents: cost, expenses_cents: expenses }
          const step = learn(known, next, AT, day)
          known = step.known
          entries.push(...step.entries)
          if (account === undefined || revision > account.revision) account = fact
          const total = account.cost === null ? null : account.cost + account.expenses
          // a cost that is not known any more is still the last one that was
          if (sold) sold = { ...sold, cost: total ?? sold.cost }
        } else {
          const step = fact.kind === 'sale' ? sell(known, sale(fact.amount), AT, day) : giveBack(known, AT)
          known = step.known
          entries.push(...step.entries)
          const cost = account == null || account.cost === null ? null : account.cost + account.expenses
          if (fact.kind === 'sale') sold ??= { amount: fact.amount, cost }
          else sold = undefined
        }
      }
      const total = (of: (entry: Entry) => number) => entries.reduce((sum, entry) => sum + of(entry), 0)
      assert.equal(
        total(({ count }) => count),
        sold ? 1 : 0,
      )
      assert.equal(
        total(({ revenue_cents }) => revenue_cents),
        sold?.amount ?? 0,
      )
      assert.equal(
        total(({ cost_cents }) => cost_cents),
        sold?.cost ?? 0,
      )
      const left = sold?.cost == null ? 0 : sold.amount - sold.cost
      assert.equal(margin(entries), left)
      assert.equal(
        total(({ uncosted }) => uncosted),
        sold && sold.cost === null ? 1 : 0,
      )
    }),
    { numRuns: 500 },
  )
})

test('a sale by hand that was a mistake is taken back on the day of its correction, and the car can be sold again', () => {
  const later = '2026-05-02T12:00:00.000Z'
  const byHand = { ...uno, revision: 2, status: 'sold', sold_by_hand_at: AT }
  const corrected = after(
    (known) => learn(known, uno, AT, day),
    (known) => learn(known, byHand, AT, day),
    (known) => learn(known, { ...byHand, revision: 3, expenses_cents: 130_000 }, AT, day),
    (known) => learn(known, { ...uno, revision: 4, expenses_cents: 130_000 }, later, day),
  )
  assert.deepEqual(
    corrected.entries.map(({ kind, at, count }) => [kind, at, count]),
    [
      ['sale', AT, 1],
      ['cost', AT, 0],
      ['return', later, -1],
    ],
  )
  assert.deepEqual([margin(corrected.entries), corrected.known.sold], [0, null])
  const again = sell(corrected.known, sale(), later, day)
  assert.equal(again.entries[0]?.cost_cents, 3_930_000)
  const bought = after(
    (known) => learn(known, uno, AT, day),
    (known) => sell(known, sale(), AT, day),
  )
  const told = learn(bought.known, { ...uno, revision: 2, status: 'sold' }, later, day)
  assert.deepEqual(told.entries, [], 'a purchase’s sale was never by hand')
})

test('other sellers get all that was entered by then, and the car has earned as much as before', () => {
  const sellers = [{ id: 'rui', share: 100 }]
  const sold = after(
    (known) => learn(known, uno, AT, day),
    (known) => sell(known, sale(), AT, day),
    (known) => learn(known, { ...uno, revision: 2, expenses_cents: 170_000 }, '2026-05-02T12:00:00.000Z', day),
  )
  const { known, entries } = resell(sold.known, sellers)
  assert.deepEqual(
    entries.map(({ kind, at, count, revenue_cents, cost_cents, sellers: of }) => [
      ...[kind, at, count, revenue_cents, cost_cents, of],
    ]),
    [
      ['sellers', AT, -1, -4_400_000, -3_970_000, undefined],
      ['sellers', AT, 1, 4_400_000, 3_970_000, sellers],
    ],
  )
  assert.equal(margin(entries), 0)
  assert.deepEqual(giveBack(known, AT).entries[0]?.sellers, sellers, 'a return takes it back from them')
  assert.deepEqual(resell({ account: uno, sold: null }, sellers).entries, [])
})
