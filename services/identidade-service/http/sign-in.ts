/** The routes of signing in and out, and of passwords. They limit guesses, and do not reveal who has an account. */
import { Type } from 'typebox'
import { answers } from '#platform/http/app'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import { findAccountByAddress } from '../accounts/account-store.ts'
import { addressInRequest, normalEmail } from '../accounts/fingerprints.ts'
import { expectGoodPassword } from '../accounts/passwords.ts'
import { announce } from './announce.ts'
import { askLibrary, expectSession } from './ask-library.ts'
import { evenly } from './evenly.ts'
import type { RouteParts } from './parts.ts'
import { Code, Email, NewPassword } from './sign-up.ts'

export const Password = Type.String({ minLength: 1, maxLength: 200 })
export const Done = Type.Object({ done: Type.Literal(true) }, { title: 'Done' })
export const done = { done: true as const }

export const SignedIn = Type.Object(
  {
    status: Type.Enum(['signed_in', 'second_factor'], {
      description: '`second_factor`: a code of the authenticator is still asked for, at /auth/two-factor/verify-totp',
    }),
  },
  { title: 'SignedIn' },
)
const tags = ['sign-in']
/** The shortest time of an answer that could reveal by its time who has an account. */
const EVEN_MS = 300

export const signInRoutes = (parts: RouteParts) => (app: HttpApp) => {
  app.post('/auth/sign-in/email', { schema: signInSchema }, signIn(parts))
  app.post('/auth/sign-out', { schema: signOutSchema }, signOut(parts))
  app.post('/auth/email-otp/request-password-reset', { schema: requestResetSchema }, requestReset(parts))
  app.post('/auth/email-otp/reset-password', { schema: resetPasswordSchema }, resetPassword(parts))
  app.post('/auth/change-password', { schema: changePasswordSchema }, changePassword(parts))
}

const signInSchema = {
  summary: 'Signs in by e-mail and password',
  tags,
  body: Type.Object(
    { email: Email, password: Password, remember: Type.Optional(Type.Boolean({ default: true })) },
    { additionalProperties: false },
  ),
  response: answers({ 200: SignedIn }, 'sign_in_refused', 'validation_failed', 'foreign_origin', 'rate_limited'),
}

const signIn =
  (parts: RouteParts): Handler<typeof signInSchema> =>
  async (request, reply) => {
    const { prints, pacing } = parts
    const { email, password, remember } = request.body
    const address = prints.addressOf(email)
    pacing.expectFew(request, address)
    const body = { email: address, password, rememberMe: remember ?? true }
    const answer = await askLibrary(parts, request, reply, '/sign-in/email', body).catch((error) => {
      if (error instanceof Problem && error.problem === 'sign_in_refused') pacing.countWrong(request, address)
      throw error
    })
    const isHalf = (answer as { twoFactorRedirect?: boolean }).twoFactorRedirect === true
    pacing.remember(request, reply, address)
    return { status: isHalf ? ('second_factor' as const) : ('signed_in' as const) }
  }

const signOutSchema = { summary: 'Ends the session', tags, response: answers({ 200: Done }, 'foreign_origin') }

const signOut =
  (parts: RouteParts): Handler<typeof signOutSchema> =>
  async (request, reply) => {
    await askLibrary(parts, request, reply, '/sign-out', {})
    return done
  }

const requestResetSchema = {
  summary: 'Sends a code to set a new password with, when the address has an account; the answer does not tell',
  tags,
  body: Type.Object({ email: Email }, { additionalProperties: false }),
  response: answers({ 200: Done }, 'validation_failed', 'foreign_origin', 'rate_limited'),
}

const requestReset =
  (parts: RouteParts): Handler<typeof requestResetSchema> =>
  async (request, reply) => {
    const { prints, pacing } = parts
    pacing.countMail(request)
    const email = normalEmail(request.body.email)
    const body = { email: prints.addressOf(email) }
    const ask = () => askLibrary(parts, request, reply, '/email-otp/request-password-reset', body)
    await evenly(EVEN_MS, () => addressInRequest.run(email, ask))
    return done
  }

const resetPasswordSchema = {
  summary: 'Sets a new password by the code; every session ends',
  tags,
  body: Type.Object({ email: Email, otp: Code, password: NewPassword }, { additionalProperties: false }),
  response: answers({ 200: Done }, 'wrong_code', 'validation_failed', 'foreign_origin', 'rate_limited'),
}

const resetPassword =
  (parts: RouteParts): Handler<typeof resetPasswordSchema> =>
  async (request, reply) => {
    const { prints, pacing, database } = parts
    const { email, otp, password } = request.body
    await expectGoodPassword(password)
    const address = prints.addressOf(email)
    pacing.expectFew(request, address)
    const ask = () => askLibrary(parts, request, reply, '/email-otp/reset-password', { email: address, otp, password })
    await evenly(EVEN_MS, ask).catch((error) => {
      pacing.countWrong(request, address)
      throw error
    })
    const account = await findAccountByAddress(database, address)
    if (account) await announce(parts, account.user_id, 'password_changed')
    return done
  }

const changePasswordSchema = {
  summary: 'Changes the password; the other sessions end',
  tags,
  body: Type.Object({ current_password: Password, password: NewPassword }, { additionalProperties: false }),
  response: answers(
    { 200: Done },
    'wrong_password',
    'session_missing',
    'validation_failed',
    'foreign_origin',
    'rate_limited',
  ),
}

const changePassword =
  (parts: RouteParts): Handler<typeof changePasswordSchema> =>
  async (request, reply) => {
    const { library, pacing } = parts
    const { current_password, password } = request.body
    const { user_id } = await expectSession(library, request)
    await expectGoodPassword(password)
    pacing.expectFew(request, user_id)
    const body = { currentPassword: current_password, newPassword: password, revokeOtherSessions: true }
    await askLibrary(parts, request, reply, '/change-password', body).catch((error) => {
      pacing.countWrong(request, user_id)
      throw error
    })
    await announce(parts, user_id, 'password_changed')
    return done
  }
