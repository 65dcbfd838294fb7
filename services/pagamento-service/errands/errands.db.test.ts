/** Errands to a provider over the network that is slow, fails, forgets to answer or changes its mind. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generatePaymentCode, refundPayment } from '#contracts'
import { systemIds } from '#platform/clock'
import { messageOf, testDatabase } from '../../../tests/fixtures/database.ts'
import { paymentCommands } from '../charges/commands.ts'
import { expireCodes } from '../charges/expiry.ts'
import { listCodes, listPayments } from '../charges/listing-store.ts'
import { newCode } from '../charges/new-code.ts'
import { type ChargeState, ProviderFault, type RefundAnswer, type WantedRefund } from '../domain/provider.ts'
import { pixProvider } from '../provider/pix/provider.ts'
import { takeReceipts } from '../receipts/receipts.ts'
import { type ErrandParts, runErrands, startErrands } from './errands.ts'

const { database, unitOfWork, sent } = await testDatabase(new URL('../migrations/', import.meta.url))

const TTL_MS = 600_000
let now = new Date('2026-11-23T12:00:00Z')
const clock = { now: () => now }
const wait = (ms: number) => {
  now = new Date(now.getTime() + ms)
}

const [generating, , refunding] = paymentCommands({
  clock,
  provider: pixProvider,
  newCode,
  timeToLiveMs: TTL_MS,
  onExpiry: () => {},
})
assert.ok(generating && refunding)

/** A provider in memory that notes its requests; `obstacle` is the fault of the next call. */
function bank() {
  const states = new Map<string, ChargeState>()
  const asked: string[] = []
  const refunds: WantedRefund[] = []
  const faults: unknown[] = []
  const bank = {
    states,
    asked,
    refunds,
    faults,
    obstacle: undefined as (() => Promise<unknown>) | undefined,
    answer: { status: 'done' } as RefundAnswer,
    pay(txid: string, end_to_end_id = systemIds.uuid().replaceAll('-', '')) {
      states.set(txid, { status: 'paid', pix: [{ end_to_end_id, amount_cents: 4_500_000, paid_at: now }] })
      return end_to_end_id
    },
  }
  async function meet(what: string) {
    asked.push(what)
    const { obstacle } = bank
    bank.obstacle = undefined
    await obstacle?.()
  }
  const close = (txid: string) => {
    const state = states.get(txid) ?? { status: 'closed', pix: [] }
    if (state.status === 'open') states.set(txid, { status: 'closed', pix: [] })
    return states.get(txid) ?? state
  }
  const parts: ErrandParts = {
    database,
    unitOfWork,
    clock,
    charges: {
      async open({ txid }) {
        await meet('open')
        if (!states.has(txid)) states.set(txid, { status: 'open', pix: [] })
        return { ok: true, pix_copy_paste: `000201${txid}` }
      },
      look: async (txid) => states.get(txid) ?? { status: 'closed', pix: [] },
      async close(txid) {
        await meet('close')
        return close(txid)
      },
    },
    async giveBack(refund) {
      await meet('refund')
      refunds.push(refund)
      return bank.answer
    },
    onError: (error) => void faults.push(error),
  }
  return { ...bank, bank, parts, run: () => runErrands(parts) }
}

async function asking() {
  const transaction_id = systemIds.uuid()
  const charge = { customer_id: 7, vehicle_id: 3, amount_cents: 4_500_000, payment_type: 'pix' as const }
  const generate = () =>
    unitOfWork(async (tx, send) =>
      generating?.handle(tx, [messageOf(generatePaymentCode, transaction_id, charge)], send),
    )
  const undo = () =>
    unitOfWork(async (tx, send) =>
      refunding?.handle(tx, [messageOf(refundPayment, transaction_id, { ...charge, resumptions: 0 })], send),
    )
  await generate()
  const [stored] = await listCodes(database, { transaction_id }, 1)
  const txid = stored?.txid ?? assert.fail('its charge is made over the network')
  return {
    txid,
    generate,
    undo,
    receive: (end_to_end_id: string) =>
      unitOfWork((tx, send) =>
        takeReceipts(tx, send, [{ name: txid, amount_cents: 4_500_000, end_to_end_id, paid_at: now }], now),
      ),
    status: async () => (await listCodes(database, { transaction_id }, 1))[0]?.status,
    payment: async () => (await listPayments(database, { transaction_id }, 2))[0]?.status,
    told: () =>
      sent
        .filter((message) => message.transaction_id === transaction_id)
        .map(({ type }) => type.replace('events.payment.', '')),
  }
}

test('the purchase hears of a code once its charge is made, however often it asked meanwhile', async () => {
  const { run, asked } = bank()
  const wanted = await asking()
  await wanted.generate()
  assert.deepEqual(wanted.told(), [])
  assert.equal(await run(), 1)
  assert.deepEqual(wanted.told(), ['code_generated'])
  assert.equal(await run(), 0)
  await wanted.generate()
  assert.deepEqual([wanted.told(), asked], [['code_generated', 'code_generated'], ['open']])
})

test('a failed request is tried again after a while, and a busy provider not before the time that it names', async () => {
  const { bank: provider, run, faults } = bank()
  const wanted = await asking()
  provider.obstacle = () => Promise.reject(new ProviderFault('down'))
  await run()
  assert.equal(await run(), 0, 'not at once')
  wait(500)
  provider.obstacle = () => Promise.reject(new ProviderFault('busy', { retryAfterMs: 5_000 }))
  await run()
  wait(4_999)
  assert.equal(await run(), 0)
  wait(1)
  await run()
  assert.deepEqual([wanted.told(), faults.length], [['code_generated'], 2])
})

test('one of several processes asks; a dead one’s request is made again when its lease is over', async () => {
  const [one, other] = [bank(), bank()]
  const wanted = await asking()
  const { promise, reject } = Promise.withResolvers<void>()
  const asks = Promise.withResolvers<void>()
  one.bank.obstacle = () => {
    asks.resolve()
    return promise
  }
  const dying = assert.rejects(one.run(), /killed/)
  await asks.promise
  await Promise.all([other.run(), other.run()])
  assert.deepEqual([other.asked, wanted.told()], [[], []])
  reject(new Error('killed'))
  await dying
  wait(44_999)
  assert.equal(await other.run(), 0)
  wait(1)
  await other.run()
  assert.deepEqual(wanted.told(), ['code_generated'])
})

test('no lock is held while the provider is asked: the buyer can give up meanwhile, and the charge is closed after', async () => {
  const { bank: provider, run, asked, states } = bank()
  const wanted = await asking()
  provider.obstacle = () => wanted.undo()
  await run()
  assert.deepEqual([wanted.told(), await wanted.status()], [['refunded'], 'voided'])
  await run()
  assert.deepEqual([wanted.told(), await wanted.status(), asked], [['refunded'], 'voided', ['open', 'close']])
  assert.equal(states.get(wanted.txid)?.status, 'closed')
})

test('before a code expires its provider is asked, and an unreported payment counts', async () => {
  const { bank: provider, run } = bank()
  const [silent, unpaid] = [await asking(), await asking()]
  await run()
  provider.pay(silent.txid)
  wait(TTL_MS)
  let errands = 0
  await expireCodes(database, unitOfWork, clock, () => void errands++)
  await expireCodes(database, unitOfWork, clock, () => void errands++)
  assert.equal(errands, 1)
  assert.deepEqual([await silent.status(), await unpaid.status()], ['pending', 'pending'])
  await run()
  assert.deepEqual(
    [silent.told(), unpaid.told()],
    [
      ['code_generated', 'processed'],
      ['code_generated', 'failed'],
    ],
  )
  assert.deepEqual([await silent.status(), await unpaid.status()], ['used', 'expired'])
})

test('a refund that is under way is looked at again under the same id; a refused one gets another', async () => {
  const { bank: provider, run, refunds } = bank()
  const wanted = await asking()
  await run()
  await wanted.receive(systemIds.uuid().replaceAll('-', ''))
  await wanted.undo()
  provider.answer = { status: 'under_way' }
  await run()
  wait(1_000)
  provider.answer = { status: 'refused', reason: 'no' }
  await run()
  assert.deepEqual(wanted.told().slice(2), ['refund_failed'])
  wait(3_600_000)
  assert.equal(await run(), 0, 'its purchase asks again')
  await wanted.undo()
  provider.answer = { status: 'done' }
  await run()
  assert.deepEqual([wanted.told().slice(2), await wanted.payment()], [['refund_failed', 'refunded'], 'refunded'])
  const [first, second, third] = refunds.map(({ refund_id }) => refund_id)
  assert.equal(first, second)
  assert.notEqual(second, third)
  assert.deepEqual(
    refunds.map(({ attempts }) => attempts),
    [1, 2, 1],
  )
})

test('the runner takes up new errands by itself, and those that were left behind', async () => {
  const { parts } = bank()
  const left = await asking()
  const runner = startErrands(parts)
  const until = async (wanted: { told(): string[] }) => {
    const giveUp = Date.now() + 10_000
    while (wanted.told().length === 0 && Date.now() < giveUp) await new Promise((go) => setImmediate(go))
    assert.deepEqual(wanted.told(), ['code_generated'])
  }
  await until(left)
  const fresh = await asking()
  runner.expect(new Date())
  await until(fresh)
  await runner[Symbol.asyncDispose]()
})

test('payment, callback, undo and expiry at once, many times: bought or given back, never both, never neither', async () => {
  const { bank: provider, run, refunds } = bank()
  for (let round = 0; round < 60; round++) {
    const wanted = await asking()
    await run()
    const end_to_end_id = systemIds.uuid().replaceAll('-', '')
    wait(TTL_MS)
    const pay = async () => {
      if (provider.states.get(wanted.txid)?.status !== 'open') return
      provider.pay(wanted.txid, end_to_end_id)
      await wanted.receive(end_to_end_id)
    }
    await Promise.all([
      round % 3 === 0 ? undefined : wanted.undo(),
      expireCodes(database, unitOfWork, clock),
      run(),
      pay(),
      run(),
    ])
    for (let left = 1; left > 0; wait(500)) left = await run()
    const paid = provider.states.get(wanted.txid)?.status === 'paid'
    const gaveBack = refunds.filter((one) => one.end_to_end_id === end_to_end_id).length
    const [status, payment] = [await wanted.status(), await wanted.payment()]
    if (!paid) assert.ok(payment === undefined && (status === 'voided' || status === 'expired'), `${status} ${payment}`)
    else if (payment === 'completed') assert.deepEqual([status, gaveBack, round % 3], ['used', 0, 0])
    else assert.deepEqual([payment, gaveBack], ['refunded', 1])
  }
})
