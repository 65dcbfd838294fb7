/** Vehicles as other services may see them: the fields that a purchase shows, and no sealed ones. */
import { type Static, Type } from 'typebox'
import { EntityId, EntityIds, Reais, VehicleStatus, vehicleAccounted } from '#contracts'
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/database/database'
import { answers } from '#platform/http/app'
import type { Handler, HttpApp } from '#platform/http/server'
import { toReais } from '#platform/money'
import { Problem } from '#platform/problem'
import { listAccounts } from '../costs/account-store.ts'
import { needsSecondPerson } from '../domain/price.ts'
import { judgedBy } from '../vehicles/repricing.ts'
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

interface Parts {
  readonly database: Database
  readonly clock: Clock
}

export const stockRoutes = (parts: Parts) => (app: HttpApp) => {
  app.get('/vehicles/stock', { schema: showStockSchema }, showStock(parts))
  app.get('/vehicles/:id/price-check', { schema: checkPriceSchema }, checkPrice(parts))
  app.get('/vehicles/accounts', { schema: showAccountsSchema }, showAccounts(parts))
}

const showStockSchema = {
  operationId: 'listStock',
  summary: 'Vehicles as the other services need them: those of the ids that exist, in the order of their ids',
  tags: ['vehicles'],
  querystring: Type.Object({ ids: EntityIds }),
  response: answers({ 200: Type.Object({ stock: Type.Array(StockView) }) }, 'validation_failed'),
}

const showStock =
  ({ database }: Parts): Handler<typeof showStockSchema> =>
  async ({ query: { ids } }) => ({
    stock: (await findStock(database, ids.split(',').map(Number))).map(stockView),
  })

const checkPriceSchema = {
  operationId: 'checkPrice',
  hide: true, // between services
  params: Type.Object({ id: EntityId }),
  querystring: Type.Object({
    wanted_cents: Type.Integer({ minimum: 1 }),
    discount_limit: Type.Number({
      minimum: 0,
      maximum: 100,
      description: 'The percentage that this person may take off alone',
    }),
    is_seller: Type.Boolean(),
  }),
  response: answers(
    { 200: Type.Object({ needs_second_person: Type.Boolean(), cost_cents: Type.Optional(Type.Integer()) }) },
    'vehicle_not_found',
    'validation_failed',
  ),
}

/** A price agreed with a buyer is judged like a public price: by the highest of the last 30 days, and by the cost. */
const checkPrice =
  ({ database, clock }: Parts): Handler<typeof checkPriceSchema> =>
  async ({ params: { id }, query: { wanted_cents, discount_limit, is_seller } }) => {
    const [vehicle] = await findStock(database, [id])
    if (!vehicle) throw new Problem('vehicle_not_found')
    const { price_cents: current_cents } = vehicle
    const { cost_cents, ...judged } = await judgedBy(database, id, wanted_cents, is_seller, clock.now())
    return {
      needs_second_person: needsSecondPerson({ current_cents, wanted_cents, discount_limit, ...judged }),
      ...(cost_cents !== undefined && { cost_cents }),
    }
  }

const showAccountsSchema = {
  operationId: 'listAccounts',
  hide: true, // between services
  querystring: Type.Object({ after: Type.Integer({ minimum: 0, default: 0 }) }),
  response: answers({ 200: Type.Object({ accounts: Type.Array(vehicleAccounted.body) }) }, 'validation_failed'),
}

const ACCOUNTS_A_PAGE = 500

const showAccounts =
  ({ database }: Parts): Handler<typeof showAccountsSchema> =>
  async ({ query: { after } }) => ({ accounts: await listAccounts(database, after, ACCOUNTS_A_PAGE) })

const stockView = ({ price_cents, ...same }: StockRow): Static<typeof StockView> => ({
  ...same,
  price: toReais(price_cents),
})
