/** Money that goes out by hand, from the side of a clerk who wants to take it alone: in one go, or in many small ones. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { returnPayment } from '#contracts'
import { systemIds } from '#platform/clock'
import { call, clock, type Deal, deal, HOUR, owed, pay, tell } from './parts.suite.ts'

const TED = { method: 'transfer', reference: 'TED 4711' }

async function returned(amount: number) {
  const one = await deal(amount)
  await pay(one, undefined)
  await tell(returnPayment, systemIds.uuid(), { purchase_id: one.transaction_id, ...one.charge })
  const [item] = (await call('GET', `/owed-items?transaction_id=${one.transaction_id}`)).body.owed_items
  return { ...one, item: item.id as number }
}
const line = ({ transaction_id }: Deal, amount: number, who?: string) => {
  const body = { transaction_id, line: 'transport', amount, reason: 'Guincho de Sorocaba' }
  return call('POST', '/owed-items', body, who)
}
const settle = (item: number, who?: string) => call('POST', `/owed-items/${item}/settle`, TED, who)
const approve = (id: string, who = 'admin.ada') => call('POST', `/approvals/${id}/approve`, {}, who)
const statusOf = async ({ transaction_id }: Deal, item: number) =>
  (await call('GET', `/owed-items?transaction_id=${transaction_id}`)).body.owed_items.find(
    ({ id }: { id: number }) => id === item,
  ).status

test('a large sum is given back only after a second person has agreed, and then once', async () => {
  const one = await returned(20_000)
  const asked = await settle(one.item)
  assert.deepEqual([asked.status, asked.body.kind, asked.body.request.amount], [202, 'owed_settlement', 20_000])
  assert.equal(await statusOf(one, one.item), 'open')
  assert.equal((await approve(asked.body.approval_id, `admin.eva.${one.charge.customer_id}`)).status, 403)
  const again = await settle(one.item)
  assert.equal((await approve(asked.body.approval_id)).status, 200)
  assert.equal((await approve(again.body.approval_id)).status, 409, 'of two approvals of one sum, one pays it out')
  const [item] = (await call('GET', `/owed-items?transaction_id=${one.transaction_id}`)).body.owed_items
  assert.deepEqual([item.status, item.settled_by], ['settled', 'staff rui'])
  assert.equal((await settle(one.item, 'admin.ada')).status, 409)
})

test('an admin gives it back alone, as ever', async () => {
  const one = await returned(20_000)
  assert.deepEqual([(await settle(one.item, 'admin.ada')).status, await statusOf(one, one.item)], [200, 'settled'])
})

test('many small sums are no way round: neither entered nor given back beyond the limit in a day', async () => {
  const one = await returned(20_000)
  const lines = [await line(one, 6_000), await line(one, 4_000)]
  assert.deepEqual(
    lines.map(({ status }) => status),
    [201, 201],
  )
  assert.equal((await line(one, 0.01)).status, 202, 'ten thousand are entered')
  const other = await line(one, 5_000, 'staff.bia')
  assert.equal(other.status, 201, 'another person has a limit of their own')
  assert.deepEqual([(await settle(lines[0]?.body.id)).status, (await settle(lines[1]?.body.id)).status], [200, 200])
  assert.equal((await settle(other.body.id)).status, 202, 'and ten thousand are given back')
  clock.at = new Date(clock.at.getTime() + 24 * HOUR + 1)
  assert.equal((await settle(other.body.id)).status, 200, 'a day later')
  assert.deepEqual((await owed(one))[0], [5_000, 'transport'])
})

test('of many at once, no more gets through than the limit lets', async () => {
  const one = await returned(20_000)
  const lines = await Promise.all(Array.from({ length: 6 }, () => line(one, 3_000)))
  assert.equal(lines.filter(({ status }) => status === 201).length, 3)
})

test('a debt does not count as paid by one person’s word beyond what they may write down of a customer', async () => {
  const one = await deal(20_000)
  await pay(one, undefined)
  await tell(returnPayment, systemIds.uuid(), { purchase_id: one.transaction_id, ...one.charge })
  const claim = async (amount: number) => {
    const body = { transaction_id: one.transaction_id, amount, due_on: '2026-12-23', reason: 'Porta amassada' }
    return (await call('POST', '/payment-debts', body)).body.id as number
  }
  const settleDebt = (id: number, who?: string) =>
    call('POST', `/payment-debts/${id}/settle`, { method: 'pix', reference: 'E2E 1' }, who)
  const [small, large] = [await claim(25_000), await claim(10_000)]
  assert.equal((await settleDebt(small)).status, 200, 'with the 20,000 of the sale it is 45,000')
  const asked = await settleDebt(large)
  assert.deepEqual([asked.status, asked.body.kind], [202, 'debt_payment'])
  assert.equal((await approve(asked.body.approval_id, 'admin.rui')).status, 403, 'not the one who asked')
  assert.equal((await approve(asked.body.approval_id)).status, 200)
  const { debts } = (await call('GET', `/payment-debts?transaction_id=${one.transaction_id}`)).body
  assert.deepEqual(
    debts.map(({ status, settled_by }: Record<string, string>) => [status, settled_by]),
    [
      ['paid', 'staff rui'],
      ['paid', 'staff rui'],
    ],
  )
  assert.equal((await settleDebt(large, 'admin.ada')).status, 409)
})
