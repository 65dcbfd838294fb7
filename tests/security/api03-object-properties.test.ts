/** OWASP API3:2023 Broken object property level authorization: callers cannot set, or see, fields that are not theirs. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  buy,
  CLIENTE,
  customerOf,
  customerWith,
  ORQUESTRADOR,
  PAGAMENTO,
  settled,
  startSystem,
  VEICULO,
  vehicleAt,
  vehicleOf,
} from '../fixtures/system.ts'
import { attackOn } from './attack.ts'

const attack = attackOn('API3')
const api = await startSystem()
const own = await customerWith(api, { initial_balance: 10_000, credit_limit: 500 })
const asOwn = await api.as({ role: 'customer', customer_id: own })
const vehicle = await vehicleAt(api, 6_000)

const FOREIGN: Readonly<Record<string, unknown>> = {
  id: 1,
  customer_id: 1,
  status: 'active',
  account_balance: 1_000_000,
  account_balance_cents: 100_000_000,
  available_credit: 1_000_000,
  used_credit: 0,
  credit_limit_cents: 1,
  document: '11144477735',
  role: 'admin',
  is_admin: true,
  blocked_reason: null,
  blocked_at: null,
  created_at: '2020-01-01T00:00:00Z',
  updated_at: '2020-01-01T00:00:00Z',
  row_version: '1',
  constructor: { prototype: { role: 'admin' } },
}

test('no field but those of the contract is taken, by any route', async () => {
  const person = { name: 'Eva Lima', email: 'eva@example.com', phone: '11987654321', document: '52998224725' }
  const car = { brand: 'Fiat', model: 'Uno', year: 2010, color: 'Azul', price: 9_000 }
  const identity = { license_plate: 'AAA1A11', chassi_number: '9BD00000000000001', renavam: '00639884962' }
  const order = { customer_id: own, vehicle_id: vehicle, payment_type: 'cash' }
  const routes = [
    [CLIENTE, 'POST', '/customers', person, Object.entries(FOREIGN).filter(([name]) => name !== 'document')],
    [CLIENTE, 'PUT', `/customers/${own}`, { name: 'Eva Lima' }, Object.entries(FOREIGN)],
    [
      VEICULO,
      'POST',
      '/vehicles',
      { ...car, ...identity },
      Object.entries({
        id: 1,
        status: 'sold',
        is_sold: true,
        is_reserved: true,
        sold_at: '2020-01-01T00:00:00Z',
        price_cents: 1,
        pickup_code: 'A',
        sold_to_transaction: 'x',
        revision: 9,
      }),
    ],
    [
      VEICULO,
      'PUT',
      `/vehicles/${vehicle}`,
      { color: 'Preto' },
      Object.entries({
        id: 1,
        status: 'available',
        is_sold: false,
        price_cents: 1,
        picked_up_at: null,
        received_by: 'me',
        created_at: 'x',
      }),
    ],
    [
      ORQUESTRADOR,
      'POST',
      '/purchase',
      order,
      Object.entries({
        amount: 1,
        amount_cents: 1,
        price: 1,
        vehicle_price: 1,
        transaction_id: 'x',
        saga_status: 'COMPLETED',
        status: 'COMPLETED',
        discount: 99,
        vehicle: { price: 1 },
      }),
    ],
    [
      PAGAMENTO,
      'POST',
      '/payments',
      { payment_code: 'nosuchcode' },
      Object.entries({
        status: 'completed',
        customer_id: own,
        transaction_id: 'x',
        id: 1,
        processed_at: 'x',
        end_to_end_id: 'E1',
      }),
    ],
    [
      ORQUESTRADOR,
      'POST',
      '/purchase/019b0000-0000-7000-8000-000000000000/cancel',
      {},
      Object.entries({ status: 'CANCELLED', refund: 1_000, customer_id: own }),
    ],
    [
      VEICULO,
      'PATCH',
      `/vehicles/${vehicle}/mark_as_sold`,
      {},
      Object.entries({ price: 1, status: 'sold', pickup_code: 'A', customer_id: own }),
    ],
  ] as const
  for (const [service, method, path, body, foreign] of routes)
    for (const [name, value] of foreign)
      await attack.refused(
        `${method} ${path} with ${name}`,
        api.call(service, method, path, { ...body, [name]: value }),
        ...(name === 'constructor' ? [400] : [422]),
      )
  const { account_balance, status } = await customerOf(api, own)
  assert.deepEqual([account_balance, status], [10_000, 'active'])
})

test('neither the prototype of all objects nor a name that comes twice changes what is meant', async () => {
  const url = api.system.addressOf(CLIENTE)
  const send = async (
    body: string,
    headers: Record<string, string> = asOwn,
    path = `/customers/${own}`,
    method = 'PUT',
  ) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...headers, 'content-type': 'application/json' },
      body,
    })
    return { status: response.status, body: await response.json() }
  }
  for (const body of [
    '{"name":"Eva Lima","__proto__":{"role":"admin"}}',
    '{"name":"Eva Lima","__proto__":{"initial_balance":1000000}}',
    '{"__proto__":{"name":"Eva Lima"}}',
    '{"name":"Eva Lima","constructor":{"prototype":{"initial_balance":1}}}',
    '{"name":"Eva Lima","constructor.prototype.role":"admin"}',
    '{"name":"Eva Lima","\\u005f\\u005fproto\\u005f\\u005f":{"role":"admin"}}',
    '{"consents":{"__proto__":{"marketing":true}}}',
    '{"address":{"__proto__":{"a":1}}}',
    '{"consents":{"constructor":{"prototype":{"a":1}}}}',
    '[{"initial_balance":1000000}]',
    '{"$set":{"initial_balance":1000000}}',
    '{"name":{"$gt":""}}',
    '{"name":["Eva Lima"]}',
  ])
    await attack.refused(body, send(body), 400, 422)
  attack.failed('the prototype has a role', ({} as { role?: string }).role === undefined)
  // a name that comes twice is no JSON that can be meant
  await attack.refused(
    'a balance behind a name',
    send('{"initial_balance":1,"name":"Eva Lima","initial_balance":9}'),
    400,
  )
  await attack.refused('a credit limit that is also none', send('{"credit_limit":null,"credit_limit":9}'), 400)
  for (const money of ['initial_balance', 'credit_limit'])
    for (const amount of [0, 1, 1_000_000])
      await attack.refused(`${money} ${amount}`, send(JSON.stringify({ [money]: amount })), 403)
  assert.equal((await customerOf(api, own)).account_balance, 10_000)
})

test('nobody is shown what is not theirs to see', async () => {
  await api.call(CLIENTE, 'POST', `/customers/${own}/block`, { reason: 'looks like a fraud' })
  const { body: seen } = await api.call(CLIENTE, 'GET', `/customers/${own}`, undefined, asOwn)
  attack.failed('the reason of a block', seen.blocked_reason === undefined)
  await api.call(CLIENTE, 'POST', `/customers/${own}/unblock`, undefined)

  const transaction = await buy(api, own, vehicle)
  await settled(api, transaction)
  await api.call(VEICULO, 'POST', `/vehicles/${vehicle}/pickup`, { pickup_code: 'wrong', received_by: 'Ana Souza' })
  const whole = await vehicleOf(api, vehicle)
  const readers = {
    nobody: { authorization: '' },
    customer: asOwn,
    'another customer': await api.as({ role: 'customer', customer_id: own + 1 }),
  }
  for (const [reader, headers] of Object.entries(readers)) {
    const { body: sold } = await api.call(VEICULO, 'GET', `/vehicles/${vehicle}`, undefined, headers)
    const { body: offered } = await api.call(
      VEICULO,
      'GET',
      `/vehicles/${await vehicleAt(api, 1_000)}`,
      undefined,
      headers,
    )
    for (const shown of [sold, offered]) {
      const text = JSON.stringify(shown)
      for (const secret of [
        whole.chassi_number,
        whole.renavam,
        'pickup_code',
        'sold_to_transaction',
        'received_by',
        'revision',
        'pickup_failures',
      ])
        attack.failed(`${reader} is shown ${secret}`, !text.includes(secret))
      if (shown.id)
        attack.failed(
          `${reader} is shown the plate`,
          /^\*{4}/.test(shown.license_plate) && /^\*{13}/.test(shown.chassi_number),
        )
    }
  }
  for (const role of ['staff', 'admin', 'service'] as const) {
    const headers = await api.as({ role })
    const { status, body } = await api.call(CLIENTE, 'GET', '/customers?limit=100', undefined, headers)
    attack.failed(
      `${role} is shown documents`,
      status === 403 || body.customers.every(({ document }: { document: string }) => /^\*{7}/.test(document)),
    )
    const { body: seenBy } = await api.call(VEICULO, 'GET', `/vehicles/${vehicle}`, undefined, headers)
    attack.failed(`${role} is shown a plate`, seenBy.license_plate.startsWith('****'))
  }
})

attack.tell()
