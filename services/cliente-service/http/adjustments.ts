/** The routes of money moved by hand: paid in or out, a trade-in, repaid credit, a correction. */
import { type Static, Type } from 'typebox'
import { EntityId, MONEY_METHODS } from '#contracts'
import { ApprovalView, approvalView, authorOf, IdempotencyHeaders, once } from '#host'
import { withoutIdentifiers } from '#platform/free-text'
import { answers } from '#platform/http/app'
import type { Handler, HttpApp } from '#platform/http/server'
import { toCents } from '#platform/money'
import { Problem } from '#platform/problem'
import { type AdjustmentWish, adjustOrAsk } from '../credit/adjustments.ts'
import { ADJUSTMENTS, goesWrongWay, isMoney } from '../domain/adjustment.ts'
import type { RouteParts } from './parts.ts'
import { MarkedEntry, markedEntryOf } from './statement.ts'

const Body = Type.Object(
  {
    amount: Type.Number({
      minimum: -999_999_999.99,
      maximum: 999_999_999.99,
      multipleOf: 0.01,
      description: 'BRL, the difference: above zero when the customer has more than before. A withdrawal is below zero',
    }),
    kind: Type.Enum([...ADJUSTMENTS], {
      description: 'credit_repayment moves the credit in use; the others move the balance',
    }),
    reason: Type.String({
      minLength: 5,
      maxLength: 200,
      format: 'text',
      description: 'Why, for the record; name no person',
    }),
    method: Type.Optional(
      Type.Enum([...MONEY_METHODS], {
        description: 'How the money of a deposit, withdrawal or credit_repayment came or went: then the till counts it',
      }),
    ),
    reference: Type.Optional(
      Type.String({ minLength: 1, maxLength: 60, format: 'text', description: 'Of a receipt, a transfer, a contract' }),
    ),
  },
  {
    additionalProperties: false,
    examples: [
      {
        amount: 1500,
        kind: 'deposit',
        method: 'banknotes',
        reason: 'Paid in at the counter',
        reference: 'receipt 118',
      },
    ],
  },
)

const adjustSchema = {
  summary: 'Moves a customer’s money by a difference',
  description:
    'For staff. What one person moves of one customer’s account beyond `APPROVAL_ADJUSTMENT` in 24 hours waits for an admin: 202.',
  tags: ['customers'],
  params: Type.Object({ id: EntityId }),
  headers: IdempotencyHeaders,
  body: Body,
  response: answers(
    { 201: MarkedEntry, 202: ApprovalView },
    'customer_not_found',
    'customer_erased',
    'insufficient_balance',
    'nothing_to_repay',
    'balance_too_high',
    'own_record',
    'idempotency_key_reused',
    'validation_failed',
  ),
}

export const adjustmentRoutes = (parts: RouteParts) => (app: HttpApp) => {
  app.post('/customers/:id/adjustments', { schema: adjustSchema }, adjust(parts))
}

const adjust =
  (parts: RouteParts): Handler<typeof adjustSchema> =>
  async (request, reply) => {
    const wish = wishFrom(request.params.id, request.body)
    const answer = await once<Answer>(request, parts, (keep) =>
      parts.unitOfWork(async (tx, send) => {
        const done = await adjustOrAsk(tx, send, parts, authorOf(request), wish)
        const now = parts.clock.now()
        return keep(
          tx,
          'asked' in done ? { waits: approvalView(done, now) } : { moved: markedEntryOf(done) },
          wish.customer_id,
        )
      }),
    )
    return 'waits' in answer ? reply.code(202).send(answer.waits) : reply.code(201).send(answer.moved)
  }

type Answer = { readonly waits: Static<typeof ApprovalView> } | { readonly moved: Static<typeof MarkedEntry> }

function wishFrom(customer_id: number, body: Static<typeof Body>): AdjustmentWish {
  const { amount, kind, method = null, reference = null } = body
  const amount_cents = toCents(amount)
  const reason = withoutIdentifiers(body.reason.trim())
  const errors = [
    ...([...body.reason.trim()].length < 5
      ? [{ path: '/reason', message: 'must NOT have fewer than 5 characters' }]
      : []),
    ...(method !== null && !isMoney(kind) ? [{ path: '/method', message: `is not of a ${kind}` }] : []),
    ...(goesWrongWay({ kind, amount_cents }) ? [{ path: '/amount', message: `goes the wrong way for a ${kind}` }] : []),
  ]
  if (errors.length > 0) throw new Problem('validation_failed', { errors })
  return { customer_id, kind, amount_cents, method, reason, reference }
}
