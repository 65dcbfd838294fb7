/** Callbacks that never come, and processes that die between the PSP's act and their own record of it. */
import assert from 'node:assert/strict'
import { after, afterEach, test } from 'node:test'
import { generatePaymentCode, refundPayment } from '#contracts'
import type { UnitOfWork } from '#messaging'
import { systemIds } from '#platform/clock'
import { paymentCommands } from '../../services/pagamento-service/charges/commands.ts'
import { expireCodes } from '../../services/pagamento-service/charges/expiry.ts'
import { listCodes, listPayments } from '../../services/pagamento-service/charges/listing-store.ts'
import { newCode } from '../../services/pagamento-service/charges/new-code.ts'
import { runErrands } from '../../services/pagamento-service/errands/errands.ts'
import { pixCharges, pixGiveBack } from '../../services/pagamento-service/provider/pix/charges.ts'
import { pixConnection } from '../../services/pagamento-service/provider/pix/connection.ts'
import { pixProvider } from '../../services/pagamento-service/provider/pix/provider.ts'
import { lookAtUnheard } from '../../services/pagamento-service/receipts/unheard.ts'
import { messageOf, testDatabase } from '../fixtures/database.ts'
import { CLIENT_ID, CLIENT_SECRET, PIX_KEY, startPsp } from './psp.ts'

const { database, unitOfWork, sent } = await testDatabase(
  new URL('../../services/pagamento-service/migrations/', import.meta.url),
)
const psp = await startPsp()
after(() => psp[Symbol.asyncDispose]())
afterEach(() => assert.deepEqual(psp.faults.splice(0), []))
const connection = pixConnection({
  baseUrl: psp.baseUrl,
  tokenUrl: psp.tokenUrl,
  clientId: CLIENT_ID,
  clientSecret: CLIENT_SECRET,
  certificate: psp.client.certificate,
  key: psp.client.key,
  ca: psp.authority.certificate,
})
after(() => connection[Symbol.asyncDispose]())

const GET = 'GET /cob/{txid}'
const TTL_MS = 1_800_000
let now = new Date('2026-11-23T12:00:00Z')
const clock = { now: () => now }
const wait = (ms: number) => {
  now = new Date(now.getTime() + ms)
}
const faults: unknown[] = []
const parts = {
  database,
  unitOfWork,
  clock,
  charges: pixCharges(connection, { pixKey: PIX_KEY, lifetimeSeconds: TTL_MS / 1_000 }),
  giveBack: pixGiveBack(connection),
  onErrand: () => {},
  onError: (error: unknown) => void faults.push(error),
}
const [generating, , refunding] = paymentCommands({
  clock,
  provider: pixProvider,
  newCode,
  timeToLiveMs: TTL_MS,
  onExpiry: () => {},
})
assert.ok(generating && refunding)

/** A purchase whose charge is wanted of the PSP. */
async function wanted() {
  const transaction_id = systemIds.uuid()
  const charge = { customer_id: 7, vehicle_id: 3, amount_cents: 4_500_000, payment_type: 'pix' as const }
  await unitOfWork(async (tx, send) =>
    generating?.handle(tx, [messageOf(generatePaymentCode, transaction_id, charge)], send),
  )
  const code = async () => (await listCodes(database, { transaction_id }, 1))[0] ?? assert.fail()
  const { txid } = await code()
  return {
    txid: txid ?? assert.fail('its charge is made over the network'),
    undo: () =>
      unitOfWork(async (tx, send) =>
        refunding?.handle(tx, [messageOf(refundPayment, transaction_id, { ...charge, resumptions: 0 })], send),
      ),
    status: async () => (await code()).status,
    payment: async () => (await listPayments(database, { transaction_id }, 2)).map(({ status }) => status),
    told: () =>
      sent
        .filter((message) => message.transaction_id === transaction_id)
        .map(({ type, body }) => [type.replace('events.payment.', ''), (body as { reason?: string }).reason]),
  }
}

async function waiting() {
  const purchase = await wanted()
  await runErrands(parts)
  assert.deepEqual(purchase.told(), [['code_generated', undefined]])
  return purchase
}

const chargeOf = (txid: string) => psp.charges.get(txid) ?? assert.fail('the PSP has no such charge')

async function looks(work: () => Promise<unknown>): Promise<number> {
  const before = psp.requests.length
  await work()
  return psp.requests.slice(before).filter((one) => one === GET).length
}
const look = () => looks(() => lookAtUnheard(parts))

test('a payment that nobody reports is found long before its code runs out', async () => {
  const purchase = await waiting()
  psp.pay(purchase.txid)
  wait(19_999)
  assert.equal(await look(), 0)
  wait(1)
  assert.equal(await look(), 1)
  assert.deepEqual([purchase.told()[1]?.[0], await purchase.status()], ['processed', 'used'])
  wait(TTL_MS)
  assert.equal(await look(), 0, 'what is decided is not looked at')
})

test('a charge that waits is looked at less and less often, until its code runs out and it is closed', async () => {
  const purchase = await waiting()
  const moments: number[] = []
  for (let second = 1; second <= TTL_MS / 1_000; second++) {
    wait(1_000)
    if ((await look()) > 0) moments.push(second)
  }
  const gaps = moments.map((moment, index) => moment - (moments[index - 1] ?? 0))
  assert.deepEqual(gaps.slice(0, 4), [20, 30, 45, 68])
  assert.equal(gaps.at(-1), 120)
  assert.ok(moments.length < 20)
  assert.equal(await purchase.status(), 'pending')
  await expireCodes(database, unitOfWork, clock)
  assert.equal(await lookAtUnheard(parts), null)
  await runErrands(parts)
  assert.deepEqual(purchase.told()[1], ['failed', 'payment_code_expired'])
})

test('a charge that its PSP takes back ends its purchase', async () => {
  const purchase = await waiting()
  chargeOf(purchase.txid).status = 'REMOVIDA_PELO_PSP'
  wait(20_000)
  await lookAtUnheard(parts)
  assert.deepEqual([purchase.told()[1], await purchase.status()], [['failed', 'payment_cancelled'], 'failed'])
})

test('a charge that the PSP does not show yet is not given up', async () => {
  const purchase = await waiting()
  psp.next(GET, { kind: 'answer', status: 404 })
  wait(20_000)
  assert.equal(await look(), 1)
  assert.equal(await purchase.status(), 'pending')
  psp.pay(purchase.txid)
  wait(30_000)
  await lookAtUnheard(parts)
  assert.equal(await purchase.status(), 'used')
})

test('money of another amount is set aside, once, however often it is looked at', async () => {
  const purchase = await waiting()
  psp.pay(purchase.txid, '1.00')
  for (const ms of [20_000, 30_000]) {
    wait(ms)
    assert.equal(await look(), 1)
  }
  const parked = await database.query(`select reason from unmatched_payments where txid = $1`, [purchase.txid])
  assert.deepEqual([parked, await purchase.status()], [[{ reason: 'wrong_amount' }], 'pending'])
  await purchase.undo()
  await runErrands(parts)
})

test('a PSP that is down is left alone for a while, and asked again once it may be up', async () => {
  const purchases = await Promise.all(Array.from({ length: 20 }, wanted))
  await runErrands(parts)
  for (const { txid } of purchases) psp.pay(txid)
  psp.next(GET, ...Array.from({ length: 8 }, () => ({ kind: 'answer', status: 503 }) as const))
  wait(20_000)
  const begun = now.getTime()
  faults.length = 0
  let next: Date | null = null
  assert.equal(await looks(async () => (next = await lookAtUnheard(parts))), 8, 'not all of them')
  assert.deepEqual([Number(next) - begun, faults.length], [10_000, 1])
  psp.next(GET, { kind: 'answer', status: 429, headers: { 'retry-after': '60' } })
  next = await lookAtUnheard(parts)
  assert.equal(Number(next) - begun, 60_000)
  for (wait(60_000); (await look()) > 0; );
  assert.deepEqual(new Set(await Promise.all(purchases.map(({ status }) => status()))), new Set(['used']))
})

test('one of two processes looks at a charge', async () => {
  const purchase = await waiting()
  wait(20_000)
  assert.equal(await looks(() => Promise.all([lookAtUnheard(parts), lookAtUnheard(parts)])), 1)
  await purchase.undo()
  await runErrands(parts)
})

test('a buyer who gives up while the charge is looked at has one answer, whatever the PSP says', async () => {
  for (const meanwhile of [
    (txid: string) => psp.pay(txid),
    (txid: string) => (chargeOf(txid).status = 'REMOVIDA_PELO_PSP'),
  ]) {
    const purchase = await waiting()
    wait(20_000)
    await purchase.undo()
    meanwhile(purchase.txid)
    await Promise.all([lookAtUnheard(parts), runErrands(parts)])
    for (let left = 1; left > 0; wait(500)) left = await runErrands(parts)
    assert.deepEqual(purchase.told().slice(1), [['refunded', undefined]])
    const paid = chargeOf(purchase.txid).pix.map(({ devolucoes }) => devolucoes.map(({ status }) => status))
    assert.ok(paid.every((refunds) => refunds.join() === 'DEVOLVIDO'))
  }
})

/** Dies before its `n`th commit: that transaction is undone, but the PSP's act is not. */
function dyingAt(n: number): UnitOfWork {
  let count = 0
  return (work) =>
    unitOfWork(async (tx, send) => {
      const result = await work(tx, send)
      if (++count === n) throw new Error('killed')
      return result
    })
}

const LEASE = 45_000
const afterDeath = async (n: number) => {
  await assert.rejects(runErrands({ ...parts, unitOfWork: dyingAt(n) }), /killed/)
  wait(LEASE)
  for (let left = 1; left > 0; wait(500)) left = await runErrands(parts)
}

test('a crash after the charge was made makes no second one, and its purchase is told once', async () => {
  const purchase = await wanted()
  await afterDeath(1)
  assert.deepEqual(purchase.told(), [['code_generated', undefined]])
  assert.equal(chargeOf(purchase.txid).status, 'ATIVA')
  await purchase.undo()
  await runErrands(parts)
})

test('a buyer who gives up while the PSP is down does not wait for it; what it has made by then is removed once it is up', async () => {
  const purchase = await wanted()
  psp.next('PUT /cob/{txid}', { kind: 'lost_answer' })
  await runErrands(parts)
  await purchase.undo()
  assert.deepEqual([purchase.told(), await purchase.status()], [[['refunded', undefined]], 'voided'])
  psp.next(GET, { kind: 'answer', status: 503 })
  assert.equal(chargeOf(purchase.txid).status, 'ATIVA')
  psp.next(GET, { kind: 'reset' })
  wait(500)
  await runErrands(parts)
  await purchase.undo()
  for (wait(15_000); (await runErrands(parts)) > 0; ) wait(15_000)
  assert.equal(chargeOf(purchase.txid).status, 'REMOVIDA_PELO_USUARIO_RECEBEDOR')
  assert.deepEqual(new Set(purchase.told().map(([what]) => what)), new Set(['refunded']))
})

test('a crash after the charge was removed still ends with the purchase taken back, once', async () => {
  const purchase = await waiting()
  await purchase.undo()
  await afterDeath(1)
  assert.equal(chargeOf(purchase.txid).status, 'REMOVIDA_PELO_USUARIO_RECEBEDOR')
  assert.deepEqual(purchase.told().slice(1), [['refunded', undefined]])
})

for (const [n, when] of [
  [1, 'after the PSP said that it was paid'],
  [2, 'after that was kept'],
] as const) {
  test(`a crash ${when}, while the purchase is taken back, gives the money back once`, async () => {
    const purchase = await waiting()
    await purchase.undo()
    psp.pay(purchase.txid)
    await afterDeath(n)
    const [pix] = chargeOf(purchase.txid).pix
    assert.deepEqual(
      pix?.devolucoes.map(({ status }) => status),
      ['DEVOLVIDO'],
    )
    assert.deepEqual([purchase.told().slice(1), await purchase.payment()], [[['refunded', undefined]], ['refunded']])
  })
}

test('a crash after the money went back gives it back once', async () => {
  const purchase = await waiting()
  psp.pay(purchase.txid)
  wait(20_000)
  await lookAtUnheard(parts)
  await purchase.undo()
  await runErrands(parts)
  wait(1_000)
  await afterDeath(1)
  assert.equal(chargeOf(purchase.txid).pix[0]?.devolucoes.length, 1)
  assert.deepEqual(purchase.told().slice(2), [['refunded', undefined]])
})

test('a crash while a look is kept loses nothing: the next look finds it', async () => {
  const purchase = await waiting()
  psp.pay(purchase.txid)
  wait(20_000)
  await assert.rejects(lookAtUnheard({ ...parts, unitOfWork: dyingAt(1) }), /killed/)
  assert.equal(await purchase.status(), 'pending')
  wait(30_000)
  await lookAtUnheard(parts)
  assert.deepEqual([purchase.told().slice(1).length, await purchase.status()], [1, 'used'])
})
