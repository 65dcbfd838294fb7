/** Customers as other services may see them: the account that a purchase draws on, and no personal data. */
import { type Static, Type } from 'typebox'
import { EntityId, EntityIds, Reais } from '#contracts'
import type { Database } from '#platform/database/database'
import { answers } from '#platform/http/app'
import type { Handler, HttpApp } from '#platform/http/server'
import { toReais } from '#platform/money'
import { findAccounts } from '../customers/customer-store.ts'
import { type Account, availableCredit } from '../domain/customer.ts'
import { CustomerStatusSchema } from './views.ts'

const AccountView = Type.Object(
  {
    id: EntityId,
    status: CustomerStatusSchema,
    account_balance: Reais,
    credit_limit: Reais,
    used_credit: Reais,
    available_credit: Reais,
  },
  { title: 'Account' },
)

interface Parts {
  readonly database: Database
}

export const accountRoutes = (parts: Parts) => (app: HttpApp) => {
  app.get('/customers/accounts', { schema: showAccountsSchema }, showAccounts(parts))
}

const showAccountsSchema = {
  operationId: 'listAccounts',
  summary: 'The accounts of customers, for the other services: those of the ids that exist',
  tags: ['customers'],
  querystring: Type.Object({ ids: EntityIds }),
  response: answers({ 200: Type.Object({ accounts: Type.Array(AccountView) }) }, 'validation_failed'),
}

const showAccounts =
  ({ database }: Parts): Handler<typeof showAccountsSchema> =>
  async ({ query: { ids } }) => ({
    accounts: (await findAccounts(database, ids.split(',').map(Number))).map(accountView),
  })

const accountView = (account: Account): Static<typeof AccountView> => ({
  id: account.id,
  status: account.status,
  account_balance: toReais(account.account_balance_cents),
  credit_limit: toReais(account.credit_limit_cents),
  used_credit: toReais(account.used_credit_cents),
  available_credit: toReais(availableCredit(account)),
})
