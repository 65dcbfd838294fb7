/** The routes of a vehicle's costs and of what is left of its price: for the back office, never for sellers or buyers. */
import { type Static, Type } from 'typebox'
import { EntityId, Reais, Timestamp } from '#contracts'
import { authorOf, IdempotencyHeaders, once } from '#host'
import type { Queryable } from '#platform/database/database'
import { dayOf } from '#platform/days'
import { answers } from '#platform/http/app'
import { refuseOwnRecord } from '#platform/http/auth'
import type { Handler, HttpApp } from '#platform/http/server'
import { toReais } from '#platform/money'
import { Problem } from '#platform/problem'
import { findAcquisition, findExpenses } from '../costs/cost-store.ts'
import { recordAcquisition, recordExpense } from '../costs/record-costs.ts'
import { type Acquisition, costOfSale, type Expense, payoutOf, SOURCES } from '../domain/acquisition.ts'
import { findStock } from '../vehicles/vehicle-store.ts'
import { AcquisitionBody, acquisitionFrom, ExpenseBody, expenseFrom } from './acquisition-body.ts'
import type { RouteParts } from './parts.ts'

const Params = Type.Object({ id: EntityId })
/** A loss is below zero. */
const SignedReais = Type.Number({ multipleOf: 0.01, description: 'BRL, below zero too' })

const ExpenseView = Type.Object(
  {
    id: Type.Integer(),
    what: Type.String(),
    amount: SignedReais,
    spent_on: Type.String({ format: 'date' }),
    author: Type.String(),
    at: Timestamp,
  },
  { title: 'Expense' },
)

const OrNull = <Schema extends Parameters<typeof Type.Union>[0][number]>(schema: Schema) =>
  Type.Union([schema, Type.Null()])

const CostsView = Type.Object(
  {
    vehicle_id: EntityId,
    price: Reais,
    acquired_at: OrNull(Type.String({ format: 'date' })),
    acquisition_cost: OrNull(Reais),
    source: OrNull(Type.Enum(SOURCES)),
    owner_customer_id: OrNull(EntityId),
    owner_share: OrNull(Type.Number({ description: 'Percent of the price' })),
    owner_payout: OrNull(Reais),
    expenses: Type.Array(ExpenseView),
    expenses_total: SignedReais,
    cost: OrNull(SignedReais),
    margin: OrNull(SignedReais),
  },
  { title: 'VehicleCosts' },
)

const tags = ['vehicles']

export const costRoutes = (parts: RouteParts) => (app: HttpApp) => {
  app.get('/vehicles/:id/costs', { schema: showCostsSchema }, showCosts(parts))
  app.put('/vehicles/:id/acquisition', { schema: keepAcquisitionSchema }, keepAcquisition(parts))
  app.post('/vehicles/:id/expenses', { schema: enterExpenseSchema }, enterExpense(parts))
}

const showCostsSchema = {
  operationId: 'showVehicleCosts',
  summary: 'What a vehicle has cost, and what is left of its price',
  description: 'Null: nobody has said what was paid for it. A consigned vehicle costs what its owner gets.',
  tags,
  params: Params,
  response: answers({ 200: CostsView }, 'vehicle_not_found', 'validation_failed'),
}

const showCosts =
  ({ database }: RouteParts): Handler<typeof showCostsSchema> =>
  ({ params: { id } }) =>
    costsOf(database, id)

const keepAcquisitionSchema = {
  operationId: 'keepVehicleAcquisition',
  summary: 'Says when, from whom and for how much a vehicle came in',
  tags,
  params: Params,
  body: AcquisitionBody,
  response: answers({ 200: CostsView }, 'vehicle_not_found', 'own_record', 'validation_failed'),
}

const keepAcquisition =
  (parts: RouteParts): Handler<typeof keepAcquisitionSchema> =>
  async (request) => {
    const { id } = request.params
    const acquisition = acquisitionFrom(request.body, dayOf(parts.clock.now()))
    if (acquisition === undefined) throw new Error('the schema takes no empty body')
    for (const owner of [acquisition.owner_customer_id, (await findAcquisition(parts.database, id))?.owner_customer_id])
      if (owner) refuseOwnRecord(request, owner)
    await parts.unitOfWork((tx, send) => recordAcquisition(tx, send, parts, id, acquisition, authorOf(request)))
    return costsOf(parts.database, id)
  }

const enterExpenseSchema = {
  operationId: 'enterVehicleExpense',
  summary: 'Enters what was spent on a vehicle, also after its sale',
  description: 'An amount below zero takes back what was entered too much: nothing is deleted.',
  tags,
  params: Params,
  headers: IdempotencyHeaders,
  body: ExpenseBody,
  response: answers({ 201: ExpenseView }, 'vehicle_not_found', 'idempotency_key_reused', 'validation_failed'),
}

const enterExpense =
  (parts: RouteParts): Handler<typeof enterExpenseSchema> =>
  async (request, reply) => {
    const expense = expenseFrom(request.body, dayOf(parts.clock.now()))
    const entered = await once<Static<typeof ExpenseView>>(request, parts, (keep) =>
      parts.unitOfWork(async (tx, send) =>
        keep(tx, expenseView(await recordExpense(tx, send, parts, request.params.id, expense, authorOf(request)))),
      ),
    )
    return reply.code(201).send(entered)
  }

async function costsOf(tx: Queryable, id: number): Promise<Static<typeof CostsView>> {
  const [[vehicle], acquisition = null, expenses] = await Promise.all([
    findStock(tx, [id]),
    findAcquisition(tx, id),
    findExpenses(tx, id),
  ])
  if (!vehicle) throw new Problem('vehicle_not_found')
  const { price_cents } = vehicle
  const expenses_cents = expenses.reduce((sum, { amount_cents }) => sum + amount_cents, 0)
  const cost_cents = costOfSale(price_cents, { acquisition, expenses_cents })
  return {
    vehicle_id: id,
    price: toReais(price_cents),
    ...acquisitionView(acquisition, price_cents),
    expenses: expenses.map(expenseView),
    expenses_total: toReais(expenses_cents),
    cost: cost_cents === undefined ? null : toReais(cost_cents),
    margin: cost_cents === undefined ? null : toReais(price_cents - cost_cents),
  }
}

const acquisitionView = (acquisition: Acquisition | null, price_cents: number) => ({
  acquired_at: acquisition?.acquired_at ?? null,
  acquisition_cost: acquisition === null ? null : toReais(acquisition.cost_cents),
  source: acquisition?.source ?? null,
  owner_customer_id: acquisition?.owner_customer_id ?? null,
  owner_share: acquisition?.owner_share_percent ?? null,
  owner_payout: acquisition?.owner_share_percent ? toReais(payoutOf(price_cents, acquisition)) : null,
})

const expenseView = ({ amount_cents, at, ...same }: Expense) => ({
  ...same,
  amount: toReais(amount_cents),
  at: at.toISOString(),
})
