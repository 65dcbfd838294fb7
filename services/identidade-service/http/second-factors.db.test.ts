/** Second factors: authenticators, recovery codes and passkeys, for buyers who want them and for staff who must have one. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { base32 } from '@better-auth/utils/base32'
import { createOTP } from '@better-auth/utils/otp'
import { decodeJwt } from 'jose'
import { accountsApp, addressOfSomebody, PASSWORD } from './accounts.suite.ts'
import { authenticator } from './authenticator.suite.ts'

const ORIGIN = 'https://loja.example'
const { browser, mailed, signUp, database } = await accountsApp({
  NODE_ENV: 'production',
  PUBLIC_ORIGIN: ORIGIN,
  RATE_LIMIT_GUESSES: '1000',
})

type Browser = Pick<ReturnType<typeof browser>, 'call'>

/** The codes of an authenticator that was just set up, and the recovery codes. */
async function setUp({ call }: Browser) {
  const enabled = await call('POST', '/auth/two-factor/enable', { password: PASSWORD })
  assert.equal(enabled.status, 200, JSON.stringify(enabled.body))
  const uri = new URL(enabled.body.totp_uri)
  const secret = new TextDecoder().decode(base32.decode(uri.searchParams.get('secret') ?? ''))
  const code = () => createOTP(secret).totp()
  const confirmed = await call('POST', '/auth/two-factor/verify-totp', { code: await code() })
  assert.equal(confirmed.status, 200, JSON.stringify(confirmed.body))
  return { uri, code, recovery: enabled.body.backup_codes as string[] }
}

async function signIn(email: string) {
  const person = browser()
  const { status, body } = await person.call('POST', '/auth/sign-in/email', { email, password: PASSWORD })
  assert.equal(status, 200, JSON.stringify(body))
  return { ...person, half: body.status as string }
}

async function member() {
  const email = addressOfSomebody()
  const admin = { authorization: 'Bearer admin' }
  await browser().call('POST', '/staff/invitations', { name: 'Nina Alves', email, role: 'staff' }, admin)
  const { link = '' } = await mailed(email, 'staff_invitation')
  const person = browser()
  const token = link.split('/').at(-1)
  assert.equal((await person.call('POST', '/auth/accept-invitation', { token, password: PASSWORD })).status, 200)
  return { ...person, email }
}

const wrongOf = (code: string) => (code === '111111' ? '222222' : '111111')

test('the next sign-in asks for an authenticator that was set up, and a wrong code opens nothing', async () => {
  const ana = await signUp()
  const { uri, code } = await setUp(ana)
  assert.match(decodeURIComponent(uri.pathname), new RegExp(ana.email))
  const again = await signIn(ana.email)
  assert.equal(again.half, 'second_factor')
  assert.equal((await again.call('GET', '/auth/token')).status, 401)
  const wrong = await again.call('POST', '/auth/two-factor/verify-totp', { code: wrongOf(await code()) })
  assert.deepEqual([wrong.status, wrong.body.type], [400, 'urn:mercado-veiculo:problem:wrong_code'])
  assert.equal((await again.call('POST', '/auth/two-factor/verify-totp', { code: await code() })).status, 200)
  assert.equal((await again.call('GET', '/auth/token')).status, 200)
})

test('a recovery code opens once, and new ones end the others', async () => {
  const ana = await signUp()
  const { recovery } = await setUp(ana)
  const [one, other] = recovery
  const first = await signIn(ana.email)
  assert.equal((await first.call('POST', '/auth/two-factor/verify-backup-code', { code: one })).status, 200)
  const second = await signIn(ana.email)
  assert.equal((await second.call('POST', '/auth/two-factor/verify-backup-code', { code: one })).status, 400)
  const renewed = await ana.call('POST', '/auth/two-factor/generate-backup-codes', { password: PASSWORD })
  assert.equal(renewed.status, 200)
  assert.equal((await second.call('POST', '/auth/two-factor/verify-backup-code', { code: other })).status, 400)
  const [fresh] = renewed.body.backup_codes
  assert.equal((await second.call('POST', '/auth/two-factor/verify-backup-code', { code: fresh })).status, 200)
})

test('neither the authenticator’s secret nor recovery codes lie readable', async () => {
  const ana = await signUp()
  const { uri, recovery } = await setUp(ana)
  const rows = JSON.stringify(await database.query('select * from "twoFactor"'))
  assert.ok(!rows.includes(uri.searchParams.get('secret') ?? ''))
  for (const code of recovery) assert.ok(!rows.includes(code))
})

test('in production staff get no token by a password alone; an authenticator gives it, and is not taken off by a password alone', async () => {
  const nina = await member()
  const early = await nina.call('GET', '/auth/token')
  assert.deepEqual([early.status, early.body.type], [403, 'urn:mercado-veiculo:problem:second_factor_required'])
  const { code } = await setUp(nina)
  const again = await signIn(nina.email)
  assert.equal((await again.call('POST', '/auth/two-factor/verify-totp', { code: await code() })).status, 200)
  const token = await again.call('GET', '/auth/token')
  assert.equal(decodeJwt(token.body.token).role, 'staff')
})

test('a passkey is made, signs in by itself, and can be taken away', async () => {
  const nina = await member()
  const key = authenticator(ORIGIN)
  const asked = await nina.call('GET', '/auth/passkey/generate-register-options')
  assert.deepEqual([asked.status, asked.body.rp.id, asked.body.user.name], [200, 'loja.example', nina.email])
  const made = await nina.call('POST', '/auth/passkey/verify-registration', {
    response: key.create(asked.body.challenge),
  })
  assert.equal(made.status, 200, JSON.stringify(made.body))

  const other = browser()
  const options = await other.call('GET', '/auth/passkey/generate-authenticate-options')
  const signed = await other.call('POST', '/auth/passkey/verify-authentication', {
    response: key.get(options.body.challenge),
  })
  assert.deepEqual([signed.status, signed.body], [200, { status: 'signed_in' }])
  assert.equal((await other.call('GET', '/auth/token')).status, 200)

  const { passkeys } = (await other.call('GET', '/auth/passkey/list-user-passkeys')).body
  assert.equal(passkeys.length, 1)
  assert.equal((await other.call('POST', '/auth/passkey/delete-passkey', { id: passkeys[0].id })).status, 200)
  const third = browser()
  const late = await third.call('GET', '/auth/passkey/generate-authenticate-options')
  const refused = await third.call('POST', '/auth/passkey/verify-authentication', {
    response: key.get(late.body.challenge),
  })
  assert.deepEqual([refused.status, refused.body.type], [401, 'urn:mercado-veiculo:problem:sign_in_refused'])
})

test('a passkey’s answer counts once, for our pages, and by its own key', async () => {
  const nina = await member()
  const key = authenticator(ORIGIN)
  const asked = await nina.call('GET', '/auth/passkey/generate-register-options')
  await nina.call('POST', '/auth/passkey/verify-registration', { response: key.create(asked.body.challenge) })
  const challenged = async () => {
    const person = browser()
    const { body } = await person.call('GET', '/auth/passkey/generate-authenticate-options')
    const answer = (response: object) => person.call('POST', '/auth/passkey/verify-authentication', { response })
    return { challenge: body.challenge as string, answer }
  }
  const phished = await challenged()
  assert.notEqual((await phished.answer(key.get(phished.challenge, 'https://loja-example.evil'))).status, 200)
  const elsewhere = await challenged()
  const { challenge } = await challenged()
  assert.notEqual((await elsewhere.answer(key.get(challenge))).status, 200)
  const replayed = await challenged()
  const response = key.get(replayed.challenge)
  assert.equal((await replayed.answer(response)).status, 200)
  assert.notEqual((await replayed.answer(response)).status, 200)
  const found = await challenged()
  const unverified = await found.answer(key.get(found.challenge, ORIGIN, 0x01))
  assert.equal(unverified.status, 401, 'a device alone, without finger or PIN')
  const forged = await challenged()
  const stolen = { ...key.get(forged.challenge), response: authenticator(ORIGIN).get(forged.challenge).response }
  assert.notEqual((await forged.answer(stolen)).status, 200)
})
