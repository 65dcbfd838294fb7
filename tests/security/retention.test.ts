/** Twelve years later, on the whole system: every service has deleted the records that the law kept, and customers who never came back. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import pino from 'pino'
import { systemClock } from '#platform/clock'
import { readConfig } from '#platform/config'
import { startEmbedded } from '../../app/embedded/embedded.ts'
import { databasePrefix, testServer } from '../fixtures/database.ts'
import {
  buy,
  CLIENTE,
  customerOf,
  customerWith,
  ORQUESTRADOR,
  PAGAMENTO,
  settled,
  startSystem,
  until,
  VEICULO,
  vehicleAt,
  vehicleOf,
} from '../fixtures/system.ts'

const DATA_DIR = await mkdtemp(join(tmpdir(), 'mercado-veiculo-retention-'))
after(() => rm(DATA_DIR, { recursive: true, force: true }))
const own = { DATA_DIR, DATABASE_PREFIX: databasePrefix() }
const api = await startSystem(own)

/** The same system on the same databases, as it is started then: it tidies up at once. */
function startIn(years: number) {
  const ahead = years * 365.25 * 86_400_000
  const ports = ['CLIENTE', 'VEICULO', 'PAGAMENTO', 'ORQUESTRADOR', 'GATEWAY'].map((name) => [`PORT_${name}`, '0'])
  const config = readConfig({ ...Object.fromEntries(ports), DATABASE_URL: testServer(), ...own })
  const clock = { now: () => new Date(systemClock.now().getTime() + ahead) }
  return startEmbedded({ config, clock, log: pino({ level: 'fatal' }) })
}

test('records are kept for as long as the law says and no longer; a person who is not erased keeps all data', async () => {
  const [gone, idle, rich] = [
    await customerWith(api, { initial_balance: 50_000 }),
    await customerWith(api),
    await customerWith(api, { initial_balance: 10 }),
  ]
  const vehicle = await vehicleAt(api, 50_000)
  const transaction = await buy(api, gone, vehicle)
  assert.equal((await settled(api, transaction)).status, 'COMPLETED')
  // they ask themselves: an erasure that an admin decides alone is a finding of the audit
  const asGone = await api.as({ role: 'customer', customer_id: gone })
  await until('the sale is known to cliente-service', async () => {
    const { status } = await api.call(CLIENTE, 'DELETE', `/customers/${gone}`, undefined, asGone)
    return status === 202
  })
  const erasure = async (status: string) =>
    until(`the erasure is ${status}`, async () => {
      const { body } = await api.call(CLIENTE, 'GET', `/customers/${gone}/erasure`)
      return body.status === status && body
    })
  await erasure('RETAINED')
  const held = async () => {
    const statement = await api.call(CLIENTE, 'GET', `/customers/${gone}/statement`)
    const payments = await api.call(PAGAMENTO, 'GET', `/payments?transaction_id=${transaction}`)
    const codes = await api.call(PAGAMENTO, 'GET', `/payment-codes?transaction_id=${transaction}`)
    const saga = await api.call(ORQUESTRADOR, 'GET', `/saga-states/${transaction}`)
    const history = await api.call(ORQUESTRADOR, 'GET', `/saga-states/${transaction}/history`)
    const reservations = await reservationsOf(gone)
    return [statement.body.total, payments.body.length, codes.body.length, saga.status, history.status, reservations]
  }
  assert.deepEqual(await held(), [2, 1, 1, 200, 200, 1])

  {
    await using _later = await startIn(10)
    await until('who never came back is erased', async () => (await customerOf(api, idle)).status === 'erased')
  }
  assert.deepEqual(await held(), [2, 1, 1, 200, 200, 1], 'ten years are less than 132 months')

  await using _later = await startIn(12)
  const { records_erased_at, retained } = await erasure('COMPLETED')
  assert.ok(Date.parse(records_erased_at) > Date.parse(retained[0].until))
  assert.deepEqual(await held(), [0, 0, 0, 404, 404, 0])
  assert.equal((await vehicleOf(api, vehicle)).status, 'sold')
  assert.deepEqual(
    [(await customerOf(api, rich)).status, (await customerOf(api, rich)).account_balance],
    ['active', 10],
  )
  const { body: begun } = await api.call(ORQUESTRADOR, 'POST', '/audits', {})
  const audit = await until('it is audited', async () => {
    const { body } = await api.call(ORQUESTRADOR, 'GET', `/audits/${begun.id}`)
    return body.status !== 'running' && body
  })
  assert.deepEqual([audit.status, audit.findings], ['finished', []], 'what is left agrees')
})

async function reservationsOf(customer_id: number): Promise<number> {
  const service = await api.as({ role: 'service', subject: 'cliente-service' })
  const { body } = await api.call(VEICULO, 'GET', `/personal-data?customer_id=${customer_id}`, undefined, service)
  return body.reservations.length
}
