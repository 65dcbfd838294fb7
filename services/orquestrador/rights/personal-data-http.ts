/** All data held here about one person, for cliente-service, and the systems of other companies that were told of it. */
import { type Static, Type } from 'typebox'
import { EntityId, Timestamp, TransactionId } from '#contracts'
import type { Database, Queryable } from '#platform/database/database'
import { answers } from '#platform/http/app'
import type { Handler, HttpApp } from '#platform/http/server'
import { ReturnView, returnView } from '../http/return-view.ts'
import { HistoryView, lineOf, SagaView, viewOf } from '../http/views.ts'
import { sellsTo } from '../purchases/sale-store.ts'
import { readHistory } from '../runner/saga-store.ts'
import { hasUnfinished, returnsOf, sagasOf, toldOf } from './personal-data-store.ts'

const PersonalData = Type.Object({
  purchases: Type.Array(Type.Object({ ...SagaView.properties, ...HistoryView.properties })),
  returns: Type.Array(ReturnView),
  shared_with: Type.Array(
    Type.Object({
      recipient: Type.String(),
      purpose: Type.String(),
      fields: Type.Array(Type.String()),
      transaction_id: TransactionId,
      at: Timestamp,
    }),
  ),
})

interface Parts {
  readonly database: Database
}

export const personalDataRoutes = (parts: Parts) => (app: HttpApp) => {
  app.get('/personal-data', { schema: showHeldSchema }, showHeld(parts))
  app.get('/personal-data/purchase-in-progress', { schema: showInProgressSchema }, showInProgress(parts))
  app.get('/personal-data/sells-to', { schema: showSellsToSchema }, showSellsTo(parts))
}

const showHeldSchema = {
  hide: true, // between services
  querystring: Type.Object({ customer_id: EntityId }),
  response: answers({ 200: PersonalData }, 'validation_failed'),
}

const showHeld =
  ({ database }: Parts): Handler<typeof showHeldSchema> =>
  ({ query }) =>
    database.transaction((tx) => heldAbout(tx, query.customer_id))

const showInProgressSchema = {
  hide: true, // between services
  querystring: Type.Object({ customer_id: EntityId }),
  response: answers({ 200: Type.Object({ in_progress: Type.Boolean() }) }, 'validation_failed'),
}

const showInProgress =
  ({ database }: Parts): Handler<typeof showInProgressSchema> =>
  async ({ query }) => ({ in_progress: await hasUnfinished(database, query.customer_id) })

const showSellsToSchema = {
  hide: true, // between services
  querystring: Type.Object({ customer_id: EntityId, seller: Type.String({ minLength: 1, maxLength: 200 }) }),
  response: answers({ 200: Type.Object({ sells: Type.Boolean() }) }, 'validation_failed'),
}

const showSellsTo =
  ({ database }: Parts): Handler<typeof showSellsToSchema> =>
  async ({ query: { seller, customer_id } }) => ({ sells: await sellsTo(database, seller, customer_id) })

/** As webhooks/events.ts tells it. */
const TOLD = ['customer_id', 'vehicle_id', 'amount', 'payment_type']

async function heldAbout(tx: Queryable, customer_id: number) {
  const sagas = await sagasOf(tx, customer_id)
  const [returns, told, ...histories] = await Promise.all([
    returnsOf(tx, customer_id),
    toldOf(
      tx,
      sagas.map(({ transaction_id }) => transaction_id),
    ),
    ...sagas.map(({ transaction_id }) => readHistory(tx, transaction_id)),
  ])
  const found: Static<typeof PersonalData> = {
    purchases: sagas.map((saga, index) => ({
      ...viewOf(saga, { role: 'admin' }), // without the pickup code: any reader of the copy could fetch the vehicle with it
      history: (histories[index] ?? []).map((line) => lineOf(line)),
    })),
    returns: returns.map((one) => returnView(one, true)),
    shared_with: told.map(({ transaction_id, type, url, at }) => ({
      recipient: new URL(url).host,
      purpose: `Webhook ${type}`,
      fields: TOLD,
      transaction_id,
      at: at.toISOString(),
    })),
  }
  return found
}
