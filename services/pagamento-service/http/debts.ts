/** The routes of debts of buyers: for a part that failed after the sale, or for damage on a returned vehicle. */
import { type Static, Type } from 'typebox'
import { EntityId, Reais, Timestamp, TransactionId } from '#contracts'
import { ApprovalView, approvalView, authorOf, IdempotencyHeaders, once, writeJournal } from '#host'
import type { UnitOfWork } from '#messaging'
import type { Database } from '#platform/database/database'
import { withoutIdentifiers } from '#platform/free-text'
import { answers } from '#platform/http/app'
import { refuseOwnRecord } from '#platform/http/auth'
import { idBehind, NextCursor, pageById, pageOf } from '#platform/http/page'
import type { Handler, HttpApp } from '#platform/http/server'
import { toCents } from '#platform/money'
import { Problem } from '#platform/problem'
import { lockCharges } from '../charges/charge-store.ts'
import { cameBack } from '../domain/coming-back.ts'
import { payDebtOrAsk } from '../parts/debts.ts'
import { findDebt, insertDamage, listDebts } from '../parts/part-store.ts'
import type { PartParts } from '../parts/parts.ts'
import { DebtView, debtView } from './debt-view.ts'

export interface DebtParts extends PartParts {
  readonly database: Database
  readonly unitOfWork: UnitOfWork
}

const Params = Type.Object({ id: EntityId })
const Reference = Type.String({
  minLength: 1,
  maxLength: 200,
  format: 'text',
  description: 'Words to find it by, such as the number of a receipt',
})

const tags = ['payments']

export const debtRoutes = (parts: DebtParts) => (app: HttpApp) => {
  app.get('/payment-debts', { schema: showDebtsSchema }, showDebts(parts))
  app.post('/payment-debts', { schema: claimDamageSchema }, claimDamage(parts))
  app.post('/payment-debts/:id/settle', { schema: settleDebtSchema }, settle(parts))
}

const showDebtsSchema = {
  summary: 'The debts of buyers, for a part that fell through or for damage, newest first',
  tags,
  querystring: Type.Object({
    status: Type.Optional(DebtView.properties.status),
    transaction_id: Type.Optional(TransactionId),
    customer_id: Type.Optional(EntityId),
    ...pageById,
  }),
  response: answers(
    {
      200: Type.Object({
        debts: Type.Array(DebtView),
        next_cursor: NextCursor,
        timestamp: Timestamp,
      }),
    },
    'validation_failed',
  ),
}

const showDebts =
  ({ database, clock }: DebtParts): Handler<typeof showDebtsSchema> =>
  async ({ query: { limit, cursor, ...filter } }) => {
    const found = await listDebts(database, filter, idBehind(cursor), limit + 1)
    const { page, next_cursor } = pageOf(found, limit, ({ id }) => String(id))
    return { debts: page.map(debtView), next_cursor, timestamp: clock.now().toISOString() }
  }

const settleDebtSchema = {
  summary: 'Records that a buyer has paid a debt',
  description:
    'What one person records for one customer in 24 hours beyond `APPROVAL_PAYMENT` counts after a second person approves: 202.',
  tags,
  params: Params,
  body: Type.Object(
    { method: Type.Enum(['banknotes', 'transfer', 'card', 'pix']), reference: Reference },
    { additionalProperties: false },
  ),
  response: answers(
    { 200: DebtView, 202: ApprovalView },
    'debt_not_found',
    'debt_settled',
    'own_record',
    'validation_failed',
  ),
}

const settle =
  (parts: DebtParts): Handler<typeof settleDebtSchema> =>
  async (request, reply) => {
    const known = await findDebt(parts.database, request.params.id)
    if (!known) throw new Problem('debt_not_found')
    refuseOwnRecord(request, known.customer_id)
    const { method, reference } = request.body
    const how = { method, reference: withoutIdentifiers(reference) }
    const done = await parts.unitOfWork((tx, send) => payDebtOrAsk(tx, send, parts, authorOf(request), known, how))
    return 'asked' in done ? reply.code(202).send(approvalView(done, parts.clock.now())) : debtView(done)
  }

const claimDamageSchema = {
  summary: 'Claims damage on a vehicle that came back',
  description: 'This is a separate claim: it does not lower the refund of the buyer.',
  tags,
  headers: IdempotencyHeaders,
  body: Type.Object(
    {
      transaction_id: TransactionId,
      amount: Type.Number({ ...Reais, minimum: 0.01 }),
      due_on: Type.String({ format: 'date', description: 'A day of São Paulo' }),
      reason: Type.String({ minLength: 5, maxLength: 200, format: 'text', description: 'The damage that was found' }),
    },
    { additionalProperties: false },
  ),
  response: answers(
    { 201: DebtView },
    'transaction_not_found',
    'vehicle_not_back',
    'own_record',
    'idempotency_key_reused',
    'validation_failed',
  ),
}

const claimDamage =
  (parts: DebtParts): Handler<typeof claimDamageSchema> =>
  async (request, reply) => {
    const { amount, due_on } = request.body
    const transaction_id = request.body.transaction_id.toLowerCase()
    const reason = withoutIdentifiers(request.body.reason.trim())
    const { unitOfWork, vault, clock } = parts
    const claimed = await once<Static<typeof DebtView>>(request, parts, (keep) =>
      unitOfWork(async (tx) => {
        const [charge] = await lockCharges(tx, [transaction_id])
        if (!charge) throw new Problem('transaction_not_found')
        const { customer_id } = charge.code
        refuseOwnRecord(request, customer_id)
        if (!cameBack(charge)) throw new Problem('vehicle_not_back')
        const at = clock.now()
        const damage = { transaction_id, customer_id, amount_cents: toCents(amount), due_on, reason }
        const debt = await insertDamage(tx, damage, at)
        const act = { by: authorOf(request), at, act: 'damage_claimed', about: 'purchase' } as const
        const after = { debt: debt.id, amount_cents: debt.amount_cents, due_on }
        await writeJournal(tx, vault, [{ ...act, about_id: transaction_id, reason, after }])
        return keep(tx, debtView(debt), customer_id)
      }),
    )
    return reply.code(201).send(claimed)
  }
