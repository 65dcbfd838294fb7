/** The routes of the warranty: open a claim on a vehicle that its buyer has fetched, list claims by due date, close one. */
import { type Static, Type } from 'typebox'
import { EntityId, Reais, Timestamp, TransactionId } from '#contracts'
import { ApprovalView, approvalView, authorOf, IdempotencyHeaders, once } from '#host'
import { dayOf } from '#platform/days'
import { withoutIdentifiers } from '#platform/free-text'
import { answers } from '#platform/http/app'
import { refuseOwnRecord } from '#platform/http/auth'
import { dayBehind, NextCursor, pageByDay, pageOf } from '#platform/http/page'
import type { Handler, HttpApp } from '#platform/http/server'
import { toCents, toReais } from '#platform/money'
import { Problem } from '#platform/problem'
import { type Claim, type Closing, daysLeft, OUTCOMES } from '../domain/warranty.ts'
import { listClaims } from '../warranty/claim-store.ts'
import { closeOrAsk, openClaim } from '../warranty/claims.ts'
import type { RouteParts } from './parts.ts'

const Params = Type.Object({ id: EntityId })
const Words = Type.String({ minLength: 5, maxLength: 500, format: 'text', description: 'Name no person' })
const Status = Type.Enum(['open', ...OUTCOMES], {
  description:
    'abated: something was taken off the price; replaced: by another vehicle; refused: it is no fault of the car',
})

export const ClaimView = Type.Object(
  {
    id: EntityId,
    vehicle_id: EntityId,
    transaction_id: Type.Optional(TransactionId),
    customer_id: Type.Optional(EntityId),
    what: Type.String(),
    hidden: Type.Boolean(),
    status: Status,
    opened_at: Timestamp,
    opened_by: Type.String(),
    due_on: Type.String({ format: 'date', description: 'The last of 30 days to repair it (CDC, art. 18)' }),
    days_left: Type.Optional(Type.Integer({ description: 'For an open claim. Below zero, the repair is late' })),
    cost: Type.Optional(Reais),
    refund: Type.Optional(Reais),
    findings: Type.Optional(Type.String()),
    closed_at: Type.Optional(Timestamp),
    closed_by: Type.Optional(Type.String()),
  },
  { title: 'WarrantyClaim' },
)

const tags = ['warranty']

export const warrantyRoutes = (parts: RouteParts) => (app: HttpApp) => {
  app.post('/vehicles/:id/warranty-claims', { schema: openClaimSchema }, open(parts))
  app.get('/warranty-claims', { schema: showClaimsSchema }, showClaims(parts))
  app.post('/warranty-claims/:id/close', { schema: closeClaimSchema }, closeClaim(parts))
}

const openClaimSchema = {
  operationId: 'openWarrantyClaim',
  summary: 'Opens a warranty claim on a vehicle that its buyer has taken',
  description:
    'Within 90 days of receipt (CDC, art. 26); of a fault that could not be seen then, whenever it shows. From here on there are 30 days to repair it.',
  tags,
  params: Params,
  headers: IdempotencyHeaders,
  body: Type.Object(
    { what: Words, hidden: Type.Optional(Type.Boolean({ description: 'It could not be seen at receipt' })) },
    { additionalProperties: false, examples: [{ what: 'O câmbio escapa da terceira marcha', hidden: true }] },
  ),
  response: answers(
    { 201: ClaimView },
    'vehicle_not_found',
    'vehicle_not_picked_up',
    'warranty_over',
    'own_record',
    'idempotency_key_reused',
    'validation_failed',
  ),
}

const open =
  (parts: RouteParts): Handler<typeof openClaimSchema> =>
  async (request, reply) => {
    const { id } = request.params
    const { what, hidden = false } = request.body
    const wish = { what: withoutIdentifiers(what.trim()), is_hidden: hidden }
    const opened = await once<Static<typeof ClaimView>>(request, parts, (keep) =>
      parts.unitOfWork(async (tx) => {
        const notOwn = (customer_id: number) => refuseOwnRecord(request, customer_id)
        const claim = await openClaim(tx, parts, authorOf(request), id, wish, notOwn)
        return keep(tx, claimView(claim, parts.clock.now()), claim.customer_id ?? undefined)
      }),
    )
    return reply.code(201).send(opened)
  }

const showClaimsSchema = {
  operationId: 'showWarrantyClaims',
  summary: 'Warranty claims, the earliest due day first',
  tags,
  querystring: Type.Object({
    status: Type.Optional(Status),
    vehicle_id: Type.Optional(EntityId),
    customer_id: Type.Optional(EntityId),
    ...pageByDay,
  }),
  response: answers(
    { 200: Type.Object({ claims: Type.Array(ClaimView), next_cursor: NextCursor, timestamp: Timestamp }) },
    'validation_failed',
  ),
}

const showClaims =
  ({ database, clock }: RouteParts): Handler<typeof showClaimsSchema> =>
  async ({ query: { limit, cursor, ...filter } }) => {
    const now = clock.now()
    const found = await listClaims(database, filter, dayBehind(cursor), limit + 1)
    const { page, next_cursor } = pageOf(found, limit, ({ due_on, id }) => `${due_on}.${id}`)
    return { claims: page.map((claim) => claimView(claim, now)), next_cursor, timestamp: now.toISOString() }
  }

const closeClaimSchema = {
  operationId: 'closeWarrantyClaim',
  summary: 'Closes a warranty claim with its outcome',
  description:
    'Money spent is an expense of that vehicle. An abatement is an owed item of its buyer, and an expense of the same amount; above `APPROVAL_ADJUSTMENT` it counts after a second person approves: 202.',
  tags,
  params: Params,
  body: Type.Object(
    {
      outcome: Type.Enum([...OUTCOMES]),
      cost: Type.Optional(Type.Number({ ...Reais, minimum: 0.01, description: 'The money that was spent on it' })),
      refund: Type.Optional(
        Type.Number({
          ...Reais,
          minimum: 0.01,
          description: 'For an abatement: the amount that is taken off the price',
        }),
      ),
      findings: Words,
    },
    {
      additionalProperties: false,
      examples: [{ outcome: 'repaired', cost: 1_850, findings: 'Sincronizador da terceira trocado' }],
    },
  ),
  response: answers(
    { 200: ClaimView, 202: ApprovalView },
    'claim_not_found',
    'claim_closed',
    'vehicle_being_returned',
    'no_buyer_to_refund',
    'own_record',
    'validation_failed',
  ),
}

const closeClaim =
  (parts: RouteParts): Handler<typeof closeClaimSchema> =>
  async (request, reply) => {
    const closing = closingFrom(request.body)
    const notOwn = (customer_id: number) => refuseOwnRecord(request, customer_id)
    const done = await parts.unitOfWork((tx, send) =>
      closeOrAsk(tx, send, parts, authorOf(request), request.params.id, closing, notOwn),
    )
    const now = parts.clock.now()
    if ('asked' in done) return reply.code(202).send(approvalView(done, now))
    return reply.code(200).send(claimView(done, now))
  }

function closingFrom({ outcome, cost, refund, findings }: Static<typeof closeClaimSchema.body>): Closing {
  if ((outcome === 'abated') !== (refund !== undefined))
    throw new Problem('validation_failed', {
      errors: [{ path: '/refund', message: 'is given with the outcome abated, and with no other' }],
    })
  const cents = (amount: number | undefined) => (amount === undefined ? null : toCents(amount))
  const words = withoutIdentifiers(findings.trim())
  return { outcome, cost_cents: cents(cost), refund_cents: cents(refund), findings: words }
}

export function claimView(claim: Claim, now: Date): Static<typeof ClaimView> {
  const { id, vehicle_id, transaction_id, customer_id, what, is_hidden, status, opened_at, opened_by, due_on } = claim
  const { cost_cents, refund_cents, findings, closed_at, closed_by } = claim
  return {
    ...{ id, vehicle_id, what, hidden: is_hidden, status, opened_by, due_on },
    ...(transaction_id !== null && { transaction_id }),
    ...(customer_id !== null && { customer_id }),
    opened_at: opened_at.toISOString(),
    ...(status === 'open' && { days_left: daysLeft(claim, dayOf(now)) }),
    ...(cost_cents !== null && { cost: toReais(cost_cents) }),
    ...(refund_cents !== null && { refund: toReais(refund_cents) }),
    ...(findings !== null && { findings }),
    ...(closed_at && { closed_at: closed_at.toISOString() }),
    ...(closed_by !== null && { closed_by }),
  }
}
