/** The routes of claiming: an account is tied to the customer whom the counter registered. */
import { Type } from 'typebox'
import { EntityId } from '#contracts'
import { bare } from '#platform/formats'
import { answers } from '#platform/http/app'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import { findAccount } from '../accounts/account-store.ts'
import { proveClaim, sendClaimCode, tieClaimed } from '../claims/claim.ts'
import { CODE_LIVES_MS } from '../domain/code.ts'
import { expectSession } from './ask-library.ts'
import { evenly } from './evenly.ts'
import type { RouteParts } from './parts.ts'
import { Code } from './sign-up.ts'

const tags = ['claiming']
const Document = Type.String({ format: 'document', description: 'CPF or CNPJ of the record' })
const refusals = ['session_missing', 'validation_failed', 'foreign_origin', 'rate_limited'] as const
/** The shortest time of an answer, so that it does not reveal whether there is such a record. */
const EVEN_MS = 500

export const claimRoutes = (parts: RouteParts) => (app: HttpApp) => {
  app.post('/auth/claim/code', { schema: sendCodeSchema }, sendCode(parts))
  app.post('/auth/claim', { schema: claimSchema }, claim(parts))
}

const sendCodeSchema = {
  summary: 'Sends a code to the e-mail that the counter has proven of the record with this document',
  description:
    'The answer is the same whether there is such a record or not. For 72 hours after the record’s e-mail was changed no code is sent.',
  tags,
  body: Type.Object({ document: Document }, { additionalProperties: false }),
  response: answers(
    { 200: Type.Object({ expires_in: Type.Integer({ description: 'Seconds that the code is good for' }) }) },
    'nothing_to_claim',
    ...refusals,
  ),
}

const sendCode =
  (parts: RouteParts): Handler<typeof sendCodeSchema> =>
  async (request) => {
    const { library, database, pacing } = parts
    const { user_id } = await expectSession(library, request)
    const account = await findAccount(database, user_id)
    if (account?.role !== 'customer' || account.customer_id !== null) throw new Problem('nothing_to_claim')
    pacing.countMail(request)
    await evenly(EVEN_MS, () => sendClaimCode(parts, user_id, bare(request.body.document)))
    return { expires_in: CODE_LIVES_MS / 1_000 }
  }

const claimSchema = {
  summary: 'Ties the account to the record, by the code and the document',
  tags,
  body: Type.Object({ document: Document, code: Code }, { additionalProperties: false }),
  response: answers({ 200: Type.Object({ customer_id: EntityId }) }, 'wrong_code', 'nothing_to_claim', ...refusals),
}

const claim =
  (parts: RouteParts): Handler<typeof claimSchema> =>
  async (request) => {
    const { library, database, pacing } = parts
    const { user_id } = await expectSession(library, request)
    const account = await findAccount(database, user_id)
    if (account?.role !== 'customer') throw new Problem('nothing_to_claim')
    if (account.customer_id !== null) return { customer_id: account.customer_id }
    pacing.expectFew(request, user_id)
    const { document, code } = request.body
    if (!(await proveClaim(parts, user_id, bare(document), code))) {
      pacing.countWrong(request, user_id)
      throw new Problem('wrong_code')
    }
    const customer_id = await tieClaimed(parts, user_id)
    if (customer_id === undefined) throw new Problem('nothing_to_claim')
    return { customer_id }
  }
