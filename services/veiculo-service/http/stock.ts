/** Vehicles as other services may see them: the fields that a purchase shows, and no sealed ones. */
import { type Static, Type } from 'typebox'
import { EntityId, Reais, VehicleStatus } from '#contracts'
import type { Database } from '#platform/database/database'
import { answers } from '#platform/http/app'
import type { Handler, HttpApp } from '#platform/http/server'
import { toReais } from '#platform/money'
import { findStock, type StockRow } from '../vehicles/vehicle-store.ts'

const StockView = Type.Object(
  {
    id: EntityId,
    brand: Type.String(),
    model: Type.String(),
    year: Type.Integer(),
    price: Reais,
    status: VehicleStatus,
  },
  { title: 'Stock' },
)

/** Comma-separated. */
const Ids = Type.String({
  pattern: '^[0-9]{1,16}(,[0-9]{1,16}){0,127}$',
  description: 'At most 128 ids, comma-separated',
})

interface Parts {
  readonly database: Database
}

export const stockRoutes = (parts: Parts) => (app: HttpApp) => {
  app.get('/vehicles/stock', { schema: showStockSchema }, showStock(parts))
}

const showStockSchema = {
  operationId: 'listStock',
  summary: 'Vehicles as the other services need them: those of the ids that exist, in the order of their ids',
  tags: ['vehicles'],
  querystring: Type.Object({ ids: Ids }),
  response: answers({ 200: Type.Object({ stock: Type.Array(StockView) }) }, 'validation_failed'),
}

const showStock =
  ({ database }: Parts): Handler<typeof showStockSchema> =>
  async ({ query: { ids } }) => ({
    stock: (await findStock(database, ids.split(',').map(Number))).map(stockView),
  })

const stockView = ({ price_cents, ...same }: StockRow): Static<typeof StockView> => ({
  ...same,
  price: toReais(price_cents),
})
