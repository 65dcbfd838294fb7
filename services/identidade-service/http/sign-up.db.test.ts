/** Signing up: from the form to a session with a customer, also with strangers, impatient people and crashes in between. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generateCpf } from '@brazilian-utils/brazilian-utils'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { accountsApp, addressOfSomebody, PASSWORD, registration } from './accounts.suite.ts'

const { browser, mailed, signUp, cliente, database, sent } = await accountsApp()

const accounts = async () =>
  (await database.query<{ count: number }>('select count(*) as count from accounts'))[0]?.count

test('a buyer signs up, proves the address by the code, and holds a token with their customer', async () => {
  const person = await signUp()
  assert.ok(person.customer_id > 0)
  const { body } = await person.call('GET', '/auth/token')
  const keys = (await browser().call('GET', '/auth/jwks')).body
  const { payload, protectedHeader } = await jwtVerify(body.token, createLocalJWKSet(keys), {
    issuer: 'mercado-veiculo-identidade',
    audience: 'mercado-veiculo',
  })
  assert.equal(protectedHeader.alg, 'EdDSA')
  assert.deepEqual(
    [payload.sub, payload.role, payload.customer_id],
    [person.account_id, 'customer', person.customer_id],
  )
  assert.equal((payload.exp ?? 0) - (payload.iat ?? 0), 300)
  const me = await person.call('GET', '/me')
  assert.deepEqual(
    [me.body.email, me.body.role, me.body.customer, me.body.customer_id],
    [person.email, 'customer', 'there', person.customer_id],
  )
})

test('before the code there is no account and no session, and a sign-in is refused like any other', async () => {
  const person = browser()
  const given = registration()
  const before = await accounts()
  const asked = await person.call('POST', '/auth/sign-up/email', given)
  assert.deepEqual([asked.status, asked.setCookies, await accounts()], [200, [], before])
  const { email, password } = given
  const early = await person.call('POST', '/auth/sign-in/email', { email, password })
  const unknown = await person.call('POST', '/auth/sign-in/email', { email: addressOfSomebody(), password })
  assert.deepEqual([early.status, early.body.type], [401, unknown.body.type])
})

test('a known address gets the same answer, a mail that says so, and keeps its password', async () => {
  const owner = await signUp()
  const stranger = browser()
  const fresh = await stranger.call('POST', '/auth/sign-up/email', registration())
  const known = await stranger.call(
    'POST',
    '/auth/sign-up/email',
    registration({ email: ` ${owner.email.toUpperCase()}`.trim(), password: 'outra senha bem longa' }),
  )
  assert.deepEqual([known.status, Object.keys(known.body), known.setCookies], [200, Object.keys(fresh.body), []])
  await mailed(owner.email, 'sign_up_known')
  for (let guess = 0; guess < 3; guess += 1) {
    const tried = await stranger.call('POST', '/auth/sign-up/verify', {
      sign_up_id: known.body.sign_up_id,
      code: '000000',
    })
    assert.deepEqual([tried.status, tried.body.type], [400, 'urn:mercado-veiculo:problem:wrong_code'])
  }
  const { email } = owner
  assert.equal(
    (await browser().call('POST', '/auth/sign-in/email', { email, password: 'outra senha bem longa' })).status,
    401,
  )
  assert.equal((await browser().call('POST', '/auth/sign-in/email', { email, password: PASSWORD })).status, 200)
})

test('a code cannot be guessed: five wrong ones end it, the right one then opens nothing', async () => {
  const person = browser()
  const given = registration()
  const { body } = await person.call('POST', '/auth/sign-up/email', given)
  const { code = '' } = await mailed(given.email, 'sign_up_code')
  const wrong = code === '111111' ? '222222' : '111111'
  for (let guess = 0; guess < 5; guess += 1)
    assert.equal(
      (await person.call('POST', '/auth/sign-up/verify', { sign_up_id: body.sign_up_id, code: wrong })).status,
      400,
    )
  assert.equal((await person.call('POST', '/auth/sign-up/verify', { sign_up_id: body.sign_up_id, code })).status, 400)
  await person.call('POST', '/auth/sign-up/resend', { sign_up_id: body.sign_up_id })
  const { code: next } = await mailed(given.email, 'sign_up_code')
  assert.equal(
    (await person.call('POST', '/auth/sign-up/verify', { sign_up_id: body.sign_up_id, code: next })).status,
    200,
  )
})

test('of many who give the right code at once, one gets the account', async () => {
  const given = registration()
  const { body } = await browser().call('POST', '/auth/sign-up/email', given)
  const { code } = await mailed(given.email, 'sign_up_code')
  const before = await accounts()
  const all = await Promise.all(
    Array.from({ length: 6 }, () =>
      browser().call('POST', '/auth/sign-up/verify', { sign_up_id: body.sign_up_id, code }),
    ),
  )
  assert.equal(all.filter(({ status }) => status === 200).length, 1)
  assert.equal(await accounts(), (before ?? 0) + 1)
})

test('two sign-ups of one address: the code proves its own password, not the other’s', async () => {
  const email = addressOfSomebody()
  const victim = browser()
  const attacker = browser('198.51.100.9')
  const own = await victim.call('POST', '/auth/sign-up/email', registration({ email }))
  const { code } = await mailed(email, 'sign_up_code')
  const theirs = await attacker.call(
    'POST',
    '/auth/sign-up/email',
    registration({ email, password: 'senha de quem ataca' }),
  )
  assert.equal(
    (await attacker.call('POST', '/auth/sign-up/verify', { sign_up_id: theirs.body.sign_up_id, code })).status,
    400,
  )
  assert.equal(
    (await victim.call('POST', '/auth/sign-up/verify', { sign_up_id: own.body.sign_up_id, code })).status,
    200,
  )
  const { code: late } = await mailed(email, 'sign_up_code')
  assert.equal(
    (await attacker.call('POST', '/auth/sign-up/verify', { sign_up_id: theirs.body.sign_up_id, code: late })).status,
    400,
  )
  const tried = await attacker.call('POST', '/auth/sign-in/email', { email, password: 'senha de quem ataca' })
  assert.equal(tried.status, 401)
})

test('nobody chooses their own role, scope or customer', async () => {
  for (const extra of [{ role: 'admin' }, { scope: 'operator' }, { customer_id: 1 }, { emailVerified: true }]) {
    const { status, body } = await browser().call('POST', '/auth/sign-up/email', registration(extra))
    assert.deepEqual(
      [status, body.errors],
      [422, [{ path: `/${Object.keys(extra)[0]}`, message: 'is not a field of this request' }]],
    )
  }
})

test('names every field that does not fit', async () => {
  const minor = registration({ birth_date: '2015-01-01' })
  for (const [body, path] of [
    [minor, '/representative'],
    [registration({ birth_date: undefined }), '/birth_date'],
    [registration({ password: 'curta' }), '/password'],
    [registration({ password: 'Password2026' }), '/password'],
    [registration({ document: '11111111111' }), '/document'],
    [registration({ email: 'ana' }), '/email'],
  ] as const) {
    const answer = await browser().call('POST', '/auth/sign-up/email', body)
    assert.deepEqual([answer.status, answer.body.errors?.[0]?.path], [422, path])
  }
  const mother = { name: 'Rita Souza', document: generateCpf() }
  assert.equal((await browser().call('POST', '/auth/sign-up/email', { ...minor, representative: mother })).status, 200)
})

test('a post of another page is refused, and one that does not say where it comes from', async () => {
  for (const origin of ['https://evil.example', 'http://localhost:8000.evil.example', 'null', '']) {
    const { status, body } = await browser().call('POST', '/auth/sign-up/email', registration(), { origin })
    assert.deepEqual([status, body.type], [403, 'urn:mercado-veiculo:problem:foreign_origin'], origin)
  }
})

test('while cliente-service is away the account waits for its customer, and gets one', async () => {
  const { answer } = cliente
  cliente.answer = () => ({ status: 503, content: {} })
  const person = await signUp()
  assert.equal(person.customer_id, null)
  const early = await person.call('GET', '/auth/token')
  assert.deepEqual([early.status, early.body.customer], [409, 'being_made'])
  cliente.answer = answer
  assert.equal((await person.call('GET', '/auth/token')).status, 200)
  assert.equal((await person.call('GET', '/me')).body.customer, 'there')
})

test('a document that the counter knows makes no second customer: there is one to claim', async () => {
  const { answer } = cliente
  cliente.answer = () => ({ status: 409, content: {} })
  const person = await signUp()
  cliente.answer = answer
  const token = await person.call('GET', '/auth/token')
  assert.deepEqual([token.status, token.body.customer], [409, 'to_be_claimed'])
})

test('no address gets more than eight mails in an hour, whoever asks for them', async () => {
  const email = addressOfSomebody()
  const before = sent.length
  for (let count = 0; count < 12; count += 1) {
    const { status } = await browser(`192.0.2.${count}`).call('POST', '/auth/sign-up/email', registration({ email }))
    assert.equal(status, 200)
  }
  assert.equal(sent.length - before, 8)
})

test('a minor’s representative is passed to the customer with all other data', async () => {
  const { answer } = cliente
  const given: Record<string, unknown>[] = []
  cliente.answer = (account_id, body) => {
    given.push(body)
    return answer(account_id, body)
  }
  const person = browser()
  const mother = { name: 'Rita Souza', document: generateCpf() }
  const email = addressOfSomebody()
  const minor = registration({ email, birth_date: '2012-01-01', representative: mother })
  const asked = await person.call('POST', '/auth/sign-up/email', minor)
  const { code } = await mailed(email, 'sign_up_code')
  await person.call('POST', '/auth/sign-up/verify', { sign_up_id: asked.body.sign_up_id, code })
  cliente.answer = answer
  assert.deepEqual(given.at(-1), {
    name: 'Ana Souza',
    document: minor.document,
    birth_date: '2012-01-01',
    phone: '+5511987654321',
    email,
    representative: mother,
  })
})
