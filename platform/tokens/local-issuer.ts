/**
 * The local issuer: signs the tokens of development (`npm run -s token`), and those by which services prove themselves to
 * each other where there is no platform that does. Its key pair lives in DATA_DIR.
 */
import { createPrivateKey, type JsonWebKey } from 'node:crypto'
import { join } from 'node:path'
import { exportJWK, generateKeyPair, importJWK, type JWK, jwtVerify, SignJWT } from 'jose'
import { SCOPES, type Scope } from '#contracts'
import type { Caller } from '../http/auth.ts'
import { type OwnFile, readOrMakeOwn, readOwn } from '../own-file.ts'

/** Verifies tokens, and signs them. */
export interface Keyring {
  /** The caller that a token proves; throws when it proves nothing. */
  verify(token: string): Promise<Caller>
  /** A token for `caller`, good for an hour, or for so many seconds. */
  sign(caller: Caller, seconds?: number): Promise<string>
}

export const LOCAL_ISSUER = 'mercado-veiculo-local'
const AUDIENCE = 'mercado-veiculo'
const ALGORITHM = 'ES256'
const ROLES: readonly unknown[] = ['customer', 'staff', 'admin', 'service']

/** Opens the key in `directory`, making one on the first start. */
export async function openKeyring(directory: string): Promise<Keyring> {
  const jwk = await readOrMakeKey(directory)
  const privateKey = await importJWK(jwk, ALGORITHM)
  const { d: _secret, ...publicJwk } = jwk
  const publicKey = await importJWK(publicJwk, ALGORITHM)

  return {
    async verify(token) {
      const { payload } = await jwtVerify(token, publicKey, {
        issuer: LOCAL_ISSUER,
        audience: AUDIENCE,
        algorithms: [ALGORITHM],
        requiredClaims: ['exp', 'iat', 'sub'],
      })
      return callerFrom(payload)
    },
    sign: ({ role, customer_id, subject, scope, discount_limit, contact_proven }, seconds = 3_600) =>
      new SignJWT({ role, customer_id, scope, discount_limit, contact_proven })
        .setProtectedHeader({ alg: ALGORITHM })
        .setIssuer(LOCAL_ISSUER)
        .setAudience(AUDIENCE)
        .setSubject(subject ?? (role === 'customer' ? `customer-${customer_id}` : role))
        .setIssuedAt()
        .setExpirationTime(`${seconds}s`)
        .sign(privateKey),
  }
}

/** What a token says of its bearer, as far as we read it. */
export interface Claims {
  readonly role?: unknown
  readonly customer_id?: unknown
  readonly sub?: string | undefined
  readonly scope?: unknown
  readonly discount_limit?: unknown
  readonly contact_proven?: unknown
}

/** Throws when the claims name no role that exists here, a customer without a number, or staff of a scope that is none. */
export function callerFrom({ role, customer_id, sub, scope, discount_limit, contact_proven }: Claims): Caller {
  if (!ROLES.includes(role)) throw new Error('the token names no role')
  const number =
    typeof customer_id === 'string' && /^[1-9]\d{0,14}$/.test(customer_id) ? Number(customer_id) : customer_id
  const isCustomer = Number.isSafeInteger(number) && (number as number) >= 1
  if (!isCustomer && (role === 'customer' || ![undefined, null, ''].includes(customer_id as undefined)))
    throw new Error('the token names no customer')
  return {
    role: role as Caller['role'],
    ...(sub !== undefined && { subject: sub }),
    ...(isCustomer && role !== 'service' && { customer_id: number as number }),
    ...(typeof contact_proven === 'boolean' && { contact_proven }),
    ...(role === 'staff' && { scope: scopeFrom(scope) }),
    ...(role === 'staff' && discount_limit !== undefined && { discount_limit: percentFrom(discount_limit) }),
  }
}

function scopeFrom(claim: unknown): Scope {
  if (claim === undefined || claim === null) return 'operator'
  const scope = SCOPES.find((known) => known === claim)
  if (!scope) throw new Error('the token names no scope')
  return scope
}

function percentFrom(claim: unknown): number {
  if (typeof claim !== 'number' || !(claim >= 0 && claim <= 100))
    throw new Error('the token names no limit of discounts')
  return claim
}

async function readOrMakeKey(directory: string): Promise<JWK> {
  const file = keyFileIn(directory)
  const found = readOwn(file)
  if (found) return found
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true })
  const made = await exportJWK(privateKey)
  return readOrMakeOwn(file, () => JSON.stringify(made))
}

const keyFileIn = (directory: string): OwnFile<JWK> => ({
  path: join(directory, 'local-issuer.jwk.json'),
  what: 'the key that signs local tokens',
  advice: 'Put it back from a backup, or delete it: a new one is made then, and tokens that it signed count no more',
  parse: (text) => {
    const jwk = JSON.parse(text) as JWK
    createPrivateKey({ key: jwk as JsonWebKey, format: 'jwk' })
    return jwk.crv === 'P-256' ? jwk : undefined
  },
})
