/** A long audit does not delay a stop of the process, and is reported as stopped. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PurchaseRecord } from '#contracts'
import { systemClock } from '#platform/clock'
import { testDatabase } from '../../../tests/fixtures/database.ts'
import { findAudit, lastAudit } from './audit-store.ts'
import { auditor } from './auditor.ts'

const { database } = await testDatabase(new URL('../migrations/', import.meta.url))
const timestamp = systemClock.now().toISOString()

const purchase = (number: number): PurchaseRecord => ({
  transaction_id: `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`,
  customer_id: 1,
  vehicle_id: 1,
  amount: 100,
  payment_type: 'cash',
  status: 'FAILED',
  current_step: 'COMPENSATION_COMPLETE',
  deadline: null,
  given_up: [],
  updated_at: timestamp,
  return: null,
})

test('a process that stops leaves its audit behind the page that it is at', async () => {
  const begun = Promise.withResolvers<void>()
  let pages = 0
  const audits = auditor({
    database,
    clock: systemClock,
    everyMs: 0,
    onError: (error) => assert.fail(String(error)),
    sources: {
      ask: async () => ({ status: 200, content: { records: [], timestamp } }),
      own: {
        /** There is always one more. */
        page: (_after, limit) => {
          pages += 1
          if (pages === 3) begun.resolve()
          return Promise.resolve(Array.from({ length: limit }, (_, index) => purchase(pages * limit + index)))
        },
        returned: async () => [],
        named: async () => [],
        waiting: async () => assert.fail('it never comes so far'),
        suspicions: async () => assert.fail('it never comes so far'),
      },
    },
  })
  const { id } = await audits.begin('admin', null)
  await begun.promise
  await audits[Symbol.asyncDispose]()
  const audit = await findAudit(database, id)
  assert.deepEqual([audit?.status, audit?.failure], ['failed', 'the process that ran it was stopped'])
  assert.ok((audit?.compared.purchases ?? 0) >= 1_000)
  assert.equal((await lastAudit(database)).finished, undefined)
})
