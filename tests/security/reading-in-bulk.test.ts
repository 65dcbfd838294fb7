/** A staff token in the hands of somebody who wants to copy all customers: what it shows, the record, and the limit. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { generateCnh, generateCpf } from '@brazilian-utils/brazilian-utils'
import { CLIENTE, startSystem } from '../fixtures/system.ts'

const LIMIT = 40
const api = await startSystem({ CUSTOMERS_READ_PER_HOUR: String(LIMIT) })
const as = (subject: string, role: 'staff' | 'admin' = 'staff') => api.as({ role, subject })

const PERSON = {
  name: 'Ana Quitéria Souza',
  phone: '(21) 99173-5841',
  birth_date: '1987-03-14',
  driver_license: generateCnh(),
  address: {
    ...{ postal_code: '71301-850', street: 'Rua das Jabuticabeiras', number: '1742', complement: 'fundos amarelos' },
    ...{ district: 'Centro', city: 'Itabira', state: 'MG' },
  },
}

async function register(): Promise<{ id: number; email: string; document: string }> {
  const own = { email: `quiteria.${randomBytes(6).toString('hex')}@example.com`, document: generateCpf() }
  const { status, body } = await api.call(CLIENTE, 'POST', '/customers', {
    ...PERSON,
    ...own,
    refund_pix_key: own.email,
  })
  assert.equal(status, 201, JSON.stringify(body))
  return { ...own, id: body.id }
}

const people = await Promise.all(Array.from({ length: 12 }, register))
const [first] = people
assert.ok(first)
const ids = people.map(({ id }) => id).join()

test('no list and no search shows staff or admins how to reach a person, or what identifies them', async () => {
  for (const [role, subject] of [
    ['staff', 'lia'],
    ['admin', 'lea'],
  ] as const) {
    const caller = await as(subject, role)
    for (const [method, path, body] of [
      ['GET', `/customers?ids=${first.id}`, undefined],
      ['GET', '/customers?limit=3', undefined],
      ['GET', '/customers?status=active&limit=3', undefined],
      ['POST', '/customers/search', { email: first.email }],
      ['POST', '/customers/search', { document: first.document }],
    ] as const) {
      const answer = await api.call(CLIENTE, method, path, body, caller)
      assert.equal(answer.status, 200, JSON.stringify(answer.body))
      assert.ok(answer.body.customers.length >= 1)
      const text = JSON.stringify(answer.body)
      const secrets = [
        'quiteria.',
        '99173',
        '21991',
        '1987-03-14',
        PERSON.driver_license,
        'Jabuticabeiras',
        '1742',
        'fundos',
        '71301-850',
        '71301850',
      ]
      for (const secret of [...secrets, first.document])
        assert.ok(!text.includes(secret), `${method} ${path} tells ${secret}: ${text.slice(0, 900)}`)
      assert.equal(answer.body.customers[0].name, PERSON.name)
    }
  }
})

test('one record shows contact data whole, and every such reading names its reader', async () => {
  const maria = await as('maria')
  const page = await api.call(CLIENTE, 'GET', `/customers/${first.id}`, undefined, maria)
  assert.equal(page.body.email, first.email)
  const silent = { credit_limit: undefined, name: 'Ana Quitéria Souza' }
  assert.equal((await api.call(CLIENTE, 'PUT', `/customers/${first.id}`, silent, maria)).body.email, first.email)
  assert.equal((await api.call(CLIENTE, 'POST', `/customers/${first.id}/unblock`, undefined, maria)).status, 200)
  const { body } = await api.call(CLIENTE, 'GET', '/access-log?limit=1000')
  const hers = body.entries.filter((entry: { subject: string }) => entry.subject === 'maria')
  assert.deepEqual(
    hers.map(({ about_id, reason }: { about_id: number; reason: string }) => `${about_id} ${reason}`),
    ['GET /customers/:id', 'PUT /customers/:id', 'POST /customers/:id/unblock'].map((one) => `${first.id} ${one}`),
  )
  assert.ok(hers[0].fields.includes('email') && hers[0].fields.includes('address'))
  // people read their own without that
  const own = await api.as({ role: 'customer', customer_id: first.id })
  assert.equal((await api.call(CLIENTE, 'GET', `/customers/${first.id}`, undefined, own)).body.email, first.email)
  const after = await api.call(CLIENTE, 'GET', '/access-log?limit=1000')
  assert.equal(after.body.entries.length, body.entries.length)
})

test('a reader who asks for many at once, on many connections, is stopped at the limit, and a metric shows it', async () => {
  const rui = await as('rui')
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => api.call(CLIENTE, 'GET', `/customers?ids=${ids}`, undefined, rui)),
  )
  const shown = answers.filter(({ status }) => status === 200)
  assert.equal(shown.length, Math.floor(LIMIT / people.length))
  for (const { status, body } of answers.filter((one) => !shown.includes(one))) {
    assert.deepEqual([status, body.detail], [429, 'You have been shown too many customers within the hour'])
    assert.equal(body.customers, undefined)
  }
  // one by one is no way round, nor is the list or the search
  const rest = LIMIT - shown.length * people.length
  const alone = await Promise.all(people.map(({ id }) => api.call(CLIENTE, 'GET', `/customers/${id}`, undefined, rui)))
  assert.equal(alone.filter(({ status }) => status === 200).length, rest)
  assert.equal((await api.call(CLIENTE, 'GET', '/customers?limit=1', undefined, rui)).status, 429)
  assert.equal((await api.call(CLIENTE, 'POST', '/customers/search', { email: first.email }, rui)).status, 429)
  // the same page again shows nobody new; another person has a count of their own
  const known = people[alone.findIndex(({ status }) => status === 200)]
  assert.equal((await api.call(CLIENTE, 'GET', `/customers/${known?.id}`, undefined, rui)).status, 200)
  assert.equal((await api.call(CLIENTE, 'GET', '/customers?limit=1', undefined, await as('ana'))).status, 200)
  const metrics = await (await fetch(`${api.system.addressOf(CLIENTE)}/metrics`)).text()
  assert.match(metrics, new RegExp(`^mercado_customers_read_by_one(\\{[^}]*\\})? ${LIMIT}$`, 'm'))
})
