/**
 * The routes of changing an account's e-mail: a code proves the new address, and the old one is told. Both addresses stay sealed
 * until it is known which one the library has proved, so that a crash in between leaves no wrong address behind.
 */
import { Type } from 'typebox'
import { answers } from '#platform/http/app'
import type { Handler, HttpApp } from '#platform/http/server'
import { keepPendingEmail, openPerson, settleEmail } from '../accounts/account-store.ts'
import { carryEmail } from '../accounts/carry-email.ts'
import { addressInRequest, normalEmail } from '../accounts/fingerprints.ts'
import { announce } from './announce.ts'
import { askLibrary, expectSession } from './ask-library.ts'
import { evenly } from './evenly.ts'
import type { RouteParts } from './parts.ts'
import { Done, done } from './sign-in.ts'
import { Code, Email } from './sign-up.ts'

const tags = ['accounts']
const refusals = ['session_missing', 'validation_failed', 'foreign_origin', 'rate_limited'] as const
/** The shortest time of an answer: an address that another account has gets the same answer, and no mail. */
const EVEN_MS = 300

export const emailRoutes = (parts: RouteParts) => (app: HttpApp) => {
  app.post('/auth/email-otp/request-email-change', { schema: requestChangeSchema }, requestChange(parts))
  app.post('/auth/email-otp/change-email', { schema: changeSchema }, change(parts))
}

const requestChangeSchema = {
  summary: 'Sends a code to the address that the account is to have',
  tags,
  body: Type.Object({ email: Email }, { additionalProperties: false }),
  response: answers({ 200: Done }, 'sign_in_step_refused', 'session_not_fresh', ...refusals),
}

const requestChange =
  (parts: RouteParts): Handler<typeof requestChangeSchema> =>
  async (request, reply) => {
    const { library, pacing, prints } = parts
    await expectSession(library, request)
    pacing.countMail(request)
    const email = normalEmail(request.body.email)
    const body = { newEmail: prints.addressOf(email) }
    const ask = () => askLibrary(parts, request, reply, '/email-otp/request-email-change', body)
    await evenly(EVEN_MS, () => addressInRequest.run(email, ask))
    return done
  }

const changeSchema = {
  summary: 'Changes the account’s e-mail by the code; the address before is told',
  tags,
  body: Type.Object({ email: Email, otp: Code }, { additionalProperties: false }),
  response: answers({ 200: Done }, 'wrong_code', 'sign_in_step_refused', 'session_not_fresh', ...refusals),
}

const change =
  (parts: RouteParts): Handler<typeof changeSchema> =>
  async (request, reply) => {
    const { library, pacing, prints, database, vault, clock, onError } = parts
    const { user_id } = await expectSession(library, request)
    const email = normalEmail(request.body.email)
    pacing.expectFew(request, user_id)
    const before = await openPerson(database, parts, user_id)
    await database.transaction((tx) => keepPendingEmail(tx, vault, user_id, email))
    const body = { newEmail: prints.addressOf(email), otp: request.body.otp }
    await askLibrary(parts, request, reply, '/email-otp/change-email', body).catch((error) => {
      pacing.countWrong(request, user_id)
      throw error
    })
    await database.transaction((tx) => settleEmail(tx, vault, user_id, email, clock.now()))
    await announce(parts, user_id, 'email_changed', before?.email)
    await carryEmail(parts, user_id, before?.email).catch(onError) // it is tried again until the customer has it
    return done
  }
