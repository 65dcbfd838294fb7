/** The routes of passkeys. */
import { Type } from 'typebox'
import { answers } from '#platform/http/app'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import { openPerson } from '../accounts/account-store.ts'
import { askLibrary } from './ask-library.ts'
import type { RouteParts } from './parts.ts'
import { expectStrongSession, ofSession, signedIn } from './second-factors.ts'
import { Done, done, SignedIn } from './sign-in.ts'

const tags = ['second factors']

/** The values of a browser's `navigator.credentials`, which only the library and the browser read. */
const Anything = Type.Record(Type.String(), Type.Unknown())
const Passkey = Type.Object(
  { id: Type.String(), created_at: Type.Union([Type.String(), Type.Null()]) },
  { title: 'Passkey' },
)

export const passkeyRoutes = (parts: RouteParts) => (app: HttpApp) => {
  app.get('/auth/passkey/generate-register-options', { schema: askToMakePasskeySchema }, askToMakePasskey(parts))
  app.post('/auth/passkey/verify-registration', { schema: keepSchema }, keep(parts))
  app.post('/auth/passkey/verify-authentication', { schema: signInSchema }, signIn(parts))
  app.get('/auth/passkey/generate-authenticate-options', { schema: askToSignInSchema }, askToSignIn(parts))
  app.get('/auth/passkey/list-user-passkeys', { schema: showPasskeysSchema }, showPasskeys(parts))
  app.post('/auth/passkey/delete-passkey', { schema: forgetPasskeySchema }, forgetPasskey(parts))
}

const askToMakePasskeySchema = {
  summary: 'What a browser is asked to make a passkey with',
  tags,
  response: answers({ 200: Anything }, 'session_missing', 'second_factor_required', 'session_not_fresh'),
}

const askToMakePasskey =
  (parts: RouteParts): Handler<typeof askToMakePasskeySchema> =>
  async (request, reply) => {
    const { user_id } = await expectStrongSession(parts, request)
    const options = (await askLibrary(parts, request, reply, '/passkey/generate-register-options')) as {
      user: Record<string, unknown>
    }
    const { email = '' } = (await openPerson(parts.database, parts, user_id)) ?? {}
    return { ...options, user: { ...options.user, name: email, displayName: email } }
  }

const TakenBody = Type.Object({ response: Anything }, { additionalProperties: false })
const refusals = [
  'session_missing',
  'sign_in_refused',
  'sign_in_step_refused',
  'validation_failed',
  'foreign_origin',
] as const

const keepSchema = {
  summary: 'Keeps the passkey that a browser has made',
  tags,
  body: TakenBody,
  response: answers({ 200: Done }, ...refusals),
}

const keep =
  (parts: RouteParts): Handler<typeof keepSchema> =>
  async (request, reply) => {
    await askLibrary(parts, request, reply, '/passkey/verify-registration', { response: request.body.response })
    return done
  }

const signInSchema = {
  summary: 'Signs in by a passkey',
  tags,
  body: TakenBody,
  response: answers({ 200: SignedIn }, ...refusals),
}

const signIn =
  (parts: RouteParts): Handler<typeof signInSchema> =>
  async (request, reply) => {
    expectUserVerified(request.body.response)
    await askLibrary(parts, request, reply, '/passkey/verify-authentication', { response: request.body.response })
    return signedIn
  }

/** A flag of the authenticator's signed data (WebAuthn, 6.1): it has asked for a finger, a face or a PIN. */
const USER_VERIFIED = 0x04
const FLAGS_AT = 32

/** A passkey counts as two factors, so having the device is not enough. Throws `sign_in_refused`. */
function expectUserVerified({ response }: Record<string, unknown>): void {
  const { authenticatorData } = (response ?? {}) as { authenticatorData?: unknown }
  const flags = typeof authenticatorData === 'string' ? Buffer.from(authenticatorData, 'base64url')[FLAGS_AT] : 0
  if (((flags ?? 0) & USER_VERIFIED) === 0) throw new Problem('sign_in_refused')
}

const askToSignInSchema = {
  summary: 'What a browser is asked to sign in with',
  tags,
  response: answers({ 200: Anything }),
}

const askToSignIn =
  (parts: RouteParts): Handler<typeof askToSignInSchema> =>
  async (request, reply) => {
    const options = await askLibrary(parts, request, reply, '/passkey/generate-authenticate-options')
    return { ...(options as Record<string, unknown>), userVerification: 'required' }
  }

const showPasskeysSchema = {
  summary: 'The account’s passkeys',
  tags,
  response: answers({ 200: Type.Object({ passkeys: Type.Array(Passkey) }) }, 'session_missing'),
}

const showPasskeys =
  (parts: RouteParts): Handler<typeof showPasskeysSchema> =>
  async (request, reply) => {
    const found = await askLibrary(parts, request, reply, '/passkey/list-user-passkeys')
    const passkeys = (found as { id: string; createdAt?: string | null }[]).map(({ id, createdAt }) => ({
      id,
      created_at: createdAt ?? null,
    }))
    return { passkeys }
  }

const forgetPasskeySchema = {
  summary: 'Forgets a passkey',
  tags,
  body: Type.Object({ id: Type.String({ maxLength: 100 }) }, { additionalProperties: false }),
  response: answers({ 200: Done }, 'second_factor_required', 'sign_in_step_refused', ...ofSession),
}

const forgetPasskey =
  (parts: RouteParts): Handler<typeof forgetPasskeySchema> =>
  async (request, reply) => {
    await expectStrongSession(parts, request)
    await askLibrary(parts, request, reply, '/passkey/delete-passkey', { id: request.body.id })
    return done
  }
