/** Blocking a customer: what it stops, what it leaves alone, and who sees the reason. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { releaseCredit, reserveCredit } from '#contracts'
import { systemClock, systemIds } from '#platform/clock'
import { messageOf } from '../../../tests/fixtures/database.ts'
import { creditCommands } from '../credit/commands.ts'
import { asCustomer, customersApp } from './http.suite.ts'

const { call, register, unitOfWork, sent } = await customersApp()
const [reserving, releasing] = creditCommands(systemClock)
const staff = { authorization: 'Bearer staff' }
const why = { reason: 'Document under review' }

/** The answer to the command. */
async function tell(what: 'reserve' | 'release', customer_id: number, transaction_id: string) {
  const contract = what === 'reserve' ? reserveCredit : releaseCredit
  const message = messageOf(contract, transaction_id, { customer_id, amount_cents: 6_000, payment_type: 'cash' })
  await unitOfWork(async (tx, send) => (what === 'reserve' ? reserving : releasing)?.handle(tx, [message], send))
  return sent.findLast((one) => one.transaction_id === transaction_id)?.body
}

test('a blocked customer’s purchase is refused where the money would be held, until they are unblocked', async () => {
  const { id } = await register({ initial_balance: 100 })
  const blocked = await call('POST', `/customers/${id}/block`, why)
  assert.deepEqual([blocked.status, blocked.body.status], [200, 'blocked'])
  assert.deepEqual(await tell('reserve', id, systemIds.uuid()), { reason: 'customer_blocked' })
  const unblocked = await call('POST', `/customers/${id}/unblock`)
  assert.deepEqual([unblocked.status, unblocked.body.status], [200, 'active'])
  assert.deepEqual(await tell('reserve', id, systemIds.uuid()), { customer_id: id, amount_cents: 6_000 })
})

test('money held when a customer is blocked stays held, and is given back when its purchase fails', async () => {
  const { id } = await register({ initial_balance: 100 })
  const purchase = systemIds.uuid()
  const held = await tell('reserve', id, purchase)
  assert.equal((await call('POST', `/customers/${id}/block`, why)).body.account_balance, 40)
  assert.deepEqual(await tell('reserve', id, purchase), held, 'the same command again is answered as before')
  assert.deepEqual(await tell('release', id, purchase), { customer_id: id, released_cents: 6_000 })
  const { account_balance, status } = (await call('GET', `/customers/${id}`)).body
  assert.deepEqual([account_balance, status], [100, 'blocked'])
})

test('staff see why and since when; others see that and when', async () => {
  const { id } = await register()
  const { body: first } = await call('POST', `/customers/${id}/block`, { reason: '  Document under review ' }, staff)
  assert.equal(first.blocked_reason, 'Document under review')
  const { body: again } = await call('POST', `/customers/${id}/block`, { reason: 'Chargeback' }, staff)
  assert.deepEqual([again.blocked_reason, again.blocked_at], ['Chargeback', first.blocked_at])
  const { body: seen } = await call('GET', `/customers/${id}`, undefined, asCustomer(id))
  assert.deepEqual([seen.status, seen.blocked_at, 'blocked_reason' in seen], ['blocked', first.blocked_at, false])
  const { body: unblocked } = await call('POST', `/customers/${id}/unblock`, undefined, staff)
  assert.deepEqual(['blocked_reason' in unblocked, 'blocked_at' in unblocked], [false, false])
})

test('unblocking a customer who is not blocked changes nothing', async () => {
  const { id } = await register()
  const before = await call('GET', `/customers/${id}`)
  assert.deepEqual(await call('POST', `/customers/${id}/unblock`), before)
})

test('a block needs a reason, a customer, and the version that was read', async () => {
  const { id } = await register()
  for (const body of [{}, { reason: '' }, { reason: '    ' }, { reason: 'no\u0000' }, { ...why, until: 'x' }]) {
    assert.equal((await call('POST', `/customers/${id}/block`, body)).status, 422, JSON.stringify(body))
  }
  assert.equal((await call('POST', '/customers/424242/block', why)).body.detail, 'Customer not found')
  assert.equal((await call('POST', '/customers/424242/unblock')).status, 404)
  const { etag } = await call('GET', `/customers/${id}`)
  await call('PUT', `/customers/${id}`, { name: 'Changed Meanwhile' })
  assert.equal((await call('POST', `/customers/${id}/block`, why, { 'if-match': etag })).status, 412)
  assert.equal((await call('GET', `/customers/${id}`)).body.status, 'active')
})
