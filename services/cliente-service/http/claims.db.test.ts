/** Contacts at the counter: customers without an e-mail, proved and changed addresses, and records that an account claims. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { generateCpf } from '@brazilian-utils/brazilian-utils'
import { as, asCustomer, customersApp } from './http.suite.ts'

const { call, database, sent } = await customersApp()
const identity = as('identidade-service')
const ada = as('admin.ada')

const addressOfSomebody = () => `rosa-${randomUUID()}@example.com`

const person = (more: object = {}) => ({
  name: 'Rosa Lima',
  email: addressOfSomebody(),
  phone: '11987654321',
  document: generateCpf(),
  ...more,
})

/** A customer whom the counter registered, with a proved e-mail. */
async function atTheCounter() {
  const given = person()
  const { status, body } = await call('POST', '/customers', given)
  assert.equal(status, 201, JSON.stringify(body))
  const proof = { email: given.email, reason: 'Opened the mailbox at the counter' }
  const proven = await call('POST', `/customers/${body.id}/contact-proofs`, proof)
  assert.deepEqual([proven.status, proven.body.email_proven], [200, true])
  return { id: body.id as number, ...given }
}

const claimable = (document: string) =>
  call('POST', `/account-customers/${randomUUID()}/claimable`, { document }, identity)
const claim = (customer_id: number, account: string = randomUUID()) =>
  call('PUT', `/account-customers/${account}/claim`, { customer_id }, identity)
const toldOf = (kind: string) => sent.filter(({ body }) => (body as { kind?: string }).kind === kind)
const notice = (id: string) => call('GET', `/customer-notices/${id}`, undefined, as('avisos-service'))

test('staff register somebody who has no e-mail; nobody else may leave it out', async () => {
  const first = await call('POST', '/customers', person({ email: null }))
  const second = await call('POST', '/customers', person({ email: null }))
  assert.deepEqual([first.status, first.body.email, first.body.email_proven, second.status], [201, null, false, 201])
  const shown = await call('GET', '/customers?limit=100')
  assert.equal(shown.body.customers.find(({ id }: { id: number }) => id === first.body.id).email, null)
  const own = await call('PUT', `/customers/${first.body.id}`, { email: null }, asCustomer(first.body.id))
  assert.deepEqual([own.status, own.body.errors[0].path], [422, '/email'])
  const late = await call('PUT', `/customers/${first.body.id}`, { email: addressOfSomebody() })
  assert.equal(late.status, 200)
})

test('a representative is kept sealed and shown with a masked document', async () => {
  const representative = { name: 'Rita Lima', document: '111.444.777-35' }
  const { body } = await call('POST', '/customers', person({ representative }))
  assert.deepEqual(body.representative, { name: 'Rita Lima', document: '*******7735' })
  const [row] = await database.query<{ representative: string }>(
    'select representative from people where customer_id = $1',
    [body.id],
  )
  assert.doesNotMatch(row?.representative ?? 'Rita', /Rita|11144477735/)
  const gone = await call('PUT', `/customers/${body.id}`, { representative: null })
  assert.equal('representative' in gone.body, false)
  const company = { name: 'Rita Lima', document: '11222333000181' }
  const refused = await call('POST', '/customers', person({ representative: company }))
  assert.deepEqual([refused.status, refused.body.errors[0].path], [422, '/representative/document'])
})

test('a record of the counter with a proven e-mail is claimed once, and the same claim again gets the same answer', async () => {
  const rosa = await atTheCounter()
  assert.deepEqual((await claimable(rosa.document)).body, { customer_id: rosa.id, email: rosa.email })
  const account = randomUUID()
  assert.deepEqual((await claim(rosa.id, account)).body, { customer_id: rosa.id })
  assert.deepEqual((await claim(rosa.id, account)).body, { customer_id: rosa.id })
  assert.equal((await claim(rosa.id)).status, 404)
  assert.equal((await claimable(rosa.document)).status, 404)
})

test('of many accounts that claim one record at once, one gets it', async () => {
  const rosa = await atTheCounter()
  const all = await Promise.all(Array.from({ length: 5 }, () => claim(rosa.id)))
  assert.deepEqual(all.map(({ status }) => status).sort(), [200, 404, 404, 404, 404])
})

test('refuses claims of records that are unproven, self-registered, of another document, or unknown', async () => {
  const unproven = person()
  const registered = await call('POST', '/customers', unproven)
  assert.equal((await claimable(unproven.document)).status, 404)
  assert.equal((await claim(registered.body.id)).status, 404)
  const account = randomUUID()
  const own = person()
  const made = await call('PUT', `/account-customers/${account}`, own, identity)
  assert.equal(made.status, 200)
  assert.equal((await claimable(own.document)).status, 404)
  assert.equal((await claim(999_999)).status, 404)
  assert.equal((await claimable(generateCpf())).status, 404)
})

test('a changed e-mail is unproven, warns the one before, and blocks claims for 72 hours', async () => {
  const rosa = await atTheCounter()
  const before = toldOf('email_changed').length
  const email = addressOfSomebody()
  const changed = await call('PUT', `/customers/${rosa.id}`, { email })
  assert.deepEqual([changed.status, changed.body.email_proven], [200, false])
  assert.equal(toldOf('email_changed').length, before + 1)
  const told = await notice(toldOf('email_changed').at(-1)?.transaction_id ?? '')
  assert.deepEqual([told.status, told.body.email, told.body.customer_id], [200, rosa.email, rosa.id])
  const reason = 'Opened the new mailbox at the counter'
  const wrong = await call('POST', `/customers/${rosa.id}/contact-proofs`, { email: rosa.email, reason })
  assert.deepEqual([wrong.status, wrong.body.type], [409, 'urn:mercado-veiculo:problem:contact_differs'])
  assert.equal((await call('POST', `/customers/${rosa.id}/contact-proofs`, { email, reason })).status, 200)
  assert.equal((await claimable(rosa.document)).status, 404)
  await database.query(
    `update people set email_changed_at = email_changed_at - interval '72 hours' where customer_id = $1`,
    [rosa.id],
  )
  assert.equal((await claimable(rosa.document)).status, 200)
})

test('a change of other fields leaves the proof of the e-mail as it is', async () => {
  const rosa = await atTheCounter()
  const { body } = await call('PUT', `/customers/${rosa.id}`, { phone: '11912345678' })
  assert.equal(body.email_proven, true)
  assert.equal((await claimable(rosa.document)).status, 200)
})

test('an account’s new e-mail comes to its customer, proven; a customer with an account changes it there', async () => {
  const account = randomUUID()
  const given = person()
  const { body } = await call('PUT', `/account-customers/${account}`, given, identity)
  assert.equal((await call('GET', `/customers/${body.customer_id}`)).body.email_proven, true)
  const email = addressOfSomebody()
  const before = toldOf('email_changed').length
  for (const _time of [1, 2]) {
    const changed = await call('PUT', `/account-customers/${account}/email`, { email, told: given.email }, identity)
    assert.deepEqual([changed.status, changed.body], [200, { customer_id: body.customer_id }])
  }
  assert.equal(toldOf('email_changed').length, before) // the account has told the one before
  const shown = await call('GET', `/customers/${body.customer_id}`)
  assert.deepEqual([shown.body.email, shown.body.email_proven], [email, true])
  const own = await call('PUT', `/customers/${body.customer_id}`, { email: given.email }, asCustomer(body.customer_id))
  assert.deepEqual([own.status, own.body.type], [409, 'urn:mercado-veiculo:problem:email_of_account'])
  const other = await atTheCounter()
  const taken = await call('PUT', `/account-customers/${account}/email`, { email: other.email }, identity)
  assert.deepEqual([taken.status, taken.body.type], [409, 'urn:mercado-veiculo:problem:email_taken'])
  assert.equal((await call('PUT', `/account-customers/${randomUUID()}/email`, { email }, identity)).status, 404)
})

test('the record names who proved a contact, and only identidade-service may use its routes', async () => {
  const rosa = await atTheCounter()
  const { body } = await call('GET', `/customers/${rosa.id}/history`, undefined, ada)
  assert.match(JSON.stringify(body), /contact_proven.*Opened the mailbox at the counter/)
  for (const other of [ada, as('avisos-service'), asCustomer(rosa.id)])
    assert.equal(
      (await call('PUT', `/account-customers/${randomUUID()}/claim`, { customer_id: rosa.id }, other)).status,
      403,
    )
  assert.equal(
    (
      await call(
        'POST',
        `/customers/${rosa.id}/contact-proofs`,
        { email: rosa.email, reason: 'I say so' },
        as('staff.rui.seller'),
      )
    ).status,
    403,
  )
})
