/** The commands about payments on a real PostgreSQL: repeated, out of order, racing. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { getPixPayloadInfo, isValidPixPayload } from '@brazilian-utils/brazilian-utils'
import { type BodyOf, generatePaymentCode, type PaymentType, processPayment, refundPayment } from '#contracts'
import { systemClock, systemIds } from '#platform/clock'
import { messageOf, testDatabase } from '../../../tests/fixtures/database.ts'
import { simulatedProvider } from '../provider/simulated-provider.ts'
import { paymentCommands } from './commands.ts'
import { expireCodes } from './expiry.ts'
import { newCode } from './new-code.ts'

const { database, unitOfWork, sent } = await testDatabase(new URL('../migrations/', import.meta.url))

const TTL_MS = 60_000
const [generating, processing, refunding] = paymentCommands({
  clock: systemClock,
  provider: simulatedProvider,
  newCode,
  timeToLiveMs: TTL_MS,
  onExpiry: () => {},
})

assert.ok(generating && processing && refunding)

const chargeOf = (amount_cents = 5_000, payment_type: PaymentType = 'cash') => ({
  customer_id: 1,
  vehicle_id: 2,
  amount_cents,
  payment_type,
})

type Ask = { transaction_id: string; charge: ReturnType<typeof chargeOf> }
const purchase = (amount_cents?: number, payment_type?: PaymentType): Ask => ({
  transaction_id: systemIds.uuid(),
  charge: chargeOf(amount_cents, payment_type),
})

const generate = (...asks: Ask[]) =>
  unitOfWork((tx, send) =>
    generating.handle(
      tx,
      asks.map((one) => messageOf(generatePaymentCode, one.transaction_id, one.charge)),
      send,
    ),
  )
const process = (payment_code: string, ...asks: Ask[]) =>
  unitOfWork((tx, send) =>
    processing.handle(
      tx,
      asks.map((one) => messageOf(processPayment, one.transaction_id, { payment_code })),
      send,
    ),
  )
const refund = (resumptions: number, ...asks: Ask[]) =>
  unitOfWork((tx, send) =>
    refunding.handle(
      tx,
      asks.map((one) => messageOf(refundPayment, one.transaction_id, { ...one.charge, resumptions })),
      send,
    ),
  )

const repliesTo = ({ transaction_id }: Ask) => sent.filter((message) => message.transaction_id === transaction_id)
const lastTo = (ask: Ask) => repliesTo(ask).at(-1)
const firstTo = (ask: Ask) => {
  const [first] = repliesTo(ask)
  assert.ok(first)
  return first.body as { payment_code: string; pix_copy_paste: string }
}
const codeOf = (ask: Ask) => firstTo(ask).payment_code

test('a code is generated once, however often it is asked for, even twice in one batch', async () => {
  const ask = purchase()
  await generate(ask, ask)
  await generate(ask)
  const codes = repliesTo(ask).map(({ body }) => (body as { payment_code: string }).payment_code)
  assert.equal(codes.length, 3)
  assert.equal(new Set(codes).size, 1)
})

test('a cash payment completes by itself, once', async () => {
  const ask = purchase()
  await generate(ask)
  await process(codeOf(ask), ask, ask)
  await process(codeOf(ask), ask)
  const processed = repliesTo(ask).filter(({ type }) => type === 'events.payment.processed')
  assert.equal(processed.length, 3)
  assert.equal(new Set(processed.map(({ body }) => (body as { payment_id: number }).payment_id)).size, 1)
})

test('a declined payment and a code that can not be issued are answered the same each time', async () => {
  const [declined, unissued] = [purchase(5_013), purchase(5_017)]
  await generate(declined, unissued)
  await generate(unissued)
  assert.deepEqual(
    repliesTo(unissued).map(({ type }) => type),
    Array(2).fill('events.payment.code_generation_failed'),
  )
  await process(codeOf(declined), declined)
  await process(codeOf(declined), declined)
  assert.deepEqual(
    repliesTo(declined)
      .slice(1)
      .map(({ body }) => body),
    Array(2).fill({ reason: 'payment_declined' }),
  )
})

test('a refund before its generation leaves a tombstone that refuses the late generation', async () => {
  const ask = purchase()
  await refund(0, ask)
  await generate(ask)
  assert.deepEqual(
    repliesTo(ask).map(({ type }) => type),
    ['events.payment.refunded', 'events.payment.code_generation_failed'],
  )
})

test('an unpaid code is voided, a paid one refunded once, with the amount that was paid', async () => {
  const [unpaid, paid] = [purchase(), purchase()]
  await generate(unpaid, paid)
  await process(codeOf(paid), paid)
  await refund(0, unpaid, paid)
  await refund(0, unpaid, paid)
  const amounts = (ask: Ask) =>
    repliesTo(ask)
      .filter(({ type }) => type === 'events.payment.refunded')
      .map(({ body }) => (body as BodyOf<typeof import('#contracts').paymentRefunded>).refunded_cents)
  assert.deepEqual(amounts(unpaid), [0, 0])
  assert.deepEqual(amounts(paid), [5_000, 5_000])
  await process(codeOf(unpaid), unpaid)
  assert.deepEqual(lastTo(unpaid)?.body, { reason: 'payment_code_voided' })
})

test('a refund that the provider refuses succeeds after an operator has resumed the purchase', async () => {
  const ask = purchase(5_019)
  await generate(ask)
  await process(codeOf(ask), ask)
  await refund(0, ask)
  assert.equal(lastTo(ask)?.type, 'events.payment.refund_failed')
  await refund(1, ask)
  assert.deepEqual(lastTo(ask)?.body, { refunded_cents: 5_019 })
})

test('a pix code carries a BR Code that parses back, and waits without an answer', async () => {
  const ask = purchase(123_456, 'pix')
  await generate(ask)
  const { pix_copy_paste, payment_code } = firstTo(ask)
  assert.ok(isValidPixPayload(pix_copy_paste))
  const info = getPixPayloadInfo(pix_copy_paste)
  assert.equal(Number(info?.amount), 1_234.56)
  assert.equal(info?.txid, payment_code)
  await process(payment_code, ask)
  assert.equal(repliesTo(ask).length, 1)
})

test('an unpaid code expires when its time is over, and its purchase is told once', async () => {
  const ask = purchase(5_000, 'pix')
  await generate(ask)
  const late = { now: () => new Date(Date.now() + TTL_MS + 1) }
  await Promise.all([expireCodes(database, unitOfWork, late), expireCodes(database, unitOfWork, late)])
  const failed = repliesTo(ask).filter(({ type }) => type === 'events.payment.failed')
  assert.deepEqual(
    failed.map(({ body }) => body),
    [{ reason: 'payment_code_expired' }],
  )
})

test('when payment and refund race for one code, the payment is refused or the refund gives all back', async () => {
  const asks = Array.from({ length: 40 }, () => purchase())
  await generate(...asks)
  await Promise.all(asks.flatMap((ask) => [process(codeOf(ask), ask), refund(0, ask)]))
  for (const ask of asks) {
    const of = (type: string) => repliesTo(ask).find((message) => message.type === type)
    const wasPaid = of('events.payment.processed') !== undefined
    assert.deepEqual(of('events.payment.refunded')?.body, { refunded_cents: wasPaid ? 5_000 : 0 })
  }
})
