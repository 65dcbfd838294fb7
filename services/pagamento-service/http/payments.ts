/** The routes of payments: pay a code, look payments up. */

import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { EntityId, PaymentStatus, TransactionId } from '#contracts'
import { ApprovalView, approvalView, authorOf, IdempotencyHeaders, type Keep, once } from '#host'
import type { UnitOfWork } from '#messaging'
import type { Clock } from '#platform/clock'
import type { Database, Tx } from '#platform/database/database'
import { answers } from '#platform/http/app'
import { onlyCustomer, refuse, refuseOwnRecord } from '#platform/http/auth'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import { listCodes, listPayments, type StoredCode } from '../charges/listing-store.ts'
import { payHere, takeFound } from '../charges/pay-code.ts'
import type { Provider } from '../domain/provider.ts'
import { type PartParts, takeOrAsk } from '../parts/parts.ts'
import type { IsBuyers } from '../parts/payers.ts'
import type { RemoteLook } from '../receipts/remote-look.ts'
import { expectWhole, PaymentBody, wishFrom } from './part-body.ts'
import { filterIn, PAGED, pageIn, stretch } from './stretch.ts'
import { PaymentView, paymentView } from './views.ts'

export interface PaymentRouteParts extends PartParts {
  readonly isBuyers: IsBuyers
  readonly database: Database
  readonly vault: Vault
  readonly unitOfWork: UnitOfWork
  readonly clock: Clock
  readonly provider: Provider
  /** Absent when no provider is asked over the network. */
  readonly look?: RemoteLook | undefined
  /** Called after a commit that may have left money to be given back. */
  readonly onErrand: () => void
}

const tags = ['payments']

export const paymentRoutes = (parts: PaymentRouteParts) => (app: HttpApp) => {
  app.post('/payments', { config: { pace: 'purchase' }, schema: payCodeSchema }, payCode(parts))
  app.get('/payments', { schema: showPaymentsSchema }, showPayments(parts))
  app.get('/payments/:id', { schema: showPaymentSchema }, showPayment(parts))
}

const payCodeSchema = {
  summary: 'Pays a code, or a part of one that is paid at the counter; its purchase goes on by itself',
  description:
    'Where a provider holds the charge, it is asked whether the money has come; nothing is believed without it. At the counter staff write down what came, or what a bank has promised: the part that fills the code completes the purchase. Beyond a limit, or of somebody else’s money, it counts after a second person: 202.',
  tags,
  headers: IdempotencyHeaders,
  body: PaymentBody,
  response: answers(
    { 201: PaymentView, 202: ApprovalView },
    'payment_code_not_found',
    'payment_code_expired',
    'payment_code_used',
    'payment_code_voided',
    'payment_code_failed',
    'payment_not_received',
    'payment_exceeds_due',
    'validation_failed',
    'idempotency_key_reused',
    'unavailable',
  ),
}

type Paid = Static<typeof PaymentView> | Static<typeof ApprovalView>

const payCode =
  (parts: PaymentRouteParts): Handler<typeof payCodeSchema> =>
  async (request, reply) => {
    const { payment_code } = request.body
    await expectOwnCode(parts.database, payment_code, onlyCustomer(request))
    const [known] = await listCodes(parts.database, { code: payment_code }, 1)
    const atCounter = known?.payment_type === 'counter' ? known : undefined
    if (!atCounter) expectWhole(request.body)
    else if (onlyCustomer(request) !== undefined) refuse(request) // nobody confirms their own money
    const answer = await once<Paid>(request, parts, (keep) =>
      atCounter ? payPart(parts, request, atCounter, keep) : payWhole(parts, request.body, keep),
    )
    return 'asked_by' in answer
      ? reply.code(202).send(answer)
      : reply.code(201).send(answer as Static<typeof PaymentView>)
  }

async function payWhole(
  parts: PaymentRouteParts,
  { payment_code, payment_method }: Static<typeof PaymentBody>,
  keep: Keep<Paid>,
): Promise<Paid> {
  const found = await parts.look?.([payment_code])
  const outcome = await parts.unitOfWork(async (tx, send) => {
    const now = parts.clock.now()
    const charge = found?.looked.has(payment_code)
      ? await takeFound(tx, send, payment_code, found.receipts, now)
      : await payHere(tx, send, payment_code, payment_method, parts.provider, now)
    return typeof charge === 'string' ? charge : await answerWith(tx, charge.payment?.id, keep)
  })
  if (found?.receipts.length) parts.onErrand()
  if (typeof outcome === 'string') throw new Problem(outcome)
  return outcome
}

async function payPart(
  parts: PaymentRouteParts,
  request: FastifyRequest<{ Body: Static<typeof PaymentBody> }>,
  { transaction_id, customer_id }: StoredCode,
  keep: Keep<Paid>,
): Promise<Paid> {
  refuseOwnRecord(request, customer_id)
  const wish = await wishFrom(request.body, transaction_id, (document) => parts.isBuyers(customer_id, document))
  const outcome = await parts.unitOfWork(async (tx, send) => {
    const taken = await takeOrAsk(tx, send, parts, authorOf(request), wish)
    if (typeof taken === 'string') return taken
    if ('asked' in taken) return keep(tx, approvalView(taken, parts.clock.now()))
    return answerWith(tx, taken.id, keep)
  })
  if (typeof outcome === 'string') throw new Problem(outcome)
  return outcome
}

const showPaymentsSchema = {
  summary: 'Lists payments, the newest first',
  description: PAGED,
  tags,
  querystring: Type.Object({
    status: Type.Optional(PaymentStatus),
    transaction_id: Type.Optional(TransactionId),
    ...stretch,
  }),
  response: answers({ 200: Type.Array(PaymentView) }, 'validation_failed'),
}

const showPayments =
  ({ database }: PaymentRouteParts): Handler<typeof showPaymentsSchema> =>
  async (request, reply) => {
    const { limit } = request.query
    const found = await listPayments(database, filterIn(request, request.query), limit + 1)
    return pageIn(request, reply, found, limit).map(paymentView)
  }

const showPaymentSchema = {
  summary: 'Shows a payment',
  tags,
  params: Type.Object({ id: EntityId }),
  response: answers({ 200: PaymentView }, 'payment_not_found', 'validation_failed'),
}

const showPayment =
  ({ database }: PaymentRouteParts): Handler<typeof showPaymentSchema> =>
  async (request) => {
    const filter = { id: request.params.id, customer_id: onlyCustomer(request) }
    const [found] = await listPayments(database, filter, 1)
    if (!found) throw new Problem('payment_not_found')
    return paymentView(found)
  }

async function expectOwnCode(database: Database, code: string, customer_id: number | undefined) {
  if (customer_id === undefined) return
  const [own] = await listCodes(database, { code, customer_id }, 1)
  if (!own) throw new Problem('payment_code_not_found')
}

async function answerWith(tx: Tx, id: number | null | undefined, keep: Keep<Paid>) {
  const [stored] = id ? await listPayments(tx, { id }, 1) : []
  return stored ? keep(tx, paymentView(stored)) : 'payment_not_found'
}
