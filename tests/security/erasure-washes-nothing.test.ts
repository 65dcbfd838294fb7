/** People who ask for an erasure to get rid of a debt, a block or a claim, and come back with the same document. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { generateCpf } from '@brazilian-utils/brazilian-utils'
import {
  buy,
  CLIENTE,
  ORQUESTRADOR,
  sagaOf,
  settled,
  startSystem,
  until,
  VEICULO,
  vehicleAt,
} from '../fixtures/system.ts'

const api = await startSystem()
const admin = await api.as({ role: 'admin', subject: 'dora' })

interface Person {
  readonly id: number
  readonly document: string
  readonly headers: { authorization: string }
}

const bodyFor = (document: string, more: object = {}) => ({
  name: 'Ermengarda Zwölfer',
  email: `e-${randomBytes(8).toString('hex')}@example.com`,
  phone: '(11) 98765-4321',
  document,
  ...more,
})

async function person(more: object = {}): Promise<Person> {
  const document = generateCpf()
  const { status, body } = await api.call(CLIENTE, 'POST', '/customers', bodyFor(document, more))
  assert.equal(status, 201, JSON.stringify(body))
  return { id: body.id, document, headers: await api.as({ role: 'customer', customer_id: body.id }) }
}

/** As anybody on the internet: without a token. */
const registerAgain = ({ document }: Person, typed = document) =>
  api.call(CLIENTE, 'POST', '/customers', bodyFor(typed), { authorization: '' })
const erase = ({ id, headers }: Person) => api.call(CLIENTE, 'DELETE', `/customers/${id}`, undefined, headers)
/** A completed purchase is told to the others behind its end: until then it counts as in progress. */
const eraseOnceOver = (who: Person) =>
  until('no purchase is in progress', async () => {
    const answer = await erase(who)
    return answer.status === 409 ? undefined : answer
  })
const erasureOf = async ({ id }: Person) => (await api.call(CLIENTE, 'GET', `/customers/${id}/erasure`)).body
const shown = async ({ id }: Person) => (await api.call(CLIENTE, 'GET', `/customers/${id}`)).body

async function bought(who: Person, price: number, payment_type: string) {
  const vehicle = await vehicleAt(api, price)
  const transaction_id = await buy(api, who.id, vehicle, payment_type)
  assert.equal((await settled(api, transaction_id)).status, 'COMPLETED')
  const { body } = await api.call(ORQUESTRADOR, 'GET', `/saga-states/${transaction_id}`, undefined, who.headers)
  return { vehicle, transaction_id, pickup_code: body.context.pickup_code as string }
}

const pickUp = ({ vehicle, pickup_code }: { vehicle: number; pickup_code: string }) =>
  api.call(VEICULO, 'POST', `/vehicles/${vehicle}/pickup`, { pickup_code, received_by: 'Ermengarda' })

/** Sets money as an admin, over the present version. */
async function setMoney(who: Person, money: object) {
  const response = await fetch(`${api.system.addressOf(CLIENTE)}/customers/${who.id}`, { headers: admin })
  const etag = response.headers.get('etag') ?? ''
  const { status, body } = await api.call(CLIENTE, 'PUT', `/customers/${who.id}`, money, { ...admin, 'if-match': etag })
  assert.equal(status, 200, JSON.stringify(body))
}

test('a debt stays with the document: erased on credit, the car picked up, registered again', async () => {
  const debtor = await person({ credit_limit: 90_000, birth_date: '1990-01-02' })
  const car = await bought(debtor, 80_000, 'credit')
  const { status, body } = await eraseOnceOver(debtor)
  assert.deepEqual([status, body.status], [202, 'RETAINED'])
  assert.deepEqual(
    body.settle_first.map(({ what, amount }: { what: string; amount?: number }) => [what, amount]),
    [
      ['used_credit', 80_000],
      ['vehicle_not_picked_up', undefined],
    ],
  )
  for (const one of body.settle_first) assert.ok(one.offer.length > 10)
  assert.equal((await pickUp(car)).status, 200)
  await until('the pickup was looked at', async () => (await eraseOnceOver(debtor)).body.settle_first.length === 1)
  for (const typed of [debtor.document, debtor.document.replace(/(\d{3})(\d{3})(\d{3})(\d{2})/, '$1.$2.$3-$4')])
    assert.equal((await registerAgain(debtor, typed)).status, 409)
  const known = await shown(debtor)
  assert.deepEqual([known.used_credit, known.name, known.birth_date], [80_000, 'Ermengarda Zwölfer', undefined])
  // and buys nothing more meanwhile
  const more = { customer_id: debtor.id, vehicle_id: await vehicleAt(api, 1_000), payment_type: 'credit' }
  assert.equal(
    (await api.call(ORQUESTRADOR, 'POST', '/purchase', more, debtor.headers)).body.detail,
    'Customer is blocked',
  )
})

test('a block stays with the document, through one erasure and through two', async () => {
  const blocked = await person()
  const reason = { reason: 'Documentos falsos na compra anterior' }
  assert.equal((await api.call(CLIENTE, 'POST', `/customers/${blocked.id}/block`, reason)).status, 200)
  let last = blocked
  for (let round = 0; round < 2; round += 1) {
    assert.equal((await erase(last)).status, 202)
    const back = await registerAgain(blocked)
    assert.deepEqual([back.status, back.body.status], [201, 'blocked'])
    assert.equal(back.body.blocked_reason, undefined, 'why is for staff')
    last = { ...blocked, id: back.body.id, headers: await api.as({ role: 'customer', customer_id: back.body.id }) }
  }
  assert.equal((await shown(last)).blocked_reason, reason.reason)
  await setMoney(last, { initial_balance: 5_000 })
  const wish = { customer_id: last.id, vehicle_id: await vehicleAt(api, 4_000), payment_type: 'cash' }
  assert.equal(
    (await api.call(ORQUESTRADOR, 'POST', '/purchase', wish, last.headers)).body.detail,
    'Customer is blocked',
  )
  // staff decide otherwise, and that counts for the document too
  await setMoney(last, { initial_balance: 0 })
  assert.equal((await api.call(CLIENTE, 'POST', `/customers/${last.id}/unblock`)).body.status, 'active')
  assert.equal((await erase(last)).status, 202)
  assert.equal((await registerAgain(blocked)).body.status, 'active')
})

test('when a block and a registration race with the erasure, the document is blocked or taken, twenty times over', async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const who = await person()
      await api.call(CLIENTE, 'POST', `/customers/${who.id}/block`, { reason: 'Cheque sem fundo' })
      const [, again] = await Promise.all([erase(who), registerAgain(who)])
      return again.status === 201 ? again.body.status : again.status
    }),
  )
  assert.ok(
    outcomes.every((one) => one === 'blocked' || one === 409),
    outcomes.join(),
  )
})

test('a claim is settled and not lost: the balance is paid out, then the person goes by themselves', async () => {
  const rich = await person({ initial_balance: 900 })
  const { body } = await erase(rich)
  assert.deepEqual([body.status, body.settle_first[0].what, body.settle_first[0].amount], ['RETAINED', 'balance', 900])
  assert.equal((await shown(rich)).account_balance, 900)
  await setMoney(rich, { initial_balance: 0 })
  await until('the erasure went on by itself', async () => (await erasureOf(rich)).status === 'COMPLETED')
  assert.equal((await registerAgain(rich)).body.status, 'active')
})

test('the buyer of a sale is kept in a sealed archive: staff cannot open it, an admin can with a reason, on record', async () => {
  const address = {
    postal_code: '01310-100',
    street: 'Avenida Paulista',
    number: '1',
    district: 'Bela Vista',
    city: 'São Paulo',
    state: 'SP',
  }
  const buyer = await person({ initial_balance: 20_000, address })
  const car = await bought(buyer, 20_000, 'cash')
  assert.equal((await pickUp(car)).status, 200)
  assert.equal((await sagaOf(api, car.transaction_id)).status, 'COMPLETED')
  assert.equal((await eraseOnceOver(buyer)).status, 202)
  const done = await until('all have erased', async () => {
    const erasure = await erasureOf(buyer)
    return erasure.status === 'RETAINED' && erasure.settle_first.length === 0 ? erasure : undefined
  })
  const path = `/customers/${buyer.id}/archive`
  const staff = await api.as({ role: 'staff', subject: 'rui' })
  for (const [headers, query, status] of [
    [{ authorization: '' }, '?reason=Ordem+judicial', 401],
    [staff, '?reason=Ordem+judicial', 403],
    [buyer.headers, '?reason=Ordem+judicial', 403],
    [admin, '', 422],
    [admin, '?reason=abc', 422],
  ] as const)
    assert.equal((await api.call(CLIENTE, 'GET', `${path}${query}`, undefined, headers)).status, status)
  const opened = await api.call(CLIENTE, 'GET', `${path}?reason=Ordem+judicial`, undefined, admin)
  assert.deepEqual(
    [opened.body.name, opened.body.document, opened.body.address.street],
    ['Ermengarda Zwölfer', buyer.document, 'Avenida Paulista'],
  )
  assert.equal(opened.body.keep_until, done.retained[0].until)
  const { body } = await api.call(CLIENTE, 'GET', '/access-log?limit=1000')
  const entries = body.entries.filter(
    ({ subject, about_id }: { subject: string; about_id: number }) => subject === 'dora' && about_id === buyer.id,
  )
  assert.deepEqual(
    entries.map(({ reason }: { reason: string }) => reason),
    ['Ordem judicial'],
  )
  assert.equal((await shown(buyer)).name, 'Erased customer')
})
