/** The routes of claims for identidade-service, and the route by which the counter proves a contact. */
import { Type } from 'typebox'
import { EntityId } from '#contracts'
import { authorOf, writeJournal } from '#host'
import type { Queryable } from '#platform/database/database'
import { violatedConstraint } from '#platform/database/pg-errors'
import { bare } from '#platform/formats'
import { withoutIdentifiers } from '#platform/free-text'
import { answers } from '#platform/http/app'
import { callerOf, seesWhole } from '#platform/http/auth'
import { etagOf } from '#platform/http/etag'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import { customerOfAccount, insertAccountCustomer, registrationOf } from '../customers/account-customer-store.ts'
import { type CustomerRow, findByIdentity, lockCustomer, writeEmailProven } from '../customers/customer-store.ts'
import { recordShown } from '../customers/readings.ts'
import { isClaimable } from '../domain/claim.ts'
import { AccountParams, CustomerOfAccount } from './account-customers.ts'
import type { RouteParts } from './parts.ts'
import { CustomerAnswer, viewOf } from './views.ts'

export const claimRoutes = (parts: RouteParts) => (app: HttpApp) => {
  app.post('/account-customers/:account_id/claimable', { schema: findClaimableSchema }, findClaimable(parts))
  app.post('/account-customers/:account_id/own-record', { schema: findOwnRecordSchema }, findOwnRecord(parts))
  app.put('/account-customers/:account_id/claim', { schema: claimSchema }, claim(parts))
  app.post('/customers/:id/contact-proofs', { schema: proveContactSchema }, proveContact(parts))
}

const Document = Type.String({ format: 'document', description: 'CPF or CNPJ' })
const tags = ['accounts']

const findClaimableSchema = {
  summary: 'The record of the counter with this document, and where its code goes (for identidade-service)',
  tags,
  params: AccountParams,
  body: Type.Object({ document: Document }, { additionalProperties: false }),
  response: answers(
    { 200: Type.Object({ customer_id: EntityId, email: Type.String() }) },
    'nothing_to_claim',
    'validation_failed',
  ),
}

const findClaimable =
  ({ database, vault, clock }: RouteParts): Handler<typeof findClaimableSchema> =>
  async (request) => {
    const [found] = await findByIdentity(database, vault, { document: bare(request.body.document) })
    if (!found?.email || !(await mayBeClaimed(database, found, clock.now()))) throw new Problem('nothing_to_claim')
    return { customer_id: found.id, email: found.email }
  }

const findOwnRecordSchema = {
  summary: 'Which customer somebody who works here is, by their document (for identidade-service)',
  tags,
  params: AccountParams,
  body: Type.Object({ document: Document }, { additionalProperties: false }),
  response: answers({ 200: Type.Object({ customer_id: Type.Union([EntityId, Type.Null()]) }) }, 'validation_failed'),
}

const findOwnRecord =
  ({ database, vault }: RouteParts): Handler<typeof findOwnRecordSchema> =>
  async (request) => {
    const [found] = await findByIdentity(database, vault, { document: bare(request.body.document) })
    return { customer_id: found?.id ?? null }
  }

const mayBeClaimed = async (tx: Queryable, found: CustomerRow, now: Date) =>
  isClaimable({ ...found, ...(await registrationOf(tx, found.id)) }, now)

const claimSchema = {
  summary: 'Ties an account to the record that it has proven to be its own (for identidade-service)',
  description:
    'A repeated request gives the same answer. The facts that held when the code was sent are checked again.',
  tags,
  params: AccountParams,
  body: CustomerOfAccount,
  response: answers({ 200: CustomerOfAccount }, 'nothing_to_claim', 'validation_failed'),
}

const claim =
  ({ database, vault, clock }: RouteParts): Handler<typeof claimSchema> =>
  async (request) => {
    const { account_id } = request.params
    const { customer_id } = request.body
    const known = await customerOfAccount(database, account_id)
    if (known !== undefined) return { customer_id: known }
    const now = clock.now()
    const tie = database.transaction(async (tx) => {
      const found = await lockCustomer(tx, vault, customer_id)
      if (!found || !(await mayBeClaimed(tx, found, now))) throw new Problem('nothing_to_claim')
      await insertAccountCustomer(tx, account_id, customer_id, now)
    })
    await tie.catch((error) => {
      const isLate = violatedConstraint(error)?.startsWith('account_customers_') // somebody tied one of the two meanwhile
      throw isLate ? new Problem('nothing_to_claim') : error
    })
    return { customer_id }
  }

const proveContactSchema = {
  summary: 'Puts on record that the person has shown, at the counter, that the e-mail is theirs',
  description:
    'From then on purchases are told there, and the record can be claimed by a code sent to it; for 72 hours after a change of the e-mail it cannot. `email` is the one on record, typed again from what the person shows.',
  tags: ['customers'],
  params: Type.Object({ id: EntityId }),
  body: Type.Object(
    {
      email: Type.String({ format: 'email', maxLength: 100 }),
      reason: Type.String({
        minLength: 5,
        maxLength: 200,
        format: 'text',
        description: 'The proof that was seen',
      }),
    },
    {
      additionalProperties: false,
      examples: [{ email: 'ana@example.com', reason: 'Opened the mailbox on her phone, CNH shown' }],
    },
  ),
  response: answers(
    { 200: CustomerAnswer },
    'customer_not_found',
    'customer_erased',
    'contact_differs',
    'own_record',
    'too_many_customers_read',
    'validation_failed',
  ),
}

const proveContact =
  (parts: RouteParts): Handler<typeof proveContactSchema> =>
  async (request, reply) => {
    const { database, vault, clock } = parts
    const now = clock.now()
    const proven = await database.transaction(async (tx) => {
      const customer = await lockCustomer(tx, vault, request.params.id)
      if (!customer) throw new Problem('customer_not_found')
      if (customer.status === 'erased') throw new Problem('customer_erased')
      if (customer.email !== request.body.email.toLowerCase()) throw new Problem('contact_differs')
      writeEmailProven(tx, customer.id, now)
      await recordShown(tx, request, customer, parts)
      const about = { about: 'customer', about_id: customer.id } as const
      const reason = withoutIdentifiers(request.body.reason)
      await writeJournal(tx, vault, [{ by: authorOf(request), at: now, act: 'contact_proven', ...about, reason }])
      return { ...customer, email_proven_at: now }
    })
    return reply.header('etag', etagOf(proven)).send(viewOf(proven, seesWhole(callerOf(request))))
  }
