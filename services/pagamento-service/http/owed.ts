/** The routes of owed items, for staff who give money back by hand: list them, and record how one was settled. */
import { Type } from 'typebox'
import { EntityId, Timestamp, TransactionId } from '#contracts'
import { authorOf, writeJournal } from '#host'
import type { UnitOfWork } from '#messaging'
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/database/database'
import { withoutIdentifiers } from '#platform/free-text'
import { answers } from '#platform/http/app'
import { callerOf, nameOf } from '#platform/http/auth'
import { idBehind, NextCursor, pageById, pageOf, Total } from '#platform/http/page'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import { lockCharges } from '../charges/charge-store.ts'
import { decideCharge, untold } from '../charges/decide-charge.ts'
import { insertTillEntry } from '../closings/closing-store.ts'
import { handedBack } from '../domain/coming-back.ts'
import { countOwed, listOwed, settleOwed } from '../owed/owed-store.ts'
import { OwedStatus, OwedView, owedView } from './owed-view.ts'

export interface OwedRouteParts {
  readonly database: Database
  readonly unitOfWork: UnitOfWork
  readonly vault: Vault
  readonly clock: Clock
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
      description: 'By which the payment is found again: a receipt, a bank’s number. Name no person',
    }),
  },
  { additionalProperties: false, examples: [{ method: 'transfer', reference: 'TED 4711 of 2026-03-09' }] },
)

const tags = ['owed items']

export const owedRoutes = (parts: OwedRouteParts) => (app: HttpApp) => {
  app.get('/owed-items', { schema: showOwedSchema }, showOwed(parts))
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

const settleSchema = {
  summary: 'Says how an owed item was given back',
  description: 'Once: who did it, how and when stays on record, and the payment that it comes from counts as refunded.',
  tags,
  params: Type.Object({ id: EntityId }),
  body: SettleBody,
  response: answers({ 200: OwedView }, 'owed_item_not_found', 'owed_item_settled', 'validation_failed'),
}

const settle =
  ({ database, unitOfWork, vault, clock }: OwedRouteParts): Handler<typeof settleSchema> =>
  async (request) => {
    const { id } = request.params
    const { method, reference } = request.body
    const [known] = await listOwed(database, { id }, null, 1)
    if (!known) throw new Problem('owed_item_not_found')
    const now = clock.now()
    const settled = await unitOfWork(async (tx, send) => {
      const [charge] = await lockCharges(tx, [known.transaction_id])
      const done = await settleOwed(tx, id, {
        settled_at: now,
        settled_by: nameOf(callerOf(request)),
        settled_method: method,
        settled_reference: withoutIdentifiers(reference),
      })
      if (!done) throw new Problem('owed_item_settled')
      // money that goes to an account never was in the till
      if (method !== 'balance')
        insertTillEntry(tx, { source: `owed ${id}`, method, amount_cents: -done.amount_cents }, now)
      if (charge) await decideCharge(tx, send, charge, (owed) => handedBack(owed, done.source, now), untold, now)
      const act = { by: authorOf(request), at: now, act: 'owed_item_settled', about: 'purchase' } as const
      const after = { owed_item: id, amount_cents: done.amount_cents, method }
      await writeJournal(tx, vault, [{ ...act, about_id: done.transaction_id, after }])
      return done
    })
    return owedView(settled)
  }
