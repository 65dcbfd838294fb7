/** Made-up accounts that block the stock by purchases that nobody means to pay. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Caller } from '#platform/http/auth'
import { customerWith, ORQUESTRADOR, settled, startSystem, until, VEICULO, vehicleAt } from '../fixtures/system.ts'

const api = await startSystem({ UNPAID_STOCK_SHARE_MAX: '10' })

async function buyer(more: Partial<Caller> = {}) {
  const customer_id = await customerWith(api)
  return { customer_id, headers: await api.as({ role: 'customer', customer_id, ...more }) }
}

const wish = ({ customer_id, headers }: Awaited<ReturnType<typeof buyer>>, vehicle_id: number, payment_type = 'pix') =>
  api.call(ORQUESTRADOR, 'POST', '/purchase', { customer_id, vehicle_id, payment_type }, headers)

const coded = (transaction_id: string) =>
  until('it can be paid', async () => {
    const { body } = await api.call(ORQUESTRADOR, 'GET', `/saga-states/${transaction_id}`)
    return body.context.payment_code !== undefined
  })

const cancel = (transaction_id: string) => api.call(ORQUESTRADOR, 'POST', `/purchase/${transaction_id}/cancel`)

test('one customer holds two vehicles unpaid, whatever they send at once', async () => {
  const greedy = await buyer()
  const cars = await Promise.all(Array.from({ length: 8 }, () => vehicleAt(api, 30_000)))
  const answers = await Promise.all(cars.map((car) => wish(greedy, car)))
  assert.deepEqual(answers.map(({ status }) => status).sort(), [202, 202, 409, 409, 409, 409, 409, 409])
  assert.equal(
    answers.find(({ status }) => status === 409)?.body.detail,
    'Customer has too many purchases that wait for a Pix',
  )
  for (const { body, status } of answers) if (status === 202) await cancel(body.transaction_id)
})

test('a buyer who held a vehicle and did not pay waits before holding it again; other buyers and other vehicles do not wait', async () => {
  const [idle, other] = [await buyer(), await buyer()]
  const [car, second] = [await vehicleAt(api, 30_000), await vehicleAt(api, 30_000)]
  const { body } = await wish(idle, car)
  await coded(body.transaction_id)
  await cancel(body.transaction_id)
  assert.equal((await settled(api, body.transaction_id)).status, 'CANCELLED')
  const again = await wish(idle, car)
  assert.deepEqual([again.status, again.body.detail], [409, 'Customer has just held this vehicle without paying'])
  assert.equal((await wish(idle, second)).status, 202)
  const taken = await wish(other, car)
  assert.equal(taken.status, 202)
  await coded(taken.body.transaction_id)
  await cancel(taken.body.transaction_id)
  await settled(api, taken.body.transaction_id)
  // staff see the buyer, and start it at once
  const byStaff = { customer_id: idle.customer_id, vehicle_id: car, payment_type: 'pix' }
  assert.equal((await api.call(ORQUESTRADOR, 'POST', '/purchase', byStaff)).status, 202)
})

test('fifty vehicles may always be held, beyond that no more than the share, and metrics show it', async () => {
  const cars = await Promise.all(Array.from({ length: 60 }, () => vehicleAt(api, 30_000)))
  const held: string[] = []
  for (const [index, car] of cars.entries()) {
    const answer = await wish(await buyer(), car)
    if (answer.status === 202) held.push(answer.body.transaction_id)
    else {
      assert.deepEqual([answer.status, answer.body.detail], [503, 'Too much of the stock waits for a Pix'])
      assert.ok(index >= 40, `after ${index}`)
      break
    }
  }
  assert.ok(held.length < 60)
  const metrics = async (service: string) => (await fetch(`${api.system.addressOf(service)}/metrics`)).text()
  const unpaid = /^mercado_unpaid_pix_purchases(?:\{[^}]*\})? (\d+)$/m.exec(await metrics(ORQUESTRADOR))?.[1]
  assert.ok(Number(unpaid) >= 50, `${unpaid} are told`)
  assert.match(await metrics(VEICULO), /^mercado_vehicles_on_sale/m)
  // a buyer who pays at once need not wait
  const rich = await customerWith(api, { initial_balance: 30_000 })
  const cash = { customer_id: rich, headers: await api.as({ role: 'customer', customer_id: rich }) }
  assert.equal((await wish(cash, cars.at(-1) ?? 0, 'cash')).status, 202)
})

test('an unproven contact that could be proven is refused before the first Pix', async () => {
  const car = await vehicleAt(api, 30_000)
  const unproven = await wish(await buyer({ contact_proven: false }), car)
  assert.deepEqual([unproven.status, unproven.body.detail], [403, 'Prove your e-mail or phone before you pay by Pix'])
  // beyond the contact nothing is held against one who has proven it
  assert.notEqual((await wish(await buyer({ contact_proven: true }), car)).status, 403)
})
