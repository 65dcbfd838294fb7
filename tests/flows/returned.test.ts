/** A returned purchase is over: acts of operators on it have no effect, and the audit knows about the return. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startOperated } from '../fixtures/operator.ts'
import { askReturn, pickUp, receive, returned } from '../fixtures/returns.ts'
import {
  buy,
  customerOf,
  customerWith,
  ORQUESTRADOR,
  PAGAMENTO,
  sagaOf,
  settled,
  until,
  vehicleAt,
  vehicleOf,
} from '../fixtures/system.ts'

const api = await startOperated({ SAGA_STEP_TIMEOUT_SECONDS: '2' })
const MONEY = 50_000
const PRICE = 45_000

type PaymentType = 'cash' | 'credit' | 'pix'

async function bought(payment_type: PaymentType) {
  const buyer = await customerWith(api, { initial_balance: MONEY, credit_limit: MONEY })
  const vehicle = await vehicleAt(api, PRICE)
  const id = await buy(api, buyer, vehicle, payment_type)
  if (payment_type === 'pix') {
    const { context } = await until('the code is shown', async () => {
      const saga = await sagaOf(api, id)
      return saga.current_step === 'PAYMENT_PROCESSING' && saga
    })
    assert.equal((await api.call(PAGAMENTO, 'POST', '/payments', { payment_code: context.payment_code })).status, 201)
  }
  assert.equal((await settled(api, id)).status, 'COMPLETED')
  return { id, buyer, vehicle }
}

async function boughtAndReturned(payment_type: PaymentType) {
  const deal = await bought(payment_type)
  await pickUp(api, deal)
  const { return_id } = await askReturn(api, deal.id)
  await receive(api, return_id)
  assert.equal((await settled(api, return_id)).status, 'COMPLETED')
  return { ...deal, return_id }
}

async function findings(): Promise<{ kind: string; subject: string }[]> {
  const { body: begun } = await api.call(ORQUESTRADOR, 'POST', '/audits', {})
  return until('the audit is finished', async () => {
    const { body } = await api.call(ORQUESTRADOR, 'GET', `/audits/${begun.id}`)
    return body.status === 'finished' && body.findings
  })
}

/** Everybody has what they had before the purchase. */
async function isUndone({ buyer, vehicle }: { buyer: number; vehicle: number }) {
  const { account_balance, used_credit } = await customerOf(api, buyer)
  assert.deepEqual({ account_balance, used_credit }, { account_balance: MONEY, used_credit: 0 })
  const { status, sold_at, picked_up_at } = await vehicleOf(api, vehicle)
  assert.deepEqual({ status, sold_at, picked_up_at }, { status: 'withdrawn', sold_at: null, picked_up_at: null })
}

for (const payment_type of ['cash', 'credit', 'pix'] as const) {
  test(`a ${payment_type} purchase that was returned is not redone: nothing moves a second time`, async () => {
    const deal = await boughtAndReturned(payment_type)
    await isUndone(deal)
    const { code, stderr } = await api.run('ops', 'saga', 'redo', deal.id, '--reason', 'to be sure')
    assert.equal(code, 1)
    assert.match(stderr, /The purchase has a return/)
    assert.equal((await sagaOf(api, deal.id)).status, 'COMPLETED')
    await isUndone(deal)
    assert.deepEqual(await findings(), [])
  })

  test(`a ${payment_type} purchase that was returned is neither given up nor retried: the money goes back once`, async () => {
    const deal = await boughtAndReturned(payment_type)
    const orquestrador = api.databaseOf('orquestrador')
    await orquestrador.query(
      `update sagas set status = 'FAILED_REQUIRES_MANUAL_INTERVENTION', step = 'MARK_VEHICLE_AS_SOLD' where transaction_id = $1`,
      [deal.id],
    )
    for (const act of ['give-up', 'retry']) {
      const words = act === 'retry' ? [] : ['--reason', 'the vehicle came back']
      const { code, stderr } = await api.run('ops', 'saga', act, deal.id, ...words)
      assert.equal(code, 1, act)
      assert.match(stderr, /The purchase has a return/)
    }
    await isUndone(deal)
    await orquestrador.query(
      `update sagas set status = 'COMPLETED', step = 'SAGA_COMPLETE' where transaction_id = $1`,
      [deal.id],
    )
    assert.deepEqual(await findings(), [])
  })

  test(`a ${payment_type} purchase is audited at each point of its return, and each record that disagrees is found`, async () => {
    const deal = await bought(payment_type)
    await pickUp(api, deal)
    const { return_id } = await askReturn(api, deal.id)
    await until('it waits', async () => (await sagaOf(api, return_id)).current_step === 'RETURN_RECEIPT')
    assert.deepEqual(await findings(), [], 'while it waits')
    await receive(api, return_id)
    await returned(api, return_id)
    assert.deepEqual(await findings(), [], 'once it is over')

    const changes: [database: string, change: string, back: string][] = [
      [
        'cliente_service',
        `update credit_holds set status = 'held' where transaction_id = '${deal.id}'`,
        `update credit_holds set status = 'returned' where transaction_id = '${deal.id}'`,
      ],
      [
        'pagamento_service',
        `update payments set status = 'completed' where transaction_id = '${deal.id}'`,
        `update payments set status = 'refunded' where transaction_id = '${deal.id}'`,
      ],
      [
        'veiculo_service',
        `update vehicle_returns set status = 'held' where return_id = '${return_id}'`,
        `update vehicle_returns set status = 'taken_back' where return_id = '${return_id}'`,
      ],
      [
        'orquestrador',
        `update purchase_returns set status = 'cancelled' where return_id = '${return_id}'`,
        `update purchase_returns set status = 'completed' where return_id = '${return_id}'`,
      ],
    ]
    for (const [name, change, back] of changes) {
      await api.databaseOf(name).query(change)
      const found = await findings()
      assert.ok(
        found.some(({ subject }) => subject === deal.id || subject === return_id),
        `${name}: ${JSON.stringify(found)}`,
      )
      await api.databaseOf(name).query(back)
    }
    assert.deepEqual(await findings(), [])
  })
}

test('a purchase whose return was called off is as before: it can be redone, and returned after all', async () => {
  const deal = await bought('cash')
  const { return_id } = await askReturn(api, deal.id)
  assert.equal((await api.call(ORQUESTRADOR, 'POST', `/returns/${return_id}/cancel`, {})).status, 200)
  assert.equal((await settled(api, return_id)).status, 'CANCELLED')
  assert.deepEqual(await findings(), [])
  assert.equal((await api.run('ops', 'saga', 'redo', deal.id, '--reason', 'to be sure')).code, 0)
  assert.equal((await settled(api, deal.id)).status, 'COMPLETED')
  const again = await askReturn(api, deal.id)
  await receive(api, again.return_id)
  await returned(api, again.return_id)
  await isUndone(deal)
  assert.deepEqual(await findings(), [])
})
