/** A sale at the counter over HTTP, from the agreed price to the car that comes back, whichever bus carries the messages. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askReturn, receive, returned } from '../fixtures/returns.ts'
import {
  CLIENTE,
  customerOf,
  ORQUESTRADOR,
  PAGAMENTO,
  sagaOf,
  settled,
  startSystem,
  until,
  VEICULO,
  vehicleAt,
  vehicleOf,
} from '../fixtures/system.ts'

const PRICE = 50_000
const AGREED = 47_500

export async function counterFlows(environment: Record<string, string> = {}): Promise<void> {
  const api = await startSystem({ SAGA_STEP_TIMEOUT_SECONDS: '2', ...environment })
  const staff = await api.as({ role: 'staff', subject: 'rui' })
  let born = 0

  async function walkIn(document: string) {
    born += 1
    const { status, body } = await api.call(CLIENTE, 'POST', '/customers', {
      ...{ name: 'Ana Souza', email: `ana-${born}@example.com`, phone: '(11) 98765-4321', document },
    })
    assert.equal(status, 201, JSON.stringify(body))
    return body.id as number
  }

  const order = (customer_id: number, vehicle_id: number, more: object = {}, who = staff) =>
    api.call(ORQUESTRADOR, 'POST', '/purchase', { customer_id, vehicle_id, payment_type: 'counter', ...more }, who)

  /** The code of a purchase that waits for money. */
  const codeOf = (id: string) =>
    until('the code waits', async () => {
      const saga = await sagaOf(api, id)
      return saga.current_step === 'PAYMENT_PROCESSING' && (saga.context.payment_code as string)
    })

  const pay = (payment_code: string, body: object, who = staff) =>
    api.call(PAGAMENTO, 'POST', '/payments', { payment_code, ...body }, who)

  test('a walk-in buys in three parts with a trade-in, is handed the car by their document, and brings it back', async () => {
    const [buyer, vehicle] = [await walkIn('529.982.247-25'), await vehicleAt(api, PRICE)]
    const deal = {
      ...{ agreed_price: AGREED, reason: 'Pintura riscada', channel: 'counter' },
      sellers: [
        { id: 'rui', share: 60 },
        { id: 'bia', share: 40 },
      ],
    }
    const started = await order(buyer, vehicle, deal)
    assert.deepEqual([started.status, started.body.vehicle_price], [202, AGREED], JSON.stringify(started.body))
    const id: string = started.body.transaction_id
    const payment_code = await codeOf(id)
    const correction = { channel: 'remote', reason: 'Fechado por telefone' }
    const correct = (who = {}) => api.call(ORQUESTRADOR, 'POST', `/purchase/${id}/corrections`, correction, who)
    assert.deepEqual([(await correct(staff)).status, (await correct()).status], [403, 200])
    const trade_in = { valuation: 30_000, lien_payoff: 12_500 }
    assert.equal((await pay(payment_code, { payment_method: 'trade_in', trade_in })).body.amount, 17_500)
    const bank = await pay(payment_code, { payment_method: 'financing', amount: 20_000, state: 'promised' })
    assert.equal(bank.status, 201)
    assert.equal((await sagaOf(api, id)).status, 'IN_PROGRESS')
    assert.equal((await pay(payment_code, { payment_method: 'banknotes' })).body.amount, 10_000)
    const sold = await settled(api, id)
    assert.deepEqual([sold.status, sold.context.channel], ['COMPLETED', 'remote'], 'what was corrected meanwhile stays')

    const alone = { sellers: [{ id: 'rui', share: 100 }], reason: 'A Bia só cobriu o almoço' }
    const resell = (who = {}) => api.call(ORQUESTRADOR, 'POST', `/purchase/${id}/corrections`, alone, who)
    assert.equal((await resell(staff)).status, 403)
    const resold = await until('the reports have heard of the sale', async () => {
      const answer = await resell()
      return answer.status !== 503 && answer
    })
    assert.deepEqual([resold.status, resold.body.sellers], [200, alone.sellers])

    const path = `/vehicles/${vehicle}/pickup`
    const received_by = { name: 'Ana Souza', as: 'buyer' }
    const byDocument = (buyer_document: string) =>
      api.call(VEICULO, 'POST', path, { buyer_document, received_by, mileage_km: 31_240, keys: 2 }, staff)
    const early = await byDocument('52998224725')
    assert.deepEqual([early.status, early.body.detail], [409, 'Not all of the money has come: it is only promised'])
    assert.equal((await api.call(PAGAMENTO, 'POST', `/payments/${bank.body.id}/receive`, {}, staff)).status, 200)
    assert.equal((await byDocument('11144477735')).status, 400)
    assert.equal((await byDocument('52998224725')).body.status, 'picked_up')

    const { return_id } = await askReturn(api, id, await api.as({ role: 'customer', customer_id: buyer }))
    const late = { channel: 'counter', reason: 'Foi no balcão mesmo' }
    assert.equal((await api.call(ORQUESTRADOR, 'POST', `/purchase/${id}/corrections`, late)).status, 409)
    await receive(api, return_id)
    await returned(api, return_id)
    const sellers = await until('the reports have heard of it', async () => {
      const { body } = await api.call(ORQUESTRADOR, 'GET', '/reports/sales?group=seller')
      return body.total.returns === 1 && body
    })
    assert.deepEqual(
      sellers.rows.map(({ key, sales, returns, revenue }: Record<string, unknown>) => [key, sales, returns, revenue]),
      [
        ['bia', 0, 0, 0],
        ['rui', 1, 1, 0],
      ],
      'what was the two’s is Rui’s alone since he was named',
    )
    const others = { ...alone, sellers: [{ id: 'leo', share: 100 }] }
    const tooLate = await api.call(ORQUESTRADOR, 'POST', `/purchase/${id}/corrections`, others)
    assert.equal(tooLate.status, 409, 'what came back is sold by nobody')
    assert.equal(sellers.total.sales, 1, 'a sale of two is one sale')
    const { context } = await sagaOf(api, return_id)
    assert.deepEqual([context.refunded, context.owed], [0, AGREED])
    const { body } = await api.call(PAGAMENTO, 'GET', `/owed-items?transaction_id=${id}`)
    assert.equal(
      body.owed_items.reduce((sum: number, { amount }: { amount: number }) => sum + amount, 0),
      AGREED,
    )
    assert.equal((await vehicleOf(api, vehicle)).status, 'withdrawn')
    assert.equal((await customerOf(api, buyer)).account_balance, 0, 'nothing of it was the shop’s to hold')
  })

  test('a price too far below the list starts nothing until an admin agrees, and then one purchase', async () => {
    const [buyer, vehicle] = [await walkIn('111.444.777-35'), await vehicleAt(api, PRICE)]
    const low = { agreed_price: 40_000, reason: 'Cliente antigo', sellers: [{ id: 'bia', share: 100 }] }
    assert.equal((await order(buyer, vehicle, { agreed_price: 40_000 })).body.errors[0].path, '/reason')
    const asked = await order(buyer, vehicle, low)
    assert.equal(asked.status, 202)
    const total = async () => (await api.call(ORQUESTRADOR, 'GET', `/saga-states?vehicle_id=${vehicle}`)).body.total
    assert.equal(await total(), 0)
    const approve = () => api.call(ORQUESTRADOR, 'POST', `/approvals/${asked.body.approval_id}/approve`, {})
    const answers = await Promise.all([approve(), approve()])
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409])
    const { body } = await api.call(ORQUESTRADOR, 'GET', `/saga-states?vehicle_id=${vehicle}`)
    assert.deepEqual([body.total, body.sagas[0].amount], [1, 40_000])
    const id: string = body.sagas[0].transaction_id
    const payment_code = await codeOf(id)
    const paper = { document: '12ABC34501DE35', reason: 'Cartão do CNPJ visto' }
    const rename = (who = {}) => api.call(CLIENTE, 'PUT', `/customers/${buyer}/document`, paper, who)
    assert.equal((await rename()).status, 409, 'the vehicle will be handed over by it')
    const payer = { name: 'Caio Lima', document: '390.533.447-05' }
    const ofAnother = { payment_method: 'transfer', payer, reason: 'O pai paga' }
    const waiting = await pay(payment_code, ofAnother)
    assert.equal(waiting.status, 202, JSON.stringify(waiting.body))
    assert.equal((await api.call(PAGAMENTO, 'POST', `/approvals/${waiting.body.approval_id}/approve`, {})).status, 200)
    assert.equal((await settled(api, id)).status, 'COMPLETED', 'what an admin let count proves the payment as well')
    await until('the purchase is told as over', async () => (await rename(staff)).status === 403)
    assert.equal((await rename()).status, 200, 'papers rest on it now, so an admin corrects it')
    const seenBy = async (subject: string) => {
      const seller = await api.as({ role: 'staff', scope: 'seller', subject })
      return (await api.call(ORQUESTRADOR, 'GET', `/saga-states/${id}`, undefined, seller)).status
    }
    const sees = await Promise.all(['rui', 'bia', 'leo'].map(seenBy))
    assert.deepEqual(sees, [200, 200, 404], 'who began it and who sold it find it, nobody else')
  })

  test('a sale that is given up halfway frees the vehicle at once; the Pix goes back by the provider, the rest is owed', async () => {
    const [buyer, vehicle] = [await walkIn('123.456.789-09'), await vehicleAt(api, PRICE)]
    const { body: started } = await order(buyer, vehicle)
    const payment_code = await codeOf(started.transaction_id)
    await pay(payment_code, { payment_method: 'deposit', amount: 2_000 })
    const end_to_end_id = 'E12345678202611231200s0123456789'
    assert.equal((await pay(payment_code, { payment_method: 'pix', amount: 1_500, end_to_end_id })).status, 201)
    assert.equal(
      (await pay(payment_code, { payment_method: 'pix', amount: 500, end_to_end_id })).status,
      422,
      'one Pix',
    )
    const path = `/purchase/${started.transaction_id}/cancel`
    const [cancelled, late] = await Promise.all([
      api.call(ORQUESTRADOR, 'POST', path, {}, staff),
      pay(payment_code, { payment_method: 'banknotes', amount: 1_000 }),
    ])
    assert.equal(cancelled.status, 200)
    assert.equal((await settled(api, started.transaction_id)).status, 'CANCELLED')
    assert.equal((await vehicleOf(api, vehicle)).status, 'available')
    const { body } = await api.call(PAGAMENTO, 'GET', `/owed-items?transaction_id=${started.transaction_id}`)
    const owed = body.owed_items.reduce((sum: number, { amount }: { amount: number }) => sum + amount, 0)
    assert.equal(owed, late.status === 201 ? 3_000 : 2_000, 'the part that raced with it is taken and owed, or refused')
    await until('the Pix is back', async () => {
      const { body: parts } = await api.call(PAGAMENTO, 'GET', `/payments?transaction_id=${started.transaction_id}`)
      return parts.some(
        ({ amount, state }: { amount: number; state: string }) => amount === 1_500 && state === 'refunded',
      )
    })
  })

  test('a customer may not do what only staff may, and amounts that do not add up name the field', async () => {
    const [buyer, vehicle] = [await walkIn('11.222.333/0001-81'), await vehicleAt(api, PRICE)]
    const theirs = await api.as({ role: 'customer', customer_id: buyer })
    assert.equal((await order(buyer, vehicle, {}, theirs)).status, 403)
    const cash = { payment_type: 'cash', agreed_price: 1, reason: 'Quero barato' }
    assert.equal((await order(buyer, vehicle, cash, theirs)).status, 403)
    const wrong = await order(buyer, vehicle, { sellers: [{ id: 'rui', share: 50 }] })
    assert.deepEqual([wrong.status, wrong.body.errors[0].path], [422, '/sellers'])
    const bought = { acquired_at: '2026-01-05', acquisition_cost: PRICE - 500, source: 'purchase' }
    assert.equal((await api.call(VEICULO, 'PUT', `/vehicles/${vehicle}/acquisition`, bought)).status, 200)
    const belowCost = await order(buyer, vehicle, { agreed_price: PRICE - 600, reason: 'Só um pouco menos' })
    assert.deepEqual([belowCost.status, typeof belowCost.body.approval_id], [202, 'string'])
    assert.equal((await vehicleOf(api, vehicle)).status, 'available')
  })

  test('an auditor finds nothing amiss afterwards', async () => {
    const { body } = await api.call(ORQUESTRADOR, 'POST', '/audits', {})
    const audit = await until('the audit is over', async () => {
      const { body: seen } = await api.call(ORQUESTRADOR, 'GET', `/audits/${body.id}`)
      return seen.ended_at ? seen : undefined
    })
    assert.deepEqual(audit.findings, [])
  })
}
