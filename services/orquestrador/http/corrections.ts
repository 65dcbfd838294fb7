/**
 * An admin's corrections of a purchase: where it was made, by which the buyer's seven days are counted, and who sold it. Refused once
 * there is a return; sellers also once the month of the sale is closed.
 */
import { type Static, Type } from 'typebox'
import { Channel, TransactionId } from '#contracts'
import { type Author, authorOf, writeJournal } from '#host'
import type { Clock, Ids } from '#platform/clock'
import type { Database, Tx } from '#platform/database/database'
import { withoutIdentifiers } from '#platform/free-text'
import { answers } from '#platform/http/app'
import { refuseOwnRecord } from '#platform/http/auth'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import type { ClosedMonth } from '../purchases/closed-month.ts'
import { correctSellers, expectShares } from '../purchases/correct-sellers.ts'
import { updateChannel } from '../purchases/sale-store.ts'
import { SellersField } from '../purchases/sellers.ts'
import { lockPurchase, purchasesWithReturn } from '../returns/return-store.ts'
import type { StoredSaga } from '../runner/saga-store.ts'
import { Params } from './purchases.ts'

export interface CorrectionParts {
  readonly database: Database
  readonly vault: Vault
  readonly clock: Clock
  readonly ids: Ids
  readonly closedMonth: ClosedMonth
}

const Body = Type.Object(
  {
    channel: Type.Optional(Channel),
    sellers: Type.Optional(SellersField),
    reason: Type.String({ minLength: 5, maxLength: 200, format: 'text', description: 'The proof that was seen' }),
  },
  {
    additionalProperties: false,
    examples: [
      { channel: 'remote', reason: 'Fechado por WhatsApp, antes da visita' },
      { sellers: [{ id: 'rui', share: 100 }], reason: 'A Bia só cobriu o almoço do Rui' },
    ],
  },
)

export const correctionRoutes = (parts: CorrectionParts) => (app: HttpApp) => {
  app.post('/purchase/:transaction_id/corrections', { schema: correctPurchaseSchema }, correctPurchase(parts))
}

const correctPurchaseSchema = {
  summary: 'Corrects where a purchase was made, or who sold it',
  description:
    'The buyer of a purchase made online or remotely has seven days to return it. Sellers are corrected until the month of the sale is closed, in that month’s report. A repeated correction changes nothing.',
  tags: ['purchases'],
  params: Params,
  body: Body,
  response: answers(
    {
      200: Type.Object({
        transaction_id: TransactionId,
        channel: Type.Optional(Channel),
        sellers: Type.Optional(SellersField),
      }),
    },
    'transaction_not_found',
    'taken_over',
    'period_closed',
    'own_record',
    'unavailable',
    'validation_failed',
  ),
}

const correctPurchase =
  (parts: CorrectionParts): Handler<typeof correctPurchaseSchema> =>
  async (request) => {
    const transaction_id = request.params.transaction_id.toLowerCase()
    const { channel, sellers } = request.body
    expectShares(sellers)
    if (channel === undefined && sellers === undefined)
      throw new Problem('validation_failed', { errors: [{ path: '/', message: 'must name what is to be corrected' }] })
    const closed = sellers && (await parts.closedMonth())
    const data = await parts.database.transaction(async (tx) => {
      const purchase = await lockPurchase(tx, transaction_id)
      if (!purchase) throw new Problem('transaction_not_found')
      refuseOwnRecord(request, purchase.data.customer_id)
      const told = { by: authorOf(request), reason: withoutIdentifiers(request.body.reason) }
      if (channel !== undefined) await correctChannel(tx, parts, purchase, channel, told)
      if (sellers) await correctSellers(tx, parts, purchase, sellers, { ...told, closed: closed ?? null })
      return { ...purchase.data, ...(channel && { channel }), ...(sellers && { sellers }) }
    })
    return correctedView(transaction_id, data)
  }

type Corrected = Pick<StoredSaga['data'], 'channel' | 'sellers'>

const correctedView = (transaction_id: string, { channel, sellers }: Corrected) => ({
  transaction_id,
  ...(channel && { channel }),
  ...(sellers && { sellers: [...sellers] }),
})

async function correctChannel(
  tx: Tx,
  { vault, clock }: CorrectionParts,
  { transaction_id, data }: StoredSaga,
  channel: Static<typeof Channel>,
  { by, reason }: { readonly by: Author; readonly reason: string },
): Promise<void> {
  const before = data.channel ?? null
  if (before === channel) return
  if ((await purchasesWithReturn(tx, [transaction_id])).length > 0) throw new Problem('taken_over')
  const at = clock.now()
  updateChannel(tx, transaction_id, channel, at)
  const act = { by, at, act: 'channel_corrected', about: 'purchase', about_id: transaction_id, reason } as const
  await writeJournal(tx, vault, [{ ...act, before: { channel: before }, after: { channel } }])
}
