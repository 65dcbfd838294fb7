/** The route of the prices that a vehicle was offered at, each with its time. */
import { Type } from 'typebox'
import { EntityId, Reais, Timestamp } from '#contracts'
import { answers } from '#platform/http/app'
import { callerOf } from '#platform/http/auth'
import type { Handler, HttpApp } from '#platform/http/server'
import { toReais } from '#platform/money'
import { Problem } from '#platform/problem'
import { findPrices } from '../vehicles/price-store.ts'
import { findStock } from '../vehicles/vehicle-store.ts'
import { maySee } from './in-view.ts'
import type { RouteParts } from './parts.ts'

export const priceRoutes = (parts: RouteParts) => (app: HttpApp) => {
  app.get('/vehicles/:id/prices', { schema: showPricesSchema }, showPrices(parts))
}

const showPricesSchema = {
  operationId: 'showPrices',
  summary: 'What a vehicle was offered at, the latest price first',
  description: 'Who changed it, and by whose word, is in its history.',
  tags: ['vehicles'],
  params: Type.Object({ id: EntityId }),
  response: answers(
    { 200: Type.Object({ prices: Type.Array(Type.Object({ price: Reais, at: Timestamp })) }) },
    'vehicle_not_found',
    'validation_failed',
  ),
}

const showPrices =
  ({ database }: RouteParts): Handler<typeof showPricesSchema> =>
  async (request) => {
    const { id } = request.params
    const [[vehicle], prices] = await Promise.all([findStock(database, [id]), findPrices(database, id)])
    if (!vehicle || !maySee(callerOf(request), vehicle)) throw new Problem('vehicle_not_found')
    return { prices: prices.map(({ price_cents, at }) => ({ price: toReais(price_cents), at: at.toISOString() })) }
  }
