/** Whose tokens count: for people, only those of the configured provider, whose keys may change; services prove themselves. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, mock, test } from 'node:test'
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { BadConfiguration, readConfig } from '../config.ts'
import { refuseUnsafe } from '../production.ts'
import { openIssuers } from './issuers.ts'
import { openKeyring } from './local-issuer.ts'

const folder = await mkdtemp(join(tmpdir(), 'mercado-veiculo-issuers-'))
const shown: JWK[] = []
const server = createServer((_request, response) => response.end(JSON.stringify({ keys: shown }))).listen(
  0,
  '127.0.0.1',
)
await once(server, 'listening')
after(async () => {
  server.close()
  await rm(folder, { recursive: true, force: true })
})

const ISSUER = 'https://login.example.com/realms/loja'
const environment = {
  DATA_DIR: folder,
  AUTH_ISSUER: ISSUER,
  AUTH_JWKS_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/certs`,
  AUTH_ROLE_CLAIM: 'realm_access.roles',
}
const claims = { sub: 'ana', realm_access: { roles: ['offline_access', 'staff'] } }

/** A signing key of the provider; others know it once it is shown. */
async function keyOf(kid: string) {
  const { privateKey, publicKey } = await generateKeyPair('RS256')
  return {
    show: async () => void shown.push({ ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' }),
    sign: (payload: object, { issuer = ISSUER, audience = 'mercado-veiculo', until = '10m', from = new Date() } = {}) =>
      new SignJWT({ ...payload })
        .setProtectedHeader({ alg: 'RS256', kid })
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(from)
        .setExpirationTime(until)
        .sign(privateKey),
  }
}

const key = await keyOf('first')
await key.show()

test('a provider’s token says who its caller is, wherever it keeps the role and the number', async () => {
  const { verify } = await openIssuers(readConfig(environment))
  assert.deepEqual(await verify(await key.sign(claims)), { role: 'staff', subject: 'ana', scope: 'operator' })
  const customer = { sub: 'u1', realm_access: { roles: 'customer' }, customer_id: '7' }
  assert.deepEqual(await verify(await key.sign(customer)), { role: 'customer', subject: 'u1', customer_id: 7 })
  const named = await openIssuers(
    readConfig({ ...environment, AUTH_ROLE_CLAIM: 'https://a.b/role', AUTH_CUSTOMER_CLAIM: 'https://a.b/id' }),
  )
  const token = await key.sign({ sub: 'u2', 'https://a.b/role': 'customer', 'https://a.b/id': 9 })
  assert.equal((await named.verify(token)).customer_id, 9)
})

test('a token of another issuer, audience, time, key or role proves nothing', async () => {
  const { verify } = await openIssuers(readConfig(environment))
  const stranger = await keyOf('first')
  const bad = [
    key.sign(claims, { issuer: 'https://evil.example.com' }),
    key.sign(claims, { audience: 'another-app' }),
    key.sign(claims, { until: '-10m' }),
    key.sign({ sub: 'ana', realm_access: { roles: ['root'] } }),
    key.sign({ sub: 'ana' }),
    key.sign({ realm_access: { roles: ['admin'] } }),
    key.sign({ sub: 'ana', realm_access: { roles: ['customer'] }, customer_id: -1 }),
    stranger.sign(claims),
  ]
  for (const token of bad) await assert.rejects(verify(await token))
})

test('people’s provider makes nobody a service', async () => {
  const { verify } = await openIssuers(readConfig(environment))
  await assert.rejects(verify(await key.sign({ sub: 'orquestrador', realm_access: { roles: ['service'] } })))
})

test('a key that the provider takes into use is learnt of', async () => {
  const { verify } = await openIssuers(readConfig(environment))
  const next = await keyOf('second')
  await next.show()
  assert.equal((await verify(await next.sign(claims))).role, 'staff')
})

test('beside a provider the local key speaks for services alone', async () => {
  const { verify, serviceToken } = await openIssuers(readConfig(environment))
  assert.deepEqual(await verify(await serviceToken('orquestrador', 'cliente-service')), {
    role: 'service',
    subject: 'orquestrador',
  })
  const local = await openKeyring(folder)
  await assert.rejects(verify(await local.sign({ role: 'admin' })))
})

test('a token that a service shows to one service opens nothing at another', async () => {
  const { verifierAt, serviceToken } = await openIssuers(readConfig(environment))
  const token = await serviceToken('orquestrador', 'cliente-service')
  assert.equal((await verifierAt('cliente-service')(token)).subject, 'orquestrador')
  for (const other of ['veiculo-service', 'pagamento-service', 'gateway'])
    await assert.rejects(verifierAt(other)(token), /for another service/)
  assert.notEqual(await serviceToken('orquestrador', 'veiculo-service'), token)
  const people = await key.sign(claims)
  for (const any of ['cliente-service', 'veiculo-service']) assert.equal((await verifierAt(any)(people)).role, 'staff')
})

test('a token that lives for longer than an hour is refused, whatever it says of itself', async () => {
  const { verify } = await openIssuers(readConfig(environment))
  assert.equal((await verify(await key.sign(claims, { until: '60m' }))).role, 'staff')
  const inDays = new Date(Date.now() + 86_400_000 * 10)
  const lastHour = new Date(Date.now() - 86_400_000)
  await assert.rejects(verify(await key.sign(claims, { until: '61m' })), /too long/)
  await assert.rejects(verify(await key.sign(claims, { until: '30m', from: lastHour })), /too long/)
  await assert.rejects(verify(await key.sign(claims, { until: '11d', from: inDays })), /too long/)
  const local = await openKeyring(folder)
  await assert.rejects(verify(await local.sign({ role: 'service' }, 7_200)), /too long/)
})

test('a token is judged by the wall clock: it is made anew when that jumps either way while the steady clock stands still', async () => {
  const begun = Date.now()
  for (const jump of [20, -20]) {
    const { serviceToken } = await openIssuers(readConfig(environment))
    const before = await serviceToken('orquestrador', 'cliente-service')
    mock.timers.enable({ apis: ['Date'], now: begun + jump * 60_000 })
    try {
      const { verify } = await openIssuers(readConfig(environment))
      const after = await serviceToken('orquestrador', 'cliente-service')
      assert.notEqual(after, before)
      assert.equal((await verify(after)).role, 'service')
    } finally {
      mock.timers.reset()
    }
  }
})

test('a token that a peer did not take is made anew once, for all who had it', async () => {
  const { serviceToken } = await openIssuers(readConfig(environment))
  const refused = await serviceToken('orquestrador', 'cliente-service')
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 2_000 }) // tokens of one second differ only in their signature
  try {
    const again = await Promise.all([
      serviceToken('orquestrador', 'cliente-service', refused),
      serviceToken('orquestrador', 'cliente-service', refused),
    ])
    assert.notEqual(again[0], refused)
    assert.equal(again[0], again[1])
    assert.equal(await serviceToken('orquestrador', 'cliente-service'), again[0])
  } finally {
    mock.timers.reset()
  }
})

test('a service makes one token for many calls, and a new one in time', async () => {
  const { serviceToken } = await openIssuers(readConfig(environment))
  const [first, second] = await Promise.all([
    serviceToken('orquestrador', 'cliente-service'),
    serviceToken('orquestrador', 'cliente-service'),
  ])
  assert.equal(first, second)
})

test('services understand each other when their clocks are minutes apart', async () => {
  const { serviceToken } = await openIssuers(readConfig(environment))
  const halfway = 450
  for (const apart of [-420, 420]) {
    const token = await serviceToken('orquestrador', 'cliente-service')
    // the receiver's clock, when the token is at its oldest
    mock.timers.enable({ apis: ['Date'], now: Date.now() + (halfway + apart) * 1_000 })
    try {
      const { verify } = await openIssuers(readConfig(environment))
      assert.equal((await verify(token)).role, 'service')
    } finally {
      mock.timers.reset()
    }
  }
})

test('a production start names every setting that is only for development, and starts without them', () => {
  const bare = readConfig({ NODE_ENV: 'production', DATA_DIR: folder })
  assert.throws(
    () => refuseUnsafe(bare, 'pagamento-service'),
    (error: Error) => {
      assert.ok(error instanceof BadConfiguration)
      for (const word of ['SERVICE_ACCOUNTS', 'simulated', 'PAYMENT_WEBHOOK_SECRETS', 'KMS_KEY'])
        assert.match(error.message, new RegExp(word))
      return true
    },
  )
  const fit = readConfig({
    ...environment,
    NODE_ENV: 'production',
    SERVICE_ACCOUNTS: 'orquestrador@p.iam.gserviceaccount.com',
    KMS_KEY: 'projects/p/locations/l/keyRings/mercado/cryptoKeys/cliente-service',
  })
  refuseUnsafe(fit, 'cliente-service')
  refuseUnsafe(readConfig({ DATA_DIR: folder }), 'pagamento-service')
})

test('a provider has an issuer and keys, or the start says that one is missing', () => {
  assert.throws(() => readConfig({ AUTH_ISSUER: ISSUER }), /AUTH_ISSUER and AUTH_JWKS_URL go together/)
})

test('staff is a seller or an operator, by a word of the scope or as a claim of its own', async () => {
  const { verify } = await openIssuers(readConfig(environment))
  const scopeOf = async (more: object) => (await verify(await key.sign({ ...claims, ...more }))).scope
  assert.equal(await scopeOf({ scope: 'openid seller email' }), 'seller')
  assert.equal(await scopeOf({ scope: 'openid email' }), 'operator')
  assert.equal(await scopeOf({ scope: ['seller'] }), 'seller')
  assert.equal(await scopeOf({ scope: 'operator seller' }), 'seller', 'of two, the one that may do less')
  assert.equal((await verify(await key.sign({ ...claims, customer_id: 7 }))).customer_id, 7, 'their own record')
  const local = await openKeyring(folder)
  const { verify: verifyLocal } = await openIssuers(readConfig({ DATA_DIR: folder }))
  assert.equal((await verifyLocal(await local.sign({ role: 'staff', scope: 'seller' }))).scope, 'seller')
  for (const wrong of [{ scope: 'owner' }, { discount_limit: 101 }, { customer_id: -1 }])
    await assert.rejects(verifyLocal(await local.sign({ role: 'staff', ...(wrong as object) })), JSON.stringify(wrong))
})
