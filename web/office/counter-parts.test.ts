/** The sums of a sale at the counter: received, promised and still due. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Payment } from '../../clients/typescript/operations.ts'
import { partsFor } from './counter-parts.ts'

const payment = (id: number, amount: number, state: string): Payment => ({
  ...{ id, amount, state, payment_method: 'transfer', payment_type: 'counter', status: 'completed' },
  ...{ transaction_id: '', customer_id: 1, vehicle_id: 1, payment_code: 'x', processed_at: '', created_at: '' },
})

test('received and promised parts count, struck ones do not, and cents are not lost', () => {
  const { received, promised, due, parts } = partsFor({ amount: 100.3 }, [
    payment(3, 40, 'reversed'),
    payment(2, 60.2, 'promised'),
    payment(1, 10.1, 'received'),
  ])
  assert.deepEqual([received, promised, due], [10.1, 60.2, 30])
  assert.deepEqual(
    parts.map(({ id, counts }) => [id, counts]),
    [
      [1, true],
      [2, true],
      [3, false],
    ],
  )
})

test('a car that is worth more than was due leaves nothing due', () => {
  assert.equal(partsFor({ amount: 100 }, [payment(1, 100, 'received'), payment(2, 20, 'received')]).due, 0)
})
