/** Vehicles as one customer sees them: those on sale, with whether the customer can afford each, and those they have bought. */
import { Type } from 'typebox'
import { EntityId, Reais, Timestamp, TransactionId } from '#contracts'
import type { Clock } from '#platform/clock'
import { answers } from '#platform/http/app'
import { expectOwn } from '#platform/http/auth'
import { cursorAt, pageByPlace, pageOf, placeBehind, Total } from '#platform/http/page'
import type { Handler, HttpApp } from '#platform/http/server'
import { toReais } from '#platform/money'
import { Problem } from '#platform/problem'
import {
  type BoughtVehicle,
  countBought,
  countOffered,
  listBought,
  listOffered,
  type OfferedVehicle,
} from '../catalogue/catalogue-store.ts'
import { findAccounts } from '../customers/customer-store.ts'
import { expectOwnCustomer, type SellerParts } from '../customers/own-customers.ts'
import { type Account, affordable } from '../domain/customer.ts'
import { NextCursor } from './views.ts'

const VehicleQuery = Type.Object({
  status_filter: Type.Enum(['available', 'sold'], {
    default: 'available',
    description: 'available: on sale now; sold: bought by this customer',
  }),
  sort_by: Type.Enum(['price_asc', 'price_desc'], { default: 'price_asc' }),
  ...pageByPlace,
})

const Offered = Type.Object(
  {
    vehicle_id: EntityId,
    status: Type.Enum(['available']),
    brand: Type.String(),
    model: Type.String(),
    year: Type.Integer(),
    color: Type.String(),
    price: Reais,
    affordable: Type.Object(
      { cash: Type.Boolean(), credit: Type.Boolean() },
      {
        description: 'Whether the balance, or the available credit, covers the price; a blocked customer’s never does',
      },
    ),
  },
  {
    title: 'OfferedVehicle',
    examples: [
      {
        vehicle_id: 3,
        status: 'available',
        brand: 'Fiat',
        model: 'Strada',
        year: 2023,
        color: 'Branco',
        price: 75000,
        affordable: { cash: true, credit: false },
      },
    ],
  },
)

const TextOrNull = Type.Union([Type.String(), Type.Null()])

const Bought = Type.Object(
  {
    vehicle_id: EntityId,
    status: Type.Enum(['sold']),
    brand: TextOrNull,
    model: TextOrNull,
    year: Type.Union([Type.Integer(), Type.Null()]),
    color: TextOrNull,
    price: Type.Number({ multipleOf: 0.01, description: 'BRL: what was paid' }),
    transaction_id: TransactionId,
    bought_at: Timestamp,
  },
  {
    title: 'BoughtVehicle',
    description: 'What describes the vehicle is null as long as its listing has not been heard of',
    examples: [
      {
        vehicle_id: 3,
        status: 'sold',
        brand: 'Fiat',
        model: 'Strada',
        year: 2023,
        color: 'Branco',
        price: 75000,
        transaction_id: '0195571c-3f6b-7a6e-9b0c-6f1f2f0c1d2e',
        bought_at: '2026-03-02T12:00:00.000Z',
      },
    ],
  },
)

const VehiclePage = Type.Object({
  vehicles: Type.Array(Type.Union([Offered, Bought])),
  total: Total,
  next_cursor: NextCursor,
  timestamp: Timestamp,
})

interface Parts extends SellerParts {
  readonly clock: Clock
}

export const catalogueRoutes = (parts: Parts) => (app: HttpApp) => {
  app.get('/customers/:id/vehicles', { schema: showVehiclesSchema }, showVehicles(parts))
}

const showVehiclesSchema = {
  summary: 'What is on sale, as this customer may buy it, or what they have bought; cheapest first unless asked',
  description: 'Kept from the events of other services: it follows them by a moment, as a rule below a second.',
  tags: ['customers'],
  params: Type.Object({ id: EntityId }),
  querystring: VehicleQuery,
  response: answers({ 200: VehiclePage }, 'customer_not_found', 'not_own_customer', 'validation_failed'),
}

const showVehicles =
  (parts: Parts): Handler<typeof showVehiclesSchema> =>
  async (request) => {
    const { database, clock } = parts
    const { id } = request.params
    const { status_filter, sort_by, limit, cursor } = request.query
    expectOwn(request, id, 'customer_not_found')
    const after = cursor === undefined ? undefined : placeBehind(cursor, 2)
    const sold = status_filter === 'sold'
    if (sold) await expectOwnCustomer(request, id, parts)
    const [[customer], found, total] = await Promise.all([
      findAccounts(database, [id]),
      sold ? listBought(database, id, sort_by, after, limit + 1) : listOffered(database, sort_by, after, limit + 1),
      sold ? countBought(database, id) : countOffered(database),
    ])
    if (!customer) throw new Problem('customer_not_found')
    const { page, next_cursor } = pageOf<OfferedVehicle | BoughtVehicle>(found, limit, (last) =>
      cursorAt(last.price_cents, last.vehicle_id),
    )
    return {
      vehicles: page.map((vehicle) => viewFor(customer, vehicle)),
      total,
      next_cursor,
      timestamp: clock.now().toISOString(),
    }
  }

function viewFor(customer: Account, vehicle: OfferedVehicle | BoughtVehicle) {
  const { price_cents, ...facts } = vehicle
  const price = toReais(price_cents)
  return 'transaction_id' in facts
    ? { ...facts, status: 'sold' as const, price, bought_at: facts.bought_at.toISOString() }
    : { ...facts, status: 'available' as const, price, affordable: affordable(customer, price_cents) }
}
