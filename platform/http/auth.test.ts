/** Tokens: only a valid one, signed by the local issuer for this system, proves a caller. */
import assert from 'node:assert/strict'
import { createPublicKey } from 'node:crypto'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { importJWK, SignJWT } from 'jose'
import pino from 'pino'
import { type Permissions, permissionsOf } from '#contracts'
import { openKeyring } from '../tokens/local-issuer.ts'
import { httpApp } from './app.ts'
import { type Caller, callerOf, expectOwn, seesWhole } from './auth.ts'

const folder = await mkdtemp(join(tmpdir(), 'mercado-veiculo-auth-'))
after(() => rm(folder, { recursive: true, force: true }))

const keyring = await openKeyring(join(folder, 'ours'))
const jwk = JSON.parse(await readFile(join(folder, 'ours', 'local-issuer.jwk.json'), 'utf8'))

const claims = {
  sub: 'someone',
  role: 'staff',
  iss: 'mercado-veiculo-local',
  aud: 'mercado-veiculo',
  exp: 4_000_000_000,
}
const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
const signedHere = async (payload: Record<string, unknown>) =>
  new SignJWT(payload).setProtectedHeader({ alg: 'ES256' }).sign(await importJWK(jwk, 'ES256'))

test('a token says who its caller is', async () => {
  const callers: Caller[] = [
    { role: 'staff', subject: 'bia@loja', scope: 'operator' },
    { role: 'staff', subject: 'nina', scope: 'seller', customer_id: 9, discount_limit: 3 },
    { role: 'admin', subject: 'admin' },
    { role: 'service', subject: 'service' },
    { role: 'customer', customer_id: 7, subject: 'customer-7' },
  ]
  for (const caller of callers) assert.deepEqual(await keyring.verify(await keyring.sign(caller)), caller)
})

test('a token that was tampered with proves nothing', async () => {
  const [header, , signature] = (await keyring.sign({ role: 'customer', customer_id: 7 })).split('.')
  await assert.rejects(keyring.verify(`${header}.${encoded({ ...claims, role: 'admin' })}.${signature}`))
})

test('a token of another issuer’s key proves nothing', async () => {
  const other = await openKeyring(join(folder, 'theirs'))
  await assert.rejects(keyring.verify(await other.sign({ role: 'admin' })))
})

test('a token without a signature proves nothing', async () => {
  await assert.rejects(keyring.verify(`${encoded({ alg: 'none' })}.${encoded(claims)}.`))
})

test('a token signed with the public key as if it were a secret proves nothing', async () => {
  const { d: _secret, ...publicJwk } = jwk
  const pem = createPublicKey({ key: publicJwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' })
  const forged = new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(pem))
  await assert.rejects(keyring.verify(await forged))
})

for (const [what, payload] of [
  ['meant for another system', { ...claims, aud: 'elsewhere' }],
  ['of another issuer’s name', { ...claims, iss: 'elsewhere' }],
  ['that never expires', { sub: 'someone', role: 'staff', iss: claims.iss, aud: claims.aud }],
  ['with a role that nobody has', { ...claims, role: 'root' }],
  ['of nobody', { ...claims, role: 'nobody' }],
  ['of a customer without an id', { ...claims, role: 'customer' }],
] as const) {
  test(`a token ${what} proves nothing, though the signature is ours`, async () => {
    await assert.rejects(keyring.verify(await signedHere(payload)))
  })
}

test('a token is good for an hour', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.parse('2026-01-01T12:00:00Z') })
  const token = await keyring.sign({ role: 'admin' })
  t.mock.timers.setTime(Date.parse('2026-01-01T12:59:59Z'))
  assert.equal((await keyring.verify(token)).role, 'admin')
  t.mock.timers.setTime(Date.parse('2026-01-01T13:00:00Z'))
  await assert.rejects(keyring.verify(token), { code: 'ERR_JWT_EXPIRED' })
})

test('the key is kept, so tokens outlive a restart, and only its owner may read it', async () => {
  const again = await openKeyring(join(folder, 'ours'))
  assert.equal((await again.verify(await keyring.sign({ role: 'staff' }))).role, 'staff')
  const { mode } = await stat(join(folder, 'ours', 'local-issuer.jwk.json'))
  assert.equal(mode & 0o777, 0o600)
})

test('processes that start for the first time together agree on one key', async () => {
  const rings = await Promise.all(Array.from({ length: 4 }, () => openKeyring(join(folder, 'shared'))))
  for (const signing of rings) {
    const token = await signing.sign({ role: 'staff' })
    for (const verifying of rings) assert.equal((await verifying.verify(token)).role, 'staff')
  }
})

test('a request without a token is nobody’s, one with a token is its caller’s, one with a bad token is refused', async () => {
  await using app = await guarded({ 'GET /me': { who: 'everybody' } })
  app.get('/me', (request) => callerOf(request))
  const asked = (authorization?: string) => app.inject({ url: '/me', headers: authorization ? { authorization } : {} })
  const token = await keyring.sign({ role: 'customer', customer_id: 7 })

  assert.deepEqual((await asked()).json(), { role: 'nobody' })
  for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
    const caller = (await asked(`${scheme} ${token}`)).json()
    assert.deepEqual(caller, { role: 'customer', customer_id: 7, subject: 'customer-7' }, scheme)
  }
  for (const bad of [`Bearer ${token}x`, `Basic ${token}`, 'Bearer', 'Bearer a b', token]) {
    const refusal = await asked(bad)
    assert.equal(refusal.statusCode, 401, bad)
    assert.equal(refusal.json().type, 'urn:mercado-veiculo:problem:bad_token')
  }
})

test('identifiers are shown whole to staff, admins and services only', () => {
  const shown = (['nobody', 'customer', 'staff', 'admin', 'service'] as const).filter((role) => seesWhole({ role }))
  assert.deepEqual(shown, ['staff', 'admin', 'service'])
})

const guarded = (permissions: Permissions) =>
  httpApp({
    title: 't',
    description: 'd',
    version: '1',
    log: pino({ level: 'silent' }),
    access: { verify: keyring.verify, permissions: { ...permissionsOf('none'), ...permissions } },
  })

test('a route without a row in the table of permissions cannot even be declared', async () => {
  await using app = await guarded({ 'GET /known': { who: ['staff'] } })
  app.get('/known', () => ({}))
  assert.throws(() => app.post('/known', () => ({})), /who may call POST \/known/)
  assert.throws(() => app.get('/unknown', () => ({})), /who may call GET \/unknown/)
})

test('a caller without a token gets 401, one whose role is not enough 403, before the body is read; neither learns more', async () => {
  await using app = await guarded({ 'POST /stock': { who: ['staff', 'admin'] } })
  app.post('/stock', { schema: { body: { type: 'object', required: ['price'] } } }, () => ({}))
  const asked = async (role?: 'customer' | 'staff' | 'admin' | 'service') => {
    const token = role && (await keyring.sign({ role, ...(role === 'customer' && { customer_id: 7 }) }))
    const headers = token ? { authorization: `Bearer ${token}` } : {}
    return (await app.inject({ method: 'POST', url: '/stock', headers, payload: {} })).statusCode
  }
  assert.deepEqual(
    [await asked(), await asked('customer'), await asked('service'), await asked('staff'), await asked('admin')],
    [401, 403, 403, 422, 422],
  )
})

test('a customer reaches their own things, and those of others are answered as if they did not exist', async () => {
  await using app = await guarded({ 'GET /purses/:id': { who: ['customer', 'staff'], own: true } })
  app.get('/purses/:id', (request) => {
    expectOwn(request, Number((request.params as { id: string }).id), 'customer_not_found')
    return {}
  })
  const asked = async (caller: Caller, id: number) => {
    const headers = { authorization: `Bearer ${await keyring.sign(caller)}` }
    return (await app.inject({ url: `/purses/${id}`, headers })).statusCode
  }
  assert.equal(await asked({ role: 'customer', customer_id: 7 }, 7), 200)
  assert.equal(await asked({ role: 'customer', customer_id: 7 }, 8), 404)
  assert.equal(await asked({ role: 'staff' }, 8), 200)
})
