/** The routes of credit that customers owe: list debts by due date, list late ones, agree on another due date. The shop takes no interest. */
import { type Static, Type } from 'typebox'
import { EntityId, Reais, Timestamp, TransactionId } from '#contracts'
import { authorOf, writeJournal } from '#host'
import { dayOf } from '#platform/days'
import { withoutIdentifiers } from '#platform/free-text'
import { answers } from '#platform/http/app'
import { expectOwn } from '#platform/http/auth'
import { dayBehind, NextCursor, pageByDay, pageOf } from '#platform/http/page'
import type { Handler, HttpApp } from '#platform/http/server'
import { toReais } from '#platform/money'
import { Problem } from '#platform/problem'
import { type Aged, agedCustomers, agedInAll, type Due, duesOf, updateDue } from '../credit/due-store.ts'
import { findAccounts, lockCustomer } from '../customers/customer-store.ts'
import type { RouteParts } from './parts.ts'

const Day = Type.String({ format: 'date', description: 'A day of São Paulo' })
const Params = Type.Object({ id: EntityId })

const DueView = Type.Object(
  {
    transaction_id: TransactionId,
    amount: Reais,
    open: Type.Number({
      ...Reais,
      description: 'The part that is not repaid yet. Payments go to the earliest debts first',
    }),
    bought_at: Timestamp,
    due_on: Day,
    days_late: Type.Integer({ description: '0 when it is not late' }),
  },
  { title: 'CreditDue' },
)

const ages = {
  not_due: Reais,
  days_1_30: Reais,
  days_31_60: Reais,
  days_61_90: Reais,
  days_91: Type.Number({ ...Reais, description: 'Late for 91 days and more' }),
}

const tags = ['credit']

export const creditRoutes = (parts: RouteParts) => (app: HttpApp) => {
  app.get('/customers/:id/credit', { schema: showCreditSchema }, showCredit(parts))
  app.put('/customers/:id/credit/:transaction_id', { schema: moveDueSchema }, moveDue(parts))
  app.get('/credit-ageing', { schema: showAgeingSchema }, showAgeing(parts))
}

const showCreditSchema = {
  operationId: 'showCredit',
  summary: 'The credit that a customer has to repay, by purchase and due day',
  tags,
  params: Params,
  response: answers(
    { 200: Type.Object({ dues: Type.Array(DueView), open: Reais, timestamp: Timestamp }) },
    'customer_not_found',
    'validation_failed',
  ),
}

const showCredit =
  ({ database, clock, creditDays }: RouteParts): Handler<typeof showCreditSchema> =>
  async (request) => {
    const { id } = request.params
    expectOwn(request, id, 'customer_not_found')
    const [[customer], dues] = await Promise.all([findAccounts(database, [id]), duesOf(database, id, creditDays)])
    if (!customer) throw new Problem('customer_not_found')
    const now = clock.now()
    const open = toReais(dues.reduce((sum, { open_cents }) => sum + open_cents, 0))
    return { dues: dues.map((due) => dueView(due, dayOf(now))), open, timestamp: now.toISOString() }
  }

const moveDueSchema = {
  operationId: 'moveCreditDue',
  summary: 'Moves the day on which the credit of a purchase is due',
  tags,
  params: Type.Object({ id: EntityId, transaction_id: TransactionId }),
  body: Type.Object(
    {
      due_on: Day,
      reason: Type.String({ minLength: 5, maxLength: 200, format: 'text', description: 'Why. Name no person' }),
    },
    { additionalProperties: false },
  ),
  response: answers({ 200: DueView }, 'customer_not_found', 'credit_due_not_found', 'own_record', 'validation_failed'),
}

const moveDue =
  ({ database, vault, clock, creditDays }: RouteParts): Handler<typeof moveDueSchema> =>
  (request) =>
    database.transaction(async (tx) => {
      const { id } = request.params
      const { due_on } = request.body
      const transaction_id = request.params.transaction_id.toLowerCase()
      if (!(await lockCustomer(tx, vault, id))) throw new Problem('customer_not_found')
      const find = async () => (await duesOf(tx, id, creditDays)).find((due) => due.transaction_id === transaction_id)
      const before = await find()
      if (!before) throw new Problem('credit_due_not_found')
      const at = clock.now()
      if (before.due_on === due_on) return dueView(before, dayOf(at))
      updateDue(tx, transaction_id, due_on, at)
      const after = (await find()) ?? { ...before, due_on } // behind later debts, this one may count as repaid and be listed no longer
      const act = { by: authorOf(request), at, act: 'credit_due_moved', about: 'customer', about_id: id } as const
      const told = { before: { transaction_id, due_on: before.due_on }, after: { transaction_id, due_on } }
      await writeJournal(tx, vault, [{ ...act, reason: withoutIdentifiers(request.body.reason), ...told }])
      return dueView(after, dayOf(at))
    })

const showAgeingSchema = {
  operationId: 'showCreditAgeing',
  summary: 'The customers who owe credit and since when, the oldest debt first',
  tags,
  querystring: Type.Object({
    ...pageByDay,
  }),
  response: answers(
    {
      200: Type.Object({
        customers: Type.Array(Type.Object({ customer_id: EntityId, first_due_on: Day, open: Reais, ...ages })),
        total: Type.Object({ open: Reais, ...ages }),
        next_cursor: NextCursor,
        timestamp: Timestamp,
      }),
    },
    'validation_failed',
  ),
}

const showAgeing =
  ({ database, clock, creditDays: days }: RouteParts): Handler<typeof showAgeingSchema> =>
  async ({ query: { limit, cursor } }) => {
    const now = clock.now()
    const today = dayOf(now)
    const [found, all] = await Promise.all([
      agedCustomers(database, { days, today }, dayBehind(cursor), limit + 1),
      agedInAll(database, days, today),
    ])
    const { page, next_cursor } = pageOf(found, limit, (last) => `${last.first_due_on}.${last.customer_id}`)
    const customers = page.map(({ customer_id, first_due_on, ...aged }) => ({
      ...{ customer_id, first_due_on },
      ...agesOf(aged),
    }))
    return { customers, total: agesOf(all), next_cursor, timestamp: now.toISOString() }
  }

const agesOf = (aged: Aged) => ({
  open: toReais(
    aged.not_due_cents + aged.days_1_30_cents + aged.days_31_60_cents + aged.days_61_90_cents + aged.days_91_cents,
  ),
  not_due: toReais(aged.not_due_cents),
  days_1_30: toReais(aged.days_1_30_cents),
  days_31_60: toReais(aged.days_31_60_cents),
  days_61_90: toReais(aged.days_61_90_cents),
  days_91: toReais(aged.days_91_cents),
})

const DAY_MS = 86_400_000

const dueView = (due: Due, today: string): Static<typeof DueView> => ({
  transaction_id: due.transaction_id,
  amount: toReais(due.amount_cents),
  open: toReais(due.open_cents),
  bought_at: due.bought_at.toISOString(),
  due_on: due.due_on,
  days_late: Math.max(0, Math.round((Date.parse(today) - Date.parse(due.due_on)) / DAY_MS)),
})
