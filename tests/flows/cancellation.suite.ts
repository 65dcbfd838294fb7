/** The buyer gives up, at every step: each step is held still by a lock on the row or table that its owner needs. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { databasePrefix } from '../fixtures/database.ts'
import { holdInTransaction } from '../fixtures/hold.ts'
import {
  buy,
  customerOf,
  customerWith,
  ORQUESTRADOR,
  sagaOf,
  settled,
  startSystem,
  stepsOf,
  until,
  vehicleAt,
  vehicleOf,
} from '../fixtures/system.ts'

interface Case {
  readonly step: string
  readonly database: string
  readonly hold: string
  readonly undone: readonly string[]
}

const cases: readonly Case[] = [
  {
    step: 'CREDIT_RESERVATION',
    database: 'cliente_service',
    hold: 'lock table credit_holds in exclusive mode',
    undone: ['CANCELLATION_CREDIT_RELEASE'],
  },
  {
    step: 'VEHICLE_RESERVATION',
    database: 'veiculo_service',
    hold: 'lock table vehicle_reservations in exclusive mode',
    undone: ['CANCELLATION_VEHICLE_RELEASE', 'CANCELLATION_CREDIT_RELEASE'],
  },
  {
    step: 'PAYMENT_CODE_GENERATION',
    database: 'pagamento_service',
    hold: 'lock table payment_codes in exclusive mode',
    undone: ['CANCELLATION_PAYMENT_REFUND', 'CANCELLATION_VEHICLE_RELEASE', 'CANCELLATION_CREDIT_RELEASE'],
  },
  {
    step: 'PAYMENT_PROCESSING',
    database: 'pagamento_service',
    hold: 'lock table payments in exclusive mode',
    undone: ['CANCELLATION_PAYMENT_REFUND', 'CANCELLATION_VEHICLE_RELEASE', 'CANCELLATION_CREDIT_RELEASE'],
  },
]

export async function cancellationFlows(environment: Record<string, string> = {}): Promise<void> {
  const prefix = databasePrefix()
  const api = await startSystem({ DATABASE_PREFIX: prefix, ...environment })
  const holdStill = (database: string, statement: string) => holdInTransaction(`${prefix}${database}`, statement)

  for (const { step, database, hold, undone } of cases) {
    test(`a buyer who gives up at ${step} gets everything back`, async () => {
      const customer = await customerWith(api, { initial_balance: 9_000 })
      const vehicle = await vehicleAt(api, 9_000)
      const release = await holdStill(database, hold)
      const transaction = await buy(api, customer, vehicle)
      await until(`it is at ${step}`, async () => (await sagaOf(api, transaction)).current_step === step)

      const cancelled = await api.call(ORQUESTRADOR, 'POST', `/purchase/${transaction}/cancel`, {
        reason: 'changed my mind',
      })
      assert.equal(cancelled.status, 200, JSON.stringify(cancelled.body))
      assert.equal(cancelled.body.status, 'CANCELLING')
      const again = await api.call(ORQUESTRADOR, 'POST', `/purchase/${transaction}/cancel`)
      assert.deepEqual([again.status, again.body.detail], [409, 'Cancellation already in progress'])
      await release()

      const saga = await settled(api, transaction)
      assert.equal(saga.status, 'CANCELLED')
      assert.equal(saga.context.cancellation_reason, 'changed my mind')
      const steps = await stepsOf(api, transaction)
      assert.deepEqual(steps.slice(steps.indexOf(step) + 1), [...undone, 'CANCELLATION_COMPLETE'])
      assert.equal((await customerOf(api, customer)).account_balance, 9_000)
      assert.equal((await vehicleOf(api, vehicle)).status, 'available')
    })
  }

  test('a purchase past the point of no return cannot be given up', async () => {
    const customer = await customerWith(api, { initial_balance: 7_000 })
    const vehicle = await vehicleAt(api, 7_000)
    // the vehicle's reservation exists by then: only its sale needs the row again
    const held = await holdStill('pagamento_service', 'lock table payments in exclusive mode')
    const transaction = await buy(api, customer, vehicle)
    await until(
      'it waits for its payment',
      async () => (await sagaOf(api, transaction)).current_step === 'PAYMENT_PROCESSING',
    )
    const sale = await holdStill('veiculo_service', `select from vehicles where id = ${vehicle} for update`)
    await held()
    await until(
      'it is past the point',
      async () => (await sagaOf(api, transaction)).current_step === 'MARK_VEHICLE_AS_SOLD',
    )
    const late = await api.call(ORQUESTRADOR, 'POST', `/purchase/${transaction}/cancel`)
    assert.deepEqual([late.status, late.body.detail], [400, 'Transaction too advanced to cancel'])
    await sale()
    assert.equal((await settled(api, transaction)).status, 'COMPLETED')
    const later = await api.call(ORQUESTRADOR, 'POST', `/purchase/${transaction}/cancel`)
    assert.deepEqual([later.status, later.body.detail], [400, 'Cannot cancel transaction with status: COMPLETED'])
  })

  test('nobody can give up a purchase that does not exist', async () => {
    const unknown = await api.call(ORQUESTRADOR, 'POST', '/purchase/0199d0a0-0000-7000-8000-000000000000/cancel')
    assert.deepEqual([unknown.status, unknown.body.detail], [404, 'Transaction not found'])
  })
}
