/**
 * The local issuer: it signs the tokens of development (`npm run -s token`) and, where no platform does, those of services.
 * Its key pair lives in DATA_DIR. It only signs and verifies: `issuers.ts` decides whether such a token counts.
 */
import { createPrivateKey, type JsonWebKey } from 'node:crypto'
import { join } from 'node:path'
import { exportJWK, generateKeyPair, importJWK, type JWK, jwtVerify, SignJWT } from 'jose'
import { serviceNames } from '#contracts'
import type { Caller } from '../http/auth.ts'
import { type OwnFile, readOrMakeOwn, readOwn } from '../own-file.ts'
import { callerFrom } from './claims.ts'

/** Signs and verifies tokens. */
export interface Keyring {
  /** The caller that a token proves; throws when it proves nothing. */
  verify(token: string): Promise<Caller>
  /** A token for `caller`, good for `seconds`; default: an hour. Only the service `at` accepts a service's token; default: all services do. */
  sign(caller: Caller, seconds?: number, at?: string): Promise<string>
}

export const LOCAL_ISSUER = 'mercado-veiculo-local'
const AUDIENCE = 'mercado-veiculo'
/** The audience of services' tokens: a token that was stolen on its way to one service is of no use at another. */
export const audienceAt = (service: string, of: string = AUDIENCE): string => `${of}/${service}`
const audiencesAt = (at: string | undefined) =>
  at === undefined ? serviceNames.map((name) => audienceAt(name)) : [audienceAt(at)]
const AUDIENCES = [AUDIENCE, ...audiencesAt(undefined)]
const ALGORITHM = 'ES256'

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
        audience: AUDIENCES,
        algorithms: [ALGORITHM],
        requiredClaims: ['exp', 'iat', 'sub'],
      })
      return callerFrom(payload)
    },
    sign: ({ role, customer_id, subject, scope, discount_limit, contact_proven }, seconds = 3_600, at) =>
      new SignJWT({ role, customer_id, scope, discount_limit, contact_proven })
        .setProtectedHeader({ alg: ALGORITHM })
        .setIssuer(LOCAL_ISSUER)
        .setAudience(role === 'service' ? audiencesAt(at) : AUDIENCE)
        .setSubject(subject ?? (role === 'customer' ? `customer-${customer_id}` : role))
        .setIssuedAt()
        .setExpirationTime(`${seconds}s`)
        .sign(privateKey),
  }
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
