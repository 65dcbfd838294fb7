/** Returns over HTTP, as buyers and staff see them, on either bus. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askReturn, pickUp, receive, returned } from '../fixtures/returns.ts'
import {
  buy,
  CLIENTE,
  customerOf,
  customerWith,
  ORQUESTRADOR,
  PAGAMENTO,
  sagaOf,
  settled,
  startSystem,
  stepsOf,
  until,
  VEICULO,
  vehicleAt,
  vehicleOf,
} from '../fixtures/system.ts'

const MONEY = 100_000
const PRICE = 45_000

export async function returnFlows(environment: Record<string, string> = {}): Promise<void> {
  const api = await startSystem({ SAGA_STEP_TIMEOUT_SECONDS: '5', ...environment })
  const ofBuyer = (customer_id: number) => api.as({ role: 'customer', customer_id })

  /** By the buyer, on the site. */
  async function bought(payment_type = 'cash', price = PRICE) {
    const buyer = await customerWith(api, { initial_balance: MONEY, credit_limit: MONEY })
    const vehicle = await vehicleAt(api, price)
    const order = { customer_id: buyer, vehicle_id: vehicle, payment_type }
    const { status, body } = await api.call(ORQUESTRADOR, 'POST', '/purchase', order, await ofBuyer(buyer))
    assert.equal(status, 202, JSON.stringify(body))
    const id: string = body.transaction_id
    if (payment_type === 'pix') {
      const { context } = await until('the code is shown', async () => {
        const saga = await sagaOf(api, id)
        return saga.current_step === 'PAYMENT_PROCESSING' && saga
      })
      await api.call(PAGAMENTO, 'POST', '/payments', { payment_code: context.payment_code })
    }
    assert.equal((await settled(api, id)).status, 'COMPLETED')
    return { id, buyer, vehicle }
  }

  test('a buyer returns what they bought on the site: the money is back, and the car stands withdrawn until it is relisted', async () => {
    const deal = await bought()
    await pickUp(api, deal)
    const { return_id } = await askReturn(api, deal.id, await ofBuyer(deal.buyer))
    await until('it waits', async () => (await sagaOf(api, return_id)).current_step === 'RETURN_RECEIPT')
    assert.equal((await customerOf(api, deal.buyer)).account_balance, MONEY - PRICE, 'not before the car is back')
    await receive(api, return_id)
    await returned(api, return_id)
    assert.deepEqual(await stepsOf(api, return_id), [
      ...['HOLD_FOR_RETURN', 'RETURN_RECEIPT', 'CREDIT_RETURN', 'PAYMENT_RETURN', 'VEHICLE_RETURN', 'SAGA_COMPLETE'],
    ])
    const { kind, context } = await sagaOf(api, return_id)
    assert.deepEqual([kind, context.purchase_id, context.refunded, context.owed], ['return', deal.id, PRICE, 0])
    assert.equal((await customerOf(api, deal.buyer)).account_balance, MONEY)
    const back = await vehicleOf(api, deal.vehicle)
    assert.deepEqual([back.status, back.mileage_km, back.picked_up_at], ['withdrawn', 32_000, null])
    const next = await customerWith(api, { initial_balance: MONEY })
    assert.equal((await api.call(VEICULO, 'POST', `/vehicles/${deal.vehicle}/relist`)).status, 200)
    assert.equal((await settled(api, await buy(api, next, deal.vehicle))).status, 'COMPLETED')
    const boughtBy = async (id: number) =>
      (await api.call(CLIENTE, 'GET', `/customers/${id}/vehicles?status_filter=sold`)).body.total
    await until('the next buyer sees it', async () => (await boughtBy(next)) === 1)
    assert.equal(await boughtBy(deal.buyer), 0, 'it is no longer the first buyer’s')
  })

  test('credit is free again, and a Pix goes back by the provider', async () => {
    for (const payment_type of ['credit', 'pix']) {
      const deal = await bought(payment_type)
      const { return_id } = await askReturn(api, deal.id, await ofBuyer(deal.buyer))
      await receive(api, return_id)
      await returned(api, return_id)
      const { account_balance, used_credit } = await customerOf(api, deal.buyer)
      assert.deepEqual([account_balance, used_credit], [MONEY, 0])
      const { body } = await api.call(PAGAMENTO, 'GET', `/payments?transaction_id=${deal.id}`)
      assert.deepEqual(
        body.map(({ status }: { status: string }) => status),
        ['refunded'],
      )
    }
  })

  test('after a warranty has given part of the price back, a return gives the rest, whichever way it was paid', async () => {
    for (const payment_type of ['cash', 'credit', 'pix']) {
      const deal = await bought(payment_type)
      await pickUp(api, deal)
      const claim = await api.call(VEICULO, 'POST', `/vehicles/${deal.vehicle}/warranty-claims`, { what: 'Câmbio' })
      const closing = { outcome: 'abated', refund: 1_000, findings: 'Sincronizador gasto' }
      const closed = await api.call(VEICULO, 'POST', `/warranty-claims/${claim.body.id}/close`, closing)
      assert.equal(closed.status, 200, JSON.stringify(closed.body))
      const { return_id } = await askReturn(api, deal.id, await ofBuyer(deal.buyer))
      await receive(api, return_id)
      await returned(api, return_id)
      const { context } = await sagaOf(api, return_id)
      assert.deepEqual([context.refunded, context.owed, context.abated], [PRICE - 1_000, 0, 1_000])
      const { account_balance, used_credit } = await customerOf(api, deal.buyer)
      const left = payment_type === 'cash' ? [MONEY - 1_000, 0] : [MONEY, payment_type === 'credit' ? 1_000 : 0]
      assert.deepEqual([account_balance, used_credit], left, `${payment_type}: the buyer had 1,000 in money`)
      const { body } = await api.call(PAGAMENTO, 'GET', `/owed-items?transaction_id=${deal.id}`)
      assert.deepEqual(
        body.owed_items.map(({ amount, reason }: Record<string, unknown>) => [amount, reason]),
        [[1_000, 'abatement']],
      )
      const { body: costs } = await api.call(VEICULO, 'GET', `/vehicles/${deal.vehicle}/costs`)
      assert.equal(costs.expenses_total, 0, 'it costs the next sale nothing')
    }
    const { body: begun } = await api.call(ORQUESTRADOR, 'POST', '/audits', {})
    const audit = await until('the audit is over', async () => {
      const { body: seen } = await api.call(ORQUESTRADOR, 'GET', `/audits/${begun.id}`)
      return seen.ended_at ? seen : undefined
    })
    const amiss = audit.findings.filter(({ kind }: { kind: string }) => /disagree|not_|missing/.test(kind))
    assert.deepEqual(amiss, [])
  })

  test('a Pix that the provider refuses to give back is owed, until staff say how they gave it', async () => {
    const deal = await bought('pix', 1_000.19)
    const { return_id } = await askReturn(api, deal.id, await ofBuyer(deal.buyer))
    await receive(api, return_id)
    await returned(api, return_id)
    assert.deepEqual((await sagaOf(api, return_id)).context.owed, 1_000.19)
    const owed = await api.call(PAGAMENTO, 'GET', `/owed-items?status=open&transaction_id=${deal.id}`)
    const [item, ...more] = owed.body.owed_items
    assert.deepEqual([item.amount, item.reason, item.return_id, more], [1_000.19, 'refund_refused', return_id, []])
    const settle = { method: 'transfer', reference: 'TED 4711' }
    const path = `/owed-items/${item.id}/settle`
    assert.equal((await api.call(PAGAMENTO, 'POST', path, { method: 'transfer' })).status, 422)
    assert.equal((await api.call(PAGAMENTO, 'POST', path, settle, await ofBuyer(deal.buyer))).status, 403)
    const answers = await Promise.all([1, 2, 3].map(() => api.call(PAGAMENTO, 'POST', path, settle)))
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409, 409], 'once')
    const { body } = await api.call(PAGAMENTO, 'GET', `/payments?transaction_id=${deal.id}`)
    assert.equal(body[0].status, 'refunded')
    assert.equal((await api.call(PAGAMENTO, 'POST', '/owed-items/999999/settle', settle)).status, 404)
  })

  test('the vehicle is not handed over while its return is open, and is once that is called off', async () => {
    const deal = await bought()
    const theirs = await ofBuyer(deal.buyer)
    const { return_id } = await askReturn(api, deal.id, theirs)
    await until('it waits', async () => (await sagaOf(api, return_id)).current_step === 'RETURN_RECEIPT')
    const { body } = await api.call(ORQUESTRADOR, 'GET', `/saga-states/${deal.id}`, undefined, theirs)
    const pickup = { pickup_code: body.context.pickup_code, received_by: 'Ana Souza' }
    const refused = await api.call(VEICULO, 'POST', `/vehicles/${deal.vehicle}/pickup`, pickup)
    assert.deepEqual([refused.status, refused.body.detail], [409, 'Vehicle is being returned'])
    const stranger = await ofBuyer(await customerWith(api))
    assert.equal((await api.call(ORQUESTRADOR, 'POST', `/returns/${return_id}/cancel`, {}, stranger)).status, 404)
    assert.equal((await api.call(ORQUESTRADOR, 'POST', `/returns/${return_id}/cancel`, {}, theirs)).status, 200)
    assert.equal((await settled(api, return_id)).status, 'CANCELLED')
    assert.equal((await vehicleOf(api, deal.vehicle)).status, 'sold')
    await pickUp(api, deal)
    assert.equal((await customerOf(api, deal.buyer)).account_balance, MONEY - PRICE)
  })

  test('ten that ask at once begin one return', async () => {
    const deal = await bought()
    const asked = await Promise.all(
      Array.from({ length: 10 }, () =>
        api.call(ORQUESTRADOR, 'POST', `/purchase/${deal.id}/return`, { reason: 'regret' }),
      ),
    )
    const begun = asked.filter(({ status }) => status === 202)
    assert.equal(begun.length, 1)
    assert.ok(asked.every(({ status, body }) => status === 202 || body.detail === 'The purchase has a return'))
    const path = `/returns/${begun[0]?.body.return_id}`
    await until('it waits', async () => (await sagaOf(api, begun[0]?.body.return_id)).current_step === 'RETURN_RECEIPT')
    const received = await Promise.all(
      Array.from({ length: 5 }, () => api.call(ORQUESTRADOR, 'POST', `${path}/received`, { mileage_km: 7 })),
    )
    assert.equal(received.filter(({ status }) => status === 200).length, 1, 'and it is received once')
    await returned(api, begun[0]?.body.return_id)
    assert.equal((await customerOf(api, deal.buyer)).account_balance, MONEY)
  })

  test('when a return is received and called off at once, the first decides, and the money follows', async () => {
    for (let round = 0; round < 3; round += 1) {
      const deal = await bought()
      const { return_id } = await askReturn(api, deal.id)
      await until('it waits', async () => (await sagaOf(api, return_id)).current_step === 'RETURN_RECEIPT')
      const [received, off] = await Promise.all([
        api.call(ORQUESTRADOR, 'POST', `/returns/${return_id}/received`, { mileage_km: 7 }),
        api.call(ORQUESTRADOR, 'POST', `/returns/${return_id}/cancel`, {}),
      ])
      assert.deepEqual([received.status === 200, off.status === 200].sort(), [false, true])
      const { status } = await settled(api, return_id)
      assert.equal(status, received.status === 200 ? 'COMPLETED' : 'CANCELLED')
      const has = (await customerOf(api, deal.buyer)).account_balance
      assert.equal(has, received.status === 200 ? MONEY : MONEY - PRICE)
    }
  })

  test('a buyer who may not return is told why, and nothing begins', async () => {
    const deal = await bought()
    const theirs = await ofBuyer(deal.buyer)
    const path = `/purchase/${deal.id}/return`
    assert.equal((await api.call(ORQUESTRADOR, 'POST', path, {})).status, 422, 'staff say why')
    const stranger = await ofBuyer(await customerWith(api))
    assert.equal((await api.call(ORQUESTRADOR, 'POST', path, {}, stranger)).status, 404)
    const inShop = await buy(api, deal.buyer, await vehicleAt(api, 1_000))
    await settled(api, inShop)
    const counter = await api.call(ORQUESTRADOR, 'POST', `/purchase/${inShop}/return`, {}, theirs)
    assert.deepEqual([counter.status, counter.body.type], [409, 'urn:mercado-veiculo:problem:return_right_absent'])
    const failed = await buy(api, deal.buyer, await vehicleAt(api, 1_000.13))
    await settled(api, failed)
    const early = await api.call(ORQUESTRADOR, 'POST', `/purchase/${failed}/return`, { reason: 'regret' })
    assert.deepEqual([early.status, early.body.status_of_purchase], [409, 'FAILED_COMPENSATED'])
    const nobody = '00000000-0000-7000-8000-000000000000'
    assert.equal((await api.call(ORQUESTRADOR, 'POST', `/purchase/${nobody}/return`, { reason: 'regret' })).status, 404)
    assert.equal((await api.call(ORQUESTRADOR, 'POST', `/returns/${nobody}/received`, { mileage_km: 7 })).status, 404)
    const listed = await api.call(ORQUESTRADOR, 'GET', `/returns?transaction_id=${deal.id}`)
    assert.equal(listed.body.total, 0)
  })
}
