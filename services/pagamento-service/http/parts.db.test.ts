/** Money that comes at the counter in parts: entered once, twice, at once or too much, and parts that fall through. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generatePaymentCode, moneyMovedByHand, processPayment, refundPayment, returnPayment } from '#contracts'
import { systemIds } from '#platform/clock'
import { expireCodes } from '../charges/expiry.ts'
import { call, clock, codeOf, DUE, database, deal, HOUR, isPaid, owed, pay, tell, unitOfWork } from './parts.suite.ts'

test('a deal in three parts is paid once, by the last one, and each part is a payment of its own', async () => {
  const one = await deal()
  const first = await pay(one, 10_000, 'banknotes', { reference: 'Recibo 17' })
  assert.deepEqual(
    [first.status, first.body.amount, first.body.payment_method, first.body.status],
    [201, 10_000, 'banknotes', 'completed'],
  )
  assert.equal((await pay(one, 5_000, 'transfer')).status, 201)
  assert.deepEqual([(await codeOf(one)).held, isPaid(one)], [15_000, 0])
  const last = await pay(one, undefined, 'financing', { state: 'promised' })
  assert.deepEqual([last.status, last.body.amount, last.body.state], [201, 30_000, 'promised'])
  const code = await codeOf(one)
  assert.deepEqual([code.status, code.held, code.received, isPaid(one)], ['used', 45_000, 15_000, 1])
  const { body: listed } = await call('GET', `/payments?transaction_id=${one.transaction_id}`)
  assert.deepEqual(
    listed.map(({ amount }: { amount: number }) => amount),
    [30_000, 5_000, 10_000],
  )
  assert.equal((await call('GET', `/payments/${first.body.id}`)).body.reference, 'Recibo 17')
  await tell(processPayment, one.transaction_id, { payment_code: one.code })
  assert.equal((await pay(one, 1)).body.detail, 'Payment code already used')
})

test('more than is due is refused, even among many at once, and one key makes one part', async () => {
  const one = await deal(100)
  assert.deepEqual(
    [(await pay(one, 100.01)).status, (await pay(one, 100.01)).body.detail],
    [400, 'Payment exceeds the amount due'],
  )
  const answers = await Promise.all(Array.from({ length: 8 }, () => pay(one, 30)))
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 201, 201, 400, 400, 400, 400, 400])
  const body = { payment_code: one.code, payment_method: 'card', amount: 10 }
  const key = { 'idempotency-key': `part-${one.code}` }
  const same = await Promise.all([1, 2, 3].map(() => call('POST', '/payments', body, 'staff.rui', key)))
  assert.deepEqual(
    same.map(({ status }) => status),
    [201, 201, 201],
  )
  assert.equal(new Set(same.map(({ body: { id } }) => id)).size, 1)
  assert.deepEqual([(await codeOf(one)).status, isPaid(one)], ['used', 1])
})

test('a customer confirms nothing, and fields for counter codes are refused for other codes', async () => {
  const one = await deal()
  assert.equal((await pay(one, 10, 'banknotes', {}, `customer.${one.charge.customer_id}`)).status, 403)
  assert.equal((await codeOf(one)).held, 0)
  const pix = systemIds.uuid()
  await tell(generatePaymentCode, pix, { ...one.charge, payment_type: 'pix' })
  const [{ code }] = (await call('GET', `/payment-codes?transaction_id=${pix}`)).body
  const refused = await call('POST', '/payments', { payment_code: code, amount: 10 })
  assert.deepEqual([refused.status, refused.body.errors[0].path], [422, '/amount'])
  assert.deepEqual((await pay(one, 10, 'cheque')).body.errors[0].path, '/payment_method')
})

test('staff move no money of a purchase of their own', async () => {
  const one = await deal()
  assert.equal(
    (await pay(one, 10, 'banknotes', {}, `staff.rui.${one.charge.customer_id}`)).body.type,
    'urn:mercado-veiculo:problem:own_record',
  )
  const { body: part } = await pay(one, DUE, 'transfer', { state: 'promised' })
  const until = new Date(clock.at.getTime() + 100 * HOUR).toISOString()
  const more = { until, reason: 'Sinal pago' }
  const late = await call('POST', `/payment-codes/${one.code}/extend`, more, `staff.rui.${one.charge.customer_id}`)
  const received = await call('POST', `/payments/${part.id}/receive`, {}, `staff.rui.${one.charge.customer_id}`)
  const failed = await call(
    'POST',
    `/payments/${part.id}/fail`,
    { reason: 'Financiamento negado', due_on: '2026-12-10' },
    `staff.rui.${one.charge.customer_id}`,
  )
  assert.deepEqual(
    [late, received, failed].map(({ status }) => status),
    [403, 403, 403],
  )
  assert.deepEqual([(await codeOf(one)).received, part.paid_by], [0, 'staff rui'])
  assert.equal((await call('POST', `/payments/${part.id}/receive`, {}, 'staff.bia.8')).status, 200)
})

test('a large part counts once a second person approves it, and not twice', async () => {
  const one = await deal(80_000)
  const asked = await pay(one, 60_000, 'transfer')
  assert.equal(asked.status, 202, JSON.stringify(asked.body))
  assert.deepEqual(
    [(await codeOf(one)).held, (await call('GET', `/payments?transaction_id=${one.transaction_id}`)).body],
    [0, []],
  )
  const approve = (token: string) => call('POST', `/approvals/${asked.body.approval_id}/approve`, {}, token)
  assert.equal((await approve('staff.rui')).status, 403)
  const answers = await Promise.all([approve('admin.ada'), approve('admin.eva')])
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409])
  assert.equal((await codeOf(one)).held, 60_000)
  assert.equal((await pay(one, 20_000, 'card')).status, 201)
  assert.equal(isPaid(one), 1)
})

test('a part that no longer fits when it is approved is not carried out', async () => {
  const one = await deal(60_000)
  const asked = await pay(one, 60_000)
  await pay(one, 1)
  const approved = await call('POST', `/approvals/${asked.body.approval_id}/approve`, {}, 'admin.ada')
  assert.deepEqual([approved.status, approved.body.detail], [400, 'Payment exceeds the amount due'])
  assert.equal((await codeOf(one)).held, 1)
})

test('somebody else’s money needs a reason and a second person; the buyer’s own needs neither', async () => {
  const one = await deal()
  const payer = { name: 'Ana Souza', document: '529.982.247-25' }
  assert.equal((await pay(one, 10, 'transfer', { payer })).status, 201)
  const mother = { name: 'Rita Souza', document: '111.444.777-35' }
  const silent = await pay(one, 10, 'transfer', { payer: mother })
  assert.deepEqual([silent.status, silent.body.errors[0].path], [422, '/reason'])
  const asked = await pay(one, 10, 'transfer', { payer: mother, reason: 'A mãe paga a entrada' })
  assert.equal(asked.status, 202)
  const rows = await database.query<{ payer_name: string }>(
    'select payer_name from payment_parts where transaction_id = $1 and payer_name is not null',
    [one.transaction_id],
  )
  for (const { payer_name } of rows) assert.match(payer_name, /^v1\./, 'who pays lies sealed')
})

test('an entry is struck with a reason before the sale, and once', async () => {
  const one = await deal()
  const { body: part } = await pay(one, 10_000)
  const path = `/payments/${part.id}/reverse`
  assert.equal((await call('POST', path, {})).status, 422)
  const struck = await Promise.all([1, 2, 3].map(() => call('POST', path, { reason: 'Digitado duas vezes' })))
  assert.deepEqual(struck.map(({ status }) => status).sort(), [200, 409, 409])
  assert.equal((await codeOf(one)).held, 0)
  assert.deepEqual([(await pay(one, 45_000)).status, await owed(one)], [201, []])
  assert.equal((await call('POST', path, { reason: 'Outra vez' })).status, 409)
})

test('a promise that is received clears the handover; one that fails after the sale is the buyer’s dated debt', async () => {
  const one = await deal()
  const { body: cash } = await pay(one, 15_000)
  const { body: bank } = await pay(one, 30_000, 'financing', { state: 'promised' })
  const clear = async () =>
    (await call('GET', `/payment-clearances/${one.transaction_id}`, undefined, 'service.veiculo-service')).body
  assert.deepEqual(await clear(), { is_clear: false, missing: 30_000 })
  assert.equal((await call('POST', `/payments/${bank.id}/receive`, { reference: 'TED 4711' })).status, 200)
  assert.deepEqual(await clear(), { is_clear: true, missing: 0 })
  assert.equal((await call('POST', `/payments/${bank.id}/receive`, {})).status, 409)
  const why = { reason: 'Financiamento estornado', due_on: '2026-12-10' }
  assert.equal(
    (await call('POST', `/payments/${cash.id}/reverse`, { reason: why.reason })).body.detail,
    'The vehicle is sold: a part that falls through is owed, not struck',
  )
  assert.equal((await call('POST', `/payments/${bank.id}/fail`, why)).body.status, 'failed')
  assert.deepEqual([(await clear()).is_clear, (await codeOf(one)).status, isPaid(one)], [false, 'used', 1])
  const [debt] = (await call('GET', `/payment-debts?transaction_id=${one.transaction_id}`)).body.debts
  assert.deepEqual([debt.amount, debt.due_on, debt.status], [30_000, '2026-12-10', 'open'])
  const paid = { method: 'transfer', reference: 'TED 4712' }
  const settle = () => call('POST', `/payment-debts/${debt.id}/settle`, paid, 'staff.bia')
  const answers = await Promise.all([settle(), settle()])
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409])
  assert.equal((await clear()).is_clear, true)
})

test('a code with money in it does not run out, can be given time, and one without does', async () => {
  const [held, empty] = [await deal(), await deal()]
  await pay(held, 1_000, 'deposit')
  const start = clock.at
  clock.at = new Date(clock.at.getTime() + 73 * HOUR)
  await expireCodes(database, unitOfWork, clock)
  assert.deepEqual([(await codeOf(held)).status, (await codeOf(empty)).status], ['pending', 'expired'])
  const overdue = async () =>
    (await call('GET', '/payment-codes?overdue=true')).body.map(({ code }: { code: string }) => code)
  const tasks = await overdue()
  assert.deepEqual([tasks.includes(held.code), tasks.includes(empty.code)], [true, false], 'somebody has to look at it')
  const until = new Date(clock.at.getTime() + 48 * HOUR).toISOString()
  const extended = await call('POST', `/payment-codes/${held.code}/extend`, { until, reason: 'Sinal até sexta' })
  assert.deepEqual([extended.status, extended.body.expires_at], [200, until])
  assert.ok(!(await overdue()).includes(held.code))
  assert.equal(
    (await call('POST', `/payment-codes/${empty.code}/extend`, { until, reason: 'Sinal até sexta' })).status,
    409,
  )
  assert.equal((await pay(empty, 10)).body.detail, 'Payment code expired')
  assert.equal((await pay(held, 44_000)).status, 201)
  clock.at = start
})

test('after an undo the received parts are owed, once, and the promised ones are not', async () => {
  const one = await deal()
  await pay(one, 5_000)
  await pay(one, 7_000, 'transfer')
  await pay(one, 20_000, 'financing', { state: 'promised' })
  for (let time = 0; time < 2; time += 1)
    assert.deepEqual((await tell(refundPayment, one.transaction_id, { ...one.charge, resumptions: 0 }))?.body, {
      refunded_cents: 0,
    })
  assert.deepEqual(await owed(one), [
    [7_000, 'part_undone'],
    [5_000, 'part_undone'],
  ])
  assert.equal((await pay(one, 1)).body.detail, 'Payment code already voided')
})

test('after a return the received parts are owed, debts are forgiven, and staff settle it', async () => {
  const one = await deal()
  await pay(one, 15_000)
  const { body: bank } = await pay(one, 30_000, 'financing')
  await call('POST', `/payments/${bank.id}/fail`, { reason: 'Financiamento estornado', due_on: '2026-12-10' })
  const return_id = systemIds.uuid()
  const answer = await tell(returnPayment, return_id, { purchase_id: one.transaction_id, ...one.charge })
  assert.deepEqual(answer?.body, { refunded_cents: 0, owed_cents: 1_500_000 })
  assert.deepEqual(
    (await tell(returnPayment, return_id, { purchase_id: one.transaction_id, ...one.charge }))?.body,
    answer?.body,
  )
  assert.deepEqual(await owed(one), [[15_000, 'part_undone']])
  const [debt] = (await call('GET', `/payment-debts?transaction_id=${one.transaction_id}`)).body.debts
  assert.equal(debt.status, 'void')
  const late = await call('POST', `/payment-debts/${debt.id}/settle`, { method: 'pix', reference: 'E2E 1' })
  assert.equal(late.status, 409)
})

test('a trade-in counts at its net value, and an excess is owed to its owner', async () => {
  const one = await deal(20_000)
  const trade_in = { valuation: 42_000, debts: 1_500.5, lien_payoff: 10_000, vehicle_id: 9 }
  assert.equal((await pay(one, undefined, 'trade_in')).status, 422)
  const more = await pay(one, 40_000, 'trade_in', { trade_in })
  assert.deepEqual([more.status, more.body.errors[0].path], [422, '/amount'])
  const part = await pay(one, undefined, 'trade_in', { trade_in })
  assert.deepEqual([part.status, part.body.amount, isPaid(one)], [201, 20_000, 1])
  assert.deepEqual(await owed(one), [[10_499.5, 'trade_in_excess']])
})

test('an auditor is told when the parts do not add up to their code’s sum', async () => {
  const one = await deal()
  await pay(one, 10_000)
  const record = async () =>
    (await call('GET', `/purchase-records?ids=${one.transaction_id}`, undefined, 'admin.ada')).body.records[0]
  assert.equal((await record()).parts_disagree, undefined)
  await database.query('update payment_parts set amount_cents = amount_cents + 1 where transaction_id = $1', [
    one.transaction_id,
  ])
  assert.match((await record()).parts_disagree, /1000000 held, parts of 1000001/)
})

test('a day is closed once, by counting the till; later money is the next day’s, and a month is the sum of its days', async () => {
  const close = (body: object) => call('POST', '/closings', body)
  clock.at = new Date('2027-01-30T21:00:00Z')
  const untold = { counted: 0, reason: 'O que estava antes' }
  const before = await call('POST', '/closings', untold, 'admin.ada')
  assert.equal(before.status, 201, JSON.stringify(before.body))
  const one = await deal(9_000)
  clock.at = new Date('2027-02-01T01:00:00Z') // ten in the evening of 31 January
  await pay(one, 1_000)
  await pay(one, 500, 'card')
  const { body: mistake } = await pay(one, 300)
  await call('POST', `/payments/${mistake.id}/reverse`, { reason: 'Digitado duas vezes' })
  const short = await close({ counted: 790, float: 100, withdrawals: [{ amount: 200, reason: 'Depósito no banco' }] })
  assert.deepEqual([short.status, short.body.detail], [400, 'What was counted is not what should be there: say why'])
  const day = {
    counted: 790,
    float: 100,
    reason: 'Troco errado',
    withdrawals: [{ amount: 200, reason: 'Depósito no banco' }],
  }
  const answers = await Promise.all([close(day), close(day)])
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409])
  const closed = answers.find(({ status }) => status === 201)?.body
  assert.deepEqual(
    [closed.period, closed.expected, closed.difference, closed.totals],
    ['2027-01-31', 800, -10, { banknotes: 1_000, card: 500 }],
  )
  assert.equal(
    (await close({ month: '2027-01' })).body.detail,
    'This period is not over, or has days that are not closed',
  )
  clock.at = new Date('2027-02-01T02:59:00Z')
  await pay(one, 40) // the same evening, after the till was closed
  assert.equal((await close({ counted: 140 })).body.detail, 'This period is closed, or one after it')
  clock.at = new Date('2027-02-01T15:00:00Z')
  assert.equal((await close({ month: '2027-01' })).status, 409, 'the last of it is in no closed day')
  const next = (await close({ counted: 140 })).body
  assert.deepEqual([next.period, next.opening, next.expected, next.difference], ['2027-02-01', 100, 140, 0])
  const month = await close({ month: '2027-01' })
  assert.deepEqual([month.status, month.body.totals.banknotes], [201, 1_000 + (before.body.totals.banknotes ?? 0)])
  assert.equal((await close({ month: '2027-01' })).status, 409)
  assert.deepEqual((await close({ month: '2027-02', counted: 1 })).body.errors[0].path, '/counted')
})

test('credit that is repaid in banknotes lies in the till, once, and what is paid out is not', async () => {
  clock.at = new Date('2027-03-05T15:00:00Z')
  const before = await call('POST', '/closings', { counted: 0, reason: 'O que estava antes' })
  assert.equal(before.status, 201, JSON.stringify(before.body))
  clock.at = new Date('2027-03-06T15:00:00Z')
  const id = systemIds.uuid()
  for (let time = 0; time < 2; time += 1)
    await tell(moneyMovedByHand, id, { method: 'banknotes', amount_cents: 120_000 })
  await tell(moneyMovedByHand, systemIds.uuid(), { method: 'banknotes', amount_cents: -20_000 })
  await tell(moneyMovedByHand, systemIds.uuid(), { method: 'pix', amount_cents: 5_000 })
  const { body } = await call('POST', '/closings', { counted: 1_000 })
  assert.deepEqual([body.expected, body.totals], [1_000, { banknotes: 1_000, pix: 50 }])
})
