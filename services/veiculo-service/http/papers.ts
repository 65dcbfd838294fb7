/** The routes of a vehicle's papers, for the back office: state them, and see which are missing or late. */
import { type Static, Type } from 'typebox'
import { EntityId, Reais, Timestamp, VehicleStatus } from '#contracts'
import { authorOf } from '#host'
import type { Queryable } from '#platform/database/database'
import { violatedConstraint } from '#platform/database/pg-errors'
import { dayOf } from '#platform/days'
import { answers } from '#platform/http/app'
import { idBehind, NextCursor, pageById, pageOf } from '#platform/http/page'
import type { Handler, HttpApp } from '#platform/http/server'
import { toReais } from '#platform/money'
import { Problem } from '#platform/problem'
import {
  type Documents,
  INVOICE_KINDS,
  INVOICE_STATUSES,
  type Invoice,
  NO_DOCUMENTS,
  type Papers,
  type Task,
  tasksOf,
} from '../domain/papers.ts'
import { blockedBy, NOTHING_KNOWN, RESTRICTIONS } from '../domain/restrictions.ts'
import type { Unidentified } from '../domain/vehicle.ts'
import { findPapers, listUnsettled } from '../papers/paper-store.ts'
import { statePapers } from '../papers/state-papers.ts'
import { findUnidentified } from '../vehicles/vehicle-store.ts'
import { documentsFrom, invoicesFrom, PapersBody, restrictionsFrom } from './papers-body.ts'
import type { RouteParts } from './parts.ts'
import { RestrictionsView } from './views.ts'

const TaskView = Type.Object(
  {
    paper: Type.String({ description: 'As it is called in the body of PUT, or `restrictions`' }),
    state: Type.Enum(['missing', 'warn', 'late']),
    due_on: Type.Union([Type.String({ format: 'date' }), Type.Null()]),
  },
  { title: 'PaperTask' },
)

const InvoiceView = Type.Object({
  kind: Type.Enum(INVOICE_KINDS),
  key: Type.String(),
  status: Type.Enum(INVOICE_STATUSES),
  value: Reais,
  issued_on: Type.String({ format: 'date' }),
})

const fact = (...names: readonly string[]) =>
  Type.Union([
    Type.Object(Object.fromEntries(names.map((name) => [name, Type.Union([Type.String(), Type.Null()])]))),
    Type.Null(),
  ])

const PapersView = Type.Object(
  {
    vehicle_id: EntityId,
    restrictions: RestrictionsView,
    blocked_by: Type.Array(Type.Enum(RESTRICTIONS), { description: 'What keeps it off sale' }),
    invoices: Type.Array(InvoiceView),
    atpv_e: fact('number', 'signed_on'),
    crv: fact('number'),
    renave_entry: fact('done_on', 'protocol'),
    renave_exit: fact('done_on', 'protocol'),
    inspection: fact('report', 'done_on', 'result'),
    communication_of_sale: fact('done_on', 'protocol'),
    tasks: Type.Array(TaskView, { description: 'What is missing, due soon or late' }),
  },
  { title: 'VehiclePapers' },
)

const Listed = Type.Object({
  vehicle_id: EntityId,
  brand: Type.String(),
  model: Type.String(),
  year: Type.Integer(),
  status: VehicleStatus,
  tasks: Type.Array(TaskView),
})

const Params = Type.Object({ id: EntityId })
const tags = ['vehicles']

export const paperRoutes = (parts: RouteParts) => (app: HttpApp) => {
  app.get('/vehicles/papers', { schema: listPapersSchema }, listPapers(parts))
  app.get('/vehicles/:id/papers', { schema: showPapersSchema }, showPapers(parts))
  app.put('/vehicles/:id/papers', { schema: keepPapersSchema }, keepPapers(parts))
}

const listPapersSchema = {
  operationId: 'listPaperTasks',
  summary: 'Vehicles whose papers are missing something, with what it is and when it is due',
  description: 'In the order of their ids. A page may hold fewer than `limit`, and still have a `next_cursor`.',
  tags,
  querystring: Type.Object({ ...pageById, state: Type.Optional(Type.Enum(['missing', 'warn', 'late'])) }),
  response: answers(
    { 200: Type.Object({ vehicles: Type.Array(Listed), next_cursor: NextCursor, timestamp: Timestamp }) },
    'validation_failed',
  ),
}

const listPapers =
  ({ database, clock }: RouteParts): Handler<typeof listPapersSchema> =>
  async ({ query: { limit, cursor, state } }) => {
    const now = clock.now()
    const found = await listUnsettled(database, idBehind(cursor) ?? 0, limit + 1)
    const { page, next_cursor } = pageOf(found, limit, ({ id }) => String(id))
    const vehicles = page
      .map(({ id, brand, model, year, ...vehicle }) => {
        const papers = { documents: { ...NO_DOCUMENTS, ...vehicle.documents }, invoices: vehicle.invoices }
        const tasks = tasksOf(vehicle, papers, soldOn(vehicle), dayOf(now))
        const wanted = tasks.filter((task) => state === undefined || task.state === state)
        return { vehicle_id: id, brand, model, year, status: vehicle.status, tasks: wanted }
      })
      .filter(({ tasks }) => tasks.length > 0)
    return { vehicles, next_cursor, timestamp: now.toISOString() }
  }

const showPapersSchema = {
  operationId: 'showVehiclePapers',
  summary: 'The papers of a vehicle, and what is missing, late, or due when',
  tags,
  params: Params,
  response: answers({ 200: PapersView }, 'vehicle_not_found', 'validation_failed'),
}

const showPapers =
  ({ database, clock }: RouteParts): Handler<typeof showPapersSchema> =>
  ({ params: { id } }) =>
    papersOf(database, id, clock.now())

const keepPapersSchema = {
  operationId: 'keepVehiclePapers',
  summary: 'States what a vehicle’s papers say: what the body names is replaced, null clears, the rest stays',
  description:
    'What is `unknown` keeps a vehicle from being published, and so does a theft that is `found`, which takes it off sale at once.',
  tags,
  params: Params,
  body: PapersBody,
  response: answers(
    { 200: PapersView },
    'vehicle_not_found',
    'invoice_taken',
    'renave_needs_more',
    'validation_failed',
  ),
}

const keepPapers =
  (parts: RouteParts): Handler<typeof keepPapersSchema> =>
  async (request) => {
    const { database, unitOfWork, clock, shopCnpj } = parts
    const { id } = request.params
    const today = dayOf(clock.now())
    const statement = {
      restrictions: restrictionsFrom(request.body.restrictions, today),
      invoices: invoicesFrom(request.body, today, shopCnpj),
      documents: documentsFrom(request.body, today),
    }
    await unitOfWork((tx, send) => statePapers(tx, send, parts, id, statement, authorOf(request))).catch((error) => {
      throw violatedConstraint(error) === 'vehicle_invoices_one_that_holds' ? new Problem('invoice_taken') : error
    })
    return papersOf(database, id, clock.now())
  }

const soldOn = ({ sold_at }: Pick<Unidentified, 'sold_at'>) => sold_at && dayOf(sold_at)

async function papersOf(tx: Queryable, id: number, now: Date): Promise<Static<typeof PapersView>> {
  const [[vehicle], papers] = await Promise.all([findUnidentified(tx, [id]), findPapers(tx, id)])
  if (!vehicle) throw new Problem('vehicle_not_found')
  return {
    vehicle_id: id,
    restrictions: vehicle.restrictions ?? NOTHING_KNOWN,
    blocked_by: blockedBy(vehicle.restrictions),
    ...viewOf(papers),
    tasks: tasksOf(vehicle, papers, soldOn(vehicle), dayOf(now)) as Task[],
  }
}

const viewOf = ({ documents, invoices }: Papers): Documents & { invoices: Static<typeof InvoiceView>[] } => ({
  ...documents,
  invoices: invoices.map(({ value_cents, ...invoice }: Invoice) => ({ ...invoice, value: toReais(value_cents) })),
})
