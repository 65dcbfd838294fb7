/** An admin's correction of a purchase's channel. The buyer's seven days depend on the channel, so it is refused once there is a return. */
import { Type } from 'typebox'
import { Channel, TransactionId } from '#contracts'
import { authorOf, writeJournal } from '#host'
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/database/database'
import { withoutIdentifiers } from '#platform/free-text'
import { answers } from '#platform/http/app'
import { refuseOwnRecord } from '#platform/http/auth'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import { updateChannel } from '../purchases/sale-store.ts'
import { lockPurchase, purchasesWithReturn } from '../returns/return-store.ts'
import { Params } from './purchases.ts'

export interface CorrectionParts {
  readonly database: Database
  readonly vault: Vault
  readonly clock: Clock
}

const Body = Type.Object(
  {
    channel: Channel,
    reason: Type.String({ minLength: 5, maxLength: 200, format: 'text', description: 'The proof that was seen' }),
  },
  { additionalProperties: false, examples: [{ channel: 'remote', reason: 'Fechado por WhatsApp, antes da visita' }] },
)

export const correctionRoutes = (parts: CorrectionParts) => (app: HttpApp) => {
  app.post('/purchase/:transaction_id/corrections', { schema: correctPurchaseSchema }, correctPurchase(parts))
}

const correctPurchaseSchema = {
  summary: 'Corrects where a purchase was made',
  description:
    'The buyer of a purchase made online or remotely has seven days to return it. A repeated correction changes nothing.',
  tags: ['purchases'],
  params: Params,
  body: Body,
  response: answers(
    { 200: Type.Object({ transaction_id: TransactionId, channel: Channel }) },
    'transaction_not_found',
    'taken_over',
    'own_record',
    'validation_failed',
  ),
}

const correctPurchase =
  ({ database, vault, clock }: CorrectionParts): Handler<typeof correctPurchaseSchema> =>
  async (request) => {
    const transaction_id = request.params.transaction_id.toLowerCase()
    const { channel } = request.body
    await database.transaction(async (tx) => {
      const purchase = await lockPurchase(tx, transaction_id)
      if (!purchase) throw new Problem('transaction_not_found')
      refuseOwnRecord(request, purchase.data.customer_id)
      const before = purchase.data.channel ?? null
      if (before === channel) return
      if ((await purchasesWithReturn(tx, [transaction_id])).length > 0) throw new Problem('taken_over')
      const at = clock.now()
      updateChannel(tx, transaction_id, channel, at)
      const act = { by: authorOf(request), at, act: 'channel_corrected', about: 'purchase' } as const
      const reason = withoutIdentifiers(request.body.reason)
      const told = { about_id: transaction_id, reason, before: { channel: before }, after: { channel } }
      await writeJournal(tx, vault, [{ ...act, ...told }])
    })
    return { transaction_id, channel }
  }
