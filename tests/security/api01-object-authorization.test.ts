/** OWASP API1:2023 Broken object level authorization: other people's objects are answered as if they did not exist. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { generateCpf } from '@brazilian-utils/brazilian-utils'
import {
  buy,
  CLIENTE,
  customerWith,
  ORQUESTRADOR,
  PAGAMENTO,
  settled,
  startSystem,
  until,
  VEICULO,
  vehicleAt,
} from '../fixtures/system.ts'
import { attackOn } from './attack.ts'

const attack = attackOn('API1')
const api = await startSystem()
const door = api.system.addressOf('gateway')

const victim = await customerWith(api, { initial_balance: 90_000, credit_limit: 50_000 })
const thief = await customerWith(api, { initial_balance: 90_000 })
const asVictim = await api.as({ role: 'customer', customer_id: victim })
const asThief = await api.as({ role: 'customer', customer_id: thief })

const bought = await buy(api, victim, await vehicleAt(api, 10_000))
const { context: paid } = await settled(api, bought)
const waiting = await buy(api, victim, await vehicleAt(api, 20_000), 'pix')
const code: string = await until('the code is there', async () => {
  const { body } = await api.call(ORQUESTRADOR, 'GET', `/saga-states/${waiting}`)
  return body.context.payment_code
})

type Try = readonly [service: string, method: string, path: string, body?: object]

const triesOn = (id: number | string, saga: string, payment_code: string, payment: number | string): readonly Try[] => [
  [CLIENTE, 'GET', `/customers/${id}`],
  [CLIENTE, 'HEAD', `/customers/${id}`],
  [CLIENTE, 'PUT', `/customers/${id}`, { email: 'thief@example.com' }],
  [CLIENTE, 'PUT', `/customers/${id}`, { refund_pix_key: 'thief@example.com' }],
  [CLIENTE, 'GET', `/customers/${id}/statement`],
  [CLIENTE, 'GET', `/customers/${id}/statement?limit=1&cursor=MQ`],
  [CLIENTE, 'GET', `/customers/${id}/vehicles`],
  [CLIENTE, 'GET', `/customers/${id}/vehicles?status_filter=sold`],
  [PAGAMENTO, 'GET', `/payment-codes/${payment_code}`],
  [PAGAMENTO, 'GET', `/payment-codes/${payment_code}/qr.svg`],
  [PAGAMENTO, 'POST', '/payments', { payment_code }],
  [PAGAMENTO, 'GET', `/payments/${payment}`],
  [ORQUESTRADOR, 'POST', '/purchase', { customer_id: Number(id), vehicle_id: 1, payment_type: 'cash' }],
  [ORQUESTRADOR, 'POST', '/purchase', { customer_id: Number(id), vehicle_id: 1, payment_type: 'credit' }],
  [ORQUESTRADOR, 'POST', '/purchase', { customer_id: Number(id), vehicle_id: 1, payment_type: 'pix' }],
  [ORQUESTRADOR, 'GET', `/saga-states/${saga}`],
  [ORQUESTRADOR, 'GET', `/saga-states/${saga.toUpperCase()}`],
  [ORQUESTRADOR, 'GET', `/saga-states/${saga}/history`],
  [ORQUESTRADOR, 'GET', `/saga-states/${saga}/events`],
  [ORQUESTRADOR, 'GET', `/saga-states/${saga}/events?last_event_id=1`],
  [ORQUESTRADOR, 'POST', `/purchase/${saga}/cancel`, {}],
  [ORQUESTRADOR, 'GET', `/saga-states?customer_id=${id}`],
]

async function ask(
  url: string,
  method: string,
  path: string,
  body: object | undefined,
  headers: Record<string, string>,
) {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  })
  return { status: response.status, text: await response.text() }
}

test('other people’s customers, purchases, codes and payments are answered word for word as those that do not exist', async () => {
  const theirs = triesOn(victim, waiting, code, paid.payment_id)
  const absent = triesOn(999_999, '019b0000-0000-7000-8000-000000000000', 'nosuchcode', 999_999)
  for (const [index, [service, method, path, body]] of theirs.entries()) {
    const [, , nowhere = '', nothing] = absent[index] ?? []
    for (const url of [api.system.addressOf(service), door]) {
      const found = await ask(url, method, path, body, asThief)
      const missing = await ask(url, method, nowhere, nothing, asThief)
      await attack.refused(`${method} ${path} at ${url}`, found, 404)
      // all but the path that was asked for
      const wordsOf = ({ text }: { text: string }) => (text ? { ...JSON.parse(text), instance: '' } : '')
      assert.deepEqual(wordsOf(found), wordsOf(missing), `${method} ${path}`)
    }
  }
})

test('an id that is written otherwise is no way around: as a text, with a sign, in another base, twice', async () => {
  const forms = [
    `0${victim}`,
    `${victim}.0`,
    `${victim}e0`,
    `%3${victim}`,
    `+${victim}`,
    `%20${victim}`,
    `0x${victim.toString(16)}`,
  ]
  const odd = [
    `${victim},${thief}`,
    `${thief}%00${victim}`,
    `${victim}%0a`,
    `..%2f${victim}`,
    '-1',
    '0',
    '9007199254740993',
    '1e400',
  ]
  for (const form of [...forms, ...odd])
    await attack.refused(
      `/customers/${form}`,
      api.call(CLIENTE, 'GET', `/customers/${form}`, undefined, asThief),
      400,
      404,
      422,
    )
  for (const query of [
    `customer_id=${thief}&customer_id=${victim}`,
    `customer_id[]=${victim}`,
    `customer_id=${victim}%20or%201=1`,
    `CUSTOMER_ID=${victim}`,
    `limit=1&customer_id=${thief}%26customer_id=${victim}`,
  ]) {
    const { status, body } = await api.call(ORQUESTRADOR, 'GET', `/saga-states?${query}`, undefined, asThief)
    const sagas: { customer_id: number }[] = body.sagas ?? []
    attack.failed(query, status >= 400 || sagas.every(({ customer_id }) => customer_id === thief))
  }
})

test('lists show a customer their own, whatever they filter by', async () => {
  for (const [service, path] of [
    [PAGAMENTO, '/payment-codes'],
    [PAGAMENTO, `/payment-codes?transaction_id=${waiting}`],
    [PAGAMENTO, '/payment-codes?status=pending&limit=100'],
    [PAGAMENTO, '/payments'],
    [PAGAMENTO, `/payments?transaction_id=${bought}`],
  ] as const) {
    const { body } = await api.call(service, 'GET', path, undefined, asThief)
    attack.failed(path, Array.isArray(body) && body.length === 0)
    assert.ok(
      (await api.call(service, 'GET', path, undefined, asVictim)).body.length > 0,
      'there is something to be seen',
    )
  }
  for (const path of ['/saga-states', '/saga-states?status=COMPLETED', `/saga-states?cursor=${randomUUID()}`]) {
    const { body } = await api.call(ORQUESTRADOR, 'GET', path, undefined, asThief)
    attack.failed(path, body.sagas.length === 0)
  }
})

test('a key that somebody else has used gives a thief neither their answer nor a look at it', async () => {
  const key = { 'idempotency-key': randomUUID() }
  const order = { customer_id: victim, vehicle_id: await vehicleAt(api, 5_000), payment_type: 'cash' }
  const { body: own } = await api.call(ORQUESTRADOR, 'POST', '/purchase', order, { ...asVictim, ...key })
  assert.ok(own.transaction_id)
  await attack.refused(
    'the same order',
    api.call(ORQUESTRADOR, 'POST', '/purchase', order, { ...asThief, ...key }),
    404,
  )
  const mine = { ...order, customer_id: thief, vehicle_id: await vehicleAt(api, 5_000) }
  const { status, body } = await api.call(ORQUESTRADOR, 'POST', '/purchase', mine, { ...asThief, ...key })
  attack.failed('an order of their own', status === 202 && body.transaction_id !== own.transaction_id)

  // two people of the staff have keys of their own too
  const [one, other] = await Promise.all(['rita', 'joao'].map((subject) => api.as({ role: 'staff', subject })))
  const car = (chassi_number: string, license_plate: string, renavam: string) => ({
    ...{ brand: 'Fiat', model: 'Uno', year: 2010, color: 'Azul', price: 9_000 },
    ...{ chassi_number, license_plate, renavam },
  })
  const first = await api.call(VEICULO, 'POST', '/vehicles', car('9BD00000000000001', 'AAA1A11', '00639884962'), {
    ...one,
    ...key,
  })
  const second = await api.call(VEICULO, 'POST', '/vehicles', car('9BD00000000000002', 'AAA1A12', '12345678900'), {
    ...other,
    ...key,
  })
  attack.failed('a colleague’s key', first.status === 201 && second.status === 201 && first.body.id !== second.body.id)
})

test('a registration that is refused does not say which of the two is known here: the document or the e-mail', async () => {
  const known = { document: generateCpf(), email: 'known@example.com' }
  const registered = (who: { document: string; email: string }) =>
    api.call(CLIENTE, 'POST', '/customers', { name: 'Eva Lima', phone: '11987654321', ...who }, { authorization: '' })
  assert.equal((await registered(known)).status, 201)
  const answers = await Promise.all([
    registered({ ...known, email: 'other@example.com' }),
    registered({ ...known, document: generateCpf() }),
    registered({ ...known, email: 'KNOWN@example.com', document: generateCpf() }),
    registered(known),
  ])
  for (const answer of answers) {
    await attack.refused('registered again', answer, 409)
    assert.deepEqual(answer.body, answers[0]?.body)
  }
})

test('the vehicle and the money are still where they were', async () => {
  const { body } = await api.call(CLIENTE, 'GET', `/customers/${victim}`, undefined, asVictim)
  assert.match(body.email, /^ana-/)
  assert.equal(body.refund_pix_key, undefined)
  const { body: saga } = await api.call(ORQUESTRADOR, 'GET', `/saga-states/${waiting}`, undefined, asVictim)
  assert.equal(saga.status, 'IN_PROGRESS')
})

attack.tell()
