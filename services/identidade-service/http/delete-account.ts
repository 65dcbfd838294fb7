/**
 * The route of deleting an account that has no customer. If there is one, its erasure deletes the account too: until debts are
 * settled and vehicles picked up, somebody must be able to sign in.
 */
import { Type } from 'typebox'
import { answers } from '#platform/http/app'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import { findAccount } from '../accounts/account-store.ts'
import { deleteAccount } from '../rights/erasure-store.ts'
import { expectSession, headersFor, passOn } from './ask-library.ts'
import type { RouteParts } from './parts.ts'
import { Done, done, Password } from './sign-in.ts'

export const deleteAccountRoutes = (parts: RouteParts) => (app: HttpApp) => {
  app.post('/auth/delete-account', { schema: deleteSchema }, deleteOwn(parts))
}

const deleteSchema = {
  summary: 'Deletes an account that has no customer; with one, erase the customer (`DELETE /customers/{id}`)',
  tags: ['accounts'],
  body: Type.Object({ password: Password }, { additionalProperties: false }),
  response: answers(
    { 200: Done },
    'wrong_password',
    'account_with_customer',
    'session_missing',
    'validation_failed',
    'foreign_origin',
    'rate_limited',
  ),
}

const deleteOwn =
  (parts: RouteParts): Handler<typeof deleteSchema> =>
  async (request, reply) => {
    const { library, database, pacing } = parts
    const { user_id } = await expectSession(library, request)
    pacing.expectFew(request, user_id)
    const asked = { body: request.body, headers: headersFor(request), asResponse: true } as const
    await passOn(reply, await library.api.verifyPassword(asked)).catch((error) => {
      pacing.countWrong(request, user_id)
      throw error
    })
    const account = await findAccount(database, user_id)
    if (account?.role !== 'customer' || account.customer_id !== null) throw new Problem('account_with_customer')
    await database.transaction((tx) => deleteAccount(tx, user_id))
    return done
  }
