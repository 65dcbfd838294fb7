/** The routes of purchases: start one, watch it, cancel it. */
import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import {
  EntityId,
  type PaymentType,
  PaymentType as PaymentTypeSchema,
  Reais,
  SagaKind,
  SagaStatus,
  Timestamp,
  TransactionId,
} from '#contracts'
import { type Approvals, authorOf, IdempotencyHeaders, type Keep, once, writeJournal } from '#host'
import type { UnitOfWork } from '#messaging'
import type { Clock, Ids } from '#platform/clock'
import type { Database, Tx } from '#platform/database/database'
import { withoutIdentifiers } from '#platform/free-text'
import { answers } from '#platform/http/app'
import { callerOf, expectOwn, isSeller, isStaff, nameOf, onlyCustomer, refuseOwnRecord } from '#platform/http/auth'
import { Limit, NextCursor, pageOf, Total } from '#platform/http/page'
import type { Handler, HttpApp } from '#platform/http/server'
import { toCents, toReais } from '#platform/money'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import type { Saga } from '#saga'
import { witnessOf } from '../operator/witness.ts'
import type { PurchaseRequest } from '../purchase-saga.ts'
import { AGREED_PRICE, priceBasis } from '../purchases/agreed-price.ts'
import { amountsOf, type Circumstances, circumstancesOf, dealFields, reasonOf } from '../purchases/deal.ts'
import type { Neighbours } from '../purchases/neighbours.ts'
import type { OpenPurchases } from '../purchases/open-purchases.ts'
import { expectOwnSale, onlySeller, refuseOwnPurchase } from '../purchases/own-sales.ts'
import type { ShowCodes } from '../purchases/pickup-codes.ts'
import { insertSellers } from '../purchases/sale-store.ts'
import type { SagaRunner } from '../runner/run-saga.ts'
import { countSagas, findSaga, listSagas, readHistory, type StoredSaga } from '../runner/saga-store.ts'
import { HistoryView, lineOf, SagaView, viewOf } from './views.ts'

export interface PurchaseParts {
  readonly database: Database
  readonly vault: Vault
  readonly runner: SagaRunner
  readonly neighbours: Neighbours
  readonly open: OpenPurchases
  readonly show: ShowCodes
  readonly clock: Clock
  readonly ids: Ids
  readonly unitOfWork: UnitOfWork
  readonly approvals: Approvals
  /** Percent below the list that one person may agree on. */
  readonly discountLimit: number
}

export const Params = Type.Object({ transaction_id: TransactionId })

const Purchase = Type.Object(
  {
    customer_id: EntityId,
    vehicle_id: EntityId,
    payment_type: PaymentTypeSchema,
    ...dealFields,
    expected_price: Type.Optional(
      Type.Number({ ...Reais, description: 'What the buyer was shown: at another price nothing is started' }),
    ),
  },
  { additionalProperties: false },
)

const PurchaseAccepted = Type.Object({
  message: Type.String(),
  transaction_id: TransactionId,
  saga_status: Type.Optional(SagaStatus),
  approval_id: Type.Optional(
    Type.String({ format: 'uuid', description: 'It is not started: somebody else must agree to its price first' }),
  ),
  vehicle_price: Reais,
  payment_type: PaymentTypeSchema,
})

export const Moved = Type.Object({
  message: Type.String(),
  transaction_id: TransactionId,
  current_step: Type.String(),
  status: SagaStatus,
})

const CancelBody = Type.Object(
  { reason: Type.Optional(Type.String({ maxLength: 200, format: 'text' })) },
  { additionalProperties: false },
)

const SagaQuery = Type.Object({
  kind: Type.Optional(SagaKind),
  status: Type.Optional(SagaStatus),
  current_step: Type.Optional(Type.String({ maxLength: 60, format: 'text' })),
  customer_id: Type.Optional(EntityId),
  vehicle_id: Type.Optional(EntityId),
  limit: Limit,
  cursor: Type.Optional(Type.String({ format: 'uuid', description: 'The `next_cursor` of the page before' })),
})

const SagaPage = Type.Object({
  sagas: Type.Array(SagaView),
  total: Total,
  next_cursor: NextCursor,
  timestamp: Timestamp,
})

export const purchaseRoutes = (parts: PurchaseParts) => (app: HttpApp) => {
  app.post('/purchase', { config: { pace: 'purchase' }, schema: startPurchaseSchema }, startPurchase(parts))
  app.get('/saga-states/:transaction_id', { schema: showPurchaseSchema }, showPurchase(parts))
  app.get('/saga-states', { schema: showPurchasesSchema }, showPurchases(parts))
  app.get('/saga-states/:transaction_id/history', { schema: showHistorySchema }, showHistory(parts))
  app.post('/purchase/:transaction_id/cancel', { schema: cancelPurchaseSchema }, cancelPurchase(parts))
}

const startPurchaseSchema = {
  summary: 'Start a purchase',
  description:
    'Staff sell at the counter: for an agreed price, by whom, and paid in parts (`counter`). A price too far below the list waits for an admin: 202 with an `approval_id`, and the `transaction_id` that the purchase will have.',
  tags: ['purchases'],
  body: Purchase,
  headers: IdempotencyHeaders,
  response: answers(
    { 202: PurchaseAccepted },
    'customer_not_found',
    'vehicle_not_found',
    'own_record',
    'customer_blocked',
    'insufficient_balance',
    'insufficient_credit_limit',
    'vehicle_unavailable',
    'price_changed',
    'too_many_unpaid_purchases',
    'vehicle_held_before',
    'stock_held_unpaid',
    'contact_not_proven',
    'validation_failed',
    'idempotency_key_reused',
    'unavailable',
  ),
}

type Accepted = Static<typeof PurchaseAccepted>

const startPurchase =
  (parts: PurchaseParts): Handler<typeof startPurchaseSchema> =>
  async (request, reply) => {
    const { body } = request
    expectOwn(request, body.customer_id, 'customer_not_found')
    refuseOwnRecord(request, body.customer_id)
    const circumstances = circumstancesOf(request, body, body.payment_type)
    const answer = await once<Accepted>(request, parts, async (keep) => {
      const purchase = await requestFor(parts.neighbours, body, circumstances)
      const judged = await judgePrice(parts, request, purchase)
      if (judged?.needs_second_person) {
        const asked = await askForPrice(parts, request, purchase, judged.cost_cents, keep)
        if (asked) return asked
      }
      const answerTo = ({ transaction_id, status }: Begun) => ({
        message: 'Purchase started',
        transaction_id,
        saga_status: status,
        vehicle_price: toReais(purchase.amount_cents),
        payment_type: purchase.payment_type,
      })
      const start = () => begin(parts, request, purchase, (tx, started) => void keep(tx, answerTo(started)))
      const isCounted = purchase.payment_type === 'pix' && onlyCustomer(request) !== undefined
      // a token says false only where the provider can prove a contact; where it says nothing, nobody could
      if (isCounted && callerOf(request).contact_proven === false) throw new Problem('contact_not_proven')
      const { saga } = await (isCounted ? parts.open.within(purchase, start) : start())
      return answerTo(saga)
    })
    return reply.code(202).send(answer)
  }

/** A purchase at another price than the listed one is on the journal from its first moment. */
function begin(
  parts: PurchaseParts,
  request: Asked,
  purchase: PurchaseRequest,
  alongside: (tx: Tx, saga: Begun) => void,
) {
  const id = parts.ids.uuid()
  const { list_cents, amount_cents } = purchase
  const withSellers = (tx: Tx, saga: Begun) => {
    insertSellers(tx, id, purchase)
    alongside(tx, saga)
  }
  if (list_cents === undefined) return parts.runner.start(id, purchase, withSellers)
  return parts.runner.startPermitted('purchase', id, purchase, async (tx) => {
    withSellers(tx, { transaction_id: id, status: 'STARTED' })
    const act = { by: authorOf(request), at: parts.clock.now(), act: 'price_agreed' } as const
    const about = { about: 'purchase', about_id: id, reason: reasonOf(request.body) } as const
    await writeJournal(tx, parts.vault, [{ ...act, ...about, after: { amount_cents, list_cents } }])
  })
}

/** A sale for the list price needs no second person. For another price, veiculo-service knows the earlier prices and the cost. */
async function judgePrice(
  { neighbours, discountLimit }: PurchaseParts,
  request: Asked,
  { vehicle_id, amount_cents, list_cents }: PurchaseRequest,
) {
  if (list_cents === undefined) return undefined
  const { discount_limit = discountLimit, ...caller } = callerOf(request)
  return await neighbours.judgePrice(vehicle_id, amount_cents, { discount_limit, is_seller: isSeller(caller) })
}

type Begun = Pick<Saga, 'transaction_id' | 'status'>
type Asked = FastifyRequest<{ Body: Static<typeof Purchase> }>

/** Undefined when no second person is needed; an admin's own decision is on record all the same. */
function askForPrice(
  { unitOfWork, approvals, ids }: PurchaseParts,
  request: Asked,
  purchase: PurchaseRequest,
  cost_cents: number | undefined,
  keep: Keep<Accepted>,
): Promise<Accepted | undefined> {
  const by = authorOf(request)
  const { list_cents, amount_cents, payment_type } = purchase
  const transaction_id = ids.uuid()
  const wish = {
    ...({ kind: AGREED_PRICE, about: 'purchase', about_id: transaction_id } as const),
    ...{ request: purchase, rests_on: priceBasis(list_cents, cost_cents), reason: reasonOf(request.body) },
  }
  return unitOfWork(async (tx) => {
    if (approvals.needsAnother(by)) {
      const { id: approval_id } = await approvals.ask(tx, by, wish)
      const message = 'Purchase waits for a second person'
      return keep(tx, { message, transaction_id, approval_id, vehicle_price: toReais(amount_cents), payment_type })
    }
    approvals.decideAlone(tx, by, wish)
    return undefined
  })
}

const showPurchaseSchema = {
  summary: 'Where a purchase stands',
  tags: ['purchases'],
  params: Params,
  response: answers({ 200: SagaView }, 'saga_not_found', 'validation_failed'),
}

const showPurchase =
  ({ database, show }: PurchaseParts): Handler<typeof showPurchaseSchema> =>
  async (request) => {
    const saga = await findSaga(database, request.params.transaction_id)
    if (!saga) throw new Problem('saga_not_found')
    await expectOwnSale(database, request, saleOf(saga), 'saga_not_found')
    const [shown = saga] = await show([saga])
    return viewOf(shown, callerOf(request))
  }

const showPurchasesSchema = {
  summary: 'Purchases, newest first',
  tags: ['purchases'],
  querystring: SagaQuery,
  response: answers({ 200: SagaPage }, 'customer_not_found', 'validation_failed'),
}

const showPurchases =
  ({ database, clock, show }: PurchaseParts): Handler<typeof showPurchasesSchema> =>
  async (request) => {
    const { limit, cursor, ...asked } = request.query
    const only = onlyCustomer(request)
    if (only !== undefined && asked.customer_id !== undefined)
      expectOwn(request, asked.customer_id, 'customer_not_found')
    const seller = onlySeller(request)
    const filter = only === undefined ? { ...asked, seller } : { ...asked, customer_id: only }
    const [found, total] = await Promise.all([
      listSagas(database, filter, cursor ?? null, limit + 1),
      countSagas(database, filter),
    ])
    const { page, next_cursor } = pageOf(found, limit, ({ transaction_id }) => transaction_id)
    const caller = callerOf(request)
    return {
      sagas: (await show(page)).map((saga) => viewOf(saga, caller)),
      total,
      next_cursor,
      timestamp: clock.now().toISOString(),
    }
  }

const showHistorySchema = {
  summary: 'Every transition of a purchase',
  tags: ['purchases'],
  params: Params,
  response: answers({ 200: HistoryView }, 'saga_not_found', 'validation_failed'),
}

const showHistory =
  ({ database }: PurchaseParts): Handler<typeof showHistorySchema> =>
  async (request) => {
    const { params } = request
    await expectOwnSaga(database, request, params.transaction_id, 'saga_not_found')
    const entries = await readHistory(database, params.transaction_id)
    if (entries.length === 0) throw new Problem('saga_not_found')
    const isShown = callerOf(request).role !== 'customer'
    const saga = isShown ? await findSaga(database, params.transaction_id) : undefined
    return {
      history: entries.map((line, index) => lineOf(line, index === 0 ? saga?.data.began_by : undefined, isShown)),
    }
  }

const cancelPurchaseSchema = {
  summary: 'Give a purchase up',
  tags: ['purchases'],
  params: Params,
  body: CancelBody,
  response: answers(
    { 200: Moved },
    'transaction_not_found',
    'not_cancellable',
    'too_advanced_to_cancel',
    'already_cancelling',
    'own_record',
    'validation_failed',
  ),
}

const cancelPurchase =
  ({ database, runner, vault, clock }: PurchaseParts): Handler<typeof cancelPurchaseSchema> =>
  async (request) => {
    const { params, body } = request
    const transaction_id = params.transaction_id.toLowerCase()
    await expectOwnSaga(database, request, transaction_id, 'transaction_not_found')
    await refuseOwnPurchase(database, request, transaction_id)
    const reason = withoutIdentifiers(body.reason ?? '') || 'customer_gave_up'
    const caller = callerOf(request)
    const outcome = isStaff(caller)
      ? await runner.apply(
          transaction_id,
          { kind: 'cancel', reason, by: nameOf(caller) },
          witnessOf({ vault, clock }, request, 'purchase_cancelled', transaction_id, reason),
          { kind: 'purchase' },
        )
      : await runner.apply(transaction_id, { kind: 'cancel', reason }, undefined, { kind: 'purchase' })
    if (!outcome) throw new Problem('transaction_not_found')
    const { saga, refusal } = outcome
    if (refusal) throw new Problem(refusal, { status_of_purchase: saga.status })
    return { message: 'Cancellation started', transaction_id, current_step: saga.step, status: saga.status }
  }

/** A purchase never changes its customer, so this needs no transaction. */
async function expectOwnSaga(
  database: Database,
  request: FastifyRequest,
  transaction_id: string,
  otherwise: 'saga_not_found' | 'transaction_not_found',
) {
  if (onlyCustomer(request) === undefined && onlySeller(request) === undefined) return
  const saga = await findSaga(database, transaction_id)
  if (!saga) throw new Problem(otherwise)
  await expectOwnSale(database, request, saleOf(saga), otherwise)
}

export const saleOf = ({ transaction_id, data: { customer_id } }: StoredSaga) => ({ transaction_id, customer_id })

/** Refuses at once what can be seen beforehand. The participants decide again, on their own locked rows. */
async function requestFor(
  neighbours: Neighbours,
  body: Static<typeof Purchase>,
  circumstances: Circumstances,
): Promise<PurchaseRequest> {
  const { customer_id, vehicle_id, payment_type, expected_price } = body
  const [customer, vehicle] = await Promise.all([neighbours.customer(customer_id), neighbours.vehicle(vehicle_id)])
  if (!customer || customer.status === 'erased') throw new Problem('customer_not_found')
  if (!vehicle) throw new Problem('vehicle_not_found')
  if (customer.status === 'blocked') throw new Problem('customer_blocked')
  if (vehicle.status !== 'available') throw new Problem('vehicle_unavailable')
  const { brand, model, year, price } = vehicle
  if (expected_price !== undefined && toCents(expected_price) !== toCents(price))
    throw new Problem('price_changed', { price })
  const amounts = amountsOf(price, body)
  refuseIfTooDear(payment_type, toReais(amounts.amount_cents), customer)
  return { customer_id, vehicle_id, ...amounts, payment_type, ...circumstances, vehicle: { brand, model, year } }
}

function refuseIfTooDear(
  payment_type: PaymentType,
  price: number,
  { account_balance, available_credit }: { account_balance: number; available_credit: number },
) {
  if (payment_type === 'cash' && account_balance < price) throw new Problem('insufficient_balance')
  if (payment_type === 'credit' && available_credit < price) throw new Problem('insufficient_credit_limit')
}
