/** The commands about credit against a real database: repeated, out of order, crowded and concurrent. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type BodyOf, type Message, type PaymentType, releaseCredit, reserveCredit } from '#contracts'
import { systemClock, systemIds } from '#platform/clock'
import { messageOf, testDatabase } from '../../../tests/fixtures/database.ts'
import { findCustomers, insertCustomer } from '../customers/customer-store.ts'
import { availableCredit, type Customer } from '../domain/customer.ts'
import { movements } from '../domain/ledger.ts'
import { creditCommands } from './commands.ts'
import { insertEntries } from './credit-store.ts'

const { database, vault, unitOfWork, sent } = await testDatabase(new URL('../migrations/', import.meta.url))
const [reserving, releasing] = creditCommands(systemClock)
if (!reserving || !releasing) throw new Error('a handler is missing')

type Hold = BodyOf<typeof reserveCredit>
type Purchase = Hold & { transaction_id: string }

const purchaseOf = (customer: { id: number }, payment_type: PaymentType, amount_cents: number): Purchase => ({
  transaction_id: systemIds.uuid(),
  customer_id: customer.id,
  payment_type,
  amount_cents,
})
const bodyOf = ({ transaction_id: _, ...body }: Purchase): Hold => body

const reserve = (...purchases: Purchase[]) =>
  handle(
    reserving,
    purchases.map((one) => messageOf(reserveCredit, one.transaction_id, bodyOf(one))),
  )
const release = (...purchases: Purchase[]) =>
  handle(
    releasing,
    purchases.map((one) => messageOf(releaseCredit, one.transaction_id, bodyOf(one))),
  )

/** Delivers one batch and returns its answers, in order, without those to other batches. */
async function handle(to: typeof reserving, messages: readonly Message[]) {
  const mine = new Set(messages.map(({ transaction_id }) => transaction_id))
  const before = sent.length
  await unitOfWork((tx, send) => to?.handle(tx, messages, send) ?? Promise.resolve())
  return sent
    .slice(before)
    .filter(({ transaction_id }) => mine.has(transaction_id))
    .map(({ type, body }) => [type.replace('events.credit.', ''), body] as const)
}

let born = 0
function customerWith(account_balance_cents: number, credit_limit_cents = 0): Promise<Customer> {
  born += 1
  return database.transaction(async (tx) => {
    const customer = await insertCustomer(
      tx,
      vault,
      {
        name: 'Ana Souza',
        email: `ana.${born}@example.com`,
        phone: '+5511987654321',
        document: String(born).padStart(11, '0'),
        account_balance_cents,
        credit_limit_cents,
        birth_date: null,
        driver_license: null,
        address: null,
        refund_pix_key: null,
        representative: null,
        consents: null,
      },
      new Date(),
    )
    insertEntries(tx, movements(undefined, customer, 'opening'), new Date())
    return customer
  })
}

/** The present customer, after a check that the ledger adds up to it. */
async function audited({ id }: { id: number }): Promise<Customer> {
  const [customer] = await findCustomers(database, vault, [id])
  assert.ok(customer)
  const sums = await database.query<{ account: string; total: number }>(
    `select account, sum(amount_cents)::bigint as total from ledger where customer_id = $1 group by account`,
    [id],
  )
  const total = new Map(sums.map((row) => [row.account, row.total]))
  assert.equal(total.get('balance') ?? 0, customer.account_balance_cents)
  assert.equal(total.get('credit') ?? 0, availableCredit(customer))
  const [last] = await database.query<{ balance_after_cents: number; credit_after_cents: number }>(
    `select balance_after_cents, credit_after_cents from ledger where customer_id = $1 order by id desc limit 1`,
    [id],
  )
  assert.equal(last?.balance_after_cents ?? 0, customer.account_balance_cents)
  assert.equal(last?.credit_after_cents ?? 0, availableCredit(customer))
  return customer
}

test('holds cash and credit, and a repeated command holds once and answers the same', async () => {
  const ana = await customerWith(100_000, 50_000)
  const [cash, credit, pix] = [
    purchaseOf(ana, 'cash', 60_000),
    purchaseOf(ana, 'credit', 20_000),
    purchaseOf(ana, 'pix', 1),
  ]
  const first = await reserve(cash, credit, pix)
  assert.deepEqual(first, [
    ['reserved', { customer_id: ana.id, amount_cents: 60_000 }],
    ['reserved', { customer_id: ana.id, amount_cents: 20_000 }],
    ['reserved', { customer_id: ana.id, amount_cents: 1 }],
  ])
  assert.deepEqual(await reserve(cash, credit, pix), first)
  const { account_balance_cents, used_credit_cents } = await audited(ana)
  assert.deepEqual([account_balance_cents, used_credit_cents], [40_000, 20_000])
})

test('gives back exactly once, whatever is repeated', async () => {
  const ana = await customerWith(100_000, 50_000)
  const [cash, credit, pix] = [
    purchaseOf(ana, 'cash', 60_000),
    purchaseOf(ana, 'credit', 20_000),
    purchaseOf(ana, 'pix', 5),
  ]
  await reserve(cash, credit, pix)
  const first = await release(cash, cash, credit, pix)
  assert.deepEqual(
    first.map(([type, body]) => [type, (body as { released_cents: number }).released_cents]),
    [
      ['released', 60_000],
      ['released', 60_000],
      ['released', 20_000],
      ['released', 0],
    ],
  )
  assert.deepEqual(await release(cash, cash, credit, pix), first)
  assert.deepEqual(await reserve(cash), [['reservation_failed', { reason: 'released_before_reserved' }]])
  const { account_balance_cents, used_credit_cents } = await audited(ana)
  assert.deepEqual([account_balance_cents, used_credit_cents], [100_000, 0])
})

test('a release that names another customer than its hold is set aside, and nobody gets another’s money', async () => {
  const [payer, stranger] = [await customerWith(100_000), await customerWith(0)]
  const purchase = purchaseOf(payer, 'cash', 40_000)
  await reserve(purchase)
  await assert.rejects(release({ ...purchase, customer_id: stranger.id }), /names another customer/)
  assert.equal((await audited(stranger)).account_balance_cents, 0)
  assert.equal((await audited(payer)).account_balance_cents, 60_000)
  await release(purchase)
  assert.equal((await audited(payer)).account_balance_cents, 100_000)
})

test('a release that comes before its reserve leaves a tombstone', async () => {
  const ana = await customerWith(100_000)
  const cash = purchaseOf(ana, 'cash', 60_000)
  assert.deepEqual(await release(cash), [['released', { customer_id: ana.id, released_cents: 0 }]])
  assert.deepEqual(await reserve(cash), [['reservation_failed', { reason: 'released_before_reserved' }]])
  assert.deepEqual(await release(cash), [['released', { customer_id: ana.id, released_cents: 0 }]])
  assert.equal((await audited(ana)).account_balance_cents, 100_000)
})

test('the same purchase twice in one batch holds once', async () => {
  const ana = await customerWith(100_000)
  const cash = purchaseOf(ana, 'cash', 60_000)
  const answers = await reserve(cash, cash)
  assert.deepEqual(
    answers.map(([type]) => type),
    ['reserved', 'reserved'],
  )
  assert.equal((await audited(ana)).account_balance_cents, 40_000)
})

test('says why it holds nothing, remembers that, and goes on with the rest of the batch', async () => {
  const [ana, blocked] = [await customerWith(100, 100), await customerWith(100)]
  await database.query(`update customers set status = 'blocked' where id = $1`, [blocked.id])
  const batch = [
    purchaseOf({ id: 999_999 }, 'cash', 1),
    purchaseOf(blocked, 'cash', 1),
    purchaseOf(ana, 'cash', 101),
    purchaseOf(ana, 'credit', 101),
    purchaseOf(ana, 'cash', 100),
  ]
  const answers = await reserve(...batch)
  assert.deepEqual(
    answers.map(([type, body]) => (type === 'reserved' ? type : (body as { reason: string }).reason)),
    ['customer_not_found', 'customer_blocked', 'insufficient_balance', 'insufficient_credit_limit', 'reserved'],
  )
  await database.query(`update customers set status = 'active' where id = $1`, [blocked.id])
  assert.deepEqual(await reserve(...batch), answers)
  for (const customer of [ana, blocked]) await audited(customer)
})

test('many purchases of one customer in one batch stop where the money does', async () => {
  const ana = await customerWith(100_000)
  const answers = await reserve(...Array.from({ length: 100 }, () => purchaseOf(ana, 'cash', 30_000)))
  assert.equal(answers.filter(([type]) => type === 'reserved').length, 3)
  assert.equal((await audited(ana)).account_balance_cents, 10_000)
})

test('concurrent batches on the same customers, in any order, neither overdraw nor block each other', async () => {
  const [ana, bia] = [await customerWith(100_000, 100_000), await customerWith(100_000, 100_000)]
  const purchases = Array.from({ length: 60 }, (_, n) =>
    purchaseOf(n % 2 ? ana : bia, n % 3 ? 'cash' : 'credit', 9_000),
  )
  const batches = Array.from({ length: 12 }, (_, n) =>
    n % 2 ? purchases.slice(n * 5, n * 5 + 5) : purchases.slice(n * 5, n * 5 + 5).reverse(),
  )
  await Promise.all([
    ...batches.map((batch) => reserve(...batch)),
    ...batches.filter((_, n) => n % 3 === 0).map((batch) => release(...batch)),
    ...batches.map((batch) => reserve(...batch)),
  ])
  await Promise.all(batches.map((batch) => release(...batch)))
  for (const customer of [ana, bia]) {
    const { account_balance_cents, used_credit_cents } = await audited(customer)
    assert.deepEqual([account_balance_cents, used_credit_cents], [100_000, 0])
  }
  const [row] = await database.query<{ held: number }>(
    `select count(*) as held from credit_holds where status = 'held' and customer_id = any($1::bigint[])`,
    [[ana.id, bia.id]],
  )
  assert.equal(row?.held, 0)
})

test('the database itself refuses an overdraft and a second movement of one purchase', async () => {
  const ana = await customerWith(100, 100)
  const change = (text: string) => database.query(`update customers set ${text} where id = $1`, [ana.id])
  await assert.rejects(change('account_balance_cents = -1'), /customers_balance_not_negative/)
  await assert.rejects(change('used_credit_cents = 101'), /customers_credit_within_limit/)
  await assert.rejects(change('used_credit_cents = -1'), /customers_credit_within_limit/)
  const [entry] = movements(undefined, ana, 'hold', systemIds.uuid())
  assert.ok(entry)
  const twice = database.transaction(async (tx) => insertEntries(tx, [entry, entry], new Date()))
  await assert.rejects(twice, /ledger_once_per_transaction/)
})
