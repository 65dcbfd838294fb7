/** Money moved by hand, from the side of a member of staff who would like some of it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reserveCredit } from '#contracts'
import { systemClock, systemIds } from '#platform/clock'
import { messageOf } from '../../../tests/fixtures/database.ts'
import { creditCommands } from '../credit/commands.ts'
import { as, asCustomer, customersApp } from './http.suite.ts'

const { call, register, setMoney, database, unitOfWork, sent } = await customersApp()
const [maria, joao, owner, partner] = [as('staff.maria'), as('staff.joao'), as('admin.owner'), as('admin.partner')]

const move = (id: number, amount: number, more: object = {}, who = maria) => {
  const kind = amount < 0 ? 'withdrawal' : 'deposit'
  return call('POST', `/customers/${id}/adjustments`, { amount, kind, reason: 'Paid at the counter', ...more }, who)
}
const approve = (approval_id: string, who = owner) => call('POST', `/approvals/${approval_id}/approve`, {}, who)
const balanceOf = async (id: number) => (await call('GET', `/customers/${id}`)).body.account_balance

test('a movement answers with its entry in the ledger, which names its author', async () => {
  const { id } = await register({ initial_balance: 100 })
  const { status, body } = await move(id, 50.25, { reference: 'receipt 118' })
  assert.equal(status, 201)
  const { at: _, ...entry } = body
  assert.deepEqual(entry, {
    kind: 'deposit',
    account: 'balance',
    transaction_id: null,
    amount: 50.25,
    balance_after: 150.25,
    credit_after: 0,
    author: 'staff maria',
    reason: 'Paid at the counter',
    reference: 'receipt 118',
    approval_id: null,
  })
  assert.equal((await move(id, -150.26)).body.detail, 'Insufficient account balance')
  assert.equal((await move(id, -150.25)).body.balance_after, 0)
  const { body: history } = await call('GET', `/customers/${id}/history`)
  assert.deepEqual(
    history.history.map(({ act, author }: { act: string; author: string }) => [act, author]),
    [
      ['balance_adjusted', 'maria'],
      ['balance_adjusted', 'maria'],
      ['customer_registered', 'ada'],
    ],
  )
})

test('two people who have read the same balance lose nobody’s money', async () => {
  const { id } = await register({ initial_balance: 100 })
  await Promise.all([...Array(10).keys()].map((_, index) => move(id, 10, {}, index % 2 ? maria : joao)))
  assert.equal(await balanceOf(id), 200)
})

test('ten times 9,999 is no way round the limit, in either direction', async () => {
  const { id } = await register()
  assert.equal((await move(id, 9_999)).status, 201)
  for (let time = 2; time <= 10; time += 1) assert.equal((await move(id, 9_999)).status, 202)
  assert.equal((await move(id, -9_999)).status, 202, 'taking out counts as much')
  assert.equal((await move(id, 1)).status, 201)
  assert.equal((await move(id, 0.01)).status, 202)
  assert.equal(await balanceOf(id), 10_000)
})

test('ten requests at once are no way round it either', async () => {
  const { id } = await register()
  const answers = await Promise.all([...Array(10).keys()].map(() => move(id, 9_999)))
  assert.equal(answers.filter(({ status }) => status === 201).length, 1)
  assert.equal(await balanceOf(id), 9_999)
})

test('a movement that waits happens only when an admin says yes, and then once', async () => {
  const { id } = await register()
  const { status, body: waits } = await move(id, 25_000, { reason: 'Sold her old car' })
  assert.deepEqual([status, waits.status, waits.kind, waits.asked_by], [202, 'waiting', 'adjustment', 'maria'])
  assert.equal(await balanceOf(id), 0)
  assert.equal((await approve(waits.approval_id, maria)).status, 403, 'by its role')
  const own = await approve(waits.approval_id, as('admin.maria'))
  assert.deepEqual([own.status, own.body.detail], [403, 'Somebody else must decide what you have asked for'])
  const decisions = await Promise.all([approve(waits.approval_id), approve(waits.approval_id, partner)])
  assert.deepEqual(decisions.map(({ status: code }) => code).sort(), [200, 409])
  assert.equal(await balanceOf(id), 25_000)
  const [entry] = (await call('GET', `/customers/${id}/statement`)).body.entries
  assert.deepEqual([entry.author, entry.approval_id], ['staff maria', waits.approval_id])
})

test('a second person’s yes takes no money that is no longer there', async () => {
  const { id } = await register({ initial_balance: 15_000 })
  const { body: waits } = await move(id, -12_000)
  assert.equal((await move(id, -9_000, {}, joao)).status, 201)
  const late = await approve(waits.approval_id)
  assert.deepEqual([late.status, late.body.detail], [400, 'Insufficient account balance'])
  assert.equal(await balanceOf(id), 6_000)
})

test('a rejected movement never happens', async () => {
  const { id } = await register()
  const { body: waits } = await move(id, 25_000)
  assert.equal(
    (await call('POST', `/approvals/${waits.approval_id}/reject`, { reason: 'No' }, owner)).body.status,
    'rejected',
  )
  assert.equal((await approve(waits.approval_id)).status, 409)
  assert.equal(await balanceOf(id), 0)
})

test('an admin decides alone, and it is on record as such', async () => {
  const { id } = await register()
  const { status, body } = await move(id, 500_000, {}, owner)
  assert.deepEqual([status, body.author], [201, 'admin owner'])
  const { body: alone } = await call('GET', `/approvals?status=alone&about_id=${id}`, undefined, owner)
  assert.deepEqual(
    alone.approvals.map((one: { approval_id: string; asked_by: string }) => [one.approval_id, one.asked_by]),
    [[body.approval_id, 'owner']],
  )
})

test('the same request under one key moves money once', async () => {
  const { id } = await register()
  const key = { ...maria, 'idempotency-key': systemIds.uuid() }
  const answers = await Promise.all([...Array(5).keys()].map(() => move(id, 100, {}, key)))
  assert.deepEqual(new Set(answers.map(({ status, body }) => JSON.stringify([status, body]))).size, 1)
  assert.equal(await balanceOf(id), 100)
})

test('credit is paid back except for the part that a purchase in progress may still release', async () => {
  const { id } = await register({ credit_limit: 500 })
  const body = { customer_id: id, payment_type: 'credit', amount_cents: 30_000 } as const
  const purchase = systemIds.uuid()
  const [reserving] = creditCommands(systemClock)
  await unitOfWork(async (tx, send) => reserving?.handle(tx, [messageOf(reserveCredit, purchase, body)], send))
  const repay = (amount: number) => move(id, amount, { kind: 'credit_repayment' })
  assert.equal((await repay(100)).body.detail, 'Repayment exceeds the credit that completed purchases use')
  await database.query(
    `insert into vehicle_catalogue (vehicle_id, status, transaction_id, buyer_id, paid_cents, bought_at)
     values (1, 'sold', $1, $2, 30000, now())`,
    [purchase, id],
  )
  const { status, body: entry } = await repay(100)
  assert.deepEqual([status, entry.account, entry.credit_after], [201, 'credit', 300])
  assert.equal((await repay(200.01)).status, 400)
  const { accounts } = (await call('GET', `/account-records?after=${id - 1}&limit=1`)).body
  assert.deepEqual([accounts[0].used_credit, accounts[0].held_credit], [200, 200])
})

test('a request that does not fit says where, and moves nothing', async () => {
  const { id } = await register({ initial_balance: 100 })
  for (const [more, path] of [
    [{ amount: 0 }, '/amount'],
    [{ amount: -5 }, '/amount'],
    [{ amount: 5, kind: 'withdrawal' }, '/amount'],
    [{ amount: 0.001 }, '/amount'],
    [{ kind: 'gift' }, '/kind'],
    [{ reason: '     ' }, '/reason'],
    [{ reason: undefined }, '/reason'],
    [{ author: 'ada' }, '/author'],
  ] as const) {
    const { status, body } = await move(id, 5, { kind: 'deposit', ...more })
    assert.deepEqual(
      [status, body.errors?.map((one: { path: string }) => one.path)],
      [422, [path]],
      JSON.stringify(more),
    )
  }
  assert.equal((await move(424_242, 5)).status, 404)
  assert.equal(await balanceOf(id), 100)
})

test('neither the customer nor a seller moves money', async () => {
  const { id } = await register()
  assert.equal((await move(id, 5, {}, asCustomer(id))).status, 403)
  assert.equal((await move(id, 5, {}, as('staff.nina.seller'))).status, 403)
  assert.equal((await call('GET', `/customers/${id}/history`, undefined, asCustomer(id))).status, 403)
})

test('only an admin sets money, over the version that was read', async () => {
  const { id } = await register({ initial_balance: 100 })
  assert.equal((await setMoney(id, { initial_balance: 99_999_999.99 }, maria)).status, 403)
  assert.equal((await call('PUT', `/customers/${id}`, { initial_balance: 5 }, owner)).status, 428)
  assert.equal((await setMoney(id, { initial_balance: 5 }, { ...owner, 'if-match': '*' })).status, 428)
  const { etag } = await call('GET', `/customers/${id}`)
  await move(id, 10)
  const stale = await call('PUT', `/customers/${id}`, { initial_balance: 5 }, { ...owner, 'if-match': etag })
  assert.deepEqual([stale.status, await balanceOf(id)], [412, 110])
  assert.equal((await setMoney(id, { initial_balance: 5 }, owner)).body.account_balance, 5)
  assert.equal((await call('GET', `/customers/${id}/statement`)).body.entries[0].author, 'admin owner')
})

test('staff ask for a credit limit; it is not given once the limit has moved', async () => {
  const { id } = await register({ credit_limit: 100 })
  const { status, body: waits } = await setMoney(id, { credit_limit: 90_000 }, maria)
  assert.deepEqual([status, waits.kind, waits.rests_on], [202, 'credit_limit', { credit_limit: 100 }])
  const { body: again } = await setMoney(id, { credit_limit: 50_000 }, maria)
  assert.equal((await approve(waits.approval_id)).status, 200)
  assert.equal((await call('GET', `/customers/${id}`)).body.credit_limit, 90_000)
  const late = await approve(again.approval_id, partner)
  assert.deepEqual([late.status, late.body.detail], [409, 'What the approval rests on has changed: ask again'])
  const mixed = await setMoney(id, { credit_limit: 1, name: 'Eva Lima' }, maria)
  assert.deepEqual([mixed.status, mixed.body.errors?.[0]?.path], [422, '/name'])
})

test('a registration with more money than one person gives is refused, with the way to do it', async () => {
  const wanted = { name: 'Rui Reis', email: 'rui@example.com', phone: '11987654321', document: '52998224725' }
  for (const money of [{ initial_balance: 10_000.01 }, { credit_limit: 10_000.01 }]) {
    const refused = await call('POST', '/customers', { ...wanted, ...money }, maria)
    assert.equal(refused.status, 400)
    assert.match(refused.body.detail, /then ask for an adjustment or a credit limit/)
  }
  const { status, body } = await call('POST', '/customers', { ...wanted, initial_balance: 10_000 }, maria)
  assert.equal(status, 201)
  assert.equal((await move(body.id, 0.01)).status, 202, 'what was given at the registration counts')
  assert.equal((await move(body.id, 0.01, {}, joao)).status, 201)
})

test('money by hand tells the till how it came or went, once, and with a second person only once that one agrees', async () => {
  const { id } = await register({ initial_balance: 20_000 })
  const told = () => sent.filter(({ type }) => type === 'events.credit.moved_by_hand').map(({ body }) => body)
  const before = told().length
  const deposit = { amount: 1_500, kind: 'deposit', method: 'banknotes', reason: 'Pago no balcão' }
  const key = { ...as('staff.maria'), 'idempotency-key': `till-${id}` }
  for (let time = 0; time < 2; time += 1)
    assert.equal((await call('POST', `/customers/${id}/adjustments`, deposit, key)).status, 201)
  const move = (body: object, more = as('staff.maria')) => call('POST', `/customers/${id}/adjustments`, body, more)
  assert.equal((await move({ ...deposit, amount: -500, kind: 'withdrawal', method: 'pix' })).status, 201)
  const { method: _, ...untold } = deposit
  assert.equal((await move({ ...untold, amount: 1 })).status, 201)
  const wrong = await move({ ...deposit, kind: 'correction' })
  assert.deepEqual([wrong.status, wrong.body.errors[0].path], [422, '/method'])
  const asked = await move({ ...deposit, amount: 9_000 })
  assert.equal(asked.status, 202)
  const sofar = [
    { method: 'banknotes', amount_cents: 150_000 },
    { method: 'pix', amount_cents: -50_000 },
  ]
  assert.deepEqual(told().slice(before), sofar)
  assert.equal((await call('POST', `/approvals/${asked.body.approval_id}/approve`, {})).status, 200)
  assert.deepEqual(told().slice(before), [...sofar, { method: 'banknotes', amount_cents: 900_000 }])
})
