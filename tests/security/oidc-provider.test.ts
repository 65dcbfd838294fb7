/**
 * An outside OIDC provider in place of identidade-service: `oidc-provider` plays one. A buyer signs in there by an authorization code with
 * PKCE, a partner's program by client credentials; their tokens are those of people here, and never a service's.
 */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { exportJWK, generateKeyPair } from 'jose'
import Provider from 'oidc-provider'
import { readConfig } from '#platform/config'
import { openIssuers } from '#platform/tokens/issuers'
import { temporaryFolder } from '../fixtures/temporary-folder.ts'

const RESOURCE = 'https://loja.example/api'
const CALLBACK = 'https://loja.example/volta'
const PARTNER_SECRET = randomBytes(24).toString('hex')
/** The provider's claims about each account and about the partner's program. */
const CLAIMS: Readonly<Record<string, object>> = {
  clara: { role: 'customer', customer_id: 7 },
  vitor: { role: ['staff', 'something of their own'], scope_here: 'seller' },
  mallory: { role: 'service' },
  partner: { role: 'staff', scope_here: 'operator' },
}

/** Set once it is known where it listens. */
let provider: Provider
let account = 'clara'
const server = createServer((request, response) => void answer(request, response))
server.listen(0, '127.0.0.1')
await once(server, 'listening')
after(() => {
  server.closeAllConnections()
  server.close()
})
const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
const { privateKey } = await generateKeyPair('RS256', { extractable: true })

provider = new Provider(issuer, {
  jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: 'one' }] },
  cookies: { keys: [randomBytes(16).toString('hex')] },
  clients: [
    {
      client_id: 'loja',
      redirect_uris: [CALLBACK],
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code'],
      response_types: ['code'],
    },
    {
      client_id: 'partner',
      client_secret: PARTNER_SECRET,
      redirect_uris: [],
      grant_types: ['client_credentials'],
      response_types: [],
    },
  ],
  pkce: { required: () => true },
  ttl: { AccessToken: 300, ClientCredentials: 300 },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => RESOURCE,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: '',
        audience: 'mercado-veiculo',
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'RS256' } },
      }),
    },
  },
  interactions: { url: (_ctx, { uid }) => `/entrar/${uid}` },
  findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
  extraTokenClaims: (_ctx, token) => ({
    ...CLAIMS['accountId' in token ? String(token.accountId) : (token.clientId ?? '')],
    ...(!('accountId' in token) && { sub: token.clientId }),
  }),
})

/** The provider's own sign-in page, which asks nothing here: `account` is the person at the browser. */
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!request.url?.startsWith('/entrar/')) return provider.callback()(request, response)
  const { params } = await provider.interactionDetails(request, response)
  const grant = new provider.Grant({ accountId: account, clientId: String(params.client_id) })
  grant.addOIDCScope('openid')
  grant.addResourceScope(RESOURCE, '')
  const consent = { grantId: await grant.save() }
  await provider.interactionFinished(request, response, { login: { accountId: account }, consent })
}

const { verify } = await openIssuers(
  readConfig({
    DATA_DIR: await temporaryFolder('oidc'),
    AUTH_ISSUER: issuer,
    AUTH_JWKS_URL: `${issuer}/jwks`,
    AUTH_SCOPE_CLAIM: 'scope_here',
  }),
)

const challengeOf = (verifier: string) => createHash('sha256').update(verifier).digest('base64url')

/** A browser that is sent to the provider, and comes back with a code. */
async function codeFor(who: string, verifier: string): Promise<string> {
  account = who
  const cookies = new Map<string, string>()
  const query = new URLSearchParams({
    ...{ client_id: 'loja', response_type: 'code', scope: 'openid', redirect_uri: CALLBACK, resource: RESOURCE },
    ...{ code_challenge: challengeOf(verifier), code_challenge_method: 'S256' },
  })
  let at = `${issuer}/auth?${query}`
  for (let hops = 0; hops < 10 && !at.startsWith(CALLBACK); hops += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(at, { redirect: 'manual', headers: { cookie } })
    for (const one of response.headers.getSetCookie()) {
      const [name = '', value = ''] = one.split(';')[0]?.split(/=(.*)/s) ?? []
      cookies.set(name, value)
    }
    const next = response.headers.get('location')
    assert.ok(next, `${response.status} ${await response.text()}`)
    at = new URL(next, issuer).href
  }
  return new URL(at).searchParams.get('code') ?? assert.fail(at)
}

const tokenFor = async (form: Record<string, string>) => {
  const response = await fetch(`${issuer}/token`, { method: 'POST', body: new URLSearchParams(form) })
  return { status: response.status, body: (await response.json()) as { access_token: string } }
}

const exchange = (code: string, code_verifier: string) =>
  tokenFor({ grant_type: 'authorization_code', client_id: 'loja', redirect_uri: CALLBACK, code, code_verifier })

async function signIn(who: string): Promise<string> {
  const verifier = randomBytes(32).toString('base64url')
  const { status, body } = await exchange(await codeFor(who, verifier), verifier)
  assert.equal(status, 200, JSON.stringify(body))
  return body.access_token
}

test('a buyer who signed in at the provider, by a code with PKCE, is a customer here', async () => {
  const { role, customer_id, subject } = await verify(await signIn('clara'))
  assert.deepEqual({ role, customer_id, subject }, { role: 'customer', customer_id: 7, subject: 'clara' })
})

test('a code without the secret that began it gives no token', async () => {
  const code = await codeFor('clara', randomBytes(32).toString('base64url'))
  assert.equal((await exchange(code, randomBytes(32).toString('base64url'))).status, 400)
})

test('the provider’s role that exists here counts, with its scope', async () => {
  const { role, scope } = await verify(await signIn('vitor'))
  assert.deepEqual({ role, scope }, { role: 'staff', scope: 'seller' })
})

test('a token of the people’s provider that claims to be a service’s is refused', async () => {
  await assert.rejects(verify(await signIn('mallory')))
})

test('a partner’s program gets its token by client credentials, and is who the provider says', async () => {
  const { status, body } = await tokenFor({
    ...{ grant_type: 'client_credentials', client_id: 'partner', client_secret: PARTNER_SECRET, resource: RESOURCE },
  })
  assert.equal(status, 200, JSON.stringify(body))
  const { role, scope, subject } = await verify(body.access_token)
  assert.deepEqual({ role, scope, subject }, { role: 'staff', scope: 'operator', subject: 'partner' })
  const wrong = { grant_type: 'client_credentials', client_id: 'partner', client_secret: 'guessed' }
  assert.equal((await tokenFor(wrong)).status, 401)
})
