/** The routes of owed items, for staff who give money back by hand: list them, add one to a return, record how one was settled. */
import { type Static, Type } from 'typebox'
import { EntityId, Reais, Timestamp, TransactionId } from '#contracts'
import { ApprovalView, approvalView, authorOf, IdempotencyHeaders, once } from '#host'
import type { UnitOfWork } from '#messaging'
import type { Database } from '#platform/database/database'
import { withoutIdentifiers } from '#platform/free-text'
import { answers } from '#platform/http/app'
import { refuseOwnRecord } from '#platform/http/auth'
import { idBehind, NextCursor, pageById, pageOf, Total } from '#platform/http/page'
import type { Handler, HttpApp } from '#platform/http/server'
import { toCents } from '#platform/money'
import { Problem } from '#platform/problem'
import { LINES } from '../domain/coming-back.ts'
import { type LineParts, oweOrAsk } from '../owed/lines.ts'
import { countOwed, findOwed, listOwed } from '../owed/owed-store.ts'
import { settleOrAsk } from '../owed/settling.ts'
import { OwedStatus, OwedView, owedView } from './owed-view.ts'

export interface OwedRouteParts extends LineParts {
  readonly database: Database
  readonly unitOfWork: UnitOfWork
}

const Page = Type.Object({
  owed_items: Type.Array(OwedView),
  total: Total,
  next_cursor: NextCursor,
  timestamp: Timestamp,
})

const SettleBody = Type.Object(
  {
    method: Type.Enum(['banknotes', 'transfer', 'card', 'pix', 'balance']),
    reference: Type.String({
      minLength: 3,
      maxLength: 200,
      format: 'text',
      description: 'Words to find the payment by: a receipt, a bank’s number. Name no person',
    }),
  },
  { additionalProperties: false, examples: [{ method: 'transfer', reference: 'TED 4711 of 2026-03-09' }] },
)

const tags = ['owed items']

export const owedRoutes = (parts: OwedRouteParts) => (app: HttpApp) => {
  app.get('/owed-items', { schema: showOwedSchema }, showOwed(parts))
  app.post('/owed-items', { schema: addLineSchema }, addLine(parts))
  app.post('/owed-items/:id/settle', { schema: settleSchema }, settle(parts))
}

const showOwedSchema = {
  summary: 'Money that staff have to give back by hand, the newest first',
  tags,
  querystring: Type.Object({
    status: Type.Optional(OwedStatus),
    transaction_id: Type.Optional(TransactionId),
    customer_id: Type.Optional(EntityId),
    ...pageById,
  }),
  response: answers({ 200: Page }, 'validation_failed'),
}

const showOwed =
  ({ database, clock }: OwedRouteParts): Handler<typeof showOwedSchema> =>
  async ({ query: { limit, cursor, ...filter } }) => {
    const [found, total] = await Promise.all([
      listOwed(database, filter, idBehind(cursor), limit + 1),
      countOwed(database, filter),
    ])
    const { page, next_cursor } = pageOf(found, limit, ({ id }) => String(id))
    return { owed_items: page.map(owedView), total, next_cursor, timestamp: clock.now().toISOString() }
  }

const LineBody = Type.Object(
  {
    transaction_id: TransactionId,
    line: Type.Enum([...LINES], {
      description:
        'transport: getting the vehicle back is the seller’s to pay; adjustment: what the money has lost in worth meanwhile',
    }),
    amount: Type.Number({ ...Reais, minimum: 0.01 }),
    reason: Type.String({
      minLength: 5,
      maxLength: 200,
      format: 'text',
      description: 'What it is for. Name no person',
    }),
  },
  {
    additionalProperties: false,
    examples: [
      {
        ...{ transaction_id: '0195571c-3f6b-7a6e-9b0c-6f1f2f0c1d2e', line: 'transport', amount: 480 },
        reason: 'Guincho de Sorocaba até a loja',
      },
    ],
  },
)

const addLineSchema = {
  summary: 'Adds money that the house pays beside the refund of a returned purchase',
  description:
    'Possible once its vehicle is back. What one person enters for one customer in 24 hours beyond `APPROVAL_ADJUSTMENT` counts after a second person approves: 202.',
  tags,
  headers: IdempotencyHeaders,
  body: LineBody,
  response: answers(
    { 201: OwedView, 202: ApprovalView },
    'transaction_not_found',
    'vehicle_not_back',
    'own_record',
    'idempotency_key_reused',
    'validation_failed',
  ),
}

type Added = { readonly added: Static<typeof OwedView> } | { readonly waits: Static<typeof ApprovalView> }

const addLine =
  (parts: OwedRouteParts): Handler<typeof addLineSchema> =>
  async (request, reply) => {
    const { line, amount } = request.body
    const transaction_id = request.body.transaction_id.toLowerCase()
    const wish = {
      transaction_id,
      line,
      amount_cents: toCents(amount),
      reason: withoutIdentifiers(request.body.reason),
    }
    const answer = await once<Added>(request, parts, (keep) =>
      parts.unitOfWork(async (tx) => {
        const notOwn = (customer_id: number) => refuseOwnRecord(request, customer_id)
        const done = await oweOrAsk(tx, parts, authorOf(request), wish, notOwn)
        if ('asked' in done) return keep(tx, { waits: approvalView(done, parts.clock.now()) })
        return keep(tx, { added: owedView(done) }, done.customer_id)
      }),
    )
    return 'waits' in answer ? reply.code(202).send(answer.waits) : reply.code(201).send(answer.added)
  }

const settleSchema = {
  summary: 'Says how an owed item was given back',
  description:
    'Once: who did it, how and when stays on record, and the payment that it comes from counts as refunded. Beyond `APPROVAL_ADJUSTMENT` a person, customer and day it counts after a second person: 202.',
  tags,
  params: Type.Object({ id: EntityId }),
  body: SettleBody,
  response: answers(
    { 200: OwedView, 202: ApprovalView },
    'owed_item_not_found',
    'owed_item_settled',
    'own_record',
    'validation_failed',
  ),
}

const settle =
  (parts: OwedRouteParts): Handler<typeof settleSchema> =>
  async (request, reply) => {
    const known = await findOwed(parts.database, request.params.id)
    if (!known) throw new Problem('owed_item_not_found')
    refuseOwnRecord(request, known.customer_id)
    const { method, reference } = request.body
    const how = { method, reference: withoutIdentifiers(reference) }
    const done = await parts.unitOfWork((tx, send) => settleOrAsk(tx, send, parts, authorOf(request), known, how))
    return 'asked' in done ? reply.code(202).send(approvalView(done, parts.clock.now())) : owedView(done)
  }
