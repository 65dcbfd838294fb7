/** The routes of debts of buyers: for a part that failed after the sale, or for damage on a returned vehicle. */
import { type Static, Type } from 'typebox'
import { EntityId, Reais, Timestamp, TransactionId } from '#contracts'
import { authorOf, IdempotencyHeaders, once, writeJournal } from '#host'
import type { Send, UnitOfWork } from '#messaging'
import type { Clock } from '#platform/clock'
import type { Database, Tx } from '#platform/database/database'
import { withoutIdentifiers } from '#platform/free-text'
import { answers } from '#platform/http/app'
import { callerOf, nameOf, refuseOwnRecord } from '#platform/http/auth'
import { idBehind, NextCursor, pageById, pageOf } from '#platform/http/page'
import type { Handler, HttpApp } from '#platform/http/server'
import { toCents } from '#platform/money'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import { lockCharges } from '../charges/charge-store.ts'
import { decideCharge, untold } from '../charges/decide-charge.ts'
import { insertTillEntry } from '../closings/closing-store.ts'
import type { Charge } from '../domain/charge.ts'
import { cameBack } from '../domain/coming-back.ts'
import { payDebt } from '../domain/parts.ts'
import { insertDamage, listDebts, settleDebt } from '../parts/part-store.ts'
import { DebtView, debtView } from './debt-view.ts'

export interface DebtParts {
  readonly database: Database
  readonly unitOfWork: UnitOfWork
  readonly vault: Vault
  readonly clock: Clock
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
  tags,
  params: Params,
  body: Type.Object(
    { method: Type.Enum(['banknotes', 'transfer', 'card', 'pix']), reference: Reference },
    { additionalProperties: false },
  ),
  response: answers({ 200: DebtView }, 'debt_not_found', 'debt_settled', 'own_record', 'validation_failed'),
}

const settle =
  ({ database, unitOfWork, vault, clock }: DebtParts): Handler<typeof settleDebtSchema> =>
  async (request) => {
    const { id } = request.params
    const { method, reference } = request.body
    const [known] = await listDebts(database, { id }, null, 1)
    if (!known) throw new Problem('debt_not_found')
    refuseOwnRecord(request, known.customer_id)
    const at = clock.now()
    const settled = await unitOfWork(async (tx, send) => {
      const [charge] = await lockCharges(tx, [known.transaction_id])
      const by = nameOf(callerOf(request))
      const done = await settleDebt(tx, id, { at, by, method, reference: withoutIdentifiers(reference) })
      if (!done || !charge) throw new Problem('debt_settled')
      if (done.part_id !== null) await countAsReceived(tx, send, charge, done.amount_cents, at)
      insertTillEntry(tx, { source: `debt ${id}`, method, amount_cents: done.amount_cents }, at)
      const about = { about: 'purchase', about_id: done.transaction_id } as const
      const act = { by: authorOf(request), at, act: 'debt_paid', ...about } as const
      await writeJournal(tx, vault, [{ ...act, after: { debt: id, amount_cents: done.amount_cents, method } }])
      return done
    })
    return debtView(settled)
  }

/** For a part that failed: its money was missing from the price, and is paid now. */
async function countAsReceived(tx: Tx, send: Send, charge: Charge, amount_cents: number, at: Date): Promise<void> {
  const after = payDebt(charge, amount_cents)
  if (typeof after === 'string') throw new Problem('debt_settled')
  await decideCharge(tx, send, charge, () => after, untold, at)
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
