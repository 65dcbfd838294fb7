/** The routes of second factors: an authenticator's codes, recovery codes, and passkeys. */
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { answers } from '#platform/http/app'
import type { HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import { findAccount, openPerson } from '../accounts/account-store.ts'
import { askLibrary, expectSession, sessionOf } from './ask-library.ts'
import type { RouteParts } from './parts.ts'
import { Done, done, Password, SignedIn } from './sign-in.ts'
import { Code } from './sign-up.ts'

const tags = ['second factors']
const signedIn = { status: 'signed_in' as const }
const BackupCodes = Type.Array(Type.String(), {
  description: 'Each opens a session once, in place of the authenticator',
})
const Enabled = Type.Object({
  totp_uri: Type.String({ description: 'For the authenticator, as a QR code' }),
  backup_codes: BackupCodes,
})
const PasswordBody = Type.Object({ password: Password }, { additionalProperties: false })
const ofSession = ['session_missing', 'validation_failed', 'foreign_origin', 'rate_limited'] as const

/** Who holds a password alone must not add the factor that it is to be doubted by. */
async function expectStrongSession({ library, database, secondFactorOfStaff }: RouteParts, request: FastifyRequest) {
  const session = await expectSession(library, request)
  const account = await findAccount(database, session.user_id)
  const hasFactor = account !== undefined && (account.has_totp || account.passkeys > 0)
  const mustHave = secondFactorOfStaff && account?.role !== 'customer'
  if (hasFactor && mustHave && session.way === 'password') throw new Problem('second_factor_required')
  return session
}

export const secondFactorRoutes = (parts: RouteParts) => (app: HttpApp) => {
  const { database, library, pacing } = parts

  app.post(
    '/auth/two-factor/enable',
    {
      schema: {
        summary: 'Begins with an authenticator: it counts once /auth/two-factor/verify-totp was answered rightly',
        tags,
        body: PasswordBody,
        response: answers({ 200: Enabled }, 'wrong_password', 'second_factor_required', ...ofSession),
      },
    },
    async (request, reply) => {
      const { user_id } = await expectStrongSession(parts, request)
      const answer = await askLibrary(parts, request, reply, '/two-factor/enable', { password: request.body.password })
      const { totpURI, backupCodes } = answer as { totpURI: string; backupCodes: string[] }
      const person = await openPerson(database, parts, user_id)
      return { totp_uri: labelled(totpURI, person?.email ?? ''), backup_codes: backupCodes }
    },
  )

  const verify = (path: string, summary: string, code: typeof Code) =>
    app.post(
      `/auth/two-factor/${path}`,
      {
        schema: {
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
        },
      },
      async (request, reply) => {
        const session = await sessionOf(library, request)
        const account = session?.user_id ?? 'half signed in'
        pacing.expectFew(request, account)
        const body = { code: request.body.code, trustDevice: request.body.trust_device ?? false }
        await askLibrary(parts, request, reply, `/two-factor/${path}`, body).catch((error) => {
          if (session) pacing.countWrong(request, account) // without one the library itself locks after some wrong codes
          throw error
        })
        return signedIn
      },
    )
  verify('verify-totp', 'Gives the authenticator’s code: ends a sign-in, or confirms a new authenticator', Code)
  verify('verify-backup-code', 'Signs in by a recovery code', Type.String({ minLength: 6, maxLength: 40 }))

  app.post(
    '/auth/two-factor/disable',
    {
      schema: {
        summary: 'Does without the authenticator',
        tags,
        body: PasswordBody,
        response: answers({ 200: Done }, 'wrong_password', 'second_factor_required', ...ofSession),
      },
    },
    async (request, reply) => {
      await expectStrongSession(parts, request)
      await askLibrary(parts, request, reply, '/two-factor/disable', { password: request.body.password })
      return done
    },
  )

  app.post(
    '/auth/two-factor/generate-backup-codes',
    {
      schema: {
        summary: 'Makes new recovery codes; those before open nothing more',
        tags,
        body: PasswordBody,
        response: answers(
          { 200: Type.Object({ backup_codes: BackupCodes }) },
          'wrong_password',
          'second_factor_required',
          ...ofSession,
        ),
      },
    },
    async (request, reply) => {
      await expectStrongSession(parts, request)
      const body = { password: request.body.password }
      const answer = await askLibrary(parts, request, reply, '/two-factor/generate-backup-codes', body)
      return { backup_codes: (answer as { backupCodes: string[] }).backupCodes }
    },
  )

  passkeyRoutes(parts)(app)
}

/** What a browser's `navigator.credentials` takes and gives: the library's and the browser's to read. */
const Anything = Type.Record(Type.String(), Type.Unknown())
const Passkey = Type.Object(
  { id: Type.String(), created_at: Type.Union([Type.String(), Type.Null()]) },
  { title: 'Passkey' },
)

const passkeyRoutes = (parts: RouteParts) => (app: HttpApp) => {
  const { database } = parts
  app.get(
    '/auth/passkey/generate-register-options',
    {
      schema: {
        summary: 'What a browser is asked to make a passkey with',
        tags,
        response: answers({ 200: Anything }, 'session_missing', 'second_factor_required', 'session_not_fresh'),
      },
    },
    async (request, reply) => {
      const { user_id } = await expectStrongSession(parts, request)
      const options = (await askLibrary(parts, request, reply, '/passkey/generate-register-options')) as {
        user: Record<string, unknown>
      }
      const { email = '' } = (await openPerson(database, parts, user_id)) ?? {}
      return { ...options, user: { ...options.user, name: email, displayName: email } }
    },
  )

  const take = (path: string, summary: string, answer: typeof Done | typeof SignedIn, given: object) =>
    app.post(
      `/auth/passkey/${path}`,
      {
        schema: {
          summary,
          tags,
          body: Type.Object({ response: Anything }, { additionalProperties: false }),
          response: answers(
            { 200: answer },
            ...(['session_missing', 'sign_in_refused', 'sign_in_step_refused', 'validation_failed'] as const),
            'foreign_origin',
          ),
        },
      },
      async (request, reply) => {
        await askLibrary(parts, request, reply, `/passkey/${path}`, { response: request.body.response })
        return given as never
      },
    )
  take('verify-registration', 'Keeps the passkey that a browser has made', Done, done)
  take('verify-authentication', 'Signs in by a passkey', SignedIn, signedIn)

  app.get(
    '/auth/passkey/generate-authenticate-options',
    {
      schema: { summary: 'What a browser is asked to sign in with', tags, response: answers({ 200: Anything }) },
    },
    async (request, reply) =>
      (await askLibrary(parts, request, reply, '/passkey/generate-authenticate-options')) as Record<string, unknown>,
  )

  app.get(
    '/auth/passkey/list-user-passkeys',
    {
      schema: {
        summary: 'The account’s passkeys',
        tags,
        response: answers({ 200: Type.Object({ passkeys: Type.Array(Passkey) }) }, 'session_missing'),
      },
    },
    async (request, reply) => {
      const found = await askLibrary(parts, request, reply, '/passkey/list-user-passkeys')
      const passkeys = (found as { id: string; createdAt?: string | null }[]).map(({ id, createdAt }) => ({
        id,
        created_at: createdAt ?? null,
      }))
      return { passkeys }
    },
  )

  app.post(
    '/auth/passkey/delete-passkey',
    {
      schema: {
        summary: 'Forgets a passkey',
        tags,
        body: Type.Object({ id: Type.String({ maxLength: 100 }) }, { additionalProperties: false }),
        response: answers({ 200: Done }, 'second_factor_required', 'sign_in_step_refused', ...ofSession),
      },
    },
    async (request, reply) => {
      await expectStrongSession(parts, request)
      await askLibrary(parts, request, reply, '/passkey/delete-passkey', { id: request.body.id })
      return done
    },
  )
}

/** The library labels it with the address that it knows, a fingerprint. */
function labelled(uri: string, email: string): string {
  const url = new URL(uri)
  url.pathname = `/${encodeURIComponent(`Mercado Veículo:${email}`)}`
  return url.href
}
