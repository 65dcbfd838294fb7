/** People with a valid token: things that staff may not do alone, unseen, or for themselves. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CLIENTE,
  customerOf,
  customerWith,
  ORQUESTRADOR,
  PAGAMENTO,
  sagaOf,
  settled,
  startSystem,
  until,
  VEICULO,
  vehicleAt,
  vehicleOf,
} from '../fixtures/system.ts'

const api = await startSystem()
const [maria, owner] = await Promise.all([
  api.as({ role: 'staff', subject: 'maria' }),
  api.as({ role: 'admin', subject: 'owner' }),
])
const as = (headers: Record<string, string>) => (service: string, method: string, path: string, body?: object) =>
  api.call(service, method, path, body, headers)
const clerk = as(maria)
const admin = as(owner)
const approve = (service: string, approval_id: string) =>
  admin(service, 'POST', `/approvals/${approval_id}/approve`, {})

test('a clerk gives nobody R$ 99,999,999.99, by no door', async () => {
  const id = await customerWith(api, { initial_balance: 100 })
  const { status } = await clerk(CLIENTE, 'PUT', `/customers/${id}`, { initial_balance: 99_999_999.99 })
  assert.equal(status, 403)
  const deposit = { amount: 99_999_999.99, kind: 'deposit', reason: 'Because I can' }
  assert.equal((await clerk(CLIENTE, 'POST', `/customers/${id}/adjustments`, deposit)).status, 202)
  const friend = { name: 'Rui Reis', email: 'rui@example.com', phone: '11987654321', document: '52998224725' }
  assert.equal((await clerk(CLIENTE, 'POST', '/customers', { ...friend, initial_balance: 1e6 })).status, 400)
  assert.equal((await customerOf(api, id)).account_balance, 100)
})

test('a clerk sells nobody a car for a cent, nor by hand', async () => {
  const vehicle = await vehicleAt(api, 90_000)
  const cheap = await clerk(VEICULO, 'PUT', `/vehicles/${vehicle}`, { price: 0.01 })
  const byHand = await clerk(VEICULO, 'PATCH', `/vehicles/${vehicle}/mark_as_sold`)
  assert.deepEqual([cheap.status, byHand.status], [202, 202])
  const { price, status } = await vehicleOf(api, vehicle)
  assert.deepEqual([price, status], [90_000, 'available'])
  for (const { body } of [cheap, byHand])
    assert.equal((await clerk(VEICULO, 'POST', `/approvals/${body.approval_id}/approve`, {})).status, 403)
})

test('a clerk erases nobody alone; with an admin’s word it is done once', async () => {
  const id = await customerWith(api)
  const { status, body } = await clerk(CLIENTE, 'DELETE', `/customers/${id}`)
  assert.deepEqual([status, body.kind], [202, 'erasure'])
  assert.equal((await customerOf(api, id)).status, 'active')
  assert.equal((await approve(CLIENTE, body.approval_id)).status, 200)
  assert.equal((await customerOf(api, id)).status, 'erased')
  assert.equal((await approve(CLIENTE, body.approval_id)).status, 409)
})

test('nobody who works here acts on their own record, whatever their role', async () => {
  const id = await customerWith(api, { initial_balance: 50_000 })
  const vehicle = await vehicleAt(api, 40_000)
  for (const role of ['staff', 'admin'] as const) {
    const self = as(await api.as({ role, subject: 'eva', customer_id: id }))
    const tries = [
      self(CLIENTE, 'POST', `/customers/${id}/adjustments`, { amount: 5, kind: 'deposit', reason: 'For me' }),
      self(CLIENTE, 'PUT', `/customers/${id}`, { name: 'Eva Lima' }),
      self(CLIENTE, 'POST', `/customers/${id}/unblock`),
      self(CLIENTE, 'DELETE', `/customers/${id}`),
      self(CLIENTE, 'PUT', `/customers/${id}/consents`, { consents: { marketing: true } }),
      self(CLIENTE, 'PUT', `/customers/${id}/document`, { document: '12ABC34501DE35', reason: 'Because I can' }),
      self(ORQUESTRADOR, 'POST', '/purchase', { customer_id: id, vehicle_id: vehicle, payment_type: 'cash' }),
    ]
    for (const { status, body } of await Promise.all(tries))
      assert.deepEqual([status, body.type], [403, 'urn:mercado-veiculo:problem:own_record'])
    const other = await customerWith(api)
    assert.equal((await self(CLIENTE, 'PUT', `/customers/${other}`, { name: 'Bia Reis' })).status, 200)
  }
  assert.equal((await customerOf(api, id)).account_balance, 50_000)
})

test('a purchase made with somebody’s balance names the clerk who made it, and who gave it up', async () => {
  const id = await customerWith(api, { initial_balance: 50_000 })
  const order = { customer_id: id, vehicle_id: await vehicleAt(api, 40_000), payment_type: 'pix' }
  const { status, body } = await clerk(ORQUESTRADOR, 'POST', '/purchase', order)
  assert.equal(status, 202)
  const path = `/saga-states/${body.transaction_id}`
  assert.equal((await admin(ORQUESTRADOR, 'GET', path)).body.context.began_by, 'staff maria')
  const given = await clerk(ORQUESTRADOR, 'POST', `/purchase/${body.transaction_id}/cancel`, { reason: 'changed mind' })
  assert.equal(given.status, 200)
  await settled(api, body.transaction_id)
  const { history } = (await admin(ORQUESTRADOR, 'GET', `${path}/history`)).body
  const authors = history.flatMap(({ what, author }: { what: string; author?: string }) =>
    author ? [[what, author]] : [],
  )
  assert.deepEqual(authors, [
    [history[0].what, 'staff maria'],
    ['cancel_requested', 'staff maria'],
  ])
  const buyer = await api.as({ role: 'customer', customer_id: id })
  const own = await api.call(ORQUESTRADOR, 'GET', `${path}/history`, undefined, buyer)
  assert.doesNotMatch(JSON.stringify(own.body), /maria/)
})

/** The acts on one thing in a service's journal, oldest first, with their authors. */
async function actsOn(service: string, about: string, about_id: number | string): Promise<string[]> {
  const { entries } = (await admin(service, 'GET', '/journal?limit=1000')).body
  return entries
    .filter((entry: Record<string, string>) => entry.about === about && entry.about_id === String(about_id))
    .map(({ act, subject }: Record<string, string>) => `${act} ${subject}`)
}

test('whatever a clerk does to a customer, a payment, a car or an audit is on record with their name', async () => {
  const id = await customerWith(api, { initial_balance: 50_000 })
  const consents = { consents: { marketing: false } }
  assert.equal((await clerk(CLIENTE, 'PUT', `/customers/${id}/consents`, consents)).status, 200)
  const corrected = { document: '11144477735', reason: 'CNH shown at the counter' }
  const { status } = await clerk(CLIENTE, 'PUT', `/customers/${id}/document`, corrected)
  assert.equal(status, 200)
  assert.deepEqual((await actsOn(CLIENTE, 'customer', id)).slice(1), [
    'consents_recorded maria',
    'document_corrected maria',
  ])
  assert.doesNotMatch(JSON.stringify((await admin(CLIENTE, 'GET', '/journal?limit=1000')).body), /11144477735/)

  const vehicle = await vehicleAt(api, 40_000)
  const order = { customer_id: id, vehicle_id: vehicle, payment_type: 'pix' }
  const { transaction_id } = (await clerk(ORQUESTRADOR, 'POST', '/purchase', order)).body
  const payment_code = await until(
    'the code is there',
    async () => (await sagaOf(api, transaction_id)).context.payment_code,
  )
  const paid = await clerk(PAGAMENTO, 'POST', '/payments', { payment_code })
  assert.deepEqual([paid.status, paid.body.paid_by], [201, 'staff maria'])
  assert.deepEqual(await actsOn(PAGAMENTO, 'payment', paid.body.id), ['payment_confirmed maria'])
  const buyer = as(await api.as({ role: 'customer', customer_id: id }))
  assert.doesNotMatch(JSON.stringify((await buyer(PAGAMENTO, 'GET', '/payments')).body), /maria/)

  assert.equal((await settled(api, transaction_id)).status, 'COMPLETED')
  const { pickup_code } = (await buyer(ORQUESTRADOR, 'GET', `/saga-states/${transaction_id}`)).body.context
  const handed = await clerk(VEICULO, 'POST', `/vehicles/${vehicle}/pickup`, { pickup_code, received_by: 'Ana Souza' })
  assert.equal(handed.status, 200)
  assert.equal((await actsOn(VEICULO, 'vehicle', vehicle)).at(-1), 'vehicle_handed_over maria')

  const { body } = await admin(ORQUESTRADOR, 'POST', '/audits', {})
  assert.deepEqual(await actsOn(ORQUESTRADOR, 'audit', body.id), ['audit_begun owner'])
})

test('a buyer’s own payment is in the row, and not in the journal', async () => {
  const id = await customerWith(api)
  const buyer = as(await api.as({ role: 'customer', customer_id: id, subject: 'ana' }))
  const order = { customer_id: id, vehicle_id: await vehicleAt(api, 40_000), payment_type: 'pix' }
  const { transaction_id } = (await buyer(ORQUESTRADOR, 'POST', '/purchase', order)).body
  const payment_code = await until(
    'the code is there',
    async () => (await sagaOf(api, transaction_id)).context.payment_code,
  )
  const { body } = await buyer(PAGAMENTO, 'POST', '/payments', { payment_code })
  assert.equal((await admin(PAGAMENTO, 'GET', `/payments/${body.id}`)).body.paid_by, 'customer ana')
  assert.deepEqual(await actsOn(PAGAMENTO, 'payment', body.id), [])
})

test('a thief of the orquestrador’s token gets no unpaid car', async () => {
  const id = await customerWith(api)
  const vehicle_id = await vehicleAt(api, 40_000)
  const order = { customer_id: id, vehicle_id, payment_type: 'pix' }
  const { transaction_id } = (await clerk(ORQUESTRADOR, 'POST', '/purchase', order)).body
  await until('the code is there', async () => (await sagaOf(api, transaction_id)).context.payment_code)
  const thief = as(await api.as({ role: 'service', subject: 'orquestrador' }))
  const payment_proof = `v1.4000000.${'A'.repeat(86)}`
  for (const sale of [{ transaction_id }, { transaction_id, payment_proof }]) {
    const alone = await thief(VEICULO, 'PATCH', `/vehicles/${vehicle_id}/mark_as_sold`, sale)
    assert.deepEqual([alone.status, alone.body.type], [403, 'urn:mercado-veiculo:problem:payment_not_proven'])
    const among = await thief(VEICULO, 'POST', '/vehicles/sales', { sales: [{ vehicle_id, ...sale }] })
    assert.deepEqual([among.status, among.body.results[0].sold], [200, false])
  }
  assert.equal((await vehicleOf(api, vehicle_id)).status, 'reserved')
})

test('with APPROVALS=all an admin needs another admin', async () => {
  const strict = await startSystem({ APPROVALS: 'all' })
  const [one, other] = await Promise.all(['one', 'other'].map((subject) => strict.as({ role: 'admin', subject })))
  const vehicle = await vehicleAt(strict, 90_000)
  const { status, body } = await strict.call(VEICULO, 'PATCH', `/vehicles/${vehicle}/mark_as_sold`, undefined, one)
  assert.equal(status, 202)
  const path = `/approvals/${body.approval_id}/approve`
  assert.equal((await strict.call(VEICULO, 'POST', path, {}, one)).status, 403)
  assert.equal((await vehicleOf(strict, vehicle)).status, 'available')
  assert.equal((await strict.call(VEICULO, 'POST', path, {}, other)).status, 200)
  assert.equal((await vehicleOf(strict, vehicle)).status, 'sold')
})

test('the journals are whole, and name everybody of the above', async () => {
  for (const service of [CLIENTE, VEICULO, ORQUESTRADOR]) {
    const { entries, head } = (await admin(service, 'GET', '/journal?limit=1000')).body
    assert.equal(entries.at(-1).hash, head.hash, service)
    assert.ok(
      entries.some(({ subject }: { subject: string }) => subject === 'maria'),
      service,
    )
    assert.equal((await clerk(service, 'GET', '/journal')).status, 403)
  }
})

test('the audit finds acts done alone, price drops before sales, large movements of money, and stock held without payment', async () => {
  const audited = await startSystem()
  const lone = await audited.as({ role: 'admin', subject: 'lone' })
  const busy = await audited.as({ role: 'staff', subject: 'busy' })
  const sold = await vehicleAt(audited, 90_000)
  await audited.call(VEICULO, 'PATCH', `/vehicles/${sold}/mark_as_sold`, undefined, lone)
  const cheap = await vehicleAt(audited, 90_000)
  assert.equal((await audited.call(VEICULO, 'PUT', `/vehicles/${cheap}`, { price: 82_000 }, busy)).status, 200)
  const buyer = await customerWith(audited, { initial_balance: 82_000 })
  const order = { customer_id: buyer, vehicle_id: cheap, payment_type: 'cash' }
  const bought = await audited.call(ORQUESTRADOR, 'POST', '/purchase', order)
  assert.equal((await settled(audited, bought.body.transaction_id)).status, 'COMPLETED')
  for (let friend = 0; friend < 6; friend += 1) {
    const id = await customerWith(audited)
    const gift = { amount: 9_999, kind: 'deposit', reason: 'Paid at the counter' }
    assert.equal((await audited.call(CLIENTE, 'POST', `/customers/${id}/adjustments`, gift, busy)).status, 201)
  }
  const held = await vehicleAt(audited, 30_000)
  for (let time = 0; time < 3; time += 1) {
    const wish = { customer_id: await customerWith(audited), vehicle_id: held, payment_type: 'pix' }
    const { body } = await audited.call(ORQUESTRADOR, 'POST', '/purchase', wish)
    await audited.call(ORQUESTRADOR, 'POST', `/purchase/${body.transaction_id}/cancel`, {})
    await settled(audited, body.transaction_id)
  }
  const { body: begun } = await audited.call(ORQUESTRADOR, 'POST', '/audits', {})
  const audit = await until('the audit has ended', async () => {
    const { body } = await audited.call(ORQUESTRADOR, 'GET', `/audits/${begun.id}`)
    return body.status === 'running' ? undefined : body
  })
  assert.equal(audit.status, 'finished', JSON.stringify(audit))
  const found = audit.findings.map(({ kind, subject }: { kind: string; subject: string }) => [kind, subject])
  for (const one of [
    ['sold_by_hand_alone', `vehicle ${sold}`],
    ['price_dropped_before_sale', `vehicle ${cheap}`],
    ['moved_much_by_hand', 'staff busy'],
    ['held_again_and_again', `vehicle ${held}`],
  ])
    assert.ok(
      found.some(([kind, subject]: string[]) => kind === one[0] && subject === one[1]),
      `${one} in ${JSON.stringify(found)}`,
    )
})
