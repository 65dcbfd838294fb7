/** The routes that sell a vehicle: to the purchase that reserved it, one or many at a time, or by hand. */
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { EntityId } from '#contracts'
import { ApprovalView, approvalView, authorOf } from '#host'
import { answers } from '#platform/http/app'
import { callerOf, isStaff, refuse, seesWhole } from '#platform/http/auth'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import type { Stock, Vehicle } from '../domain/vehicle.ts'
import type { IssuedCodes } from '../reservations/issued-codes.ts'
import { sellOrAsk } from '../reservations/sale-by-hand.ts'
import { sales } from '../reservations/sales.ts'
import { findVehicles } from '../vehicles/vehicle-store.ts'
import type { RouteParts } from './parts.ts'
import { SaleBody, SalesBody } from './vehicle-body.ts'
import { resultOf, SalesView, SoldVehicleView, viewOf } from './views.ts'

const tags = ['vehicles']

type Sale = ReturnType<typeof sales>

export const saleRoutes = (parts: RouteParts) => (app: HttpApp) => {
  const sale = sales({ ...parts, issueCode: parts.codes.issue })
  const config = { neverShed: true } // a sale finishes a purchase under way
  app.post('/vehicles/sales', { config, schema: sellManySchema }, sellMany(parts, sale))
  app.patch('/vehicles/:id/mark_as_sold', { config, schema: sellOneSchema }, sellOne(parts, sale))
}

const sellManySchema = {
  summary: 'Sells many vehicles, each to the purchase that reserved it, as mark_as_sold does one',
  tags,
  body: SalesBody,
  response: answers({ 200: SalesView }, 'unavailable', 'validation_failed'),
}

const sellMany =
  ({ codes, isPaid }: RouteParts, sale: Sale): Handler<typeof sellManySchema> =>
  async ({ body }) => {
    const results = body.sales.map(async ({ vehicle_id, transaction_id, ...proof }) => {
      const wanted = { vehicle_id, transaction_id: transaction_id.toLowerCase() }
      const sold = (await isPaid({ ...wanted, ...proof })) ? await sale.submit(wanted) : 'payment_not_proven'
      const pickup_code = typeof sold === 'string' ? null : await codes.open(sold)
      return resultOf({ vehicle_id, transaction_id }, sold, pickup_code)
    })
    return { results: await Promise.all(results) }
  }

const sellOneSchema = {
  summary: 'Sells a vehicle: to the purchase that reserved it, as often as it asks, or once by hand',
  description: 'By hand staff ask, and an admin decides: 202.',
  tags,
  params: Type.Object({ id: EntityId }),
  body: SaleBody,
  response: answers(
    { 200: SoldVehicleView, 202: ApprovalView },
    'vehicle_not_found',
    'vehicle_reserved_by_another',
    'vehicle_already_sold',
    'vehicle_not_sellable',
    'payment_not_proven',
    'unavailable',
    'validation_failed',
  ),
}

const sellOne =
  (parts: RouteParts, sale: Sale): Handler<typeof sellOneSchema> =>
  async (request, reply) => {
    const { database, vault, codes, unitOfWork, clock, isPaid } = parts
    const handSales = { ...parts, issueCode: codes.issue }
    const transaction_id = request.body.transaction_id?.toLowerCase() ?? null
    // a purchase sells what it has reserved; only staff sell by hand
    if (isStaff(callerOf(request)) !== (transaction_id === null)) refuse(request)
    const { id } = request.params
    const read = async () => (await findVehicles(database, vault, [id]))[0]
    if (transaction_id === null) {
      const done = await unitOfWork((tx, send) => sellOrAsk(tx, send, handSales, id, authorOf(request)))
      if ('asked' in done) return reply.code(202).send(approvalView(done, clock.now()))
      return seen(request, codes, done, await read())
    }
    const { payment_proof } = request.body
    if (!(await isPaid({ transaction_id, ...(payment_proof !== undefined && { payment_proof }) })))
      throw new Problem('payment_not_proven')
    const [sold, reserved] = await Promise.all([
      sale.submit({ vehicle_id: id, transaction_id }),
      read(), // nobody edits a reserved vehicle
    ])
    if (typeof sold === 'string') throw new Problem(sold)
    return seen(request, codes, sold, reserved)
  }

async function seen(request: FastifyRequest, codes: IssuedCodes, sold: Stock, vehicle: Vehicle | undefined) {
  if (!vehicle) throw new Problem('vehicle_not_found')
  const updated_at = sold.sold_at && sold.sold_at > vehicle.updated_at ? sold.sold_at : vehicle.updated_at
  const view = viewOf({ ...vehicle, ...sold, updated_at }, seesWhole(callerOf(request)))
  const pickup_code = await codes.open(sold)
  return pickup_code === null ? view : { ...view, pickup_code }
}
