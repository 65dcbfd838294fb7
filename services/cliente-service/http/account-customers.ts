/** The customer of an account: made once from the sign-up, however often identidade-service asks. */
import { Type } from 'typebox'
import { EntityId } from '#contracts'
import { violatedConstraint } from '#platform/database/database'
import { answers } from '#platform/http/app'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import { customerOfAccount, insertAccountCustomer } from '../customers/account-customer-store.ts'
import { insertCustomer } from '../customers/customer-store.ts'
import { NewCustomerBody, newCustomerFrom } from './customer-body.ts'
import type { RouteParts } from './parts.ts'

export const accountCustomerRoutes = (parts: RouteParts) => (app: HttpApp) => {
  app.put('/account-customers/:account_id', { schema: makeSchema }, make(parts))
}

const { name, document, email, phone, birth_date } = NewCustomerBody.properties

const makeSchema = {
  summary: 'Makes the customer of an account, or tells which it is (for identidade-service)',
  tags: ['accounts'],
  params: Type.Object({ account_id: Type.String({ format: 'uuid' }) }),
  body: Type.Object({ name, document, email, phone, birth_date }, { additionalProperties: false }),
  response: answers({ 200: Type.Object({ customer_id: EntityId }) }, 'customer_exists', 'validation_failed'),
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
