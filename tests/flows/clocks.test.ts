/**
 * The wall clock jumps while purchases run, as when a laptop wakes, a virtual machine resumes or somebody sets the time: ahead
 * and back, over the whole system. `performance.now()` and PostgreSQL's clock stay where they are, so the clocks are apart.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shiftClock } from '../chaos/shifted-clock.ts'
import { buy, customerWith, PAGAMENTO, sagaOf, settled, startSystem, until, vehicleAt } from '../fixtures/system.ts'

const PRICE = 1_000
const MINUTE = 60_000
const SALES = 8

/** The limit on guesses is on, because a service's refused tokens could use it up. */
const { as, ...api } = await startSystem({ RATE_LIMIT_GUESSES: '' })

/** Calls as an admin with a token made now, whatever the clock says. */
const now = {
  ...api,
  call: async (...[service, method, path, body, headers]: Parameters<typeof api.call>) =>
    api.call(service, method, path, body, { ...(await as({ role: 'admin' })), ...headers }),
}

for (const [which, ms] of [
  ['twenty minutes ahead', 20 * MINUTE],
  ['back to the right time', 0],
  ['twenty minutes back', -20 * MINUTE],
  ['to the right time again', 0],
] as const)
  test(`the clock jumps ${which}: paid vehicles are sold, and purchases go on at once`, async () => {
    const buyer = await customerWith(now, { initial_balance: 10 * SALES * PRICE })
    const sales = await Promise.all(Array.from({ length: SALES }, () => waiting(buyer)))
    const before = await Promise.all(
      Array.from({ length: SALES }, async () => buy(now, buyer, await vehicleAt(now, PRICE))),
    )
    // some were told of their payment before the jump and are on their way, the others after it
    await Promise.all(sales.slice(0, SALES / 2).map(pay))
    shiftClock(ms)
    await Promise.all(sales.slice(SALES / 2).map(pay))
    const after = await buy(now, buyer, await vehicleAt(now, PRICE))
    for (const id of [...sales, ...before, after]) {
      const { status, current_step } = await settled(now, id)
      assert.equal(status, 'COMPLETED', `${id} stands at ${current_step}`)
    }
  })

/** A purchase by Pix whose code can be paid. */
async function waiting(buyer: number): Promise<string> {
  const id = await buy(now, buyer, await vehicleAt(now, PRICE), 'pix')
  await until('there is a code', async () => (await sagaOf(now, id)).current_step === 'PAYMENT_PROCESSING')
  return id
}

async function pay(id: string): Promise<void> {
  const { payment_code } = (await sagaOf(now, id)).context
  const { status, body } = await now.call(PAGAMENTO, 'POST', '/payments', { payment_code })
  assert.equal(status, 201, JSON.stringify(body))
}
