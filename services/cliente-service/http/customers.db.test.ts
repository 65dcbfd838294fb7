/** The customers' routes as a client meets them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generateCpf } from '@brazilian-utils/brazilian-utils'
import { fillBeginnings } from '../customers/beginnings-store.ts'
import { lockCustomer, updateCustomer } from '../customers/customer-store.ts'
import { erased } from '../domain/erasure.ts'
import { customersApp } from './http.suite.ts'

const { app, database, vault, call, register, setMoney } = await customersApp()

const ana = { name: 'Ana Souza', email: 'ana@example.com', phone: '(11) 98765-4321', document: '529.982.247-25' }

const wrongFields = ({ body }: { body: { errors: { path: string }[] } }) => body.errors.map(({ path }) => path).sort()

const ledgerOf = (id: number) =>
  database.query<{ kind: string; account: string; amount_cents: number; balance_after_cents: number }>(
    `select kind, account, amount_cents, balance_after_cents from ledger where customer_id = $1 order by id`,
    [id],
  )

test('registers a customer with every optional field, normalised and masked', async () => {
  const { status, body } = await call('POST', '/customers', {
    ...ana,
    name: '  Ana Souza ',
    email: 'Ana@Example.com',
    initial_balance: 1234.56,
    credit_limit: 500,
    birth_date: '1990-02-28',
    address: {
      postal_code: '01310-100',
      street: 'Avenida Paulista',
      number: '1000',
      district: 'Bela Vista',
      city: 'São Paulo',
      state: 'SP',
    },
    refund_pix_key: 'ana@example.com',
    consents: { marketing: false },
  })
  assert.equal(status, 201, JSON.stringify(body))
  const { id, created_at, updated_at, ...rest } = body
  assert.deepEqual(rest, {
    name: 'Ana Souza',
    email: 'ana@example.com',
    email_proven: false,
    phone: '+5511987654321',
    document: '*******4725',
    account_balance: 1234.56,
    credit_limit: 500,
    used_credit: 0,
    available_credit: 500,
    status: 'active',
    birth_date: '1990-02-28',
    address: {
      postal_code: '01310100',
      street: 'Avenida Paulista',
      number: '1000',
      district: 'Bela Vista',
      city: 'São Paulo',
      state: 'SP',
    },
    refund_pix_key: 'ana@example.com',
    consents: { marketing: false },
  })
  assert.equal(created_at, updated_at)
  assert.deepEqual((await call('GET', `/customers/${id}`)).body, body)
  assert.deepEqual(
    (await ledgerOf(id)).map(({ kind, account, amount_cents }) => [kind, account, amount_cents]),
    [
      ['opening', 'balance', 123_456],
      ['opening', 'credit', 50_000],
    ],
  )
})

test('starts with nothing when neither balance nor credit limit is given', async () => {
  const { status, body } = await call('POST', '/customers', { ...ana, email: 'x@y.com', document: '12ABC34501DE35' })
  assert.equal(status, 201)
  assert.deepEqual([body.account_balance, body.credit_limit, body.document], [0, 0, '**********DE35'])
  assert.equal('birth_date' in body, false)
  assert.deepEqual(await ledgerOf(body.id), [])
})

test('refuses a second customer with the same document or email, however typed', async () => {
  for (const twin of [
    { ...ana, email: 'other@example.com', document: '52998224725' },
    { ...ana, email: 'ANA@EXAMPLE.COM', document: '11144477735' },
  ]) {
    const { status, body } = await call('POST', '/customers', twin)
    assert.deepEqual([status, body.detail], [409, 'Customer with this document or email already exists'])
  }
})

test('names every field that is wrong', async () => {
  const wrong = await call('POST', '/customers', {
    name: 'A\u0000na',
    email: 'nobody',
    phone: '123',
    document: '529.982.247-26',
    initial_balance: -1,
    credit_limit: 0.001,
    birth_date: '1990-02-30',
    driver_license: '11111111111',
    address: { postal_code: '1', street: 's', number: 'n', district: 'd', city: 'c', state: 'XX' },
    consents: { marketing: 'yes' },
    admin: true,
  })
  assert.equal(wrong.status, 422)
  assert.deepEqual(wrongFields(wrong), [
    '/address/postal_code',
    '/address/state',
    '/admin',
    '/birth_date',
    '/consents/marketing',
    '/credit_limit',
    '/document',
    '/driver_license',
    '/email',
    '/initial_balance',
    '/name',
    '/phone',
  ])
  assert.deepEqual(wrongFields(await call('POST', '/customers', {})), ['/document', '/email', '/name', '/phone'])
  const unborn = await call('POST', '/customers', { ...ana, name: ' a   ', birth_date: '2999-01-01' })
  assert.deepEqual([unborn.status, wrongFields(unborn)], [422, ['/birth_date', '/name']])
  const ancient = await call('POST', '/customers', { ...ana, birth_date: '0000-01-01' })
  assert.deepEqual([ancient.status, wrongFields(ancient)], [422, ['/birth_date']])
})

test('never answers 500 to what PostgreSQL can not store', async () => {
  for (const text of ['a\\u0000bc', 'abc\\ud800']) {
    const raw = `{"name":"Ana Souza","email":"e@e.com","phone":"11987654321","document":"11144477735",
      "address":{"postal_code":"01310100","street":"${text}","number":"1","district":"d","city":"c","state":"SP"}}`
    const { status, body } = await call('POST', '/customers', raw)
    assert.equal(status, 422)
    assert.deepEqual(wrongFields({ body }), ['/address/street'])
  }
  assert.equal((await call('GET', '/customers/9007199254740993')).status, 404)
  assert.equal((await call('GET', '/customers/abc')).status, 404)
  assert.equal((await call('GET', '/customers?cursor=%00')).status, 422)
  assert.equal((await call('GET', '/customers?status=gone')).status, 422)
})

test('answers 404 for an unknown customer', async () => {
  for (const { status, body } of [
    await call('GET', '/customers/424242'),
    await call('PUT', '/customers/424242', { name: 'Nobody' }),
  ]) {
    assert.deepEqual([status, body.detail], [404, 'Customer not found'])
  }
})

test('changes what the body names and nothing else; a new balance is an adjustment', async () => {
  const { body: before } = await call('POST', '/customers', {
    ...ana,
    email: 'bia@example.com',
    document: '12345678909',
    initial_balance: 100,
    credit_limit: 50,
    birth_date: '1990-01-01',
  })
  const changed = await setMoney(before.id, { email: 'BIA.SOUZA@example.com', initial_balance: 70.01 })
  assert.equal(changed.status, 200)
  assert.deepEqual(changed.body, {
    ...before,
    email: 'bia.souza@example.com',
    account_balance: 70.01,
    updated_at: changed.body.updated_at,
  })
  assert.deepEqual((await ledgerOf(before.id)).at(-1), {
    kind: 'adjustment',
    account: 'balance',
    amount_cents: -2_999,
    balance_after_cents: 7_001,
  })
  const same = await call('PUT', `/customers/${before.id}`, { name: 'Bia Souza', phone: '11 98765-4321' })
  assert.deepEqual([same.body.name, same.body.birth_date], ['Bia Souza', '1990-01-01'])
  assert.equal((await ledgerOf(before.id)).length, 3)
})

test('refuses to change a document, to change nothing, and to take the email of another', async () => {
  const { body: carla } = await call('POST', '/customers', {
    ...ana,
    email: 'carla@example.com',
    document: '11222333000181',
  })
  const url = `/customers/${carla.id}`
  const withDocument = await call('PUT', url, { document: '11144477735' })
  assert.deepEqual([withDocument.status, wrongFields(withDocument)], [422, ['/document']])
  assert.equal((await call('PUT', url, {})).status, 422)
  const taken = await setMoney(carla.id, { email: 'ANA@example.com', initial_balance: 5 })
  assert.deepEqual([taken.status, taken.body.detail], [409, 'Email already exists for another customer'])
  assert.equal((await call('GET', url)).body.account_balance, 0)
  assert.equal((await call('PUT', url, { email: 'Carla@example.com' })).status, 200)
})

test('refuses a credit limit below the credit in use', async () => {
  const { body: davi } = await call('POST', '/customers', {
    ...ana,
    email: 'davi@example.com',
    document: 'A1B2C3D41A2B62',
    credit_limit: 100,
  })
  await database.query('update customers set used_credit_cents = 6000 where id = $1', [davi.id])
  const refused = await setMoney(davi.id, { credit_limit: 59.99 })
  assert.deepEqual([refused.status, refused.body.detail], [400, 'Credit limit is below the credit in use'])
  const lowered = await setMoney(davi.id, { credit_limit: 60 })
  assert.deepEqual([lowered.body.used_credit, lowered.body.available_credit], [60, 0])
})

test('lists page by page, by status, and by ids', async () => {
  const ids: number[] = []
  let cursor: string | null = null
  let total = 0
  do {
    const { status, body } = await call('GET', `/customers?limit=2${cursor ? `&cursor=${cursor}` : ''}`)
    assert.equal(status, 200)
    assert.ok(body.timestamp)
    ids.push(...body.customers.map(({ id }: { id: number }) => id))
    cursor = body.next_cursor
    total = body.total
  } while (cursor)
  assert.equal(ids.length, total)
  assert.deepEqual(
    ids,
    [...new Set(ids)].sort((one, other) => one - other),
  )

  const [first] = ids
  await database.query(`update customers set status = 'blocked' where id = $1`, [first])
  const blocked = (await call('GET', '/customers?status=blocked')).body
  assert.deepEqual([blocked.total, blocked.customers.length, blocked.customers[0].id], [1, 1, first])

  const service = { authorization: 'Bearer service' }
  const accounts = await call('GET', `/customers/accounts?ids=${first},424242,${ids.at(-1)}`, undefined, service)
  assert.deepEqual(new Set(accounts.body.accounts.map(({ id }: { id: number }) => id)), new Set([first, ids.at(-1)]))
  assert.deepEqual(Object.keys(accounts.body.accounts[0]), [
    ...['id', 'status', 'account_balance', 'credit_limit', 'used_credit', 'available_credit'],
  ])

  const damaged = ids.at(-1)
  await database.query(`update people set email = 'v1.damaged' where customer_id = $1`, [damaged])
  const { body } = await call('GET', `/customers/contacts?ids=${first},424242,${damaged}`, undefined, {
    authorization: 'Bearer avisos-service',
  })
  const contacts = new Map(body.contacts.map((one: { id: number }) => [one.id, one]))
  assert.deepEqual(
    [contacts.size, contacts.get(damaged)],
    [2, { id: damaged, status: 'active', name: null, email: null, email_proven: false }],
  )
  for (const ids of ['x', '01'])
    assert.equal((await call('GET', `/customers/accounts?ids=${ids}`, undefined, service)).status, 422, ids)

  const named = await call('GET', `/customers?limit=100&ids=${first},424242,${ids.at(-1)},${first}`)
  assert.equal(named.status, 200)
  assert.deepEqual(new Set(named.body.customers.map(({ id }: { id: number }) => id)), new Set([first, ids.at(-1)]))
  assert.deepEqual([named.body.total, named.body.next_cursor], [2, null])
  assert.equal((await call('GET', `/customers?ids=${Array(129).fill(1).join(',')}`)).status, 422)
})

test('the same Idempotency-Key registers once, and answers the same again with the same version', async () => {
  const body = { ...ana, email: 'eva@example.com', document: '390.533.447-05' }
  const key = { 'idempotency-key': 'eva-1' }
  const copies = await Promise.all(Array.from({ length: 5 }, () => call('POST', '/customers', body, key)))
  for (const copy of copies) assert.deepEqual(copy, copies[0])
  assert.equal(copies[0]?.status, 201)
  assert.equal((await ledgerOf(copies[0]?.body.id)).length, 0)
  const other = await call('POST', '/customers', { ...body, name: 'Eva Lima' }, key)
  assert.deepEqual([other.status, other.body.type], [422, 'urn:mercado-veiculo:problem:idempotency_key_reused'])
  assert.equal((await call('POST', '/customers', body)).status, 409, 'without the key it is a second registration')
})

test('two who edit the same customer do not overwrite each other', async () => {
  const { id } = await register()
  const url = `/customers/${id}`
  const { etag } = await call('GET', url)
  assert.match(etag, /^"[\d.]+"$/)
  const first = await call('PUT', url, { name: 'First Editor' }, { 'if-match': etag })
  assert.equal(first.status, 200)
  assert.notEqual(first.etag, etag)
  const second = await call('PUT', url, { name: 'Second Editor', initial_balance: 9 }, { 'if-match': etag })
  assert.deepEqual([second.status, second.body.detail], [412, 'This was changed since you read it'])
  const now = await call('GET', url)
  assert.deepEqual([now.body.name, now.body.account_balance, now.etag], ['First Editor', 0, first.etag])
  assert.equal((await call('PUT', url, { name: 'Second Editor' }, { 'if-match': now.etag })).status, 200)
  assert.equal((await call('PUT', url, { name: 'Whoever' }, { 'if-match': '*' })).status, 200)
})

test('the version of a new customer is the one that a reader sees', async () => {
  const created = await call('POST', '/customers', { ...ana, email: 'fabio@example.com', document: '153.509.460-56' })
  assert.equal(created.status, 201, JSON.stringify(created.body))
  assert.equal((await call('GET', `/customers/${created.body.id}`)).etag, created.etag)
})

test('null clears an optional field, and no other', async () => {
  const { id } = await register()
  const url = `/customers/${id}`
  const optional = {
    birth_date: '1990-02-28',
    driver_license: '62472927637',
    address: { postal_code: '01310100', street: 's', number: '1', district: 'd', city: 'c', state: 'SP' },
    refund_pix_key: 'ana@example.com',
    representative: { name: 'Rita Souza', document: '11144477735' },
    consents: { marketing: true },
  }
  const full = await call('PUT', url, optional)
  assert.equal(full.status, 200, JSON.stringify(full.body))
  const { birth_date, ...others } = (await call('PUT', url, { birth_date: null })).body
  assert.equal(birth_date, undefined)
  assert.deepEqual(others.address, optional.address)
  const cleared = (await call('PUT', url, Object.fromEntries(Object.keys(optional).map((name) => [name, null])))).body
  for (const name of Object.keys(optional)) assert.equal(name in cleared, false, name)
  const required = { name: null, phone: null, initial_balance: null, credit_limit: null }
  const refused = await call('PUT', url, required)
  assert.deepEqual(
    [refused.status, wrongFields(refused)],
    [
      422,
      Object.keys(required)
        .map((name) => `/${name}`)
        .sort(),
    ],
  )
  const broken = await call('PUT', url, { address: { ...optional.address, state: 'XX' }, refund_pix_key: ' ' })
  assert.deepEqual([broken.status, wrongFields(broken)], [422, ['/address/state', '/refund_pix_key']])
  const atBirth = await call('POST', '/customers', { ...ana, birth_date: null })
  assert.deepEqual(
    [atBirth.status, wrongFields(atBirth)],
    [422, ['/birth_date']],
    'a new customer has nothing to clear',
  )
})

test('an erased customer can be seen, but not changed', async () => {
  const { id } = await register()
  await database.query(`update customers set status = 'erased' where id = $1`, [id])
  assert.equal((await call('GET', `/customers/${id}`)).body.status, 'erased')
  for (const refused of [
    await call('PUT', `/customers/${id}`, { name: 'Somebody Else' }),
    await call('POST', `/customers/${id}/block`, { reason: 'too late' }),
    await call('POST', `/customers/${id}/unblock`),
  ]) {
    assert.deepEqual([refused.status, refused.body.detail], [409, 'Customer was erased'])
  }
})

test('the OpenAPI document tells of the version, the key and every problem', () => {
  const { paths = {} } = app.swagger() as { paths?: Record<string, Record<string, unknown>> }
  const text = JSON.stringify(paths['/customers/{id}']?.put)
  for (const word of ['if-match', 'ETag', 'Customer was erased', 'This was changed since you read it']) {
    assert.ok(text.includes(word), word)
  }
  assert.ok(JSON.stringify(paths['/customers']?.post).includes('idempotency-key'))
})

test('staff find a customer by their document or e-mail, however it is typed, and by nothing else', async () => {
  const { id, email } = await register()
  const document = '71428793860'
  const other = await call('POST', '/customers', { ...ana, email: 'Por.Documento@example.com', document })
  assert.equal(other.status, 201)
  const found = async (body: object) => {
    const answer = await call('POST', '/customers/search', body)
    assert.equal(answer.status, 200, JSON.stringify(answer.body))
    return answer.body.customers.map((one: { id: number }) => one.id)
  }
  assert.deepEqual(await found({ document: '714.287.938-60' }), [other.body.id])
  assert.deepEqual(await found({ email: 'POR.DOCUMENTO@example.com' }), [other.body.id])
  assert.deepEqual(await found({ email }), [id])
  assert.deepEqual(await found({ email: 'documento@example.com' }), [], 'a part of it finds nobody')
  for (const body of [{}, { document, email }, { name: 'Ana Souza' }, { document: '11111111111' }])
    assert.equal((await call('POST', '/customers/search', body)).status, 422, JSON.stringify(body))
})

test('a damaged sealed row loses its data, and does not break the page', async () => {
  const [before, damaged, behind] = [await register(), await register(), await register()]
  await database.query(`update people set email = replace(email, 'v1.', 'v1.9') where customer_id = $1`, [damaged.id])
  const ids = [before.id, damaged.id, behind.id]
  for (const url of [`/customers?ids=${ids.join(',')}`, `/customers?limit=100`]) {
    const { status, body } = await call('GET', url)
    assert.equal(status, 200, url)
    const found = body.customers.filter(({ id }: { id: number }) => ids.includes(id))
    assert.deepEqual(
      found.map(({ id, name }: { id: number; name: string }) => [id, name]),
      [
        [before.id, 'Ana Souza'],
        [damaged.id, '(unreadable)'],
        [behind.id, 'Ana Souza'],
      ],
      url,
    )
  }
})

test('a fingerprint that was copied to another row finds nobody there', async () => {
  const thief = await register()
  const document = generateCpf()
  const { id } = (await call('POST', '/customers', { ...ana, email: 'cora@example.com', document })).body
  const print = (of: number) =>
    database.query<{ print: string }>('select document_fingerprint as print from people where customer_id = $1', [of])
  const [own] = await print(id)
  await database.query(`update people set document_fingerprint = 'x' where customer_id = $1`, [id])
  await database.query('update people set document_fingerprint = $2 where customer_id = $1', [thief.id, own?.print])
  const { status, body } = await call('POST', '/customers/search', { document })
  assert.deepEqual([status, body.customers], [200, []])
})

test('staff find customers by the beginnings of the words of their name, as it is now and while they are known', async () => {
  const named = async (name: string) => {
    const email = `${name.normalize('NFKD').replace(/[^a-z]/gi, '')}@example.com`
    const { status, body } = await call('POST', '/customers', { ...ana, name, email, document: generateCpf() })
    assert.equal(status, 201, JSON.stringify(body))
    return body.id as number
  }
  const [one, other] = [await named('Jacinta Conceição dos Reis'), await named('Jacinto Reisdorf')]
  const found = async (q: string, more = '') => {
    const { status, body } = await call('GET', `/customers?q=${encodeURIComponent(q)}${more}`)
    assert.equal(status, 200, JSON.stringify(body))
    return body.customers.map(({ id }: { id: number }) => id)
  }
  for (const q of ['conceicao', 'CONC', 'reis conceição', 'jacinta rei']) assert.deepEqual(await found(q), [one], q)
  assert.deepEqual(await found('jacint'), [one, other])
  assert.deepEqual([await found('jacint', '&limit=1'), await found('acinta')], [[one], []], 'not from within a word')
  const page = await call('GET', '/customers?q=jacint&limit=1')
  assert.deepEqual([page.body.total, await found('jacint', `&cursor=${page.body.next_cursor}`)], [2, [other]])
  assert.deepEqual(wrongFields(await call('GET', '/customers?q=ja')), ['/querystring/q'])
  await call('PUT', `/customers/${one}`, { name: 'Leocádia Reis' })
  assert.deepEqual([await found('conceicao'), await found('leocadia')], [[], [one]])
  assert.deepEqual(await found('leocadia', '&status=blocked'), [])
  await database.query(`update people set has_beginnings = false`)
  await database.query(`delete from name_beginnings`)
  assert.deepEqual(await found('leocadia'), [])
  assert.ok((await fillBeginnings(database, vault)) >= 2)
  assert.deepEqual(await found('leocadia'), [one])
  assert.equal(await fillBeginnings(database, vault), 0)
  await database.transaction(async (tx) => {
    const customer = await lockCustomer(tx, vault, one)
    if (customer) await updateCustomer(tx, vault, erased(customer, new Date()))
  })
  assert.deepEqual(await found('leocadia'), [], 'an erasure empties them')
})
