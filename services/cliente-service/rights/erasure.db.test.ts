/** Erasure by messages that are repeated, late or lost, and after the last retention period. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type BodyOf, customerErased, purchaseCompleted, reserveCredit, vehicleListingChanged } from '#contracts'
import type { MessageHandler } from '#messaging'
import { systemClock, systemIds } from '#platform/clock'
import { messageOf, testDatabase } from '../../../tests/fixtures/database.ts'
import { catalogueEvents } from '../catalogue/events.ts'
import { creditCommands } from '../credit/commands.ts'
import { findCustomers, insertCustomer } from '../customers/customer-store.ts'
import { LEAVING } from '../domain/erasure.ts'
import { type ErasureParts, erase, eraseOutlived, erasureAnswers, settleOpen, tellAgain } from './erasure.ts'
import { findErasure } from './erasure-store.ts'
import { holdsOf, ledgerOf, purchasesOf } from './records-store.ts'

const { database, vault, unitOfWork, sent } = await testDatabase(new URL('../migrations/', import.meta.url))

const DAY_MS = 86_400_000
/** Moves on when a test says so. */
const clock = { ahead: 0, now: () => new Date(systemClock.now().getTime() + clock.ahead) }
const periods = { coaf: 10 * DAY_MS, fiscal: 30 * DAY_MS, claims: 20 * DAY_MS }
/** Purchases whose vehicle was picked up. */
const pickedUp: string[] = []
/** The open matters that pagamento-service tells of. */
const money = { counter_debt_cents: 0, owed_back_cents: 0 }
const elsewhere = async () => ({ handedOver: pickedUp, ...money })
const parts: ErasureParts = { unitOfWork, vault, clock, ids: systemIds, periods, database, elsewhere }
const handlers = [...creditCommands(clock), ...catalogueEvents, ...erasureAnswers(clock)]
const answering = handlers.filter(({ subscription }) => subscription.endsWith('customer-erased-sub'))

let born = 0
async function customer(account_balance_cents: number): Promise<number> {
  born += 1
  const given = {
    name: 'Ana Souza',
    email: `ana-${born}@example.com`,
    phone: '+5511987654321',
    document: String(born).padStart(11, '0'),
    birth_date: null,
    driver_license: null,
    address: null,
    refund_pix_key: null,
    representative: null,
    consents: null,
    account_balance_cents,
    credit_limit_cents: 0,
  }
  return (await database.transaction((tx) => insertCustomer(tx, vault, given, clock.now()))).id
}

const handle = (receiver: MessageHandler | undefined, ...messages: Parameters<MessageHandler['handle']>[1]) =>
  unitOfWork(async (tx, send) => receiver?.handle(tx, messages, send))
const by = (topic: string) => handlers.find(({ contract }) => contract.topic === topic)

/** A purchase that cliente-service knows to be completed. */
async function buys(customer_id: number, amount_cents: number): Promise<void> {
  const [transaction_id, vehicle_id] = [systemIds.uuid(), born + 1_000]
  const held = { customer_id, amount_cents, payment_type: 'cash' as const }
  await handle(by(reserveCredit.topic), messageOf(reserveCredit, transaction_id, held))
  const facts = { brand: 'Fiat', model: 'Uno', year: 2020, color: 'Prata', price_cents: amount_cents }
  const listing = { vehicle_id, revision: 1, status: 'available' as const, ...facts }
  await handle(by(vehicleListingChanged.topic), messageOf(vehicleListingChanged, systemIds.uuid(), listing))
  await handle(by(purchaseCompleted.topic), messageOf(purchaseCompleted, transaction_id, { ...held, vehicle_id }))
}

/** Settles open matters: money is paid out or back, vehicles are picked up. */
async function settle(customer_id: number): Promise<void> {
  await database.query(`update customers set account_balance_cents = 0, used_credit_cents = 0 where id = $1`, [
    customer_id,
  ])
  pickedUp.push(...(await purchasesOf(database, customer_id)).map(({ transaction_id }) => transaction_id))
}

/** As each of the other services answers. */
async function answer(erasure_id: string, customer_id: number, receivers = answering) {
  for (const receiver of receivers)
    await handle(receiver, messageOf(receiver.contract, erasure_id, { customer_id }) as never)
}

const told = () => sent.flatMap((one) => (one.type === customerErased.topic ? [one] : []))
const lastTold = () => told().at(-1)?.body as BodyOf<typeof customerErased>

async function erasing(customer_id: number) {
  const erasure = await erase(parts, customer_id, 'customer')
  assert.ok(typeof erasure !== 'string', String(erasure))
  return erasure
}
const stored = async (customer_id: number) => (await findErasure(database, customer_id)) ?? assert.fail('no erasure')
const waits = async (customer_id: number) => {
  const [row] = await database.query<{ told_at: Date | null }>(
    `select told_at from customer_erasures where customer_id = $1`,
    [customer_id],
  )
  return row?.told_at !== null
}

test('the message commits with the erasure, and names only the person', async () => {
  const ana = await customer(0)
  const before = told().length
  const { person_id } = await erasing(ana)
  const [news] = told().slice(before)
  assert.deepEqual([news?.transaction_id, news?.body], [person_id, { customer_id: ana, what: 'person' }])
})

test('a credit hold that is still open keeps the person, whatever it is paid with; a released one does not', async () => {
  for (const payment_type of ['cash', 'pix'] as const) {
    const ana = await customer(5_000)
    const transaction_id = systemIds.uuid()
    const body = { customer_id: ana, amount_cents: 5_000, payment_type }
    await handle(by(reserveCredit.topic), messageOf(reserveCredit, transaction_id, body))
    assert.equal(await erase(parts, ana, 'customer'), 'purchase_in_progress')
    const release = by('commands.credit.release')
    assert.ok(release)
    await handle(release, messageOf(release.contract, transaction_id, body) as never)
    assert.equal((await erasing(ana)).customer_id, ana)
  }
})

test('a reservation of credit that comes after the erasure is refused', async () => {
  const ana = await customer(5_000)
  await erasing(ana)
  const body = { customer_id: ana, amount_cents: 5_000, payment_type: 'cash' as const }
  await handle(by(reserveCredit.topic), messageOf(reserveCredit, systemIds.uuid(), body))
  assert.deepEqual(sent.at(-1)?.body, { reason: 'customer_blocked' })
})

test('answers may come twice, and in any order; the erasure is told again until all have come, and then no more', async () => {
  const ana = await customer(0)
  const { person_id } = await erasing(ana)
  await answer(person_id, ana, answering.slice(1))
  await answer(person_id, ana, answering.slice(2))
  assert.equal(await waits(ana), true)

  const again = async () => {
    const before = told().length
    await tellAgain(parts, clock.now(), 100)
    return told()
      .slice(before)
      .filter(({ transaction_id }) => transaction_id === person_id).length
  }
  assert.equal(await again(), 1)
  await answer(person_id, ana)
  await answer(person_id, ana)
  assert.equal(await waits(ana), false)
  assert.equal(await again(), 0)
})

test('kept records are deleted once the last period is over, here and elsewhere, and not a day before', async () => {
  const ana = await customer(0)
  await database.query(`update customers set account_balance_cents = 2000000 where id = $1`, [ana])
  await buys(ana, 1_500_000)
  const waiting = await erasing(ana)
  assert.deepEqual(
    waiting.retained.map(({ records }) => records),
    ['purchases', 'purchases_of_10000_and_more', 'open_account'],
  )
  await settle(ana)
  const { person_id, retained, keep_until } = await erasing(ana)
  assert.deepEqual(
    retained.map(({ records }) => records),
    ['purchases', 'purchases_of_10000_and_more'],
  )
  assert.equal(keep_until?.toISOString(), retained[0]?.until)

  clock.ahead = 31 * DAY_MS
  assert.equal(await eraseOutlived(parts, clock.now(), 100), 0, 'the person is not gone everywhere yet')
  await answer(person_id, ana)
  clock.ahead = 29 * DAY_MS
  assert.equal(await eraseOutlived(parts, clock.now(), 100), 0)
  assert.equal((await holdsOf(database, ana)).length, 1)

  clock.ahead = 31 * DAY_MS
  assert.equal(await eraseOutlived(parts, clock.now(), 100), 1)
  assert.equal(await eraseOutlived(parts, clock.now(), 100), 0)
  for (const records of [holdsOf, ledgerOf, purchasesOf]) assert.deepEqual(await records(database, ana), [])
  const { records_id } = await stored(ana)
  assert.deepEqual(lastTold(), { customer_id: ana, what: 'records' })
  assert.equal(told().at(-1)?.transaction_id, records_id)
  assert.equal(await waits(ana), true)
  await answer(records_id ?? '', ana, answering.slice(1))
  assert.equal(await waits(ana), true, 'what was answered about the person is no answer about the records')
  await answer(records_id ?? '', ana)
  assert.equal(await waits(ana), false)
  clock.ahead = 0
})

test('a person with an open account stays known without profile and consents, and is erased automatically once it is settled', async () => {
  const ana = await customer(1_500_000)
  await database.query(`update customers set consents = '{"email": true}' where id = $1`, [ana])
  const before = told().length
  const erasure = await erasing(ana)
  assert.deepEqual(erasure.open_account, [{ what: 'balance', amount_cents: 1_500_000 }])
  const [known] = await findCustomers(database, vault, [ana])
  assert.deepEqual(
    [known?.name, known?.status, known?.blocked_reason, known?.consents],
    ['Ana Souza', 'blocked', LEAVING, null],
  )
  assert.equal(told().length, before, 'nobody else is told yet')
  await settleOpen(parts)
  assert.deepEqual((await stored(ana)).open_account, erasure.open_account)

  await settle(ana)
  await Promise.all([settleOpen(parts), settleOpen(parts), erasing(ana)])
  assert.equal((await stored(ana)).open_account, null)
  const [gone] = await findCustomers(database, vault, [ana])
  assert.deepEqual([gone?.name, gone?.status], ['Erased customer', 'erased'])
  assert.ok(
    told()
      .slice(before)
      .every(({ transaction_id }) => transaction_id === erasure.person_id),
  )
  assert.ok(told().length > before)
})

test('a vehicle that stands in the yard keeps its buyer known, though the money is settled', async () => {
  const ana = await customer(1_500_000)
  await buys(ana, 1_500_000)
  const { open_account } = await erasing(ana)
  assert.deepEqual(
    open_account?.map(({ what }) => what),
    ['vehicle_not_picked_up'],
  )
  assert.equal(await settleOpen(parts), 0)
  clock.ahead = 60_000
  assert.equal(await settleOpen(parts), 0)
  await settle(ana)
  clock.ahead = 120_000
  assert.equal(await settleOpen(parts), 1)
  clock.ahead = 0
})

test('a person who owes or is owed money at the counter is not erased until it is settled', async () => {
  for (const [name, what] of [
    ['counter_debt_cents', 'counter_debt'],
    ['owed_back_cents', 'money_owed_back'],
  ] as const) {
    const ana = await customer(0)
    money[name] = 2_000_00
    const { open_account, keep_until } = await erasing(ana)
    assert.deepEqual(open_account, [{ what, amount_cents: 2_000_00 }])
    assert.ok(keep_until)
    assert.equal(await settleOpen(parts), 0)
    clock.ahead += 60_000
    assert.equal(await settleOpen(parts), 0, 'it is still open')
    assert.notEqual((await findCustomers(database, vault, [ana]))[0]?.status, 'erased')
    money[name] = 0
    clock.ahead += 60_000
    assert.equal(await settleOpen(parts), 1)
    assert.equal((await findCustomers(database, vault, [ana]))[0]?.status, 'erased')
  }
  clock.ahead = 0
})

test('nobody is erased while another service does not answer', async () => {
  const ana = await customer(0)
  const silent = { ...parts, elsewhere: () => Promise.reject(new Error('no answer')) }
  await assert.rejects(erase(silent, ana, 'customer'), /no answer/)
  assert.equal((await findCustomers(database, vault, [ana]))[0]?.status, 'active')
})

test('a claim that has lapsed keeps nobody: after the period the person is erased, and then the money', async () => {
  const ana = await customer(500)
  const { person_id } = await erasing(ana)
  clock.ahead = 21 * DAY_MS
  assert.ok((await settleOpen(parts)) >= 1)
  await answer(person_id, ana)
  assert.ok((await eraseOutlived(parts, clock.now(), 100)) >= 1)
  const [gone] = await findCustomers(database, vault, [ana])
  assert.deepEqual([gone?.status, gone?.account_balance_cents], ['erased', 0])
  clock.ahead = 0
})

test('two who ask at once ask for one erasure', async () => {
  const ana = await customer(0)
  const [one, other] = await Promise.all([erasing(ana), erasing(ana)])
  assert.equal(one.person_id, other.person_id)
})

test('when an erasure and a hold meet, exactly one is refused, forty times over', async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 40 }, async (_, index) => {
      const ana = await customer(5_000)
      const transaction_id = systemIds.uuid()
      const body = { customer_id: ana, amount_cents: 5_000, payment_type: 'cash' as const }
      const reserve = () => handle(by(reserveCredit.topic), messageOf(reserveCredit, transaction_id, body))
      // each of them starts first in turn
      const reserved = index % 2 ? reserve() : undefined
      const [outcome] = await Promise.all([erase(parts, ana, 'customer'), reserved ?? reserve()])
      const [hold] = await holdsOf(database, ana)
      const isErased = outcome !== 'purchase_in_progress'
      assert.deepEqual([hold?.status, hold?.reason], isErased ? ['refused', 'customer_blocked'] : ['held', null])
      return isErased
    }),
  )
  assert.deepEqual([...new Set(outcomes)].sort(), [false, true], 'both ways were tried')
})
