/** A customer's statement: every movement of their balance and of their available credit. */
import { type Static, Type } from 'typebox'
import { EntityId, Timestamp, TransactionId } from '#contracts'
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/database/database'
import { answers } from '#platform/http/app'
import { callerOf, expectOwn, isStaff } from '#platform/http/auth'
import { cursorAt, pageByPlace, pageOf, placeBehind, Total } from '#platform/http/page'
import type { Handler, HttpApp } from '#platform/http/server'
import { toReais } from '#platform/money'
import { Problem } from '#platform/problem'
import { countStatement, readStatement } from '../credit/statement-store.ts'
import { findAccounts } from '../customers/customer-store.ts'
import { ADJUSTMENTS } from '../domain/adjustment.ts'
import type { LedgerEntry, Mark } from '../domain/ledger.ts'
import { NextCursor } from './views.ts'

const Amount = (description: string) => Type.Number({ multipleOf: 0.01, description })

const entry = {
  at: Timestamp,
  kind: Type.Enum(['opening', 'adjustment', 'hold', 'release', 'return', 'return_of_repaid', ...ADJUSTMENTS], {
    description:
      'hold: a purchase took it; release: that purchase ended without a sale and gave it back; return: the vehicle was returned; return_of_repaid: of the credit that it used, what was repaid already; adjustment: an admin set it; the others were moved by hand',
  }),
  account: Type.Enum(['balance', 'credit'], { description: 'Which of the two moved' }),
  transaction_id: Type.Union([TransactionId, Type.Null()], { description: 'The purchase; null for staff’s changes' }),
  amount: Amount('BRL, signed: below zero when the customer has less than before'),
  balance_after: Amount('BRL: the account balance as this movement left it'),
  credit_after: Amount('BRL: the available credit as this movement left it'),
}

const TextOrNull = Type.Union([Type.String(), Type.Null()])
const mark = {
  author: TextOrNull,
  reason: TextOrNull,
  reference: TextOrNull,
  approval_id: Type.Union([Type.String({ format: 'uuid' }), Type.Null()]),
}

/** As staff and admins see it. */
export const MarkedEntry = Type.Object({ ...entry, ...mark }, { title: 'LedgerEntry' })

const Entry = Type.Object(
  {
    ...entry,
    author: Type.Optional(Type.Union([Type.String(), Type.Null()], { description: 'Who moved it by hand; for staff' })),
    reason: Type.Optional(TextOrNull),
    reference: Type.Optional(TextOrNull),
    approval_id: Type.Optional(mark.approval_id),
  },
  {
    title: 'StatementEntry',
    examples: [
      {
        at: '2026-03-02T12:00:00.000Z',
        kind: 'hold',
        account: 'balance',
        transaction_id: '0195571c-3f6b-7a6e-9b0c-6f1f2f0c1d2e',
        amount: -45000,
        balance_after: 35000,
        credit_after: 20000.5,
      },
    ],
  },
)

const Statement = Type.Object({
  entries: Type.Array(Entry),
  total: Total,
  next_cursor: NextCursor,
  timestamp: Timestamp,
})

interface Parts {
  readonly database: Database
  readonly clock: Clock
}

export const statementRoutes = (parts: Parts) => (app: HttpApp) => {
  app.get('/customers/:id/statement', { schema: showStatementSchema }, showStatement(parts))
}

const showStatementSchema = {
  summary: 'Every movement of balance and credit, newest first',
  description: 'The amounts of one account add up to what the customer has of it.',
  tags: ['customers'],
  params: Type.Object({ id: EntityId }),
  querystring: Type.Object(pageByPlace),
  response: answers({ 200: Statement }, 'customer_not_found', 'validation_failed'),
}

const showStatement =
  ({ database, clock }: Parts): Handler<typeof showStatementSchema> =>
  async (request) => {
    const { id } = request.params
    const { limit, cursor } = request.query
    expectOwn(request, id, 'customer_not_found')
    const [before] = cursor === undefined ? [Number.MAX_SAFE_INTEGER] : placeBehind(cursor, 1)
    const [[customer], found, total] = await Promise.all([
      findAccounts(database, [id]),
      readStatement(database, id, before, limit + 1),
      countStatement(database, id),
    ])
    if (!customer) throw new Problem('customer_not_found')
    const { page, next_cursor } = pageOf(found, limit, (last) => cursorAt(last.id))
    const view = isStaff(callerOf(request)) ? markedEntryOf : entryOf
    return { entries: page.map(view), total, next_cursor, timestamp: clock.now().toISOString() }
  }

export const markedEntryOf = (line: Line & Mark): Static<typeof MarkedEntry> => {
  const { author, reason, reference, approval_id } = line
  return { ...entryOf(line), author, reason, reference, approval_id }
}

type Line = LedgerEntry & { readonly at: Date }

export const entryOf = (line: Line): Static<typeof Entry> => ({
  at: line.at.toISOString(),
  kind: line.kind,
  account: line.account,
  transaction_id: line.transaction_id,
  amount: toReais(line.amount_cents),
  balance_after: toReais(line.balance_after_cents),
  credit_after: toReais(line.credit_after_cents),
})
