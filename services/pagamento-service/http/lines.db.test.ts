/** Lines and damage of a returned purchase: never before the vehicle is back, never twice, and never instead of the refund. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { returnPayment } from '#contracts'
import { systemIds } from '#platform/clock'
import { call, deal, owed, pay, tell } from './parts.suite.ts'

type Deal = Awaited<ReturnType<typeof deal>>

async function returned() {
  const one = await deal(20_000)
  await pay(one, undefined)
  const { transaction_id: purchase_id, charge } = one
  await tell(returnPayment, systemIds.uuid(), { purchase_id, ...charge })
  return one
}

const line = ({ transaction_id }: Deal, amount: number, more: object = {}, headers: object = {}, who = 'staff.rui') => {
  const body = { transaction_id, line: 'transport', amount, reason: 'Guincho de Sorocaba', ...more }
  return call('POST', '/owed-items', body, who, headers)
}
const claim = (
  { transaction_id }: Deal,
  amount: number,
  more: object = {},
  headers: object = {},
  who = 'staff.rui',
) => {
  const body = { transaction_id, amount, due_on: '2026-12-23', reason: 'Porta amassada', ...more }
  return call('POST', '/payment-debts', body, who, headers)
}
const debts = async ({ transaction_id }: Deal) =>
  (await call('GET', `/payment-debts?transaction_id=${transaction_id}`)).body.debts

test('transport and adjustment are owed on top of the refund, once for each key, and settled in the same way', async () => {
  const one = await returned()
  const key = { 'idempotency-key': 'tow-1' }
  const [first, again] = [await line(one, 480, {}, key), await line(one, 480, {}, key)]
  assert.deepEqual([first.status, first.body.reason, again.body], [201, 'transport', first.body])
  assert.equal((await line(one, 12.34, { line: 'adjustment', reason: 'IPCA de dois meses' })).status, 201)
  assert.deepEqual(await owed(one), [
    [12.34, 'adjustment'],
    [480, 'transport'],
    [20_000, 'part_undone'],
  ])
  const settle = { method: 'transfer', reference: 'TED 4711' }
  assert.equal((await call('POST', `/owed-items/${first.body.id}/settle`, settle)).body.status, 'settled')
  const [record] = (await call('GET', `/purchase-records?ids=${one.transaction_id}`, undefined, 'admin.ada')).body
    .records
  assert.equal(record.owed, 20_000, 'an auditor looks at the money of the purchase alone')
})

test('damage is a claim of its own: it lowers no refund, and is paid separately', async () => {
  const one = await returned()
  const claimed = await claim(one, 900)
  assert.deepEqual(
    [claimed.status, claimed.body.amount, claimed.body.reason, claimed.body.payment_id],
    [201, 900, 'Porta amassada', undefined],
  )
  assert.deepEqual(await owed(one), [[20_000, 'part_undone']])
  const [item] = (await call('GET', `/owed-items?transaction_id=${one.transaction_id}`)).body.owed_items
  await call('POST', `/owed-items/${item.id}/settle`, { method: 'transfer', reference: 'TED 4712' })
  assert.equal((await debts(one))[0].status, 'open', 'and what is settled beside it leaves it')
  const paid = await call('POST', `/payment-debts/${claimed.body.id}/settle`, { method: 'pix', reference: 'E2E 1' })
  assert.deepEqual([paid.status, paid.body.status], [200, 'paid'])
  assert.equal(
    (await call('POST', `/payment-debts/${claimed.body.id}/settle`, { method: 'pix', reference: 'E2' })).status,
    409,
  )
})

test('lines and damage are refused for a purchase that stands and for an unknown one; an invalid body names its field', async () => {
  const one = await deal()
  const unknown = { ...one, transaction_id: systemIds.uuid() }
  assert.deepEqual([(await line(one, 10)).status, (await claim(one, 10)).status], [409, 409])
  await pay(one, undefined)
  assert.deepEqual([(await line(one, 10)).status, (await claim(one, 10)).status], [409, 409])
  assert.deepEqual([(await line(unknown, 10)).status, (await claim(unknown, 10)).status], [404, 404])
  assert.equal((await line(one, 0)).body.errors[0].path, '/amount')
  assert.equal((await line(one, 1, { line: 'abatement' })).body.errors[0].path, '/line')
  assert.equal((await claim(one, 1, { due_on: '2026-13-01' })).body.errors[0].path, '/due_on')
  assert.deepEqual([await owed(one), await debts(one)], [[], []])
})

test('a large line needs a second person, other than its buyer; nobody enters a line for themselves', async () => {
  const one = await returned()
  const asked = await line(one, 60_000)
  assert.equal(asked.status, 202, JSON.stringify(asked.body))
  assert.deepEqual(await owed(one), [[20_000, 'part_undone']])
  const approve = (who: string) => call('POST', `/approvals/${asked.body.approval_id}/approve`, {}, who)
  assert.equal(
    (await approve(`admin.eva.${one.charge.customer_id}`)).body.detail,
    'Nobody who works here acts on their own customer record',
  )
  assert.equal((await approve('admin.ada')).status, 200)
  assert.deepEqual((await owed(one))[0], [60_000, 'transport'])
  assert.equal((await approve('admin.ada')).status, 409)
  assert.deepEqual(
    [
      (await line(one, 5, {}, {}, `staff.bia.${one.charge.customer_id}`)).status,
      (await claim(one, 5, {}, {}, `staff.bia.${one.charge.customer_id}`)).status,
    ],
    [403, 403],
  )
  const rui = await call('GET', `/approvals/${asked.body.approval_id}`, undefined, 'admin.ada')
  assert.deepEqual([rui.body.status, rui.body.decided_by], ['approved', 'ada'])
})
