/** OWASP API2:2023 Broken authentication: a token proves a caller only if it is complete, current, for this system, and signed by its issuer. */
import assert from 'node:assert/strict'
import { createHmac, createPublicKey, type JsonWebKey as Jwk, randomUUID, sign as signRaw } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { CompactEncrypt, exportJWK, exportPKCS8, generateKeyPair, importJWK, type JWTPayload, SignJWT } from 'jose'
import { readConfig } from '#platform/config'
import { openIssuers } from '#platform/tokens/issuers'
import { customerWith, startSystem } from '../fixtures/system.ts'
import { attackOn } from './attack.ts'

const attack = attackOn('API2')
const api = await startSystem()
const url = api.system.addressOf('cliente-service')
const victim = await customerWith(api)
const genuine = (await api.as({ role: 'customer', customer_id: victim })).authorization.slice('Bearer '.length)
const [head = '', body = '', seal = ''] = genuine.split('.')

const encoded = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
const decoded = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())
const claims: JWTPayload = decoded(body)

/** Staff may list customers, so this route tells whether a token works. */
const list = async (headers: Record<string, string>) => {
  const response = await fetch(`${url}/customers`, { headers })
  await response.arrayBuffer()
  return response
}
const bearer = (token: string) => list({ authorization: `Bearer ${token}` })

const other = await generateKeyPair('ES256', { extractable: true })
const forge = (payload: object = { ...claims, role: 'staff' }, header: object = {}) =>
  new SignJWT(payload as JWTPayload).setProtectedHeader({ alg: 'ES256', ...header }).sign(other.privateKey)

test('the claims of a token are its signature’s: none is changed, none is dropped', async () => {
  for (const change of [
    { role: 'admin' },
    { role: 'staff' },
    { role: 'service' },
    { role: ['customer', 'admin'] },
    { customer_id: victim + 1 },
    { exp: 9_999_999_999 },
    { sub: 'admin' },
    { iss: 'https://accounts.google.com' },
    { aud: ['mercado-veiculo', 'another'] },
  ])
    await attack.refused(JSON.stringify(change), bearer(`${head}.${encoded({ ...claims, ...change })}.${seal}`), 401)
  for (const token of [
    `${head}.${body}.`,
    `${head}.${body}`,
    `${head}..${seal}`,
    `.${body}.${seal}`,
    `${head}.${body}.${seal.slice(0, -2)}`,
    `${head}.${body}.${encoded('0'.repeat(64))}`,
    `${head}.${body}.${Buffer.alloc(64).toString('base64url')}`, // r = s = 0: CVE-2022-21449
    `${head}.${body}.${seal}.${seal}`,
    `${body}.${head}.${seal}`,
    '..',
    '...',
    '',
    'null',
    'undefined',
    genuine.toUpperCase(),
    [...genuine].reverse().join(''),
  ])
    await attack.refused(token.slice(0, 30), bearer(token), 401)
})

test('no algorithm but the issuer’s own: not none, not the public key as a secret', async () => {
  const staff = { ...claims, role: 'staff' }
  for (const alg of ['none', 'None', 'NONE', 'nOnE', '', null, ['none']]) {
    for (const mark of ['', seal, encoded('x')])
      await attack.refused(`alg ${alg}`, bearer(`${encoded({ alg, typ: 'JWT' })}.${encoded(staff)}.${mark}`), 401)
  }
  const { d: _, ...publicJwk } = JSON.parse(await readFile(await keyFile(), 'utf8'))
  const key = createPublicKey({ key: publicJwk as Jwk, format: 'jwk' })
  const spki = { type: 'spki' } as const
  const secrets = [
    key.export({ ...spki, format: 'pem' }) as string,
    (key.export({ ...spki, format: 'pem' }) as string).trim(),
    key.export({ ...spki, format: 'der' }),
    JSON.stringify(publicJwk),
    publicJwk.x,
    publicJwk.y,
    Buffer.from(publicJwk.x, 'base64url'),
    'mercado-veiculo',
    'secret',
    '',
  ]
  for (const alg of ['HS256', 'HS384', 'HS512']) {
    const input = `${encoded({ alg, typ: 'JWT' })}.${encoded(staff)}`
    for (const secret of secrets) {
      const hash = alg.replace('HS', 'sha')
      await attack.refused(alg, bearer(`${input}.${createHmac(hash, secret).update(input).digest('base64url')}`), 401)
    }
  }
  for (const alg of ['RS256', 'PS256', 'ES384', 'EdDSA', 'ES256K', 'es256', 'ES256 ', 'HS256'])
    await attack.refused(`the signature under ${alg}`, bearer(`${encoded({ alg })}.${body}.${seal}`), 401)
})

/** Where the local issuer of this system keeps its key. */
const keyFile = async () => `${api.directory}/local-issuer.jwk.json`

test('a key that a token brings along, or says where to find, is not asked', async () => {
  let visits = 0
  const server = createServer((_request, response) => {
    visits += 1
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [publicKey] }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  after(() => server.close())
  const here = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`
  const publicKey = { ...(await exportJWK(other.publicKey)), kid: 'mine', alg: 'ES256' }
  for (const header of [
    {},
    { jwk: publicKey },
    { jku: here, kid: 'mine' },
    { x5u: here },
    { x5c: ['MIIB'] },
    { kid: 'mine' },
    { kid: '../../../../dev/null' },
    { kid: "' union select 'key" },
    { kid: here },
    { kid: 'local-issuer.jwk.json' },
    { typ: 'at+jwt' },
    { cty: 'JWT' },
  ])
    await attack.refused(JSON.stringify(header).slice(0, 40), bearer(await forge(undefined, header)), 401)
  for (const header of [
    { crit: ['exp'], exp: 1 },
    { crit: ['b64'], b64: false },
    { crit: ['x'], x: 1 },
    { zip: 'DEF' },
  ])
    await attack.refused(JSON.stringify(header), bearer(`${encoded({ alg: 'ES256', ...header })}.${body}.${seal}`), 401)
  const sealed = await new CompactEncrypt(Buffer.from(JSON.stringify({ ...claims, role: 'admin' })))
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM' })
    .encrypt((await generateKeyPair('ECDH-ES')).publicKey)
  await attack.refused('an encrypted token', bearer(sealed), 401)
  assert.equal(visits, 0)
})

test('a token of the right key is refused when it is old, early, of another issuer, for others, or names nobody', async () => {
  const key = await importJWK(JSON.parse(await readFile(await keyFile(), 'utf8')), 'ES256')
  const seconds = Math.floor(Date.now() / 1_000)
  const good = {
    role: 'staff',
    iss: 'mercado-veiculo-local',
    aud: 'mercado-veiculo',
    sub: 'rita',
    iat: seconds,
    exp: seconds + 600,
  }
  const made = (change: object) => {
    const payload = Object.fromEntries(
      Object.entries({ ...good, ...change }).filter(([, value]) => value !== undefined),
    )
    return new SignJWT(payload).setProtectedHeader({ alg: 'ES256' }).sign(key)
  }
  assert.equal((await bearer(await made({}))).status, 200)
  for (const change of [
    { exp: seconds - 60 },
    { exp: 0 },
    { exp: -1 },
    { exp: undefined },
    { exp: 'never' },
    { exp: String(seconds + 600) },
    { nbf: seconds + 600 },
    { nbf: 'now' },
    { iss: undefined },
    { iss: 'mercado-veiculo' },
    { iss: 'MERCADO-VEICULO-LOCAL' },
    { iss: ['mercado-veiculo-local'] },
    { iss: 'https://accounts.google.com' },
    { iss: '__proto__' },
    { aud: undefined },
    { aud: 'another' },
    { aud: [] },
    { aud: 'mercado-veiculo2' },
    { sub: undefined },
    { role: undefined },
    { role: 'root' },
    { role: 'STAFF' },
    { role: ' staff' },
    { role: ['staff'] },
    { role: { toString: 'staff' } },
    { role: 'nobody' },
    { role: 'customer' },
    { role: 'customer', customer_id: 0 },
    { role: 'customer', customer_id: -1 },
    { role: 'customer', customer_id: 1.5 },
    { role: 'customer', customer_id: '1 or 1=1' },
    { role: 'customer', customer_id: '01' },
    { role: 'customer', customer_id: [victim] },
    { role: 'customer', customer_id: true },
    { role: 'customer', customer_id: 2 ** 53 },
  ])
    await attack.refused(JSON.stringify(change), bearer(await made(change)), 401)
})

test('a token counts in its own header, written once', async () => {
  const { authorization } = await api.as({ role: 'staff' })
  const token = authorization.slice('Bearer '.length)
  assert.equal((await bearer(token)).status, 200)
  for (const headers of [
    { authorization: token },
    { authorization: `Basic ${token}` },
    { authorization: `Basic ${Buffer.from('admin:admin').toString('base64')}` },
    { authorization: `Bearer` },
    { authorization: `Bearer${token}` },
    { authorization: `Bearer "${token}"` },
    { authorization: `Bearer ${token}, Bearer ${token}` },
    { authorization: `Bearer ${token} ${token}` },
    { authorization: `Bearer ${token};` },
    { cookie: `authorization=Bearer ${token}; token=${token}` },
    { 'x-authorization': authorization },
    { 'x-forwarded-authorization': authorization },
    { 'proxy-authorization': authorization },
    { 'x-access-token': token },
    { 'x-user-role': 'admin', 'x-role': 'admin' },
    { 'x-goog-authenticated-user-email': 'accounts.google.com:admin@example.com' },
    { 'x-serverless-authorization': authorization },
  ] as Record<string, string>[])
    await attack.refused(JSON.stringify(headers).slice(0, 40), list(headers), 401)
  for (const query of [`access_token=${token}`, `token=${token}`, `authorization=Bearer%20${token}`])
    await attack.refused(query.slice(0, 20), fetch(`${url}/customers?${query}`), 401)
})

test('with an identity provider, its own keys, algorithm, audience and issuer count, and nobody plays a service', async () => {
  const rsa = await generateKeyPair('RS256', { extractable: true })
  const publicKey = { ...(await exportJWK(rsa.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [publicKey] }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  after(() => server.close())
  const issuer = 'https://login.example.com'
  const config = readConfig({
    AUTH_ISSUER: issuer,
    AUTH_JWKS_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`,
    DATA_DIR: api.directory,
  })
  const { verify } = await openIssuers(config)
  const good = { role: 'staff' }
  const made = (
    payload: JWTPayload = good,
    { iss = issuer, aud = 'mercado-veiculo', kid = 'one', key = rsa.privateKey, alg = 'RS256', exp = '10m' } = {},
  ) =>
    new SignJWT(payload)
      .setProtectedHeader({ alg, kid })
      .setIssuer(iss)
      .setAudience(aud)
      .setSubject('rita')
      .setIssuedAt()
      .setExpirationTime(exp)
      .sign(key)
  assert.equal((await verify(await made())).role, 'staff')

  const stranger = await generateKeyPair('RS256')
  const pem = createPublicKey({ key: publicKey as Jwk, format: 'jwk' }).export({
    type: 'spki',
    format: 'pem',
  }) as string
  const confused = `${encoded({ alg: 'HS256', kid: 'one' })}.${encoded({ ...good, iss: issuer, aud: 'mercado-veiculo', sub: 'x', exp: 9_999_999_999 })}`
  const byPs = `${encoded({ alg: 'PS256', kid: 'one' })}.${encoded({ ...good, iss: issuer, aud: 'mercado-veiculo', sub: 'x', exp: 9_999_999_999 })}`
  const ownKey = await exportPKCS8(rsa.privateKey)
  const padding = { key: ownKey, padding: 6, saltLength: 32 }
  const local = (await api.as({ role: 'admin' })).authorization.slice('Bearer '.length)
  const tokens = {
    'a stranger’s key': await made(good, { key: stranger.privateKey }),
    'a stranger’s key, without the provider’s kid': await made(good, { key: stranger.privateKey, kid: randomUUID() }),
    'an unknown kid': await made(good, { kid: 'two' }),
    'another issuer': await made(good, { iss: 'https://login.example.com.evil.example' }),
    'the issuer with a slash': await made(good, { iss: `${issuer}/` }),
    'another audience': await made(good, { aud: 'another' }),
    'an old one': await made(good, { exp: '-1h' }),
    'the public key as a secret': `${confused}.${createHmac('sha256', pem).update(confused).digest('base64url')}`,
    'the same key by another algorithm': `${byPs}.${signRaw('sha256', Buffer.from(byPs), padding).toString('base64url')}`,
    'the local issuer’s admin': local,
    'no role': await made({}),
    'a role inside a role': await made({ role: { staff: true } }),
    'the roles of the constructor': await made({ role: ['constructor', '__proto__'] }),
    'Google’s name': await made(good, { iss: 'https://accounts.google.com' }),
  }
  for (const [what, token] of Object.entries(tokens)) {
    await assert.rejects(verify(token), what)
    attack.failed(what, true)
  }
})

attack.tell()
