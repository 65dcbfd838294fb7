/** The routes of payments: look codes up, pay one, look payments up. */
import { Type } from 'typebox'
import {
  EntityId,
  PaymentCodeStatus,
  PaymentCodeText,
  PaymentStatus,
  type ProblemName,
  TransactionId,
} from '#contracts'
import type { UnitOfWork } from '#messaging'
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/database'
import { answers, type HttpApp } from '#platform/http'
import { Problem } from '#platform/problem-json'
import { listCodes, listPayments, lockChargeOfCode } from './charge-store.ts'
import { type PaymentCode, pay } from './domain/charge.ts'
import { paymentReply } from './domain/replies.ts'
import type { Provider } from './provider.ts'
import { ChargeBatch } from './settle.ts'
import { CodeView, codeView, PaymentView, paymentView } from './views.ts'

export interface RouteParts {
  readonly database: Database
  readonly unitOfWork: UnitOfWork
  readonly clock: Clock
  readonly provider: Provider
}

const Limit = Type.Integer({ minimum: 1, maximum: 100, default: 50 })

const PaymentBody = Type.Object(
  {
    payment_code: PaymentCodeText,
    payment_method: Type.String({ minLength: 1, maxLength: 30, pattern: '^[a-z_]+$', default: 'pix' }),
  },
  { additionalProperties: false },
)

const tags = ['payments']

export const paymentRoutes =
  ({ database, unitOfWork, clock, provider }: RouteParts) =>
  (app: HttpApp) => {
    app.get(
      '/payment-codes',
      {
        schema: {
          summary: 'Lists payment codes, the newest first',
          tags,
          querystring: Type.Object({
            status: Type.Optional(PaymentCodeStatus),
            transaction_id: Type.Optional(TransactionId),
            limit: Limit,
          }),
          response: answers({ 200: Type.Array(CodeView) }, 'validation_failed'),
        },
      },
      async ({ query: { status = null, transaction_id = null, limit } }) =>
        (await listCodes(database, null, status, transaction_id, limit)).map(codeView),
    )

    app.get(
      '/payment-codes/:code',
      {
        schema: {
          summary: 'Shows a payment code',
          tags,
          params: Type.Object({ code: Type.String() }),
          response: answers({ 200: CodeView }, 'payment_code_not_found'),
        },
      },
      async ({ params: { code } }) => {
        const [found] = /^[A-Za-z0-9]{1,25}$/.test(code) ? await listCodes(database, code, null, null, 1) : []
        if (!found) throw new Problem('payment_code_not_found')
        return codeView(found)
      },
    )

    app.post(
      '/payments',
      {
        schema: {
          summary: 'Pays a code; its purchase goes on by itself',
          tags,
          body: PaymentBody,
          response: answers(
            { 201: PaymentView },
            'payment_code_not_found',
            'payment_code_expired',
            'payment_code_used',
            'payment_code_voided',
            'payment_code_failed',
            'validation_failed',
          ),
        },
      },
      async ({ body: { payment_code, payment_method } }, reply) => {
        const outcome = await unitOfWork(async (tx, send) => {
          const now = clock.now()
          const charge = await lockChargeOfCode(tx, payment_code)
          if (!charge) return 'payment_code_not_found'
          const batch = new ChargeBatch([charge])
          batch.put(pay(charge, payment_method, now, provider))
          await batch.save(tx, now)
          const after = batch.get(charge.code.transaction_id)
          if (!after || charge.code.status !== 'pending') return closedProblem(charge.code)
          const news = paymentReply(after)
          if (news) send(news)
          if (!after.payment?.id) return closedProblem(after.code)
          const [stored] = await listPayments(tx, after.payment.id, null, null, 1)
          return stored ?? 'payment_not_found'
        })
        if (typeof outcome === 'string') throw new Problem(outcome)
        return reply.code(201).send(paymentView(outcome))
      },
    )

    app.get(
      '/payments',
      {
        schema: {
          summary: 'Lists payments, the newest first',
          tags,
          querystring: Type.Object({
            status: Type.Optional(PaymentStatus),
            transaction_id: Type.Optional(TransactionId),
            limit: Limit,
          }),
          response: answers({ 200: Type.Array(PaymentView) }, 'validation_failed'),
        },
      },
      async ({ query: { status = null, transaction_id = null, limit } }) =>
        (await listPayments(database, null, status, transaction_id, limit)).map(paymentView),
    )

    app.get(
      '/payments/:id',
      {
        schema: {
          summary: 'Shows a payment',
          tags,
          params: Type.Object({ id: EntityId }),
          response: answers({ 200: PaymentView }, 'payment_not_found', 'validation_failed'),
        },
      },
      async ({ params: { id } }) => {
        const [found] = await listPayments(database, id, null, null, 1)
        if (!found) throw new Problem('payment_not_found')
        return paymentView(found)
      },
    )
  }

/** Why a code that is not pending can't be paid. */
function closedProblem({ status }: PaymentCode): ProblemName {
  switch (status) {
    case 'used':
      return 'payment_code_used'
    case 'voided':
      return 'payment_code_voided'
    case 'failed':
      return 'payment_code_failed'
    case 'expired':
    case 'pending':
      return 'payment_code_expired'
  }
}
