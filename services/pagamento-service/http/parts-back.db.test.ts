/** Parts of a purchase that is undone or returned: a Pix goes back by its provider, whatever that answers, the rest is owed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { abatePayment, owePayment, refundPayment, returnPayment } from '#contracts'
import { systemIds } from '#platform/clock'
import { ProviderFault, type RefundAnswer, type WantedRefund } from '../domain/provider.ts'
import { type ErrandParts, runErrands } from '../errands/errands.ts'
import { call, clock, type Deal, database, deal, HOUR, owed, pay, tell, told, unitOfWork } from './parts.suite.ts'

const DAY = 24 * HOUR
const e2e = () => `E${systemIds.uuid().replaceAll('-', '').slice(1)}`

/** A provider that notes what it is asked for. */
function bank(answer: RefundAnswer | Error = { status: 'done' }) {
  const asked: WantedRefund[] = []
  const parts: ErrandParts = {
    ...{ database, unitOfWork, clock, onError: () => {} },
    giveBack(wanted) {
      asked.push(wanted)
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)
    },
  }
  return { asked, run: () => runErrands(parts) }
}

const undo = (one: Deal) => tell(refundPayment, one.transaction_id, { ...one.charge, resumptions: 0 })
const giveBack = (one: Deal, return_id: string, more: object = {}) =>
  tell(returnPayment, return_id, { purchase_id: one.transaction_id, ...one.charge, ...more })
const statesOf = async ({ transaction_id }: Deal) =>
  (await call('GET', `/payments?transaction_id=${transaction_id}`)).body.map(
    ({ amount, state, status }: Record<string, unknown>) => [amount, state, status],
  )
const disagreement = async ({ transaction_id }: Deal) =>
  (await call('GET', `/purchase-records?ids=${transaction_id}`, undefined, 'admin.ada')).body.records[0].parts_disagree
const inTill = async (method: string) => {
  const [row] = await database.query<{ cents: number }>(
    'select coalesce(sum(amount_cents), 0)::bigint as cents from till_entries where method = $1',
    [method],
  )
  return row?.cents ?? 0
}

test('an undo answers at once; the Pix goes back by the provider under one number, the banknotes are owed', async () => {
  const one = await deal()
  const [pix, deposit] = [e2e(), e2e()]
  await pay(one, 5_000)
  await pay(one, 7_000, 'pix', { end_to_end_id: pix })
  await pay(one, 2_000, 'deposit', { end_to_end_id: deposit })
  await pay(one, 1_000, 'deposit')
  const before = await inTill('pix')
  assert.deepEqual((await undo(one))?.body, { refunded_cents: 0 })
  await undo(one)
  assert.deepEqual(await owed(one), [
    [1_000, 'part_undone'],
    [5_000, 'part_undone'],
  ])
  const { asked, run } = bank()
  assert.equal(await run(), 2)
  assert.equal(await run(), 0)
  assert.deepEqual(
    asked.map(({ end_to_end_id, amount_cents }) => [end_to_end_id, amount_cents]),
    [
      [pix, 700_000],
      [deposit, 200_000],
    ],
  )
  assert.deepEqual(await statesOf(one), [
    [1_000, 'owed', 'refunded'],
    [2_000, 'refunded', 'refunded'],
    [7_000, 'refunded', 'refunded'],
    [5_000, 'owed', 'refunded'],
  ])
  assert.equal((await inTill('pix')) - before, -700_000, 'what went back has left the till')
  assert.equal(await disagreement(one), undefined)
  assert.equal(told(one).filter((type) => type === 'events.payment.refunded').length, 2, 'no purchase waits for a part')
})

test('a refused Pix is owed and asked for no more; one past ninety days is owed at once', async () => {
  const [refused, old] = [await deal(), await deal()]
  await pay(refused, 7_000, 'pix', { end_to_end_id: e2e() })
  await pay(old, 7_000, 'pix', { end_to_end_id: e2e() })
  await undo(refused)
  const { run } = bank({ status: 'refused', reason: 'no' })
  await run()
  assert.deepEqual([await owed(refused), await run()], [[[7_000, 'refund_refused']], 0])
  const start = clock.at
  clock.at = new Date(start.getTime() + 91 * DAY)
  await undo(old)
  clock.at = start
  assert.deepEqual([await owed(old), await run()], [[[7_000, 'refund_too_late']], 0])
  assert.deepEqual([await disagreement(refused), await disagreement(old)], [undefined, undefined])
})

test('a provider that is down is asked again under the same number, and a late refusal finds the part refunded', async () => {
  const one = await deal()
  await pay(one, 7_000, 'pix', { end_to_end_id: e2e() })
  await undo(one)
  const [down, slow, up] = [bank(new ProviderFault('down')), bank({ status: 'under_way' }), bank()]
  const start = clock.at
  const later = () => {
    clock.at = new Date(clock.at.getTime() + HOUR)
  }
  await down.run()
  later()
  await slow.run()
  later()
  await Promise.all([up.run(), up.run()])
  const refusal = bank({ status: 'refused', reason: 'no' })
  later()
  assert.equal(await refusal.run(), 0)
  assert.deepEqual([...down.asked, ...slow.asked, ...up.asked].map(({ refund_id }) => refund_id).length, 3)
  assert.equal(new Set([...down.asked, ...slow.asked, ...up.asked].map(({ refund_id }) => refund_id)).size, 1)
  assert.deepEqual([await owed(one), (await statesOf(one))[0]?.[1]], [[], 'refunded'])
  clock.at = start
})

test('a return waits for the provider, then tells what went back and what is owed, less what a warranty gave', async () => {
  const one = await deal()
  await pay(one, 25_000, 'pix', { end_to_end_id: e2e() })
  await pay(one, 20_000)
  await tell(abatePayment, one.transaction_id, {
    claim_id: 17,
    customer_id: one.charge.customer_id,
    amount_cents: 300_000,
  })
  const return_id = systemIds.uuid()
  const abated = { abated_cents: 300_000 }
  assert.equal(await giveBack(one, return_id, abated), undefined, 'the provider has not answered')
  const { asked, run } = bank()
  await run()
  const answer = { refunded_cents: 2_500_000, owed_cents: 1_700_000 }
  assert.deepEqual((await giveBack(one, return_id, abated))?.body, answer)
  assert.deepEqual(
    asked.map(({ amount_cents }) => amount_cents),
    [2_500_000],
  )
  assert.deepEqual(await owed(one), [
    [17_000, 'part_undone'],
    [3_000, 'abatement'],
  ])
  assert.equal(await disagreement(one), undefined)
  await database.query('update payment_parts set back_cents = back_cents - 1 where transaction_id = $1', [
    one.transaction_id,
  ])
  assert.match((await disagreement(one)) ?? '', /4500000 received, parts of 4199998 go back, 300000 were back/)
})

test('a return that an operator gives up owes what its provider has not given back, once', async () => {
  const [before, under] = [await deal(), await deal()]
  const return_id = systemIds.uuid()
  for (const one of [before, under]) await pay(one, 45_000, 'pix', { end_to_end_id: e2e() })
  await giveBack(under, return_id)
  for (const one of [before, under]) {
    const { customer_id } = one.charge
    const given_up = { purchase_id: one.transaction_id, customer_id, amount_cents: 4_500_000, step: 'PAYMENT_RETURN' }
    await tell(owePayment, one === under ? return_id : systemIds.uuid(), given_up)
    assert.deepEqual(await owed(one), [[45_000, 'given_up']])
  }
  const { run } = bank()
  assert.equal(await run(), 0, 'nobody is asked any more')
})

test('the debt of a failed part that was paid is owed after a return like any money that came', async () => {
  const one = await deal()
  await pay(one, 15_000)
  const { body: bankPart } = await pay(one, 30_000, 'financing')
  await call('POST', `/payments/${bankPart.id}/fail`, { reason: 'Financiamento estornado', due_on: '2026-12-10' })
  const [debt] = (await call('GET', `/payment-debts?transaction_id=${one.transaction_id}`)).body.debts
  const paid = { method: 'transfer', reference: 'TED 4712' }
  assert.equal((await call('POST', `/payment-debts/${debt.id}/settle`, paid, 'admin.ada')).status, 200)
  assert.deepEqual((await giveBack(one, systemIds.uuid()))?.body, { refunded_cents: 0, owed_cents: 4_500_000 })
  assert.deepEqual(await owed(one), [
    [30_000, 'part_undone'],
    [15_000, 'part_undone'],
  ])
  assert.equal(await disagreement(one), undefined)
})

test('one Pix pays one part, unless it was struck, and only a Pix has such an id', async () => {
  const one = await deal()
  const end_to_end_id = e2e()
  const answers = await Promise.all([1, 2].map(() => pay(one, 10, 'pix', { end_to_end_id })))
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 422])
  const refused = answers.find(({ status }) => status === 422)
  assert.deepEqual(refused?.body.errors[0].path, '/end_to_end_id')
  const taken = answers.find(({ status }) => status === 201)
  assert.equal(taken?.body.end_to_end_id, end_to_end_id)
  await call('POST', `/payments/${taken?.body.id}/reverse`, { reason: 'Digitado duas vezes' })
  assert.equal((await pay(one, 10, 'pix', { end_to_end_id })).status, 201)
  assert.equal((await pay(one, 10, 'card', { end_to_end_id: e2e() })).body.errors[0].path, '/end_to_end_id')
  assert.equal((await pay(one, 10, 'pix', { end_to_end_id: 'E1' })).body.errors[0].path, '/end_to_end_id')
})

test('the bank of a financing is told that the purchase is undone, once, and nobody else’s bank is', async () => {
  const one = await deal()
  const { body: cash } = await pay(one, 5_000)
  const { body: promised } = await pay(one, 20_000, 'financing', { state: 'promised' })
  const { body: card } = await pay(one, 1_000, 'card')
  const tellBank = (id: number, who = 'staff.rui') =>
    call('POST', `/payments/${id}/bank-told`, { reference: 'Protocolo 4711' }, who)
  const waiting = async () =>
    (await call('GET', `/payments?bank_to_tell=true&transaction_id=${one.transaction_id}`)).body.map(
      ({ id }: { id: number }) => id,
    )
  assert.deepEqual([(await tellBank(promised.id)).status, await waiting()], [409, []], 'the purchase stands')
  await undo(one)
  assert.deepEqual(await waiting(), [card.id, promised.id])
  assert.equal((await tellBank(cash.id)).status, 409)
  assert.equal((await tellBank(promised.id, `staff.rui.${one.charge.customer_id}`)).status, 403)
  const answers = await Promise.all([1, 2, 3].map(() => tellBank(promised.id)))
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409, 409])
  assert.equal(answers.find(({ status }) => status === 200)?.body.bank_told_at, clock.at.toISOString())
  assert.deepEqual(await waiting(), [card.id])
  assert.equal((await tellBank(999_999)).status, 404)
})
