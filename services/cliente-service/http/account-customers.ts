/** The customer of an account: made once from the sign-up, however often identidade-service asks. */
import { Type } from 'typebox'
import { EntityId } from '#contracts'
import { violatedConstraint } from '#platform/database/pg-errors'
import { answers } from '#platform/http/app'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import { customerOfAccount, insertAccountCustomer } from '../customers/account-customer-store.ts'
import { insertCustomer, lockCustomer, updateCustomer, writeEmailProven } from '../customers/customer-store.ts'
import { tellCustomer } from '../customers/notices.ts'
import { amend } from '../domain/customer.ts'
import { recordChanges } from '../rights/changes.ts'
import { NewCustomerBody, newCustomerFrom } from './customer-body.ts'
import type { RouteParts } from './parts.ts'
import { taken } from './taken.ts'

export const accountCustomerRoutes = (parts: RouteParts) => (app: HttpApp) => {
  app.put('/account-customers/:account_id', { schema: makeSchema }, make(parts))
  app.put('/account-customers/:account_id/email', { schema: changeEmailSchema }, changeEmail(parts))
}

const { name, document, phone, birth_date, representative } = NewCustomerBody.properties
const Email = Type.String({ format: 'email', maxLength: 100 })
export const AccountParams = Type.Object({ account_id: Type.String({ format: 'uuid' }) })
export const CustomerOfAccount = Type.Object({ customer_id: EntityId }, { additionalProperties: false })
const tags = ['accounts']

const makeSchema = {
  summary: 'Makes the customer of an account, or tells which it is (for identidade-service)',
  tags,
  params: AccountParams,
  body: Type.Object(
    { name, document, email: Email, phone, birth_date, representative },
    { additionalProperties: false },
  ),
  response: answers({ 200: CustomerOfAccount }, 'customer_exists', 'validation_failed'),
}

const make =
  ({ database, vault, clock }: RouteParts): Handler<typeof makeSchema> =>
  async (request) => {
    const { account_id } = request.params
    const now = clock.now()
    const wanted = newCustomerFrom(request.body, now)
    const known = await customerOfAccount(database, account_id)
    if (known !== undefined) return { customer_id: known }
    const made = database.transaction(async (tx) => {
      const { id } = await insertCustomer(tx, vault, wanted, now)
      writeEmailProven(tx, id, now) // the account exists because its address was proven
      await insertAccountCustomer(tx, account_id, id, now)
      return id
    })
    const customer_id = await made.catch(async (error) => {
      const constraint = violatedConstraint(error) ?? ''
      const meanwhile = await customerOfAccount(database, account_id) // of two requests at once, the first has made it
      if (meanwhile !== undefined) return meanwhile
      throw ['customers_document_unique', 'customers_email_unique'].includes(constraint)
        ? new Problem('customer_exists')
        : error
    })
    return { customer_id }
  }

const changeEmailSchema = {
  summary: 'The e-mail of an account was changed and proven: its customer has it too (for identidade-service)',
  tags,
  params: AccountParams,
  body: Type.Object(
    {
      email: Email,
      told: Type.Optional(Type.String({ ...Email, description: 'Which address was told of it already' })),
    },
    { additionalProperties: false, examples: [{ email: 'ana@example.com', told: 'ana@example.net' }] },
  ),
  response: answers(
    { 200: CustomerOfAccount },
    'customer_not_found',
    'customer_erased',
    'email_taken',
    'validation_failed',
  ),
}

const changeEmail =
  (parts: RouteParts): Handler<typeof changeEmailSchema> =>
  async (request) => {
    const { unitOfWork, vault, clock } = parts
    const email = request.body.email.toLowerCase()
    const now = clock.now()
    return await unitOfWork(async (tx, send) => {
      const customer_id = await customerOfAccount(tx, request.params.account_id)
      const before = customer_id === undefined ? undefined : await lockCustomer(tx, vault, customer_id)
      if (!before) throw new Problem('customer_not_found')
      const after = amend(before, { email }, now)
      if (typeof after === 'string') throw new Problem(after === 'customer_erased' ? after : 'customer_not_found')
      if (before.email !== email) {
        recordChanges(tx, before, after, { at: now, recorded_by: 'customer', text_version: '-' })
        await updateCustomer(tx, vault, after)
        if (before.email !== null && before.email !== request.body.told?.toLowerCase())
          await tellCustomer(
            tx,
            send,
            parts,
            { customer_id: before.id, kind: 'email_changed', email: before.email },
            now,
          )
      }
      writeEmailProven(tx, before.id, now)
      return { customer_id: before.id }
    }).catch(taken('email_taken'))
  }
