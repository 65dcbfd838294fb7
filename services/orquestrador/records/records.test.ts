/** The order in which the records of several services are read, so that a missing record is really missing. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PurchaseRecord } from '#contracts'
import type { AskPeer } from '#platform/peers'
import { namedRecords, type RecordSources } from './records.ts'

const ID = '019b0000-0000-7000-8000-000000000001'
const hold = { transaction_id: ID, customer_id: 1, amount: 10, payment_type: 'cash', status: 'held', moved: -10 }

/** Peers that get the purchase's commands while our own records are being read. */
function sources(): RecordSources & { readonly read: readonly string[] } {
  const read: string[] = []
  const ask: AskPeer = (service) => {
    read.push(service)
    const records = service === 'cliente-service' ? [hold] : []
    return Promise.resolve({ status: 200, content: { records, timestamp: '2026-03-02T12:00:00.000Z' } })
  }
  const named = async () => {
    await new Promise((resolve) => setImmediate(resolve))
    read.push('own')
    return [{ transaction_id: ID } as PurchaseRecord]
  }
  return { read, ask, own: { named } as unknown as RecordSources['own'] }
}

test('peers are asked after the purchase is read: an effect that is missing then was never made', async () => {
  const from = sources()
  const found = await namedRecords(from, [ID])
  assert.deepEqual(from.read, ['own', 'cliente-service', 'veiculo-service', 'pagamento-service'])
  assert.deepEqual(found.get(ID), { purchase: { transaction_id: ID }, hold })
})
