/** The route behind an invitation's link: it takes a password and makes the account. */
import { Type } from 'typebox'
import { violatedConstraint } from '#platform/database/pg-errors'
import { answers } from '#platform/http/app'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import { expectGoodPassword } from '../accounts/passwords.ts'
import { accept } from '../staff/invite.ts'
import { headersFor, passOn } from './ask-library.ts'
import type { RouteParts } from './parts.ts'
import { NewPassword } from './sign-up.ts'

export const invitationRoutes = (parts: RouteParts) => (app: HttpApp) => {
  app.post('/auth/accept-invitation', { schema: acceptSchema }, acceptInvitation(parts))
}

const acceptSchema = {
  summary: 'Accepts an invitation by its link: makes the account and opens a session',
  tags: ['staff'],
  body: Type.Object(
    { token: Type.String({ pattern: '^[\\w-]{43}$', examples: ['a'.repeat(43)] }), password: NewPassword },
    { additionalProperties: false },
  ),
  response: answers(
    { 200: Type.Object({ account_id: Type.String() }) },
    'invitation_not_found',
    'validation_failed',
    'foreign_origin',
    'rate_limited',
  ),
}

const acceptInvitation =
  (parts: RouteParts): Handler<typeof acceptSchema> =>
  async (request, reply) => {
    const { pacing, passwords, database, ids, clock, library } = parts
    const { token, password } = request.body
    await expectGoodPassword(password)
    pacing.expectFew(request, 'invitation')
    const password_hash = await passwords.hash(password)
    const given = { token, user_id: ids.uuid(), password_hash }
    const account_id = await database
      .transaction((tx) => accept(tx, parts, given, clock.now()))
      .catch((error) => {
        if (violatedConstraint(error) === 'user_email_key') return undefined // somebody signed up with the address meanwhile
        throw error
      })
    if (account_id === undefined) {
      pacing.countWrong(request, 'invitation')
      throw new Problem('invitation_not_found')
    }
    const body = { userId: account_id }
    await passOn(reply, await library.api.openSession({ body, headers: headersFor(request), asResponse: true }))
    return { account_id }
  }
