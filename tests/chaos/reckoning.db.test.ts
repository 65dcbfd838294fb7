/** The reckoning finds nothing when all is well, and finds each fault that a test makes. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import pg from 'pg'
import { databasePrefix, testServer } from '../fixtures/database.ts'
import { customerWith, ORQUESTRADOR, settled, startSystem, until, vehicleAt } from '../fixtures/system.ts'
import { noPromises } from './promises.ts'
import { reckon, unsettled } from './reckoning.ts'

const prefix = databasePrefix()
const place = { url: testServer(), prefix }
const api = await startSystem({ DATABASE_PREFIX: prefix })
const promises = noPromises()
const PRICE_CENTS = 100_000

async function buyOne(payment_type: 'cash' | 'credit', funded: boolean): Promise<string> {
  const reais = funded ? 5_000 : 1_000
  const customer_id = await customerWith(api, { initial_balance: reais, credit_limit: reais })
  promises.customers.set(customer_id, { balance_cents: reais * 100, limit_cents: reais * 100 })
  // the simulated provider declines a price that ends in 13 cents
  const price_cents = funded ? PRICE_CENTS : 90_013
  const vehicle_id = await vehicleAt(api, price_cents / 100)
  promises.vehicles.set(vehicle_id, price_cents)
  const key = randomBytes(8).toString('hex')
  const order = { customer_id, vehicle_id, payment_type }
  const { body } = await api.call(ORQUESTRADOR, 'POST', '/purchase', order, { 'idempotency-key': key })
  promises.accepted.set(body.transaction_id, { key, ...order })
  await settled(api, body.transaction_id)
  return body.transaction_id
}

const bought = await buyOne('cash', true)
await buyOne('credit', true)
const declined = await buyOne('cash', false)
await until('all is settled', async () => [...(await unsettled(place)).values()].every((count) => count === 0))

async function inDatabase(service: string, sql: string): Promise<number> {
  const url = new URL(testServer())
  url.pathname = `/${prefix}${service}`
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  try {
    return (await client.query(sql)).rowCount ?? 0
  } finally {
    await client.end()
  }
}

test('finds nothing when all is well', async () => {
  const { findings, outcomes } = await reckon(place, promises, true)
  assert.deepEqual(findings, [])
  assert.deepEqual(Object.fromEntries(outcomes), { COMPLETED: 2, FAILED_COMPENSATED: 1 })
})

/** A fault, and how it is put right again. */
const WRONGS: readonly (readonly [service: string, wrong: string, right: string, said: RegExp])[] = [
  [
    'cliente_service',
    'update customers set account_balance_cents = account_balance_cents + 1 where id = 1',
    'update customers set account_balance_cents = account_balance_cents - 1 where id = 1',
    /do not make the|does not end at the balance/,
  ],
  [
    'cliente_service',
    'update customers set used_credit_cents = used_credit_cents - 1 where used_credit_cents > 0',
    'update customers set used_credit_cents = used_credit_cents + 1 where used_credit_cents > 0',
    /of the credit are used/,
  ],
  [
    'cliente_service',
    `update credit_holds set status = 'held' where transaction_id = '${declined}'`,
    `update credit_holds set status = 'released' where transaction_id = '${declined}'`,
    /its hold still stands/,
  ],
  [
    'cliente_service',
    `update ledger set amount_cents = amount_cents + 1 where transaction_id = '${bought}'`,
    `update ledger set amount_cents = amount_cents - 1 where transaction_id = '${bought}'`,
    /does not add up/,
  ],
  [
    'cliente_service',
    `update vehicle_catalogue set status = 'reserved' where transaction_id is null`,
    `update vehicle_catalogue set status = 'available' where transaction_id is null`,
    /buyers are shown/,
  ],
  [
    'veiculo_service',
    `update vehicle_reservations set status = 'released' where transaction_id = '${bought}'`,
    `update vehicle_reservations set status = 'sold' where transaction_id = '${bought}'`,
    /its reservation is released/,
  ],
  [
    'veiculo_service',
    `update vehicles set pickup_print = null, pickup_code = pickup_print where sold_to_transaction = '${bought}'`,
    `update vehicles set pickup_print = pickup_code where sold_to_transaction = '${bought}'`,
    /opens no door/,
  ],
  [
    'veiculo_service',
    `update vehicles set status = 'reserved', reserved_by = '${declined}' where status = 'available'`,
    `update vehicles set status = 'available', reserved_by = null where reserved_by = '${declined}'`,
    /not its holder's/,
  ],
  [
    'pagamento_service',
    `update payments set status = 'completed' where transaction_id = '${declined}'`,
    `update payments set status = 'failed' where transaction_id = '${declined}'`,
    /its payment is not given back/,
  ],
  [
    'pagamento_service',
    `update payments set amount_cents = amount_cents + 1 where transaction_id = '${bought}'`,
    `update payments set amount_cents = amount_cents - 1 where transaction_id = '${bought}'`,
    /cents are paid/,
  ],
  [
    'pagamento_service',
    `update payment_codes set status = 'voided' where transaction_id = '${bought}'`,
    `update payment_codes set status = 'used' where transaction_id = '${bought}'`,
    /its code is voided/,
  ],
  [
    'orquestrador',
    `update sagas set transaction_id = '00000000-0000-7000-8000-000000000001' where transaction_id = '${bought}'`,
    `update sagas set transaction_id = '${bought}' where transaction_id = '00000000-0000-7000-8000-000000000001'`,
    /and is lost/,
  ],
  [
    'orquestrador',
    `update sagas set status = 'IN_PROGRESS' where transaction_id = '${bought}'`,
    `update sagas set status = 'COMPLETED' where transaction_id = '${bought}'`,
    /that is no end/,
  ],
  [
    'orquestrador',
    `update saga_history set what = 'started' where transaction_id = '${bought}' and step = 'VEHICLE_RESERVATION'`,
    `update saga_history set what = 'x' where transaction_id = '${bought}' and step = 'VEHICLE_RESERVATION'`,
    /began 2 times/,
  ],
  [
    'orquestrador',
    `insert into idempotency_keys (scope, key, request_hash, answer) values ('none', 'one more', '', '{}')`,
    `delete from idempotency_keys where scope = 'none'`,
    /purchases are under \d+ keys/,
  ],
  [
    'pagamento_service',
    `insert into dead_letters (subscription, message_id, message, reason, attempts) values ('a-sub', 'x', '{}', 'it broke', 5)`,
    `delete from dead_letters where message_id = 'x'`,
    /could not handle a-sub: it broke/,
  ],
  [
    'veiculo_service',
    `insert into outbox (id, messages) values ('00000000-0000-7000-8000-000000000001', '[]')`,
    'delete from outbox',
    /the outbox of veiculo_service/,
  ],
]

test('finds and names each fault that a test makes', async () => {
  for (const [service, wrong, right, said] of WRONGS) {
    assert.ok((await inDatabase(service, wrong)) > 0, `${wrong}: it changes nothing`)
    const { findings } = await reckon(place, promises, true)
    assert.match(findings.join('\n'), said, wrong)
    await inDatabase(service, right)
    assert.deepEqual((await reckon(place, promises, true)).findings, [], right)
  }
})

test('finds a broken promise', async () => {
  const of = async (broken: Partial<typeof promises>) =>
    (await reckon(place, { ...promises, ...broken }, true)).findings.join('\n')
  assert.match(await of({ cancelled: new Set([bought]) }), /is being cancelled, and is COMPLETED/)
  assert.match(await of({ paid: new Set([declined]) }), /that it is paid/)
  assert.match(await of({ pickedUp: new Set([...promises.vehicles.keys()]) }), /was handed over/)
  assert.match(await of({ strange: ['POST /purchase 500'] }), /strange answer/)
})
