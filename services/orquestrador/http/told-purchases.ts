/** `GET /saga-states/purchases`: purchases by their ids, for avisos-service, which tells their buyers. */
import { Type } from 'typebox'
import { TransactionIds } from '#contracts'
import type { Database } from '#platform/database/database'
import { answers } from '#platform/http/app'
import { callerOf } from '#platform/http/auth'
import type { Handler, HttpApp } from '#platform/http/server'
import type { ShowCodes } from '../purchases/pickup-codes.ts'
import { findSagas } from '../runner/saga-store.ts'
import { SagaView, viewOf } from './views.ts'

interface Parts {
  readonly database: Database
  readonly show: ShowCodes
}

export const toldPurchaseRoutes = (parts: Parts) => (app: HttpApp) => {
  app.get('/saga-states/purchases', { schema: showPurchasesByIdSchema }, showPurchasesById(parts))
}

const showPurchasesByIdSchema = {
  operationId: 'listPurchasesById',
  summary: 'Purchases by their ids, for the service that sends mails; unknown ids are left out',
  tags: ['purchases'],
  querystring: Type.Object({ ids: TransactionIds }),
  response: answers({ 200: Type.Object({ purchases: Type.Array(SagaView) }) }, 'validation_failed'),
}

const showPurchasesById =
  ({ database, show }: Parts): Handler<typeof showPurchasesByIdSchema> =>
  async (request) => {
    const caller = callerOf(request)
    const found = await findSagas(database, request.query.ids.split(','))
    return { purchases: (await show(found)).map((saga) => viewOf(saga, caller)) }
  }
