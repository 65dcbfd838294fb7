/** The routes of returns: ask for one, receive the vehicle, call it off, list them. */
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { SagaStatus, Timestamp, TransactionId } from '#contracts'
import type { Database } from '#platform/database/database'
import { withoutIdentifiers } from '#platform/free-text'
import { answers } from '#platform/http/app'
import { callerOf, isStaff, nameOf, onlyCustomer, refuseOwnRecord } from '#platform/http/auth'
import { Limit, NextCursor, pageOf, Total } from '#platform/http/page'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import { refusesWithdrawal } from '../domain/withdrawal.ts'
import { witnessOf } from '../operator/witness.ts'
import { expectOwnSale, onlySeller, refuseOwnPurchase } from '../purchases/own-sales.ts'
import { namedRecords, type RecordSources } from '../records/records.ts'
import { beginReturn, type ReturnStart } from '../returns/begin-return.ts'
import { countReturns, findReturn, listReturns, recordReceived, type StoredReturn } from '../returns/return-store.ts'
import { findSaga, type StoredSaga } from '../runner/saga-store.ts'
import { Params, saleOf } from './purchases.ts'
import { ReturnView, returnView } from './return-view.ts'

export interface ReturnParts extends ReturnStart {
  readonly database: Database
  readonly vault: Vault
  readonly sources: RecordSources
}

const Reason = Type.String({ maxLength: 500, format: 'text', description: 'Name no person' })

const ReturnBody = Type.Object(
  { reason: Type.Optional(Type.String({ ...Reason, description: 'Staff give one; a buyer need not (CDC, art. 49)' })) },
  { additionalProperties: false },
)

const ReceivedBody = Type.Object(
  {
    mileage_km: Type.Integer({ minimum: 0, maximum: 9_999_999 }),
    notes: Type.Optional(
      Type.String({
        maxLength: 2_000,
        format: 'text',
        description: 'What was seen. It lowers no refund: damage is a claim of its own',
      }),
    ),
  },
  { additionalProperties: false, examples: [{ mileage_km: 31_912, notes: 'A scratch on the left door' }] },
)

const CancelBody = Type.Object({ reason: Type.Optional(Reason) }, { additionalProperties: false })

const ReturnId = Type.Object({ return_id: TransactionId })

const Accepted = Type.Object({
  message: Type.String(),
  return_id: TransactionId,
  transaction_id: TransactionId,
  status: SagaStatus,
  current_step: Type.String(),
  asked_at: Timestamp,
  receive_until: Timestamp,
})

const Moved = Type.Object({
  message: Type.String(),
  return_id: TransactionId,
  current_step: Type.String(),
  status: SagaStatus,
})

const ReturnQuery = Type.Object({
  status: Type.Optional(ReturnView.properties.status),
  transaction_id: Type.Optional(TransactionId),
  limit: Limit,
  cursor: Type.Optional(Type.String({ format: 'uuid', description: 'The `next_cursor` of the page before' })),
})

const ReturnPage = Type.Object({
  returns: Type.Array(ReturnView),
  total: Total,
  next_cursor: NextCursor,
  timestamp: Timestamp,
})

const tags = ['returns']

export const returnRoutes = (parts: ReturnParts) => (app: HttpApp) => {
  app.post('/purchase/:transaction_id/return', { schema: askReturnSchema }, askReturn(parts))
  app.get('/returns', { schema: showReturnsSchema }, showReturns(parts))
  app.get('/returns/:return_id', { schema: showReturnSchema }, showReturn(parts))
  app.post('/returns/:return_id/received', { schema: receiveVehicleSchema }, receiveVehicle(parts))
  app.post('/returns/:return_id/cancel', { schema: cancelReturnSchema }, cancelReturn(parts))
}

const askReturnSchema = {
  summary: 'Ask to return what was bought',
  description:
    'Acknowledged at once; it goes on as a saga of its own, shown at `GET /saga-states/{return_id}`. A buyer may by the end of the seventh day after the vehicle was received (São Paulo), when it was bought `online` or `remote`, and needs no reason; staff may at any time, with one.',
  tags,
  params: Params,
  body: ReturnBody,
  response: answers(
    { 202: Accepted },
    'transaction_not_found',
    'not_returnable',
    'return_right_over',
    'return_right_absent',
    'taken_over',
    'own_record',
    'validation_failed',
    'unavailable',
  ),
}

const askReturn =
  (parts: ReturnParts): Handler<typeof askReturnSchema> =>
  async (request, reply) => {
    const purchase_id = request.params.transaction_id.toLowerCase()
    const purchase = await findSaga(parts.database, purchase_id)
    if (purchase?.definition !== 'purchase') throw new Problem('transaction_not_found')
    await expectOwnSale(parts.database, request, saleOf(purchase), 'transaction_not_found')
    refuseOwnRecord(request, purchase.data.customer_id)
    const now = parts.clock.now()
    const reason = withoutIdentifiers(request.body.reason?.trim() ?? '') || null
    if (onlyCustomer(request) !== undefined) await expectRight(parts, purchase, now)
    else if (!reason) throw missing('/reason')
    const asked = { asked_by: nameOf(callerOf(request)), reason }
    const { vault, clock } = parts
    const tells = (return_id: string) => witnessOf({ vault, clock }, request, 'return_asked', return_id, reason)
    const told = isStaff(callerOf(request)) ? tells : undefined
    const { saga, request: begun } = await beginReturn(parts, purchase, purchase_id, asked, told)
    return reply.code(202).send({
      message: 'Return accepted',
      return_id: saga.transaction_id,
      transaction_id: purchase_id,
      status: saga.status,
      current_step: saga.step,
      asked_at: now.toISOString(),
      receive_until: begun.receive_until,
    })
  }

const missing = (path: string) => new Problem('validation_failed', { errors: [{ path, message: 'is required' }] })

/** Asks veiculo-service, because only it knows when the vehicle was handed over. */
async function expectRight({ sources }: ReturnParts, { transaction_id, data, status }: StoredSaga, now: Date) {
  if (status !== 'COMPLETED') throw new Problem('not_returnable', { status_of_purchase: status })
  const { reservation } = (await namedRecords(sources, [transaction_id])).get(transaction_id) ?? {}
  const received_at = reservation?.picked_up_at ? new Date(reservation.picked_up_at) : null
  const refusal = refusesWithdrawal({ channel: data.channel, received_at }, now)
  if (refusal) throw new Problem(refusal)
}

const receiveVehicleSchema = {
  summary: 'Staff have the vehicle back and have looked at it',
  description: 'From here the return only goes forward: the money goes back the way it came.',
  tags,
  params: ReturnId,
  body: ReceivedBody,
  response: answers({ 200: Moved }, 'return_not_found', 'not_awaited', 'own_record', 'validation_failed'),
}

const receiveVehicle =
  ({ database, runner, clock, vault }: ReturnParts): Handler<typeof receiveVehicleSchema> =>
  async (request) => {
    const return_id = request.params.return_id.toLowerCase()
    await refuseOwnPurchase(database, request, return_id)
    const { mileage_km, notes } = request.body
    const by = nameOf(callerOf(request))
    const received_at = clock.now()
    const facts = { received_at: received_at.toISOString(), mileage_km }
    const seen = { received_at, received_by: by, mileage_km, notes: withoutIdentifiers(notes ?? '') || null }
    const outcome = await runner.apply(
      return_id,
      { kind: 'happened', step: 'RETURN_RECEIPT', facts, by },
      witnessOf({ vault, clock }, request, 'vehicle_received', return_id, null),
      { kind: 'return', alongside: (tx) => recordReceived(tx, return_id, seen) },
    )
    if (!outcome) throw new Problem('return_not_found')
    const { saga, refusal } = outcome
    if (refusal) throw new Problem(refusal)
    return { message: 'Received', return_id, current_step: saga.step, status: saga.status }
  }

const cancelReturnSchema = {
  summary: 'Call a return off, until the vehicle is back',
  tags,
  params: ReturnId,
  body: CancelBody,
  response: answers(
    { 200: Moved },
    'return_not_found',
    'not_cancellable',
    'too_advanced_to_cancel',
    'already_cancelling',
    'own_record',
    'validation_failed',
  ),
}

const cancelReturn =
  ({ database, runner, vault, clock }: ReturnParts): Handler<typeof cancelReturnSchema> =>
  async (request) => {
    const return_id = request.params.return_id.toLowerCase()
    await ownReturn(database, request, return_id)
    await refuseOwnPurchase(database, request, return_id)
    const reason = withoutIdentifiers(request.body.reason ?? '') || 'called_off'
    const caller = callerOf(request)
    const outcome = isStaff(caller)
      ? await runner.apply(
          return_id,
          { kind: 'cancel', reason, by: nameOf(caller) },
          witnessOf({ vault, clock }, request, 'return_called_off', return_id, reason),
          { kind: 'return' },
        )
      : await runner.apply(return_id, { kind: 'cancel', reason }, undefined, { kind: 'return' })
    if (!outcome) throw new Problem('return_not_found')
    const { saga, refusal } = outcome
    if (refusal) throw new Problem(refusal, { status_of_purchase: saga.status })
    return { message: 'Return called off', return_id, current_step: saga.step, status: saga.status }
  }

const showReturnSchema = {
  summary: 'A return: who asked for it, and what staff saw',
  tags,
  params: ReturnId,
  response: answers({ 200: ReturnView }, 'return_not_found', 'validation_failed'),
}

const showReturn =
  ({ database }: ReturnParts): Handler<typeof showReturnSchema> =>
  async (request) =>
    returnView(await ownReturn(database, request, request.params.return_id), onlyCustomer(request) !== undefined)

const showReturnsSchema = {
  summary: 'Returns, newest first',
  tags,
  querystring: ReturnQuery,
  response: answers({ 200: ReturnPage }, 'validation_failed'),
}

const showReturns =
  ({ database, clock }: ReturnParts): Handler<typeof showReturnsSchema> =>
  async (request) => {
    const { status, transaction_id, limit, cursor } = request.query
    const own = { customer_id: onlyCustomer(request), seller: onlySeller(request) }
    const filter = { status, purchase_id: transaction_id, ...own }
    const [found, total] = await Promise.all([
      listReturns(database, filter, cursor ?? null, limit + 1),
      countReturns(database, filter),
    ])
    const { page, next_cursor } = pageOf(found, limit, ({ return_id }) => return_id)
    const returns = page.map((one) => returnView(one, onlyCustomer(request) !== undefined))
    return { returns, total, next_cursor, timestamp: clock.now().toISOString() }
  }

async function ownReturn(database: Database, request: FastifyRequest, return_id: string): Promise<StoredReturn> {
  const found = await findReturn(database, return_id)
  if (!found) throw new Problem('return_not_found')
  const { customer_id } = found
  await expectOwnSale(database, request, { transaction_id: return_id, customer_id }, 'return_not_found')
  return found
}
