/**
 * better-auth as it is used here: sessions, passwords, TOTP, passkeys, tokens. In place of addresses it sees fingerprints
 * (fingerprints.ts); names are a constant, network addresses are absent, and the browser's name is encrypted. Its secret comes from
 * the vault, so its encrypted values open in every replica and after every start, and nowhere else.
 */
import { passkey } from '@better-auth/passkey'
import { type BetterAuthOptions, betterAuth } from 'better-auth'
import { createAuthEndpoint } from 'better-auth/api'
import { setSessionCookie } from 'better-auth/cookies'
import { symmetricEncrypt } from 'better-auth/crypto'
import { emailOTP, jwt, twoFactor } from 'better-auth/plugins'
import type { Pool } from 'pg'
import type { Logger } from 'pino'
import type { Ids } from '#platform/clock'
import type { Database } from '#platform/database/database'
import { IDENTITY_ISSUER } from '#platform/tokens/identity-issuer'
import { CODE_LIVES_MS, CODE_TRIES } from '../domain/code.ts'
import { LONGEST_PASSWORD, SHORTEST_PASSWORD } from '../domain/password.ts'
import { findAccount } from './account-store.ts'
import { browserOf } from './browser.ts'
import type { Passwords } from './passwords.ts'

export interface LibraryParts {
  readonly pool: Pool
  readonly database: Database
  /** Signs its cookies, and encrypts its secrets. */
  readonly secret: string
  /** `https://loja.example`: the origin of links, cookies and passkeys, and of the pages whose posts are accepted. */
  readonly publicOrigin: string
  readonly audience: string
  readonly passwords: Passwords
  readonly ids: Ids
  readonly log: Logger
  /** `address` is a fingerprint. */
  readonly sendCode: (code: { address: string; code: string; purpose: CodePurpose }) => Promise<void>
}

type CodePurpose = 'reset_password' | 'change_email'

export const AUTH_PATH = '/auth'
const DAY_SECONDS = 86_400
const SESSION_LIVES_SECONDS = 30 * DAY_SECONDS
const STAFF_SESSION_LIVES_SECONDS = DAY_SECONDS / 2
const KEY_LIVES_SECONDS = 30 * DAY_SECONDS

const cookiesOf = (publicOrigin: string) => {
  const isHttps = publicOrigin.startsWith('https:')
  return {
    cookiePrefix: isHttps ? '__Host-mercado' : 'mercado',
    useSecureCookies: false, // otherwise it would put __Secure- before the name
    defaultCookieAttributes: { httpOnly: true, sameSite: 'lax' as const, path: '/', secure: isHttps },
  }
}

/** Opens a session for an account that a sign-up's code or an invitation has proved. Not reachable over HTTP. */
const openSession = () => ({
  id: 'open-session',
  endpoints: {
    openSession: createAuthEndpoint.serverOnly(
      { method: 'POST', metadata: { $Infer: { body: {} as { userId: string } } } },
      async (ctx) => {
        const user = await ctx.context.internalAdapter.findUserById(ctx.body.userId)
        const session = user && (await ctx.context.internalAdapter.createSession(user.id))
        if (!user || !session) throw ctx.error('UNAUTHORIZED')
        await setSessionCookie(ctx, { session, user })
        return ctx.json({ account_id: user.id })
      },
    ),
  },
})

export function optionsOf(parts: LibraryParts) {
  const { pool, database, secret, publicOrigin, audience, passwords, ids, log, sendCode } = parts
  return {
    database: pool,
    secret,
    baseURL: publicOrigin,
    basePath: AUTH_PATH,
    trustedOrigins: [publicOrigin],
    appName: 'Mercado Veículo',
    telemetry: { enabled: false },
    rateLimit: { enabled: false }, // pacing.ts limits guesses, by address and by account
    logger: {
      level: 'error',
      // its words may hold data that a stranger sent
      log: (_level, _message, ...rest) =>
        log.warn({ err: rest.find((one) => one instanceof Error) }, 'the identity library met a fault'),
    },
    advanced: {
      ...cookiesOf(publicOrigin),
      ipAddress: { disableIpTracking: true },
      database: { generateId: () => ids.uuid() },
    },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true, // sign-up.ts makes accounts, once their address is proved
      requireEmailVerification: true,
      minPasswordLength: SHORTEST_PASSWORD,
      maxPasswordLength: LONGEST_PASSWORD,
      revokeSessionsOnPasswordReset: true,
      password: passwords,
    },
    session: {
      expiresIn: SESSION_LIVES_SECONDS,
      updateAge: DAY_SECONDS,
      cookieCache: { enabled: false }, // so that an ended session is ended at once
      additionalFields: { way: { type: 'string', required: false, input: false } },
    },
    verification: { storeIdentifier: 'hashed' },
    databaseHooks: { session: { create: { before: (session, ctx) => ownSession(parts, session, ctx?.path) } } },
    plugins: [
      emailOTP({
        otpLength: 6,
        expiresIn: CODE_LIVES_MS / 1_000,
        allowedAttempts: CODE_TRIES,
        storeOTP: 'hashed',
        disableSignUp: true,
        changeEmail: { enabled: true },
        sendVerificationOTP: ({ email, otp, type }) =>
          sendCode({ address: email, code: otp, purpose: type === 'change-email' ? 'change_email' : 'reset_password' }),
      }),
      jwt({
        jwks: {
          keyPairConfig: { alg: 'EdDSA', crv: 'Ed25519' },
          rotationInterval: KEY_LIVES_SECONDS,
          gracePeriod: DAY_SECONDS,
        },
        jwt: {
          issuer: IDENTITY_ISSUER,
          audience,
          expirationTime: '5m',
          definePayload: async ({ user }) => claimsOf(database, user.id),
        },
        disableSettingJwtHeader: true,
      }),
      twoFactor({ issuer: 'Mercado Veículo' }),
      passkey({
        rpID: new URL(publicOrigin).hostname,
        rpName: 'Mercado Veículo',
        origin: publicOrigin,
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      }),
      openSession(),
    ],
  } satisfies BetterAuthOptions
}

export type Library = ReturnType<typeof openLibrary>

export const openLibrary = (parts: LibraryParts) => betterAuth(optionsOf(parts))

/** A session as it is stored: for an active account, without the network address that it came from. */
async function ownSession<Session extends { readonly userId: string; readonly userAgent?: string | null | undefined }>(
  { database, secret }: LibraryParts,
  session: Session,
  path: string | undefined,
) {
  const account = await findAccount(database, session.userId)
  if (!account || account.deactivated_at) return false
  const isStaff = account.role !== 'customer'
  const data = {
    ...session,
    ipAddress: '',
    userAgent: await symmetricEncrypt({ key: secret, data: browserOf(session.userAgent) }),
    way: wayOf(path),
    ...(isStaff && { expiresAt: new Date(Date.now() + STAFF_SESSION_LIVES_SECONDS * 1_000) }),
  }
  return { data }
}

/** Read anew for each token, so that a change of an account's rights takes effect within five minutes. */
async function claimsOf(database: Database, user_id: string) {
  const account = await findAccount(database, user_id)
  if (!account || account.deactivated_at) throw new Error('the account is not active')
  const { role, scope, lent_until, lent_discount_limit, own_customer_id } = account
  const isLent = lent_until !== null && lent_until.getTime() > Date.now()
  const discount_limit = isLent ? lent_discount_limit : account.discount_limit
  const customer_id = role === 'customer' ? account.customer_id : own_customer_id
  return {
    role,
    ...(scope && { scope }),
    ...(customer_id !== null && { customer_id }),
    ...(role === 'staff' && discount_limit !== null && { discount_limit }),
  }
}

/** How a session was opened: in production staff need more than a password. */
export type Way = 'password' | 'totp' | 'passkey'

function wayOf(path = ''): Way {
  if (path.startsWith('/passkey/')) return 'passkey'
  return path.startsWith('/two-factor/') ? 'totp' : 'password'
}
