/** The routes of second factors: an authenticator's codes and recovery codes. */
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { answers } from '#platform/http/app'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import { findAccount, openPerson } from '../accounts/account-store.ts'
import { askLibrary, expectSession, sessionOf } from './ask-library.ts'
import type { RouteParts } from './parts.ts'
import { Done, done, Password, SignedIn } from './sign-in.ts'
import { Code } from './sign-up.ts'

const tags = ['second factors']
export const signedIn = { status: 'signed_in' as const }
const BackupCodes = Type.Array(Type.String(), {
  description: 'Each opens a session once, in place of the authenticator',
})
const Enabled = Type.Object({
  totp_uri: Type.String({ description: 'For the authenticator, as a QR code' }),
  backup_codes: BackupCodes,
})
const PasswordBody = Type.Object({ password: Password }, { additionalProperties: false })
export const ofSession = ['session_missing', 'validation_failed', 'foreign_origin', 'rate_limited'] as const

/** A person with only a password must not add a second factor: the factor is there to doubt that very password. */
export async function expectStrongSession(
  { library, database, secondFactorOfStaff }: RouteParts,
  request: FastifyRequest,
) {
  const session = await expectSession(library, request)
  const account = await findAccount(database, session.user_id)
  const hasFactor = account !== undefined && (account.has_totp || account.passkeys > 0)
  const mustHave = secondFactorOfStaff && account?.role !== 'customer'
  if (hasFactor && mustHave && session.way === 'password') throw new Problem('second_factor_required')
  return session
}

export const secondFactorRoutes = (parts: RouteParts) => (app: HttpApp) => {
  app.post('/auth/two-factor/enable', { schema: enableAuthenticatorSchema }, enableAuthenticator(parts))
  app.post('/auth/two-factor/verify-totp', { schema: verifyTotpSchema }, verify(parts, 'verify-totp'))
  app.post(
    '/auth/two-factor/verify-backup-code',
    { schema: verifyBackupCodeSchema },
    verify(parts, 'verify-backup-code'),
  )
  app.post('/auth/two-factor/disable', { schema: disableAuthenticatorSchema }, disableAuthenticator(parts))
  app.post('/auth/two-factor/generate-backup-codes', { schema: renewBackupCodesSchema }, renewBackupCodes(parts))
}

const enableAuthenticatorSchema = {
  summary: 'Begins with an authenticator: it counts once /auth/two-factor/verify-totp was answered rightly',
  tags,
  body: PasswordBody,
  response: answers({ 200: Enabled }, 'wrong_password', 'second_factor_required', ...ofSession),
}

const enableAuthenticator =
  (parts: RouteParts): Handler<typeof enableAuthenticatorSchema> =>
  async (request, reply) => {
    const { user_id } = await expectStrongSession(parts, request)
    const answer = await askLibrary(parts, request, reply, '/two-factor/enable', { password: request.body.password })
    const { totpURI, backupCodes } = answer as { totpURI: string; backupCodes: string[] }
    const person = await openPerson(parts.database, parts, user_id)
    return { totp_uri: labelled(totpURI, person?.email ?? ''), backup_codes: backupCodes }
  }

const verifySchema = (summary: string, code: typeof Code) => ({
  summary,
  tags,
  body: Type.Object({ code, trust_device: Type.Optional(Type.Boolean()) }, { additionalProperties: false }),
  response: answers(
    { 200: SignedIn },
    'wrong_code',
    'sign_in_refused',
    'validation_failed',
    'foreign_origin',
    'rate_limited',
  ),
})

const verifyTotpSchema = verifySchema(
  'Gives the authenticator’s code: ends a sign-in, or confirms a new authenticator',
  Code,
)

const verifyBackupCodeSchema = verifySchema('Signs in by a recovery code', Type.String({ minLength: 6, maxLength: 40 }))

const verify =
  (parts: RouteParts, path: string): Handler<ReturnType<typeof verifySchema>> =>
  async (request, reply) => {
    const { library, pacing } = parts
    const session = await sessionOf(library, request)
    const account = session?.user_id ?? 'half signed in'
    pacing.expectFew(request, account)
    const body = { code: request.body.code, trustDevice: request.body.trust_device ?? false }
    await askLibrary(parts, request, reply, `/two-factor/${path}`, body).catch((error) => {
      if (session) pacing.countWrong(request, account) // without one the library itself locks after some wrong codes
      throw error
    })
    return signedIn
  }

const disableAuthenticatorSchema = {
  summary: 'Does without the authenticator',
  tags,
  body: PasswordBody,
  response: answers({ 200: Done }, 'wrong_password', 'second_factor_required', ...ofSession),
}

const disableAuthenticator =
  (parts: RouteParts): Handler<typeof disableAuthenticatorSchema> =>
  async (request, reply) => {
    await expectStrongSession(parts, request)
    await askLibrary(parts, request, reply, '/two-factor/disable', { password: request.body.password })
    return done
  }

const renewBackupCodesSchema = {
  summary: 'Makes new recovery codes; those before open nothing more',
  tags,
  body: PasswordBody,
  response: answers(
    { 200: Type.Object({ backup_codes: BackupCodes }) },
    'wrong_password',
    'second_factor_required',
    ...ofSession,
  ),
}

const renewBackupCodes =
  (parts: RouteParts): Handler<typeof renewBackupCodesSchema> =>
  async (request, reply) => {
    await expectStrongSession(parts, request)
    const body = { password: request.body.password }
    const answer = await askLibrary(parts, request, reply, '/two-factor/generate-backup-codes', body)
    return { backup_codes: (answer as { backupCodes: string[] }).backupCodes }
  }

/** Replaces the library's label, which is the fingerprint of the address. */
function labelled(uri: string, email: string): string {
  const url = new URL(uri)
  url.pathname = `/${encodeURIComponent(`Mercado Veículo:${email}`)}`
  return url.href
}
