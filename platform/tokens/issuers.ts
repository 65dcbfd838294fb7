/**
 * Whose tokens count here. People: those of the configured identity provider (AUTH_…), or else of identidade-service, and in
 * development the local issuer's. Services: Google's ID tokens of the accounts in SERVICE_ACCOUNTS, or the local issuer's. A
 * token is verified by the issuer that it names and by no other; each issuer has its audience and its algorithms.
 *
 * This file decides which issuers count, and for whom. `local-issuer.ts` signs and verifies with the local key, and
 * `claims.ts` reads what a verified token says of its bearer; neither knows about this file.
 */
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose'
import { type ServiceName, serviceNames } from '#contracts'
import type { Config } from '../config.ts'
import type { Caller } from '../http/auth.ts'
import { lifetime } from '../lifetime.ts'
import { callerFrom, claimAt, scopeIn } from './claims.ts'
import { IDENTITY_ISSUER, IDENTITY_KEYS_PATH, IDENTITY_SERVICE } from './identity-issuer.ts'
import { audienceAt, LOCAL_ISSUER, openKeyring } from './local-issuer.ts'

export interface Issuers {
  /**
   * The caller that a token proves; throws when it proves nothing. `verifierAt` checks which service a service's token is
   * for.
   */
  verify(token: string): Promise<Caller>
  /** The verifier of one service: of the tokens of services it takes only those that are for this one. */
  verifierAt(service: string): (token: string) => Promise<Caller>
  /**
   * A token by which a service of this process proves to the service `at` which one it is, good for at least a minute. `refused`
   * is a token that was not taken there: it is not given again.
   */
  serviceToken(service: ServiceName, at: string, refused?: string): Promise<string>
}

/** Whether a token claims to be a service's; nothing is proved. */
export function isOfService(token: string): boolean {
  try {
    const { role, iss } = decodeJwt(token)
    return role === 'service' || iss === GOOGLE
  } catch {
    return false // no token at all: its verifier will say so
  }
}

type Verifier = (token: string) => Promise<Caller>

const GOOGLE = 'https://accounts.google.com'
/** Renewed halfway, so that services whose clocks are seven minutes apart still accept each other's tokens. */
const SERVICE_TOKEN_LIVES_SECONDS = 900
const CLOCKS_DIFFER_SECONDS = 30
const TOKENS_REMEMBERED = 10_000

/** `addressOf` tells where identidade-service is; it may not listen yet. */
export async function openIssuers(config: Config, addressOf?: (service: string) => string): Promise<Issuers> {
  const verifiers = new Map<string, Verifier>()
  const isGoogle = config.SERVICE_ACCOUNTS !== undefined
  if (config.AUTH_ISSUER && config.AUTH_JWKS_URL) verifiers.set(config.AUTH_ISSUER, provider(config))
  // with a provider for people, identidade-service signs for nobody
  else if (addressOf) verifiers.set(IDENTITY_ISSUER, identity(config, addressOf))
  if (isGoogle) verifiers.set(GOOGLE, google(config))
  // in production, or with a provider for people, the local key signs for services only
  const isForServices = config.AUTH_ISSUER !== undefined || config.NODE_ENV === 'production'
  const asGoogle = googleToken(config)
  if (isGoogle && isForServices)
    return { ...verifying(verifiers, config), serviceToken: (_service, at, refused) => asGoogle(at, refused) }

  const keyring = await openKeyring(config.SERVICE_KEY_DIR ?? config.DATA_DIR)
  verifiers.set(LOCAL_ISSUER, async (token) => {
    const caller = await keyring.verify(token)
    if (isForServices && caller.role !== 'service') throw new Error('the local key may not sign for people here')
    return caller
  })
  const tokensOf = (subject: ServiceName) =>
    keptAt(
      (at) => keyring.sign({ role: 'service', subject }, SERVICE_TOKEN_LIVES_SECONDS, at),
      SERVICE_TOKEN_LIVES_SECONDS,
    )
  const asLocal = new Map(serviceNames.map((name) => [name, tokensOf(name)]))
  return {
    ...verifying(verifiers, config),
    serviceToken: async (service, at, refused) =>
      isGoogle ? asGoogle(at, refused) : (asLocal.get(service)?.(at, refused) ?? ''),
  }
}

function verifying(verifiers: ReadonlyMap<string, Verifier>, { AUTH_AUDIENCE }: Config) {
  const verify = remembered(byIssuer(verifiers))
  const verifierAt = (service: string): Verifier => {
    const own = [audienceAt(service), audienceAt(service, AUTH_AUDIENCE)]
    return async (token) => {
      const caller = await verify(token)
      if (caller.role === 'service' && ![decodeJwt(token).aud].flat().some((one) => own.includes(one ?? '')))
        throw new Error('the token is for another service')
      return caller
    }
  }
  return { verify, verifierAt }
}

/**
 * A caller comes with the same token again and again, and checking a signature costs a tenth of a millisecond. So a proved
 * token is believed for ten seconds more, but never beyond its end.
 */
function remembered(verify: Verifier): Verifier {
  const proved = new Map<string, { readonly caller: Caller; readonly isGood: () => boolean }>()
  return async (token) => {
    const known = proved.get(token)
    if (known?.isGood()) return known.caller
    const caller = await verify(token)
    const { iat = 0, exp = 0 } = decodeJwt(token)
    refuseLongLived(iat, exp)
    if (proved.size >= TOKENS_REMEMBERED) proved.clear()
    proved.set(token, { caller, isGood: lifetime(Math.min(10_000, exp * 1_000 - Date.now())) })
    return caller
  }
}

/** A stolen token can be used for so long at most. */
const LONGEST_LIFE_SECONDS = 3_600

/** Judged by the token's own times, and also by our clock, because its times may be made up. */
function refuseLongLived(iat: number, exp: number): void {
  const left = exp - Date.now() / 1_000
  if (exp - iat > LONGEST_LIFE_SECONDS || left > LONGEST_LIFE_SECONDS + SERVICE_TOKEN_LIVES_SECONDS / 2)
    throw new Error('the token is valid for too long')
}

/** The name of the issuer only picks the verifier; that issuer's key must then prove the token. */
const byIssuer =
  (verifiers: ReadonlyMap<string, Verifier>): Verifier =>
  async (token) => {
    const verify = verifiers.get(decodeJwt(token).iss ?? '')
    if (!verify) throw new Error('the issuer of the token is unknown here')
    return await verify(token)
  }

/** Keys are fetched when a token names an unknown one, at most every half minute, and kept for ten minutes. */
function provider(config: Config): Verifier {
  const keys = createRemoteJWKSet(new URL(config.AUTH_JWKS_URL ?? ''), { timeoutDuration: 5_000 })
  const expected = {
    issuer: config.AUTH_ISSUER ?? '',
    audience: config.AUTH_AUDIENCE,
    algorithms: config.AUTH_ALGORITHMS.split(','),
    requiredClaims: ['exp', 'iat', 'sub'],
    clockTolerance: CLOCKS_DIFFER_SECONDS,
  }
  return async (token) => {
    const { payload } = await jwtVerify(token, keys, expected)
    const names = [claimAt(payload, config.AUTH_ROLE_CLAIM)].flat()
    // of several roles the one that may do most; unknown roles are ignored
    const role = (['admin', 'staff', 'customer'] as const).find((known) => names.includes(known)) // never a service
    return callerFrom({
      role,
      customer_id: claimAt(payload, config.AUTH_CUSTOMER_CLAIM),
      sub: payload.sub,
      scope: scopeIn(claimAt(payload, config.AUTH_SCOPE_CLAIM)),
      discount_limit: payload.discount_limit,
      contact_proven: payload.contact_proven,
    })
  }
}

/** Tokens of people, signed by identidade-service; it may not sign for services. */
function identity({ AUTH_AUDIENCE }: Config, addressOf: (service: string) => string): Verifier {
  let keys: { readonly at: string; readonly of: ReturnType<typeof createRemoteJWKSet> } | undefined
  const expected = {
    issuer: IDENTITY_ISSUER,
    audience: AUTH_AUDIENCE,
    algorithms: ['EdDSA'],
    requiredClaims: ['exp', 'sub'],
    clockTolerance: CLOCKS_DIFFER_SECONDS,
  }
  return async (token) => {
    const at = addressOf(IDENTITY_SERVICE)
    if (keys?.at !== at)
      keys = { at, of: createRemoteJWKSet(new URL(IDENTITY_KEYS_PATH, at), { timeoutDuration: 5_000 }) }
    const { payload } = await jwtVerify(token, keys.of, expected)
    if (payload.role === 'service') throw new Error('identidade-service may not sign for services')
    return callerFrom(payload)
  }
}

/** Accounts are named after their services: `mercado-cliente-service@…`. */
const serviceOf = (account: string): string =>
  serviceNames.find((name) => account.split('@')[0]?.endsWith(name)) ?? account

/** https://cloud.google.com/docs/authentication/get-id-token#verify */
function google(config: Config): Verifier {
  const keys = createRemoteJWKSet(new URL(config.GOOGLE_KEYS_URL), { timeoutDuration: 5_000 })
  const accounts = new Set(config.SERVICE_ACCOUNTS?.split(','))
  const audience = serviceNames.map((name) => audienceAt(name, config.AUTH_AUDIENCE))
  const expected = { issuer: GOOGLE, audience, algorithms: ['RS256'], requiredClaims: ['exp'] }
  return async (token) => {
    const { payload } = await jwtVerify(token, keys, expected)
    if (payload.email_verified !== true || !accounts.has(String(payload.email)))
      throw new Error('not the account of one of the services')
    return { role: 'service', subject: serviceOf(String(payload.email)) }
  }
}

/** Google's tokens live an hour; the metadata server is asked for another one well before. */
function googleToken({ AUTH_AUDIENCE, GCE_METADATA_HOST }: Config): (at: string, refused?: string) => Promise<string> {
  return keptAt(async (at) => {
    const account = `http://${GCE_METADATA_HOST}/computeMetadata/v1/instance/service-accounts/default`
    const url = `${account}/identity?audience=${encodeURIComponent(audienceAt(at, AUTH_AUDIENCE))}&format=full`
    const response = await fetch(url, {
      headers: { 'metadata-flavor': 'Google' },
      signal: AbortSignal.timeout(5_000),
    })
    if (!response.ok) throw new Error(`the metadata server answered ${response.status}`)
    return (await response.text()).trim()
  }, 1_800)
}

/** Keeps one token for each service that it is for. */
function keptAt(make: (at: string) => Promise<string>, seconds: number) {
  const tokens = new Map<string, (refused?: string) => Promise<string>>()
  return (at: string, refused?: string): Promise<string> => {
    const known = tokens.get(at) ?? kept(() => make(at), seconds)
    tokens.set(at, known)
    return known(refused)
  }
}

/** Keeps a token until half of its `seconds` are over; callers that ask at once share one new token. */
function kept(make: () => Promise<string>, seconds: number): (refused?: string) => Promise<string> {
  let current: { readonly token: Promise<string>; readonly isGood: () => boolean } | undefined
  return async (refused) => {
    const known = current
    if (known?.isGood() && (await known.token) !== refused) return known.token
    if (current && current !== known) return current.token // another caller was faster
    const made = { token: make(), isGood: lifetime(seconds * 500) }
    current = made
    made.token.catch(() => {
      if (current === made) current = undefined
    })
    return made.token
  }
}
