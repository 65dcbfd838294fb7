/** The statement: page by page, and as the proof of a customer's balances after any sequence of movements. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type PaymentType, releaseCredit, reserveCredit } from '#contracts'
import { systemClock, systemIds } from '#platform/clock'
import { messageOf } from '../../../tests/fixtures/database.ts'
import { creditCommands } from '../credit/commands.ts'
import { customersApp } from './http.suite.ts'

const { call, register, unitOfWork, setMoney } = await customersApp()
const [reserving, releasing] = creditCommands(systemClock)

interface Entry {
  readonly at: string
  readonly kind: string
  readonly account: 'balance' | 'credit'
  readonly transaction_id: string | null
  readonly amount: number
  readonly balance_after: number
  readonly credit_after: number
  readonly reason: string | null
  readonly reference: string | null
  readonly approval_id: string | null
}

/** Every entry, newest first, by pages of `limit`. */
async function statementOf(id: number, limit = 100): Promise<Entry[]> {
  const entries: Entry[] = []
  let cursor = ''
  for (;;) {
    const { status, body } = await call('GET', `/customers/${id}/statement?limit=${limit}${cursor}`)
    assert.equal(status, 200, JSON.stringify(body))
    entries.push(...body.entries)
    if (body.next_cursor === null) {
      assert.equal(body.total, entries.length)
      return entries
    }
    assert.equal(body.entries.length, limit)
    cursor = `&cursor=${body.next_cursor}`
  }
}

type Command = readonly [what: 'reserve' | 'release', payment_type: PaymentType, amount_cents: number, uuid: string]

async function deliver(customer_id: number, [what, payment_type, amount_cents, uuid]: Command) {
  const contract = what === 'reserve' ? reserveCredit : releaseCredit
  const message = messageOf(contract, uuid, { customer_id, payment_type, amount_cents })
  await unitOfWork(async (tx, send) => (what === 'reserve' ? reserving : releasing)?.handle(tx, [message], send))
}

test('tells each movement of balance and credit, newest first, in reais', async () => {
  const { id } = await register({ initial_balance: 1000.5, credit_limit: 200 })
  const [kept, undone] = [systemIds.uuid(), systemIds.uuid()]
  await deliver(id, ['reserve', 'cash', 25_050, kept])
  await deliver(id, ['reserve', 'credit', 15_000, undone])
  await deliver(id, ['release', 'credit', 15_000, undone])
  await setMoney(id, { initial_balance: 0.01 })
  const entries = await statementOf(id)
  assert.deepEqual(
    entries.map(({ at: _, reason: _why, reference: _what, approval_id: _whose, ...entry }) => Object.values(entry)),
    [
      ['adjustment', 'balance', null, -749.99, 0.01, 200, 'admin ada'],
      ['release', 'credit', undone, 150, 750, 200, null],
      ['hold', 'credit', undone, -150, 750, 50, null],
      ['hold', 'balance', kept, -250.5, 750, 200, null],
      ['opening', 'credit', null, 200, 1000.5, 200, 'admin ada'],
      ['opening', 'balance', null, 1000.5, 1000.5, 0, 'admin ada'],
    ],
  )
  for (const { at } of entries) assert.ok(!Number.isNaN(Date.parse(at)), at)
})

test('is the same in pages of one as in one page', async () => {
  const { id } = await register({ initial_balance: 1, credit_limit: 1 })
  for (const initial_balance of [2, 3, 5]) await setMoney(id, { initial_balance })
  assert.equal((await statementOf(id)).length, 5)
  assert.deepEqual(await statementOf(id, 1), await statementOf(id))
  assert.deepEqual(await statementOf(id, 5), await statementOf(id))
})

test('answers 404 for an unknown customer, and takes no cursor but its own', async () => {
  const { id } = await register()
  assert.deepEqual(await statementOf(id), [])
  const nobody = await call('GET', '/customers/424242/statement')
  assert.deepEqual([nobody.status, nobody.body.detail], [404, 'Customer not found'])
  for (const query of ['cursor=MS4y', 'cursor=%00', 'cursor=', 'limit=0', 'limit=101']) {
    assert.equal((await call('GET', `/customers/${id}/statement?${query}`)).status, 422, query)
  }
})

const happening = fc.oneof(
  fc.record({
    what: fc.constantFrom<'reserve' | 'release'>('reserve', 'release'),
    purchase: fc.integer({ min: 0, max: 5 }),
  }),
  fc.record({ initial_balance: fc.integer({ min: 0, max: 90_000 }) }),
  fc.record({ credit_limit: fc.integer({ min: 0, max: 90_000 }) }),
  fc.record({
    kind: fc.constantFrom('deposit', 'withdrawal', 'correction', 'credit_repayment'),
    cents: fc.integer({ min: 1, max: 90_000 }),
  }),
  fc.record({ standing: fc.constantFrom('block', 'unblock') }),
)
const price = fc.record({
  payment_type: fc.constantFrom<PaymentType>('cash', 'credit', 'pix'),
  amount_cents: fc.integer({ min: 1, max: 50_000 }),
})

test('balance and credit can be recomputed from it, whatever happened to the customer in whatever order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(happening, { maxLength: 25 }),
      fc.array(price, { minLength: 6, maxLength: 6 }),
      async (happenings, prices) => {
        const { id } = await register({ initial_balance: 500, credit_limit: 300.01 })
        const uuids = prices.map(() => systemIds.uuid())
        for (const one of happenings) {
          if ('what' in one) {
            const { payment_type, amount_cents } = prices[one.purchase] as (typeof prices)[number]
            await deliver(id, [one.what, payment_type, amount_cents, uuids[one.purchase] as string])
          } else if ('standing' in one) {
            const body = one.standing === 'block' ? { reason: 'at random' } : undefined
            await call('POST', `/customers/${id}/${one.standing}`, body)
          } else if ('kind' in one) {
            const amount = (one.kind === 'withdrawal' ? -1 : 1) * (one.cents / 100)
            const { status } = await call('POST', `/customers/${id}/adjustments`, {
              ...one,
              amount,
              reason: 'at random',
              cents: undefined,
            })
            assert.ok(status === 201 || status === 400, String(status))
          } else {
            const [name, cents] = Object.entries(one)[0] as [string, number]
            const { status } = await setMoney(id, { [name]: cents / 100 })
            assert.ok(status === 200 || (status === 400 && name === 'credit_limit'))
          }
        }
        const { account_balance, available_credit } = (await call('GET', `/customers/${id}`)).body
        const sums = { balance: 0, credit: 0 }
        for (const entry of (await statementOf(id, 7)).reverse()) {
          sums[entry.account] += Math.round(entry.amount * 100)
          assert.deepEqual([entry.balance_after, entry.credit_after], [sums.balance / 100, sums.credit / 100])
        }
        assert.deepEqual([account_balance, available_credit], [sums.balance / 100, sums.credit / 100])
      },
    ),
    { numRuns: 40 },
  )
})
