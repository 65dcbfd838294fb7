/**
 * The roles of a shop, from the side of people who try to do more: sellers after colleagues' sales, operators and customers
 * after COAF notes.
 */
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
  vehicleAt,
} from '../fixtures/system.ts'

const api = await startSystem()

async function seller(subject: string) {
  const headers = await api.as({ role: 'staff', scope: 'seller', subject })
  return (service: string, method: string, path: string, body?: object) =>
    api.call(service, method, path, body, headers)
}
const nina = await seller('nina')
const otto = await seller('otto')

async function soldBy(who: typeof nina) {
  const customer_id = await customerWith(api, { initial_balance: 50_000 })
  const order = { customer_id, vehicle_id: await vehicleAt(api, 40_000), payment_type: 'cash' }
  const { status, body } = await who(ORQUESTRADOR, 'POST', '/purchase', order)
  assert.equal(status, 202, JSON.stringify(body))
  await settled(api, body.transaction_id)
  return { customer_id, id: body.transaction_id as string }
}

test('a seller finds their own sales, and cannot see that a colleague’s exist', async () => {
  const own = await soldBy(nina)
  const other = await soldBy(otto)
  const { body: list } = await nina(ORQUESTRADOR, 'GET', '/saga-states')
  assert.deepEqual(
    list.sagas.map(({ transaction_id }: { transaction_id: string }) => transaction_id),
    [own.id],
  )
  assert.equal(list.total, 1)
  assert.equal((await nina(ORQUESTRADOR, 'GET', `/saga-states?customer_id=${other.customer_id}`)).body.total, 0)
  for (const path of ['', '/history']) {
    assert.equal((await nina(ORQUESTRADOR, 'GET', `/saga-states/${own.id}${path}`)).status, 200)
    assert.equal((await nina(ORQUESTRADOR, 'GET', `/saga-states/${other.id}${path}`)).status, 404)
  }
  assert.equal((await nina(ORQUESTRADOR, 'GET', `/saga-states/${other.id}/events`)).status, 404)
  const tries = [
    nina(ORQUESTRADOR, 'POST', `/purchase/${other.id}/cancel`, {}),
    nina(ORQUESTRADOR, 'POST', `/purchase/${other.id}/return`, { reason: 'The commission is mine' }),
  ]
  for (const { status } of await Promise.all(tries)) assert.equal(status, 404)
  assert.equal((await sagaOf(api, other.id)).status, 'COMPLETED')
  assert.equal((await nina(PAGAMENTO, 'GET', '/payments/1')).status, 403)
})

test('the return of a colleague’s sale is neither listed, nor shown, nor called off', async () => {
  const { id } = await soldBy(otto)
  const { body } = await otto(ORQUESTRADOR, 'POST', `/purchase/${id}/return`, { reason: 'The buyer regrets it' })
  const { return_id } = body
  assert.equal((await otto(ORQUESTRADOR, 'GET', `/returns/${return_id}`)).status, 200)
  const mine = (await otto(ORQUESTRADOR, 'GET', '/saga-states?kind=return')).body
  assert.deepEqual(
    mine.sagas.map(({ transaction_id }: { transaction_id: string }) => transaction_id),
    [return_id],
  )
  assert.equal((await nina(ORQUESTRADOR, 'GET', '/returns')).body.total, 0)
  assert.equal((await nina(ORQUESTRADOR, 'GET', '/saga-states?kind=return')).body.total, 0)
  for (const path of [`/returns/${return_id}`, `/saga-states/${return_id}`])
    assert.equal((await nina(ORQUESTRADOR, 'GET', path)).status, 404)
  assert.equal((await nina(ORQUESTRADOR, 'POST', `/returns/${return_id}/cancel`, {})).status, 404)
  assert.equal((await otto(ORQUESTRADOR, 'POST', `/returns/${return_id}/cancel`, {})).status, 200)
  const { entries } = (await api.call(ORQUESTRADOR, 'GET', '/journal?limit=1000')).body
  const acts = entries.filter(({ about_id }: { about_id: string }) => about_id === return_id)
  assert.deepEqual(
    acts.map(({ act, subject }: Record<string, string>) => `${act} ${subject}`),
    ['return_asked otto', 'return_called_off otto'],
  )
})

test('a seller sees the contacts of customers whom they registered or sell to, and others as a list shows them', async () => {
  const stranger = await customerWith(api)
  const { email, phone } = await customerOf(api, stranger)
  const seen = await nina(CLIENTE, 'GET', `/customers/${stranger}`)
  assert.equal(seen.status, 200)
  assert.ok(!JSON.stringify(seen.body).includes(email) && !JSON.stringify(seen.body).includes(phone))
  const tries = [
    nina(CLIENTE, 'GET', `/customers/${stranger}/unmasked?fields=phone&reason=I+want+to+call`),
    nina(CLIENTE, 'PUT', `/customers/${stranger}`, { phone: '11912345678' }),
    nina(CLIENTE, 'GET', `/customers/${stranger}/vehicles?status_filter=sold`),
  ]
  for (const { status, body } of await Promise.all(tries))
    assert.deepEqual([status, body.type], [403, 'urn:mercado-veiculo:problem:not_own_customer'])
  assert.equal((await customerOf(api, stranger)).phone, phone)

  const { customer_id } = await soldBy(nina)
  assert.match((await nina(CLIENTE, 'GET', `/customers/${customer_id}`)).body.email, /^ana-/)
  assert.doesNotMatch((await otto(CLIENTE, 'GET', `/customers/${customer_id}`)).body.email, /^ana-/)
  const news = { name: 'Rui Reis', email: 'rui@example.com', phone: '11987654321', document: '529.982.247-25' }
  const registered = (await nina(CLIENTE, 'POST', '/customers', news)).body.id
  assert.equal((await nina(CLIENTE, 'GET', `/customers/${registered}`)).body.email, 'rui@example.com')
  assert.equal((await nina(CLIENTE, 'PUT', `/customers/${registered}`, { phone: '11912345678' })).status, 200)
  assert.notEqual((await otto(CLIENTE, 'GET', `/customers/${registered}`)).body.email, 'rui@example.com')
})

test('only admins know of a suspicion: neither the person nor staff learn that there is one', async () => {
  const id = await customerWith(api, { initial_balance: 100 })
  const own = { headers: await api.as({ role: 'customer', customer_id: id }) }
  const asCustomer = (method: string, path: string) => api.call(CLIENTE, method, path, undefined, own.headers)
  const maria = await api.as({ role: 'staff', subject: 'maria' })
  const path = `/customers/${id}/coaf-notes`
  const report = { kind: 'report', text: 'Paid in banknotes by three strangers', protocol: 'COAF-4711' }
  const { status, body: written } = await api.call(CLIENTE, 'POST', path, report)
  assert.deepEqual([status, written.text, written.written_by], [201, report.text, 'admin'])
  assert.deepEqual((await api.call(CLIENTE, 'GET', path)).body.notes, [written])

  assert.equal((await nina(CLIENTE, 'GET', path)).status, 403)
  assert.equal((await api.call(CLIENTE, 'GET', path, undefined, maria)).status, 403)
  assert.equal((await api.call(CLIENTE, 'POST', path, report, maria)).status, 403)
  assert.equal((await asCustomer('GET', path)).status, 403)
  const self = await api.as({ role: 'admin', subject: 'eva', customer_id: id })
  assert.equal((await api.call(CLIENTE, 'GET', path, undefined, self)).status, 403)

  const places = [
    await api.call(CLIENTE, 'GET', `/customers/${id}/history`, undefined, maria),
    await asCustomer('GET', `/customers/${id}/personal-data?format=json`),
    await asCustomer('GET', `/customers/${id}/personal-data/summary`),
    await asCustomer('GET', `/customers/${id}/sharing`),
    await api.call(CLIENTE, 'GET', '/access-log?limit=1000'),
  ]
  for (const { status: shown, body } of places) {
    assert.equal(shown, 200)
    assert.doesNotMatch(JSON.stringify(body), /coaf_|coaf-notes|strangers|4711/)
  }
  const { entries } = (await api.call(CLIENTE, 'GET', '/journal?limit=1000')).body
  const acts = entries.filter(({ about }: { about: string }) => about === 'coaf_note')
  assert.deepEqual(
    acts.map(({ act }: { act: string }) => act),
    ['coaf_report_written', 'coaf_notes_read'],
  )
  assert.doesNotMatch(JSON.stringify(entries), /strangers|\b4711\b/) // a hash may hold these digits by chance
})

test('an erasure keeps the reports about a person, and does not reveal them', async () => {
  const id = await customerWith(api)
  const path = `/customers/${id}/coaf-notes`
  await api.call(CLIENTE, 'POST', path, { kind: 'note', text: 'Asked twice how much cash we take' })
  const { status, body } = await api.call(CLIENTE, 'DELETE', `/customers/${id}`)
  assert.equal(status, 202)
  assert.doesNotMatch(JSON.stringify(body), /suspicion|coaf_/)
  assert.equal((await api.call(CLIENTE, 'GET', path)).body.notes[0].text, 'Asked twice how much cash we take')
})
