/** Credit that customers owe: listed by purchase, the oldest first, with how late each debt is; and due dates that were agreed on later. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reserveCredit } from '#contracts'
import { systemClock, systemIds } from '#platform/clock'
import { dayOf } from '#platform/days'
import { messageOf } from '../../../tests/fixtures/database.ts'
import { creditCommands } from '../credit/commands.ts'
import { as, asCustomer, customersApp } from './http.suite.ts'

const { call, register, database, unitOfWork } = await customersApp()
const maria = as('staff.maria')
const DAY_MS = 86_400_000
const [reserving] = creditCommands(systemClock)
/** The day in this many days from now, negative: before now. */
const day = (days: number) => dayOf(new Date(Date.now() + days * DAY_MS))

let vehicles = 900
/** A purchase on credit, this many days ago. */
async function bought(customer_id: number, amount: number, days: number, isSold = true): Promise<string> {
  const id = systemIds.uuid()
  const body = { customer_id, payment_type: 'credit', amount_cents: amount * 100 } as const
  await unitOfWork(async (tx, send) => reserving?.handle(tx, [messageOf(reserveCredit, id, body)], send))
  await database.query('update credit_holds set created_at = $2 where transaction_id = $1', [
    id,
    new Date(Date.now() - days * DAY_MS),
  ])
  vehicles += 1
  if (isSold)
    await database.query(
      `insert into vehicle_catalogue (vehicle_id, status, transaction_id, buyer_id, paid_cents, bought_at)
       values ($1, 'sold', $2, $3, $4, now())`,
      [vehicles, id, customer_id, amount * 100],
    )
  return id
}
const repay = async (id: number, amount: number) => {
  const body = { amount, kind: 'credit_repayment', reason: 'Pago no balcão' }
  assert.equal((await call('POST', `/customers/${id}/adjustments`, body, maria)).status, 201)
}
const creditOf = async (id: number, who = maria) => (await call('GET', `/customers/${id}/credit`, undefined, who)).body
const agedOf = async (id: number) => {
  const { body } = await call('GET', '/credit-ageing', undefined, maria)
  const { open, days_1_30, days_31_60, not_due } =
    body.customers.find(({ customer_id }: { customer_id: number }) => customer_id === id) ?? {}
  return { open, not_due, days_1_30, days_31_60 }
}

test('credit is listed by purchase, and a repayment pays the debt that is due first', async () => {
  const { id } = await register({ credit_limit: 1_000 })
  const [old, young] = [await bought(id, 300, 65), await bought(id, 200, 1)]
  await bought(id, 50, 0, false)
  const before = await creditOf(id)
  assert.deepEqual(
    before.dues.map((due: Record<string, unknown>) => [due.transaction_id, due.open, due.due_on, due.days_late]),
    [
      [old, 300, day(-35), 35],
      [young, 200, day(29), 0],
    ],
    'what may still be given back is not owed',
  )
  assert.deepEqual(await agedOf(id), { open: 500, not_due: 200, days_1_30: 0, days_31_60: 300 })
  await repay(id, 320)
  const after = await creditOf(id, asCustomer(id))
  assert.deepEqual([after.open, after.dues[0].transaction_id, after.dues[0].open], [180, young, 180])
  assert.deepEqual(await agedOf(id), { open: 180, not_due: 180, days_1_30: 0, days_31_60: 0 })
})

test('another due date can be agreed on, with a reason', async () => {
  const { id } = await register({ credit_limit: 1_000 })
  const purchase = await bought(id, 300, 40)
  const move = (transaction_id: string, body: object, who = maria) =>
    call('PUT', `/customers/${id}/credit/${transaction_id}`, body, who)
  const wish = { due_on: day(15), reason: 'Recebe no dia 15' }
  const moved = await move(purchase, wish)
  assert.deepEqual([moved.status, moved.body.due_on, moved.body.days_late], [200, wish.due_on, 0])
  assert.equal((await move(purchase, wish)).status, 200)
  const { body } = await call('GET', `/customers/${id}/history`)
  const told = body.history.filter(({ act }: { act: string }) => act === 'credit_due_moved')
  assert.deepEqual(
    told.map((one: { before: object; after: object; reason: string }) => [one.before, one.after, one.reason]),
    [[{ transaction_id: purchase, due_on: day(-10) }, { transaction_id: purchase, due_on: day(15) }, wish.reason]],
    'the same again is no act',
  )
  assert.deepEqual(await agedOf(id), { open: 300, not_due: 300, days_1_30: 0, days_31_60: 0 })
  assert.equal((await move(systemIds.uuid(), wish)).body.detail, 'This customer owes nothing for this purchase')
  assert.deepEqual((await move(purchase, { ...wish, due_on: '2026-02-30' })).body.errors[0].path, '/due_on')
  assert.deepEqual((await move(purchase, { due_on: day(1) })).body.errors[0].path, '/reason')
  assert.equal((await move(purchase, wish, asCustomer(id))).status, 403)
})

test('the customer with the oldest debt comes first, page by page, and the sums are right', async () => {
  const ids: number[] = []
  for (const days of [200, 31, 100]) {
    const { id } = await register({ credit_limit: 1_000 })
    await bought(id, 10, days)
    ids.push(id)
  }
  const seen: number[] = []
  let sum = 0
  for (let cursor = ''; ; ) {
    const { body } = await call('GET', `/credit-ageing?limit=1${cursor}`, undefined, maria)
    for (const { customer_id, open } of body.customers) {
      seen.push(customer_id)
      sum += open
    }
    if (body.next_cursor === null) {
      assert.equal(sum, body.total.open)
      break
    }
    cursor = `&cursor=${body.next_cursor}`
  }
  const [longest, shortest, between] = ids
  assert.deepEqual(
    seen.filter((id) => ids.includes(id)),
    [longest, between, shortest],
  )
  assert.equal((await call('GET', '/credit-ageing?cursor=2026-99-99.1', undefined, maria)).status, 422)
  assert.equal((await call('GET', `/customers/${ids[0]}/credit`, undefined, asCustomer(ids[1] ?? 0))).status, 404)
})
