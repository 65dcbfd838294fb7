/** All data held here about one person, for cliente-service, and what of it was sent to payment providers. */
import { type Static, Type } from 'typebox'
import { EntityId, Reais, Timestamp, TransactionId } from '#contracts'
import type { Database, Queryable } from '#platform/database/database'
import { answers } from '#platform/http/app'
import type { Handler, HttpApp } from '#platform/http/server'
import { toReais } from '#platform/money'
import { DebtView, debtView } from '../http/debt-view.ts'
import { OwedView, owedView } from '../http/owed-view.ts'
import { CodeView, codeView, PaymentView, paymentView, UnmatchedView, unmatchedView } from '../http/views.ts'
import { listDebts } from '../parts/part-store.ts'
import { codesOf, openMoneyOf, owedTo, partsOf, paymentsOf, unmatchedOf } from './personal-data-store.ts'

/** More debts than any customer has. */
const ALL = 10_000

const PersonalData = Type.Object({
  payment_codes: Type.Array(CodeView),
  payments: Type.Array(PaymentView),
  unmatched_payments: Type.Array(UnmatchedView),
  owed_items: Type.Array(OwedView),
  debts: Type.Array(DebtView),
  shared_with: Type.Array(
    Type.Object({
      recipient: Type.String(),
      purpose: Type.String(),
      fields: Type.Array(Type.String()),
      transaction_id: TransactionId,
      at: Timestamp,
    }),
  ),
})

interface PersonalDataParts {
  readonly database: Database
  /** The name of the Pix provider for people. */
  readonly providerName: string
}

export const personalDataRoutes = (parts: PersonalDataParts) => (app: HttpApp) => {
  app.get('/personal-data', { schema: showHeldSchema }, showHeld(parts))
  app.get('/personal-data/open-money', { schema: showOpenMoneySchema }, showOpenMoney(parts))
}

const showHeldSchema = {
  hide: true, // between services
  querystring: Type.Object({ customer_id: EntityId }),
  response: answers({ 200: PersonalData }, 'validation_failed'),
}

const showHeld =
  ({ database, providerName }: PersonalDataParts): Handler<typeof showHeldSchema> =>
  ({ query }) =>
    database.transaction((tx) => heldAbout(tx, query.customer_id, providerName))

const showOpenMoneySchema = {
  hide: true, // between services
  querystring: Type.Object({ customer_id: EntityId }),
  response: answers({ 200: Type.Object({ counter_debt: Reais, owed_back: Reais }) }, 'validation_failed'),
}

/** A customer cannot be erased while they owe money for a car, or are owed some. */
const showOpenMoney =
  ({ database }: PersonalDataParts): Handler<typeof showOpenMoneySchema> =>
  async ({ query }) => {
    const { counter_debt_cents, owed_back_cents } = await openMoneyOf(database, query.customer_id)
    return { counter_debt: toReais(counter_debt_cents), owed_back: toReais(owed_back_cents) }
  }

/** The provider is sent an amount and a txid, never the name of the payer, which it learns from the payer's bank. */
async function heldAbout(tx: Queryable, customer_id: number, providerName: string) {
  const codes = await codesOf(tx, customer_id)
  const transactions = codes.map(({ transaction_id }) => transaction_id)
  const [payments, parts, unmatched, owed, debts] = await Promise.all([
    paymentsOf(tx, transactions),
    partsOf(tx, transactions),
    unmatchedOf(tx, transactions),
    owedTo(tx, customer_id),
    listDebts(tx, { customer_id }, null, ALL),
  ])
  const told = codes.filter(({ payment_type }) => payment_type === 'pix')
  const found: Static<typeof PersonalData> = {
    payment_codes: codes.map(codeView),
    payments: [...payments, ...parts].map((payment) => paymentView(payment, false)),
    unmatched_payments: unmatched.map(unmatchedView),
    owed_items: owed.map(owedView),
    debts: debts.map(debtView),
    shared_with: told.map(({ transaction_id, created_at }) => ({
      recipient: providerName,
      purpose: 'To be paid by Pix',
      fields: ['amount', 'txid'],
      transaction_id,
      at: created_at.toISOString(),
    })),
  }
  return found
}
