/**
 * Answers the owner's questions of every morning: what was sold with which margin, and which vehicles stand how long. For
 * the back office.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { Timestamp } from '#contracts'
import type { Clock } from '#platform/clock'
import { type Cell, csvOf } from '#platform/csv'
import type { Database } from '#platform/database/database'
import { dayOf } from '#platform/days'
import { answers } from '#platform/http/app'
import type { Handler, HttpApp } from '#platform/http/server'
import { toReais } from '#platform/money'
import type { AskPeer } from '#platform/peers'
import { Problem } from '#platform/problem'
import { rebuildReports } from '../reports/facts.ts'
import { hearAccounts } from '../reports/hear-accounts.ts'
import {
  asOf,
  atOnce,
  failuresBy,
  longestStanding,
  SALES_GROUPS,
  type SalesRow,
  STOCK_GROUPS,
  type StockRow,
  salesBy,
  stockBy,
} from '../reports/report-store.ts'

export interface ReportParts {
  readonly database: Database
  readonly clock: Clock
  readonly ask: AskPeer
}

const Day = Type.String({ format: 'date', description: 'In São Paulo, included' })
const SignedReais = Type.Number({ multipleOf: 0.01 })
const Days = Type.Union([Type.Number(), Type.Null()])
const asked = { as_of: Type.Union([Timestamp, Type.Null()]), timestamp: Timestamp }

const sums = {
  sales: Type.Integer(),
  returns: Type.Integer(),
  revenue: SignedReais,
  discount: SignedReais,
  cost: SignedReais,
  margin: SignedReais,
  uncosted: Type.Integer({ description: 'Sales of which nobody has said what was paid: they are in no margin' }),
}
const SalesReport = Type.Object(
  {
    rows: Type.Array(Type.Object({ key: Type.String(), ...sums, days_in_stock: Days })),
    total: Type.Object(sums),
    failures: Type.Array(Type.Object({ reason: Type.String(), count: Type.Integer() })),
    ...asked,
  },
  { title: 'SalesReport' },
)

const standing = {
  count: Type.Integer(),
  price: SignedReais,
  cost: SignedReais,
  uncosted: Type.Integer(),
  days_in_stock: Days,
}
const StockReport = Type.Object(
  {
    rows: Type.Array(Type.Object({ key: Type.String(), ...standing })),
    longest: Type.Array(
      Type.Object({
        vehicle_id: Type.Integer(),
        name: Type.String(),
        since: Type.String({ format: 'date' }),
        days_in_stock: Type.Integer(),
        price: SignedReais,
        cost: Type.Union([SignedReais, Type.Null()]),
      }),
    ),
    ...asked,
  },
  { title: 'StockReport' },
)

const SalesQuery = Type.Object({
  from: Type.Optional(Day),
  to: Type.Optional(Day),
  group: Type.Enum(SALES_GROUPS, { default: 'month' }),
  view: Type.Enum(['booked', 'sold'], {
    default: 'booked',
    description:
      'booked: a return, and a cost learnt later, count when they came, so that a closed month never changes; sold: when it was sold',
  }),
})

const tags = ['reports']

export const reportRoutes = (parts: ReportParts) => (app: HttpApp) => {
  app.get('/reports/sales', { schema: reportSalesSchema }, reportSales(parts))
  app.get('/reports/stock', { schema: reportStockSchema }, reportStock(parts))
  app.post('/reports/rebuild', { schema: rebuildSchema }, rebuild(parts))
}

const reportSalesSchema = {
  operationId: 'reportSales',
  summary: 'The sales of a period, with their margin',
  description:
    'This year so far unless asked otherwise. Margin is price less what was paid and all expenses. `Accept: text/csv` gives a file.',
  tags,
  querystring: SalesQuery,
  response: answers({ 200: SalesReport }, 'validation_failed'),
}

const reportSales =
  ({ database, clock }: ReportParts): Handler<typeof reportSalesSchema> =>
  async (request, reply) => {
    const now = clock.now()
    const { from = `${dayOf(now).slice(0, 4)}-01-01`, to = dayOf(now), group, view } = request.query
    if (from > to)
      throw new Problem('validation_failed', {
        errors: [{ path: '/querystring/from', message: 'must not be after `to`' }],
      })
    // a sale by two people is in both their rows, but only once in the sum
    const whole = group === 'seller' ? 'month' : group
    const [found, summed, failures, as_of] = await atOnce(database, (tx) =>
      Promise.all([
        salesBy(tx, { from, to }, group, view),
        salesBy(tx, { from, to }, whole, view),
        failuresBy(tx, { from, to }),
        asOf(tx),
      ]),
    )
    const rows = found.map(({ key, days_in_stock, ...row }) => ({ key, ...sumsOf([row]), days_in_stock }))
    if (wantsCsv(request)) return csv(reply, 'vendas.csv', [group, ...Object.keys(sums), 'days_in_stock'], rows)
    return { rows, total: sumsOf(summed), failures, as_of: as_of?.toISOString() ?? null, timestamp: now.toISOString() }
  }

const sumsOf = (rows: readonly Omit<SalesRow, 'key' | 'days_in_stock'>[]): Static<typeof SalesReport>['total'] => {
  const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + of(row), 0)
  return {
    sales: sum(({ sales }) => sales),
    returns: sum(({ returns }) => returns),
    revenue: toReais(sum(({ revenue_cents }) => revenue_cents)),
    discount: toReais(sum(({ discount_cents }) => discount_cents)),
    cost: toReais(sum(({ cost_cents }) => cost_cents)),
    margin: toReais(sum(({ margin_cents }) => margin_cents)),
    uncosted: sum(({ uncosted }) => uncosted),
  }
}

const reportStockSchema = {
  operationId: 'reportStock',
  summary: 'What stands in the house, for how long and at what cost',
  description: 'Grouped by days in stock, or by brand. `Accept: text/csv` gives a file.',
  tags,
  querystring: Type.Object({ group: Type.Enum(STOCK_GROUPS, { default: 'days' }) }),
  response: answers({ 200: StockReport }, 'validation_failed'),
}

const LONGEST = 50

const reportStock =
  ({ database, clock }: ReportParts): Handler<typeof reportStockSchema> =>
  async (request, reply) => {
    const now = clock.now()
    const today = dayOf(now)
    const [found, standing_longest, as_of] = await atOnce(database, (tx) =>
      Promise.all([stockBy(tx, today, request.query.group), longestStanding(tx, today, LONGEST), asOf(tx)]),
    )
    const rows = found.map(stockRow)
    if (wantsCsv(request)) return csv(reply, 'estoque.csv', [request.query.group, ...Object.keys(standing)], rows)
    const longest = standing_longest.map(({ price_cents, cost_cents, ...vehicle }) => ({
      ...vehicle,
      price: toReais(price_cents),
      cost: cost_cents === null ? null : toReais(cost_cents),
    }))
    return { rows, longest, as_of: as_of?.toISOString() ?? null, timestamp: now.toISOString() }
  }

const stockRow = ({ key, count, price_cents, cost_cents, uncosted, days_in_stock }: StockRow) => ({
  ...{ key, count, price: toReais(price_cents), cost: toReais(cost_cents), uncosted, days_in_stock },
})

const rebuildSchema = {
  operationId: 'rebuildReports',
  summary: 'Makes the reports anew from all that was heard, and hears of every vehicle first',
  tags,
  response: answers({ 200: Type.Object({ facts: Type.Integer() }) }, 'validation_failed'),
}

const rebuild =
  ({ database, clock, ask }: ReportParts): Handler<typeof rebuildSchema> =>
  async () => {
    await hearAccounts(database, ask, clock)
    return { facts: await database.transaction(rebuildReports) }
  }

const wantsCsv = ({ headers }: FastifyRequest) => headers.accept?.includes('text/csv') ?? false

/** The columns stand in the order of each row's fields. */
const csv = (reply: FastifyReply, name: string, header: readonly string[], rows: readonly Record<string, Cell>[]) =>
  reply
    .type('text/csv; charset=utf-8')
    .header('content-disposition', `attachment; filename="${name}"`)
    .serializer((text: string) => text)
    .send(
      csvOf(
        header,
        rows.map((row) => Object.values(row)),
      ),
    ) as never
