/** The routes of payments: pay a code, look payments up. */
import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { EntityId, PaymentStatus, TransactionId } from '#contracts'
import {
  ApprovalView,
  type Author,
  approvalView,
  authorName,
  authorOf,
  IdempotencyHeaders,
  type Keep,
  once,
  writeJournal,
} from '#host'
import type { UnitOfWork } from '#messaging'
import type { Clock } from '#platform/clock'
import type { Database, Tx } from '#platform/database/database'
import { answers } from '#platform/http/app'
import { onlyCustomer, refuse, refuseOwnRecord } from '#platform/http/auth'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import { listCodes, listPayments, markPaidBy, type StoredCode } from '../charges/listing-store.ts'
import { payHere, takeFound } from '../charges/pay-code.ts'
import type { Charge } from '../domain/charge.ts'
import type { PartState } from '../domain/parts.ts'
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
    'own_record',
    'idempotency_key_reused',
    'unavailable',
  ),
}

type Paid = Static<typeof PaymentView> | Static<typeof ApprovalView>
type Asked = FastifyRequest<{ Body: Static<typeof PaymentBody> }>

const payCode =
  (parts: PaymentRouteParts): Handler<typeof payCodeSchema> =>
  async (request, reply) => {
    const known = await expectOwnCode(parts.database, request.body.payment_code, request)
    const isAtCounter = known.payment_type === 'counter'
    if (!isAtCounter) expectWhole(request.body)
    else if (onlyCustomer(request) !== undefined) refuse(request) // nobody confirms their own money
    const answer = await once<Paid>(request, parts, (keep) =>
      isAtCounter ? payPart(parts, request, known, keep) : payWhole(parts, request, keep),
    )
    return 'asked_by' in answer
      ? reply.code(202).send(answer)
      : reply.code(201).send(answer as Static<typeof PaymentView>)
  }

async function payWhole(parts: PaymentRouteParts, request: Asked, keep: Keep<Paid>): Promise<Paid> {
  const { payment_code, payment_method } = request.body
  const by = authorOf(request)
  const found = await parts.look?.([payment_code])
  const outcome = await parts.unitOfWork(async (tx, send) => {
    const now = parts.clock.now()
    const charge = found?.looked.has(payment_code)
      ? await takeFound(tx, send, payment_code, found.receipts, now)
      : await payHere(tx, send, payment_code, payment_method, parts.provider, now)
    if (typeof charge === 'string') return charge
    const { payment } = await told(tx, parts, charge, by, now)
    return answerWith(tx, payment?.id, keep, by.role !== 'customer')
  })
  if (found?.receipts.length) parts.onErrand()
  if (typeof outcome === 'string') throw new Problem(outcome)
  return outcome
}

async function payPart(
  parts: PaymentRouteParts,
  request: Asked,
  { transaction_id, customer_id }: StoredCode,
  keep: Keep<Paid>,
): Promise<Paid> {
  const wish = await wishFrom(request.body, transaction_id, (document) => parts.isBuyers(customer_id, document))
  const outcome = await parts.unitOfWork(async (tx, send) => {
    const taken = await takeOrAsk(tx, send, parts, authorOf(request), wish)
    if (typeof taken === 'string') return taken
    if ('asked' in taken) return keep(tx, approvalView(taken, parts.clock.now()))
    return answerWith(tx, taken.id, keep, true) // staff alone write parts down
  })
  if (typeof outcome === 'string') throw new Problem(outcome)
  return outcome
}

const STATES = [
  'promised',
  'received',
  'reversed',
  'failed',
  'cancelled',
  'refunding',
  'refunded',
  'owed',
] as const satisfies readonly PartState[]

const showPaymentsSchema = {
  summary: 'Lists payments, the newest first',
  description: PAGED,
  tags,
  querystring: Type.Object({
    status: Type.Optional(PaymentStatus),
    state: Type.Optional(Type.Enum(STATES, { description: 'The state of parts paid at the counter' })),
    came_on: Type.Optional(
      Type.String({
        format: 'date',
        description: 'The day on which the money came, in São Paulo, without money that was reversed',
      }),
    ),
    transaction_id: Type.Optional(TransactionId),
    bank_to_tell: Type.Optional(
      Type.Boolean({
        description: 'true: only what a bank gave for a purchase that is undone, and the bank was not told',
      }),
    ),
    ...stretch,
  }),
  response: answers({ 200: Type.Array(PaymentView) }, 'validation_failed'),
}

const showPayments =
  ({ database }: PaymentRouteParts): Handler<typeof showPaymentsSchema> =>
  async (request, reply) => {
    const { limit } = request.query
    const found = await listPayments(database, filterIn(request, request.query), limit + 1)
    const isShown = onlyCustomer(request) === undefined
    return pageIn(request, reply, found, limit).map((payment) => paymentView(payment, isShown))
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
    return paymentView(found, filter.customer_id === undefined)
  }

/** Customers pay only their own codes; staff may not confirm payments of their own purchases. */
async function expectOwnCode(database: Database, code: string, request: FastifyRequest): Promise<StoredCode> {
  const customer_id = onlyCustomer(request)
  const [found] = await listCodes(database, { code, customer_id }, 1)
  if (!found) throw new Problem('payment_code_not_found')
  refuseOwnRecord(request, found.customer_id)
  return found
}

/** The row names who paid. A payment that staff or an admin confirmed is also in the journal. */
async function told(tx: Tx, { vault }: PaymentRouteParts, charge: Charge, by: Author, now: Date): Promise<Charge> {
  const { code, payment } = charge
  if (!payment?.id) return charge
  await markPaidBy(tx, payment.id, authorName(by))
  if (by.role === 'customer') return charge
  const { transaction_id, amount_cents } = code
  const { payment_method, status } = payment
  const about = { about: 'payment', about_id: payment.id } as const
  const after = { transaction_id, amount_cents, payment_method, status }
  await writeJournal(tx, vault, [{ by, at: now, act: 'payment_confirmed', ...about, after }])
  return charge
}

async function answerWith(tx: Tx, id: number | null | undefined, keep: Keep<Paid>, seesAuthor: boolean) {
  const [stored] = id ? await listPayments(tx, { id }, 1) : []
  return stored ? keep(tx, paymentView(stored, seesAuthor)) : 'payment_not_found'
}
