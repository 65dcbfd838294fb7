/** OWASP API6:2023 Unrestricted access to sensitive business flows: abuses of buying. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
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
  until,
  VEICULO,
  vehicleAt,
  vehicleOf,
} from '../fixtures/system.ts'
import { attackOn } from './attack.ts'

const attack = attackOn('API6')
const api = await startSystem({ OPEN_PIX_PURCHASES_MAX: '3' })

const times = <T>(count: number, make: (n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, n) => make(n)))
const order = (customer_id: number, vehicle_id: number, payment_type: string) => ({
  customer_id,
  vehicle_id,
  payment_type,
})
const asCustomer = (customer_id: number) => api.as({ role: 'customer', customer_id })

test('nobody keeps the whole stock from being sold by purchases that they do not pay', async () => {
  const hoarder = await customerWith(api)
  const headers = await asCustomer(hoarder)
  const stock = await times(12, () => vehicleAt(api, 9_000))
  const ordered = (vehicle: number) =>
    api.call(ORQUESTRADOR, 'POST', '/purchase', order(hoarder, vehicle, 'pix'), headers)
  const answers = await Promise.all(stock.map(ordered))
  const started = answers.filter(({ status }) => status === 202)
  assert.equal(started.length, 3)
  for (const answer of answers.filter(({ status }) => status !== 202))
    await attack.refused('one vehicle more', answer, 409)
  await attack.refused('one vehicle more, later', ordered(stock[11] ?? 0), 409)

  const [first] = started
  const transaction = first?.body.transaction_id
  assert.equal((await api.call(ORQUESTRADOR, 'POST', `/purchase/${transaction}/cancel`, {}, headers)).status, 200)
  await settled(api, transaction)
  assert.equal((await ordered(stock[11] ?? 0)).status, 202, 'who gives one up may have another')
  const other = await customerWith(api)
  const theirs = await api.call(
    ORQUESTRADOR,
    'POST',
    '/purchase',
    order(other, stock[10] ?? 0, 'pix'),
    await asCustomer(other),
  )
  assert.equal(theirs.status, 202, 'others are not held up')
})

test('the same money does not buy twice, however many purchases start at once', async () => {
  for (const [payment_type, money] of [
    ['cash', { initial_balance: 25_000 }],
    ['credit', { credit_limit: 25_000 }],
  ] as const) {
    const buyer = await customerWith(api, money)
    const headers = await asCustomer(buyer)
    const vehicles = await times(10, () => vehicleAt(api, 10_000))
    const answers = await Promise.all(
      vehicles.map((vehicle) =>
        api.call(ORQUESTRADOR, 'POST', '/purchase', order(buyer, vehicle, payment_type), headers),
      ),
    )
    const started = answers.filter(({ status }) => status === 202)
    const ends = await Promise.all(started.map(({ body }) => settled(api, body.transaction_id)))
    const bought = ends.filter(({ status }) => status === 'COMPLETED')
    assert.equal(bought.length, 2)
    for (const answer of answers) {
      const end = ends.find(({ transaction_id }) => transaction_id === answer.body.transaction_id)
      attack.failed(
        `${payment_type}: ${answer.status} ${end?.status}`,
        bought.includes(end) || answer.status === 400 || end?.status === 'FAILED',
      )
    }
    const { account_balance, available_credit } = await customerOf(api, buyer)
    assert.equal(payment_type === 'cash' ? account_balance : available_credit, 5_000)
  }
})

test('one vehicle is sold once, however many buy it at once', async () => {
  const vehicle = await vehicleAt(api, 1_000)
  const buyers = await times(15, () => customerWith(api, { initial_balance: 1_000 }))
  const answers = await Promise.all(
    buyers.map(async (id) =>
      api.call(ORQUESTRADOR, 'POST', '/purchase', order(id, vehicle, 'cash'), await asCustomer(id)),
    ),
  )
  const ends = await Promise.all(
    answers.filter(({ status }) => status === 202).map(({ body }) => settled(api, body.transaction_id)),
  )
  assert.equal(ends.filter(({ status }) => status === 'COMPLETED').length, 1)
  const balances = await Promise.all(buyers.map(async (id) => (await customerOf(api, id)).account_balance))
  for (const balance of balances) attack.failed(`a balance of ${balance}`, balance === 1_000 || balance === 0)
  assert.equal(balances.filter((balance) => balance === 0).length, 1)
})

async function waitingCode(price: number) {
  const buyer = await customerWith(api)
  const vehicle = await vehicleAt(api, price)
  const transaction = await buy(api, buyer, vehicle, 'pix')
  const code: string = await until('the code is there', async () => {
    const { body } = await api.call(ORQUESTRADOR, 'GET', `/saga-states/${transaction}`)
    return body.context.payment_code
  })
  return { buyer, vehicle, transaction, code, headers: await asCustomer(buyer) }
}

test('a code is paid once, however many pay it at once, with and without keys', async () => {
  const { code, transaction, headers } = await waitingCode(8_000)
  const answers = await times(12, (n) =>
    api.call(
      PAGAMENTO,
      'POST',
      '/payments',
      { payment_code: code },
      {
        ...headers,
        ...(n % 2 === 0 && { 'idempotency-key': n % 4 === 0 ? 'the-same' : randomUUID() }),
      },
    ),
  )
  const paid = new Set(answers.flatMap(({ status, body }) => (status === 201 ? [body.id] : [])))
  assert.equal(paid.size, 1)
  for (const { status } of answers) attack.failed(`paid again: ${status}`, status === 201 || status === 400)
  const { body } = await api.call(PAGAMENTO, 'GET', `/payments?transaction_id=${transaction}`)
  assert.equal(body.length, 1)
})

test('paying and giving up at once ends in one of the two, and the vehicle and the payment agree', async () => {
  for (let n = 0; n < 5; n++) {
    const { code, transaction, vehicle, headers } = await waitingCode(8_000)
    await Promise.all([
      api.call(PAGAMENTO, 'POST', '/payments', { payment_code: code }, headers),
      api.call(ORQUESTRADOR, 'POST', `/purchase/${transaction}/cancel`, {}, headers),
    ])
    const { status } = await settled(api, transaction)
    const { body: payments } = await api.call(PAGAMENTO, 'GET', `/payments?transaction_id=${transaction}`)
    const kept = payments.filter((one: { status: string }) => one.status === 'completed').length
    const { status: standing } = await vehicleOf(api, vehicle)
    attack.failed(
      `${status}, ${kept} payments, ${standing}`,
      status === 'COMPLETED' ? kept === 1 && standing === 'sold' : kept === 0 && standing === 'available',
    )
  }
})

test('an amount is an amount: nothing negative, endless, finer than a cent or written to be misread', async () => {
  const id = await customerWith(api)
  const amounts = [
    '-1',
    '-0.01',
    '1e309',
    '1e20',
    '0.001',
    '1e-3',
    '"100"',
    'null',
    'true',
    '[100]',
    '{"a":1}',
    '99999999999999999999',
    '1.005',
    '"1e3"',
    '"NaN"',
  ]
  const { url = '' } = api.system.services.find(({ name }) => name === CLIENTE) ?? {}
  const vehicles = api.system.addressOf(VEICULO)
  const admin = { ...(await api.as({ role: 'admin' })), 'content-type': 'application/json' }
  const person = '"name":"Eva Lima","email":"eva@example.com","phone":"11987654321","document":"52998224725"'
  const car =
    '"brand":"Fiat","model":"Uno","year":2010,"color":"Azul","license_plate":"AAA1A11","chassi_number":"9BD00000000000001","renavam":"00639884962"'
  for (const amount of amounts) {
    const tries = [
      [`${url}/customers`, 'POST', `{${person},"initial_balance":${amount}}`],
      [`${url}/customers`, 'POST', `{${person},"credit_limit":${amount}}`],
      [`${url}/customers/${id}`, 'PUT', `{"initial_balance":${amount}}`],
      [`${vehicles}/vehicles`, 'POST', `{${car},"price":${amount}}`],
    ] as const
    for (const [address, method, body] of tries) {
      const { status } = await fetch(address, { method, headers: admin, body })
      await attack.refused(`${method} ${address}: ${amount}`, { status }, 400, 422)
    }
  }
  await attack.refused(
    'a vehicle for nothing',
    api.call(VEICULO, 'PUT', `/vehicles/${await vehicleAt(api, 1)}`, { price: 0 }),
    422,
  )
  assert.equal((await customerOf(api, id)).account_balance, 0)
})

test('a pickup code is not found by trying', async () => {
  const vehicle = await vehicleAt(api, 2_000)
  const buyer = await customerWith(api, { initial_balance: 2_000 })
  const transaction = await buy(api, buyer, vehicle)
  await settled(api, transaction)
  const { body } = await api.call(
    ORQUESTRADOR,
    'GET',
    `/saga-states/${transaction}`,
    undefined,
    await asCustomer(buyer),
  )
  const staff = await api.as({ role: 'staff' })
  const tried = (pickup_code: string) =>
    api.call(VEICULO, 'POST', `/vehicles/${vehicle}/pickup`, { pickup_code, received_by: 'Ana Souza' }, staff)
  for (const guess of ['34679ACD', '00000000', body.context.pickup_code.slice(0, 7), "' or '1'='1", '*'])
    await attack.refused(`the code ${guess}`, tried(guess), 400)
  for (let n = 0; n < 3; n++)
    await attack.refused('the right code after too many wrong ones', tried(body.context.pickup_code), 429)
  for (const role of ['staff', 'admin'] as const) {
    const { body: seen } = await api.call(
      ORQUESTRADOR,
      'GET',
      `/saga-states/${transaction}`,
      undefined,
      await api.as({ role }),
    )
    attack.failed(`${role} reads the code`, seen.context.pickup_code === undefined)
  }
})

attack.tell()
