/** A PSP that can't be reached at all: purchases by Pix fail cleanly, and the others do not notice. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buy, customerWith, settled, startSystem, vehicleAt, vehicleOf } from '../fixtures/system.ts'
import { inFiles } from './certificates.ts'
import { CLIENT_ID, CLIENT_SECRET, PIX_KEY, startPsp } from './psp.ts'

const gone = await startPsp()
await gone[Symbol.asyncDispose]()
const files = await inFiles({
  certificate: gone.client.certificate,
  key: gone.client.key,
  ca: gone.authority.certificate,
})
const api = await startSystem({
  LOG_LEVEL: 'silent',
  SAGA_STEP_TIMEOUT_SECONDS: '1',
  PAYMENT_PROVIDER: 'pix',
  PIX_BASE_URL: gone.baseUrl,
  PIX_TOKEN_URL: gone.tokenUrl,
  PIX_CLIENT_ID: CLIENT_ID,
  PIX_CLIENT_SECRET: CLIENT_SECRET,
  PIX_CERTIFICATE_FILE: files.certificate,
  PIX_KEY_FILE: files.key,
  PIX_CA_FILE: files.ca,
  PIX_KEY,
})

test('a purchase by Pix gives the vehicle back without an operator, and it can be bought in cash', async () => {
  const vehicle = await vehicleAt(api, 40_000)
  const saga = await settled(api, await buy(api, await customerWith(api), vehicle, 'pix'))
  assert.deepEqual([saga.status, saga.context.failure_reason], ['FAILED_COMPENSATED', 'timed_out'])
  assert.equal((await vehicleOf(api, vehicle)).status, 'available')
  const customer = await customerWith(api, { initial_balance: 40_000 })
  assert.equal((await settled(api, await buy(api, customer, vehicle, 'cash'))).status, 'COMPLETED')
})
