/**
 * Who is calling: the bearer token of a request, verified against the local issuer, or nobody. The issuer is for
 * development: its key pair lives in DATA_DIR and `npm run -s token` signs with it.
 */
import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyRequest } from 'fastify'
import { exportJWK, generateKeyPair, importJWK, type JWK, jwtVerify, SignJWT } from 'jose'
import { Problem } from './problem-json.ts'

export type Role = 'nobody' | 'customer' | 'staff' | 'admin' | 'service'

export interface Caller {
  readonly role: Role
  /** Set for customers. */
  readonly customer_id?: number
}

/** Verifies tokens, and signs them as the local issuer does. */
export interface Keyring {
  /** The caller that a token proves; throws when it proves nothing. */
  verify(token: string): Promise<Caller>
  /** A token for `caller`, good for an hour. */
  sign(caller: Caller): Promise<string>
}

const NOBODY: Caller = { role: 'nobody' }
const ISSUER = 'mercado-veiculo-local'
const AUDIENCE = 'mercado-veiculo'
const ALGORITHM = 'ES256'
const ROLES: readonly unknown[] = ['customer', 'staff', 'admin', 'service']

const callers = new WeakMap<FastifyRequest, Caller>()

export const callerOf = (request: FastifyRequest): Caller => callers.get(request) ?? NOBODY

/** Whether identifiers are shown whole. */
export const seesWhole = ({ role }: Caller): boolean => role === 'staff' || role === 'admin' || role === 'service'

/** A hook that verifies the token of a request that brings one: a bad one is refused, none is nobody's. */
export const identify = (keyring: Keyring) => async (request: FastifyRequest) => {
  const { authorization } = request.headers
  if (authorization === undefined) return
  const [, token] = /^Bearer ([\w.-]+)$/i.exec(authorization) ?? []
  if (!token) throw new Problem('bad_token')
  const caller = await keyring.verify(token).catch(() => {
    throw new Problem('bad_token')
  })
  callers.set(request, caller)
}

/** Opens the local issuer's key in `directory`, making one on the first start. */
export async function openKeyring(directory: string): Promise<Keyring> {
  const jwk = await readOrMakeKey(directory)
  const privateKey = await importJWK(jwk, ALGORITHM)
  const { d: _secret, ...publicJwk } = jwk
  const publicKey = await importJWK(publicJwk, ALGORITHM)

  return {
    async verify(token) {
      const { payload } = await jwtVerify(token, publicKey, {
        issuer: ISSUER,
        audience: AUDIENCE,
        algorithms: [ALGORITHM],
        requiredClaims: ['exp'],
      })
      const { role, customer_id } = payload
      if (!ROLES.includes(role)) throw new Error('the token names no role')
      if (role === 'customer' && !Number.isSafeInteger(customer_id)) throw new Error('the token names no customer')
      return { role: role as Role, ...(role === 'customer' && { customer_id: customer_id as number }) }
    },
    sign: ({ role, customer_id }) =>
      new SignJWT({ role, ...(customer_id !== undefined && { customer_id }) })
        .setProtectedHeader({ alg: ALGORITHM })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setSubject(customer_id === undefined ? role : `customer-${customer_id}`)
        .setIssuedAt()
        .setExpirationTime('1h')
        .sign(privateKey),
  }
}

async function readOrMakeKey(directory: string): Promise<JWK> {
  const path = join(directory, 'local-issuer.jwk.json')
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true })
  const jwk = await exportJWK(privateKey)
  await mkdir(directory, { recursive: true })
  const draft = `${path}.${randomUUID()}`
  await writeFile(draft, JSON.stringify(jwk), { mode: 0o600 })
  try {
    await link(draft, path)
    return jwk
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return JSON.parse(await readFile(path, 'utf8')) // another process was first: theirs is the key
  } finally {
    await rm(draft)
  }
}
