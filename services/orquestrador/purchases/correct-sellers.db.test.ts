/** Sellers that an admin says anew: in the report of the sale's month, among the sales of each, and not once that month is closed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock, systemIds } from '#platform/clock'
import { testDatabase } from '../../../tests/fixtures/database.ts'
import type { Sellers } from '../domain/ledger.ts'
import { keepFacts, rebuildReports } from '../reports/facts.ts'
import { salesBy } from '../reports/report-store.ts'
import { insertReturn, lockPurchase } from '../returns/return-store.ts'
import { insertSagas } from '../runner/saga-store.ts'
import { correctSellers } from './correct-sellers.ts'
import { insertSellers, isSoldBy } from './sale-store.ts'

const { database, vault } = await testDatabase(new URL('../migrations/', import.meta.url))
const SOLD_AT = '2026-04-01T02:30:00.000Z' // the evening of 31 March in São Paulo
const admin = { role: 'admin', subject: 'ada' } as const
const named = (...ids: readonly string[]): Sellers => ids.map((id) => ({ id, share: 100 / ids.length }))

let vehicles = 0
async function bought(
  sellers: Sellers | undefined,
  status: 'COMPLETED' | 'IN_PROGRESS' = 'COMPLETED',
  isHeard = true,
  by = 'ana',
) {
  vehicles += 1
  const transaction_id = systemIds.uuid()
  const vehicle = { brand: 'Fiat', model: 'Uno', year: 2020 }
  const of = { customer_id: 7, vehicle_id: vehicles, amount_cents: 5_000_000, payment_type: 'counter' } as const
  const data = { ...of, vehicle, began_by: `staff ${by}`, ...(sellers && { sellers }) }
  const saga = { transaction_id, definition: 'purchase', version: 1, status, step: 'SAGA_COMPLETE', attempt: 1, data }
  await database.transaction(async (tx) => {
    insertSagas(tx, [{ ...saga, deadline: null, unwinding: null, resumptions: 0 }], new Date(SOLD_AT))
    insertSellers(tx, transaction_id, data)
    const sale = { key: `sale:${transaction_id}`, at: SOLD_AT, vehicle_id: vehicles, kind: 'sale' } as const
    const { amount_cents, payment_type } = of
    const fact = {
      ...sale,
      transaction_id,
      amount_cents,
      payment_type,
      seller: `staff ${by}`,
      ...(sellers && { sellers }),
    }
    if (isHeard) await keepFacts(tx, [fact])
  })
  return { transaction_id, vehicle_id: vehicles }
}

const correct = (transaction_id: string, sellers: Sellers, closed: string | null = null) =>
  database.transaction(async (tx) => {
    const purchase = (await lockPurchase(tx, transaction_id)) ?? assert.fail()
    const told = { by: admin, reason: 'A Bia só cobriu o almoço', closed }
    await correctSellers(tx, { vault, clock: systemClock, ids: systemIds }, purchase, sellers, told)
  })

/** What these people sold in March. */
const march = async (...names: readonly string[]) =>
  (await salesBy(database, { from: '2026-03-01', to: '2026-03-31' }, 'seller', 'booked'))
    .filter(({ key, sales, revenue_cents }) => names.includes(key) && (sales !== 0 || revenue_cents !== 0))
    .map(({ key, sales, revenue_cents }) => [key, sales, revenue_cents])
const ofAll = async () =>
  (await salesBy(database, { from: '2026-03-01', to: '2026-03-31' }, 'month', 'booked')).map(
    ({ sales, revenue_cents, margin_cents }) => [sales, revenue_cents, margin_cents],
  )
const isTheirs = (id: string, ...sellers: readonly string[]) =>
  Promise.all(sellers.map((seller) => isSoldBy(database, seller, id)))

test('the sale goes from some to the others in its own month, once, and a rebuild says the same', async () => {
  const us = ['bia', 'leo', 'rui']
  const { transaction_id } = await bought(named('rui', 'bia'))
  assert.deepEqual(await march(...us), [
    ['bia', 1, 2_500_000],
    ['rui', 1, 2_500_000],
  ])
  const all = await ofAll()
  for (let time = 0; time < 2; time += 1) await correct(transaction_id, named('rui'))
  assert.deepEqual(await march(...us), [['rui', 1, 5_000_000]])
  await correct(transaction_id, named('bia', 'leo'))
  const after = [
    ['bia', 1, 2_500_000],
    ['leo', 1, 2_500_000],
  ]
  assert.deepEqual(await march(...us), after)
  assert.deepEqual(await isTheirs(transaction_id, 'ana', 'rui', 'bia', 'leo'), [true, false, true, true])
  await database.transaction(rebuildReports)
  assert.deepEqual(await march(...us), after)
  assert.deepEqual(await ofAll(), all, 'of all together nothing has changed')
  const acts = await database.query(`select from journal where about_id = $1 and act = 'sellers_corrected'`, [
    transaction_id,
  ])
  assert.equal(acts.length, 2, 'the same again is no act')
})

test('a sale whose sellers nobody had named goes to those who are named now, and a return takes it back from them', async () => {
  const { transaction_id, vehicle_id } = await bought(undefined, 'COMPLETED', true, 'ivo')
  assert.deepEqual(await march('ivo', 'eva'), [['ivo', 1, 5_000_000]])
  await correct(transaction_id, named('eva'))
  assert.deepEqual(await march('ivo', 'eva'), [['eva', 1, 5_000_000]])
  const at = '2026-04-02T12:00:00.000Z'
  const fact = { key: `return:${transaction_id}`, at, vehicle_id, kind: 'return', purchase_id: transaction_id } as const
  await database.transaction((tx) => keepFacts(tx, [fact]))
  const april = await salesBy(database, { from: '2026-04-01', to: '2026-04-30' }, 'seller', 'booked')
  assert.deepEqual(
    april.map(({ key, returns, revenue_cents }) => [key, returns, revenue_cents]),
    [['eva', 1, -5_000_000]],
  )
})

test('it is refused once the month of the sale is closed, as São Paulo counts months, and once there is a return', async () => {
  const one = await bought(named('gil'))
  for (const closed of ['2026-03', '2026-04'])
    await assert.rejects(correct(one.transaction_id, named('jon'), closed), { problem: 'period_closed' })
  const asked = { asked_by: 'staff', reason: 'O comprador desistiu', asked_at: new Date() }
  const back = {
    return_id: systemIds.uuid(),
    purchase_id: one.transaction_id,
    customer_id: 7,
    vehicle_id: one.vehicle_id,
  }
  await database.transaction(async (tx) => insertReturn(tx, { ...back, ...asked }))
  await assert.rejects(correct(one.transaction_id, named('jon')), { problem: 'taken_over' })
  assert.deepEqual(await march('gil'), [['gil', 1, 5_000_000]])
  assert.deepEqual(await isTheirs(one.transaction_id, 'gil', 'jon'), [true, false])
  const other = await bought(named('hal'))
  await correct(other.transaction_id, named('jon'), '2026-02')
  assert.deepEqual(await isTheirs(other.transaction_id, 'hal', 'jon'), [false, true])
})

test('while a purchase is under way it is only said; what the reports have not heard of yet is to be tried again', async () => {
  const open = await bought(named('lia'), 'IN_PROGRESS', false)
  await correct(open.transaction_id, named('max'), '2026-12')
  assert.deepEqual(await isTheirs(open.transaction_id, 'lia', 'max'), [false, true])
  const [row] = await database.query<{ sellers: Sellers }>(
    `select data -> 'sellers' as sellers from sagas where transaction_id = $1`,
    [open.transaction_id],
  )
  assert.deepEqual(row?.sellers, named('max'))
  const unheard = await bought(named('lia'), 'COMPLETED', false)
  await assert.rejects(correct(unheard.transaction_id, named('max')), { problem: 'unavailable' })
  assert.deepEqual(await isTheirs(unheard.transaction_id, 'lia', 'max'), [true, false])
})

test('two admins at once: one after the other, and the sale counts once', async () => {
  const { transaction_id } = await bought(named('kim'))
  await Promise.all(['mia', 'noa', 'mia'].map((id) => correct(transaction_id, named(id))))
  const rows = await march('mia', 'noa')
  assert.equal(rows.length, 1)
  assert.deepEqual(rows[0]?.slice(1), [1, 5_000_000])
})
