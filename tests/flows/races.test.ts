/**
 * Payment against cancellation, and payment against expiry: one outcome each time, and money and vehicle agree. Each outcome is made
 * to occur, by a lock that lets the two in as they came; then both are let loose on each other, many times.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { Client } from 'pg'
import { databasePrefix, testServer } from '../fixtures/database.ts'
import { isLarge } from '../fixtures/size.ts'
import {
  buy,
  customerWith,
  ORQUESTRADOR,
  PAGAMENTO,
  sagaOf,
  settled,
  startSystem,
  until,
  vehicleAt,
  vehicleOf,
} from '../fixtures/system.ts'

const ROUNDS = isLarge ? 120 : 18
const AT_ONCE = 6

async function waitingPurchase(api: Awaited<ReturnType<typeof startSystem>>) {
  const vehicle = await vehicleAt(api, 20_000)
  const transaction = await buy(api, await customerWith(api), vehicle, 'pix')
  const { context } = await until('the code is shown', async () => {
    const saga = await sagaOf(api, transaction)
    return saga.context.payment_code && saga
  })
  return { api, vehicle, transaction, code: context.payment_code as string, expires_at: context.expires_at as string }
}

type Waiting = Awaited<ReturnType<typeof waitingPurchase>>

const pay = ({ api, code }: Waiting) => api.call(PAGAMENTO, 'POST', '/payments', { payment_code: code })
const giveUp = ({ api, transaction }: Waiting) => api.call(ORQUESTRADOR, 'POST', `/purchase/${transaction}/cancel`)

/** How it ended; throws when the saga, the code, the payment and the vehicle do not tell the same story. */
async function outcomeOf({ api, vehicle, transaction, code }: Waiting, paid: boolean): Promise<string> {
  const saga = await settled(api, transaction)
  const { status } = (await api.call(PAGAMENTO, 'GET', `/payment-codes/${code}`)).body
  const payments = (await api.call(PAGAMENTO, 'GET', `/payments?transaction_id=${transaction}`)).body
  const story = [saga.status, status, ...payments.map((one: { status: string }) => one.status)].join(' ')
  const sold = saga.status === 'COMPLETED'
  assert.equal((await vehicleOf(api, vehicle)).status, sold ? 'sold' : 'available', story)
  const allowed = paid
    ? ['COMPLETED used completed', 'CANCELLED used refunded', 'FAILED_COMPENSATED used refunded']
    : ['CANCELLED voided', 'FAILED_COMPENSATED expired']
  assert.ok(allowed.includes(story), `${paid ? 'paid' : 'not paid'}: ${story}`)
  return story
}

/** `race` says whether the buyer was told that it is paid. */
async function rounds(
  on: Awaited<ReturnType<typeof startSystem>>,
  race: (waiting: Waiting, round: number) => Promise<boolean>,
): Promise<Map<string, number>> {
  const seen = new Map<string, number>()
  for (let first = 0; first < ROUNDS; first += AT_ONCE) {
    const stories = await Promise.all(
      Array.from({ length: AT_ONCE }, async (_, index) => {
        const waiting = await waitingPurchase(on)
        return outcomeOf(waiting, await race(waiting, first + index))
      }),
    )
    for (const story of stories) seen.set(story, (seen.get(story) ?? 0) + 1)
  }
  assert.equal(
    [...seen.values()].reduce((sum, count) => sum + count),
    ROUNDS,
  )
  return seen
}

const DATABASE_PREFIX = databasePrefix()
const api = await startSystem({ DATABASE_PREFIX })

test('when a buyer pays and gives up at once, the first to lock the code decides, and both outcomes occur', async () => {
  const url = Object.assign(new URL(testServer()), { pathname: `/${DATABASE_PREFIX}pagamento_service` })
  await using door = await doorTo(url.href)

  await occurs('CANCELLED used refunded', api, (waiting) =>
    door.inThisOrder(
      waiting.transaction,
      () => pay(waiting),
      () => giveUp(waiting),
    ),
  )
  await occurs('CANCELLED voided', api, (waiting) =>
    door.inThisOrder(
      waiting.transaction,
      () => giveUp(waiting),
      () => pay(waiting),
    ),
  )

  const overFirst = await waitingPurchase(api)
  assert.equal((await pay(overFirst)).status, 201)
  assert.equal((await settled(api, overFirst.transaction)).status, 'COMPLETED')
  assert.equal((await giveUp(overFirst)).status, 400)
  assert.equal(await outcomeOf(overFirst, true), 'COMPLETED used completed')
})

/** Repeats a few times: the saga's own command may still be on its way, and reach the code before both. */
async function occurs(
  wanted: string,
  on: Awaited<ReturnType<typeof startSystem>>,
  race: (waiting: Waiting) => Promise<{ readonly status: number }[]>,
) {
  const seen: string[] = []
  for (let tries = 0; tries < 10 && !seen.includes(wanted); tries += 1) {
    const waiting = await waitingPurchase(on)
    const isPaid = (await race(waiting)).some(({ status }) => status === 201)
    seen.push(await outcomeOf(waiting, isPaid))
  }
  assert.ok(seen.includes(wanted), `${wanted} did not occur: ${seen}`)
}

/** Holds a purchase's code until the first of two stands before it, and the second behind that one. */
async function doorTo(url: string) {
  const session = new Client({ connectionString: url })
  await session.connect()
  return {
    async inThisOrder<T>(transaction: string, first: () => Promise<T>, second: () => Promise<T>): Promise<[T, T]> {
      await session.query('begin')
      await session.query('select from payment_codes where transaction_id = $1 for update', [transaction])
      const one = first()
      await until('the first waits for the code', async () => {
        await session.query('select pg_stat_clear_snapshot()') // within a transaction it is one picture otherwise
        const { rows } = await session.query(
          `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        )
        return rows.length > 0
      })
      const other = second()
      await session.query('commit')
      return Promise.all([one, other])
    },
    [Symbol.asyncDispose]: () => session.end(),
  }
}

test('a buyer who pays and gives up at once either owns the car or has the money back', async (t) => {
  const seen = await rounds(api, async (waiting, round) => {
    const first = round % 2 ? pay(waiting) : giveUp(waiting)
    await pause(Math.random() * 25) // which one is ahead, and by how much, differs from round to round
    const [one, other] = await Promise.all([first, round % 2 ? giveUp(waiting) : pay(waiting)])
    const [paid, cancelled] = round % 2 ? [one, other] : [other, one]
    assert.ok(paid.status === 201 || paid.body.detail === 'Payment code already voided', JSON.stringify(paid.body))
    assert.ok(cancelled.status === 200 || cancelled.status === 400, JSON.stringify(cancelled.body))
    const saga = await settled(api, waiting.transaction)
    assert.equal(saga.status, cancelled.status === 200 ? 'CANCELLED' : 'COMPLETED')
    return paid.status === 201
  })
  t.diagnostic(JSON.stringify(Object.fromEntries(seen)))
})

test('a buyer who pays in the last moment either owns the car or has paid nothing', async (t) => {
  const hurried = await startSystem({ PAYMENT_CODE_TTL_SECONDS: '0.7' })
  const seen = await rounds(hurried, async (waiting) => {
    await pause(Date.parse(waiting.expires_at) - Date.now() + (Math.random() - 0.5) * 20)
    const paid = await pay(waiting)
    assert.ok(paid.status === 201 || paid.body.detail === 'Payment code expired', JSON.stringify(paid.body))
    const saga = await settled(hurried, waiting.transaction)
    assert.equal(saga.status, paid.status === 201 ? 'COMPLETED' : 'FAILED_COMPENSATED')
    return paid.status === 201
  })
  t.diagnostic(JSON.stringify(Object.fromEntries(seen)))
})
