/** The routes of unmatched money, for operators: list it, and have it given back. */
import { Type } from 'typebox'
import { EntityId, Timestamp, TransactionId } from '#contracts'
import { authorOf, writeJournal } from '#host'
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/database/database'
import { answers } from '#platform/http/app'
import { idBehind, NextCursor, pageById, pageOf, Total } from '#platform/http/page'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import { countUnmatched, listUnmatched, lockUnmatched, refundUnmatched } from '../receipts/unmatched-store.ts'
import { UnmatchedStatus, UnmatchedView, unmatchedView } from './views.ts'

export interface UnmatchedRouteParts {
  readonly database: Database
  readonly vault: Vault
  readonly clock: Clock
  readonly onErrand: () => void
}

const Page = Type.Object({
  unmatched_payments: Type.Array(UnmatchedView),
  total: Total,
  next_cursor: NextCursor,
  timestamp: Timestamp,
})

const tags = ['operations']

export const unmatchedRoutes = (parts: UnmatchedRouteParts) => (app: HttpApp) => {
  app.get('/unmatched-payments', { schema: showUnmatchedSchema }, showUnmatched(parts))
  app.post('/unmatched-payments/:id/refund', { schema: giveBackSchema }, giveBack(parts))
}

const showUnmatchedSchema = {
  summary: 'Money that came in and is no payment of a code, the newest first',
  description: '`parked` waits for an operator, `refunding` is on its way back, `refunded` has arrived.',
  tags,
  querystring: Type.Object({
    status: Type.Optional(UnmatchedStatus),
    transaction_id: Type.Optional(TransactionId),
    ...pageById,
  }),
  response: answers({ 200: Page }, 'validation_failed'),
}

const showUnmatched =
  ({ database, clock }: UnmatchedRouteParts): Handler<typeof showUnmatchedSchema> =>
  async ({ query: { status = null, transaction_id = null, limit, cursor } }) => {
    const [found, total] = await Promise.all([
      listUnmatched(database, status, transaction_id, idBehind(cursor), limit + 1),
      countUnmatched(database, status, transaction_id),
    ])
    const { page, next_cursor } = pageOf(found, limit, ({ id }) => String(id))
    return {
      unmatched_payments: page.map(unmatchedView),
      total,
      next_cursor,
      timestamp: clock.now().toISOString(),
    }
  }

const giveBackSchema = {
  summary: 'Gives parked money back; answers at once, and goes on until the provider has done it',
  description: 'One that is on its way back already, or has arrived, is answered as it stands.',
  tags,
  params: Type.Object({ id: EntityId }),
  response: answers({ 202: UnmatchedView }, 'unmatched_payment_not_found', 'validation_failed'),
}

const giveBack =
  ({ database, vault, clock, onErrand }: UnmatchedRouteParts): Handler<typeof giveBackSchema> =>
  async (request, reply) => {
    const { id } = request.params
    const now = clock.now()
    const found = await database.transaction(async (tx) => {
      const before = await lockUnmatched(tx, id)
      if (before?.status !== 'parked') return before
      const { amount_cents, reason } = before
      const about = { about: 'unmatched_payment', about_id: id, before: { reason, amount_cents } } as const
      const refunding = await refundUnmatched(tx, id, now)
      await writeJournal(tx, vault, [{ by: authorOf(request), at: now, act: 'refund_begun', ...about }])
      return refunding
    })
    if (!found) throw new Problem('unmatched_payment_not_found')
    onErrand()
    return reply.code(202).send(unmatchedView(found))
  }
