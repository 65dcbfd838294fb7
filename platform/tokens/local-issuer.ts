/**
 * The local issuer: signs the tokens of development (`npm run -s token`), and those by which services prove themselves to
 * each other where there is no platform that does. Its key pair lives in DATA_DIR.
 */
import { createPrivateKey, type JsonWebKey } from 'node:crypto'
import { join } from 'node:path'
import { exportJWK, generateKeyPair, importJWK, type JWK, jwtVerify, SignJWT } from 'jose'
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
        requiredClaims: ['exp', 'sub'],
      })
      return callerFrom(payload.role, payload.customer_id, payload.sub)
    },
    sign: ({ role, customer_id, subject }, seconds = 3_600) =>
      new SignJWT({ role, ...(customer_id !== undefined && { customer_id }) })
        .setProtectedHeader({ alg: ALGORITHM })
        .setIssuer(LOCAL_ISSUER)
        .setAudience(AUDIENCE)
        .setSubject(subject ?? (customer_id === undefined ? role : `customer-${customer_id}`))
        .setIssuedAt()
        .setExpirationTime(`${seconds}s`)
        .sign(privateKey),
  }
}

/** Throws when the claims name no role that exists here, or a customer without a number. */
export function callerFrom(role: unknown, customer_id: unknown, subject: string | undefined): Caller {
  if (!ROLES.includes(role)) throw new Error('the token names no role')
  const identity = { role: role as Caller['role'], ...(subject !== undefined && { subject }) }
  if (role !== 'customer') return identity
  const number =
    typeof customer_id === 'string' && /^[1-9]\d{0,14}$/.test(customer_id) ? Number(customer_id) : customer_id
  if (!Number.isSafeInteger(number) || (number as number) < 1) throw new Error('the token names no customer')
  return { ...identity, customer_id: number as number }
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
