/** Sessions and passwords with thieves, planted cookies, forgotten passwords and lost phones. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '#platform/clock'
import { keepPendingEmail } from '../accounts/account-store.ts'
import { carryAll } from '../accounts/carry-email.ts'
import { fingerprints } from '../accounts/fingerprints.ts'
import { accountsApp, addressOfSomebody, PASSWORD } from './accounts.suite.ts'

const { browser, mailed, signUp, cliente, database, vault, sent } = await accountsApp()
const OTHER = 'quatro rodas e um volante'

const signIn = async (email: string, password = PASSWORD, person = browser()) => ({
  ...person,
  ...(await person.call('POST', '/auth/sign-in/email', { email, password })),
})
const sessionIn = ({ cookies }: { cookies: Map<string, string> }) => cookies.get('mercado.session_token')

test('a planted cookie becomes nobody’s session: a sign-in makes a new one', async () => {
  const ana = await signUp()
  const planted = browser()
  planted.cookies.set('mercado.session_token', 'planted.by-somebody')
  const signed = await signIn(ana.email, PASSWORD, planted)
  assert.equal(signed.status, 200)
  assert.notEqual(sessionIn(planted), 'planted.by-somebody')
  const thief = browser()
  thief.cookies.set('mercado.session_token', 'planted.by-somebody')
  assert.equal((await thief.call('GET', '/me')).status, 401)
})

test('whoever signs in where somebody else was signed in gets a session of their own', async () => {
  const [ana, bea] = [await signUp(), await signUp()]
  const before = sessionIn(ana)
  await signIn(bea.email, PASSWORD, ana)
  assert.notEqual(sessionIn(ana), before)
  assert.equal((await ana.call('GET', '/me')).body.email, bea.email)
})

test('a cookie that was changed by a letter, or signed by nobody here, is no session', async () => {
  const ana = await signUp()
  const cookie = sessionIn(ana) ?? ''
  for (const other of [`x${cookie.slice(1)}`, cookie.split('.')[0] ?? '', `${cookie.split('.')[0]}.AAAA`, '']) {
    const thief = browser()
    thief.cookies.set('mercado.session_token', other)
    assert.equal((await thief.call('GET', '/auth/token')).status, 401, other)
  }
})

test('cookies are for our pages alone: not for scripts, not for other sites', async () => {
  const ana = await signUp()
  const { setCookies } = await signIn(ana.email)
  assert.ok(setCookies.length > 0)
  for (const { httpOnly, sameSite, path, domain, secure } of setCookies)
    assert.deepEqual([httpOnly, sameSite, path, domain, secure ?? false], [true, 'Lax', '/', undefined, false])
})

test('Host and forwarded headers from outside decide nothing', async () => {
  const ana = await signUp()
  const { email } = ana
  const evil = { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' }
  const signed = await browser().call('POST', '/auth/sign-in/email', { email, password: PASSWORD }, evil)
  assert.equal(signed.status, 200)
  for (const { name, domain } of signed.setCookies)
    assert.deepEqual([domain, name.startsWith('__')], [undefined, false])
  const admin = { authorization: 'Bearer admin', ...evil }
  const invited = addressOfSomebody()
  await browser().call('POST', '/staff/invitations', { name: 'Nina Alves', email: invited, role: 'staff' }, admin)
  assert.match((await mailed(invited, 'staff_invitation')).link ?? '', /^http:\/\/localhost:8000\/convite\//)
})

test('a person sees their sessions by browser, ends one, and ends all others', async () => {
  const ana = await signUp()
  const [phone, tablet] = [await signIn(ana.email), await signIn(ana.email)]
  const list = async () =>
    (await ana.call('GET', '/auth/list-sessions')).body.sessions as { id: string; current: boolean; browser: string }[]
  const sessions = await list()
  assert.deepEqual(
    sessions.map(({ browser: name }) => name),
    Array(3).fill('Firefox, Windows'),
  )
  assert.equal(sessions.filter(({ current }) => current).length, 1)
  const mine = (await phone.call('GET', '/auth/list-sessions')).body.sessions.find(
    ({ current }: { current: boolean }) => current,
  )
  assert.equal((await ana.call('POST', '/auth/revoke-session', { id: mine.id })).status, 200)
  assert.equal((await phone.call('GET', '/me')).status, 401)
  assert.equal((await tablet.call('GET', '/me')).status, 200)
  assert.equal((await ana.call('POST', '/auth/revoke-other-sessions')).status, 200)
  assert.equal((await tablet.call('GET', '/me')).status, 401)
  assert.deepEqual(
    (await list()).map(({ current }) => current),
    [true],
  )
})

test('nobody ends another’s session', async () => {
  const [ana, bea] = [await signUp(), await signUp()]
  const [session] = (await bea.call('GET', '/auth/list-sessions')).body.sessions
  await ana.call('POST', '/auth/revoke-session', { id: session.id })
  assert.equal((await bea.call('GET', '/me')).status, 200)
})

test('signing out ends the session, not the cookie alone', async () => {
  const ana = await signUp()
  const cookie = sessionIn(ana) ?? ''
  assert.equal((await ana.call('POST', '/auth/sign-out')).status, 200)
  const thief = browser()
  thief.cookies.set('mercado.session_token', cookie)
  assert.equal((await thief.call('GET', '/me')).status, 401)
})

test('a forgotten password is set anew by the code, once; every session ends and the owner is told', async () => {
  const ana = await signUp()
  const { email } = ana
  const stranger = browser()
  assert.equal((await stranger.call('POST', '/auth/email-otp/request-password-reset', { email })).status, 200)
  const { code = '' } = await mailed(email, 'reset_password_code')
  const reset = (otp: string, password = OTHER) =>
    stranger.call('POST', '/auth/email-otp/reset-password', { email, otp, password })
  assert.equal((await reset(code === '000000' ? '111111' : '000000')).status, 400)
  assert.deepEqual((await reset(code, 'Password2026')).body.errors?.[0]?.path, '/password')
  assert.equal((await reset(code)).status, 200)
  assert.equal((await reset(code)).status, 400)
  assert.equal((await ana.call('GET', '/me')).status, 401)
  assert.equal((await signIn(email)).status, 401)
  assert.equal((await signIn(email, OTHER)).status, 200)
  await mailed(email, 'password_changed')
})

test('a reset for an unknown address gets the same answer, and mails nothing', async () => {
  const ana = await signUp()
  const before = sent.length
  const unknown = await browser().call('POST', '/auth/email-otp/request-password-reset', { email: addressOfSomebody() })
  assert.equal(sent.length, before)
  const known = await browser().call('POST', '/auth/email-otp/request-password-reset', { email: ana.email })
  assert.deepEqual([unknown.status, unknown.body, unknown.setCookies], [known.status, known.body, known.setCookies])
  const email = addressOfSomebody()
  const guess = await browser().call('POST', '/auth/email-otp/reset-password', {
    email,
    otp: '123456',
    password: OTHER,
  })
  assert.deepEqual([guess.status, guess.body.type], [400, 'urn:mercado-veiculo:problem:wrong_code'])
})

test('five wrong codes end a reset', async () => {
  const { email } = await signUp()
  const stranger = browser()
  await stranger.call('POST', '/auth/email-otp/request-password-reset', { email })
  const { code = '' } = await mailed(email, 'reset_password_code')
  const otp = code === '111111' ? '222222' : '111111'
  const reset = (given: string) =>
    stranger.call('POST', '/auth/email-otp/reset-password', { email, otp: given, password: OTHER })
  for (let guess = 0; guess < 5; guess += 1) assert.equal((await reset(otp)).status, 400)
  assert.equal((await reset(code)).status, 400)
  assert.equal((await signIn(email)).status, 200)
})

test('a password is changed by whoever knows it, and the other sessions end', async () => {
  const ana = await signUp()
  const phone = await signIn(ana.email)
  const change = (current_password: string) =>
    ana.call('POST', '/auth/change-password', { current_password, password: OTHER })
  const wrong = await change('não é a senha dela')
  assert.deepEqual([wrong.status, wrong.body.type], [400, 'urn:mercado-veiculo:problem:wrong_password'])
  assert.equal((await change(PASSWORD)).status, 200)
  assert.equal((await phone.call('GET', '/me')).status, 401)
  assert.equal((await ana.call('GET', '/me')).status, 200)
})

test('guesses are paced by account without locking its owner out', async () => {
  const ana = await signUp()
  const own = browser('192.0.2.200')
  await signIn(ana.email, PASSWORD, own)
  const statuses = new Set<number>()
  for (let guess = 0; guess < 14; guess += 1)
    statuses.add((await signIn(ana.email, 'uma senha adivinhada', browser(`192.0.2.${guess}`))).status)
  assert.deepEqual([...statuses], [401, 429])
  assert.equal((await signIn(ana.email, PASSWORD, own)).status, 200)
})

test('a changed e-mail is proven by a code, warns the one before, and comes to the customer', async () => {
  const ana = await signUp()
  const email = addressOfSomebody()
  const carried: unknown[] = []
  cliente.others.set('email', (_account, body) => {
    carried.push(body)
    return { status: 200, content: { customer_id: ana.customer_id } }
  })
  assert.equal((await ana.call('POST', '/auth/email-otp/request-email-change', { email })).status, 200)
  const { code: otp } = await mailed(email, 'change_email_code')
  const changed = await ana.call('POST', '/auth/email-otp/change-email', { email, otp })
  assert.equal(changed.status, 200, JSON.stringify(changed.body))
  await mailed(ana.email, 'email_changed')
  assert.deepEqual(carried, [{ email, told: ana.email }])
  assert.equal((await ana.call('GET', '/me')).body.email, email)
  assert.equal((await signIn(ana.email)).status, 401)
  assert.equal((await signIn(email)).status, 200)
})

test('while cliente-service is away the change waits, and reaches it when it is back', async () => {
  const ana = await signUp()
  const email = addressOfSomebody()
  cliente.others.set('email', () => ({ status: 503, content: {} }))
  await ana.call('POST', '/auth/email-otp/request-email-change', { email })
  const { code: otp } = await mailed(email, 'change_email_code')
  assert.equal((await ana.call('POST', '/auth/email-otp/change-email', { email, otp })).status, 200)
  const waits = () => database.query('select from accounts where email_to_carry and user_id = $1', [ana.account_id])
  assert.equal((await waits()).length, 1)
})

test('an address of another account gets the same answer, and is not taken', async () => {
  const [ana, bea] = [await signUp(), await signUp()]
  const free = await ana.call('POST', '/auth/email-otp/request-email-change', { email: addressOfSomebody() })
  const before = sent.length
  const taken = await ana.call('POST', '/auth/email-otp/request-email-change', { email: bea.email })
  assert.deepEqual([taken.status, taken.body], [free.status, free.body])
  assert.equal(sent.length, before)
  const tried = await ana.call('POST', '/auth/email-otp/change-email', { email: bea.email, otp: '123456' })
  assert.notEqual(tried.status, 200)
  assert.equal((await bea.call('GET', '/me')).body.email, bea.email)
})

test('a change that was cut off after the library’s own is settled later, and a refused one leaves nothing', async () => {
  const ana = await signUp()
  const email = addressOfSomebody()
  await ana.call('POST', '/auth/email-otp/change-email', { email, otp: '123456' })
  const pending = async () =>
    (await database.query('select from accounts where pending_email is not null and user_id = $1', [ana.account_id]))
      .length
  assert.equal(await pending(), 0)
  await database.transaction((tx) => keepPendingEmail(tx, vault, ana.account_id, email))
  const parts = {
    database,
    vault,
    prints: fingerprints(vault),
    clock: systemClock,
    ask: async () => ({ status: 200, content: {} }),
  }
  await carryAll(parts, (error) => assert.fail(String(error)))
  assert.equal(await pending(), 1, 'not changed by the library yet: it may be under way')
  await database.query('update "user" set "email" = $2 where "id" = $1', [
    ana.account_id,
    fingerprints(vault).addressOf(email),
  ])
  await carryAll(parts, (error) => assert.fail(String(error)))
  assert.equal(await pending(), 0)
  assert.equal((await ana.call('GET', '/me')).body.email, email)
})
