/** The routes that sell a vehicle: to the purchase that reserved it, one or many at a time, or by hand. */
import { Type } from 'typebox'
import { EntityId } from '#contracts'
import { answers } from '#platform/http/app'
import { callerOf, isStaff, refuse, seesWhole } from '#platform/http/auth'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import { sales } from '../reservations/sales.ts'
import { findVehicles } from '../vehicles/vehicle-store.ts'
import type { RouteParts } from './parts.ts'
import { SaleBody, SalesBody } from './vehicle-body.ts'
import { resultOf, SalesView, SoldVehicleView, viewOf } from './views.ts'

const tags = ['vehicles']

type Sale = ReturnType<typeof sales>

export const saleRoutes = (parts: RouteParts) => (app: HttpApp) => {
  const sale = sales({ ...parts, issueCode: parts.codes.issue })
  const config = { neverShed: true } // it ends purchases that are under way
  app.post('/vehicles/sales', { config, schema: sellManySchema }, sellMany(parts, sale))
  app.patch('/vehicles/:id/mark_as_sold', { config, schema: sellOneSchema }, sellOne(parts, sale))
}

const sellManySchema = {
  summary: 'Sells many vehicles, each to the purchase that reserved it, as mark_as_sold does one',
  tags,
  body: SalesBody,
  response: answers({ 200: SalesView }, 'validation_failed'),
}

const sellMany =
  ({ codes }: RouteParts, sale: Sale): Handler<typeof sellManySchema> =>
  async ({ body }) => {
    const results = body.sales.map(async ({ vehicle_id, transaction_id }) => {
      const sold = await sale.submit({ vehicle_id, transaction_id: transaction_id.toLowerCase() })
      const pickup_code = typeof sold === 'string' ? null : await codes.open(sold)
      return resultOf({ vehicle_id, transaction_id }, sold, pickup_code)
    })
    return { results: await Promise.all(results) }
  }

const sellOneSchema = {
  summary: 'Sells a vehicle: to the purchase that reserved it, as often as it asks, or once by hand',
  tags,
  params: Type.Object({ id: EntityId }),
  body: SaleBody,
  response: answers(
    { 200: SoldVehicleView },
    'vehicle_not_found',
    'vehicle_reserved_by_another',
    'vehicle_already_sold',
    'vehicle_not_sellable',
    'validation_failed',
  ),
}

const sellOne =
  ({ database, vault, codes }: RouteParts, sale: Sale): Handler<typeof sellOneSchema> =>
  async (request) => {
    const transaction_id = request.body.transaction_id?.toLowerCase() ?? null
    // a purchase sells what it has reserved; people sell by hand
    if (isStaff(callerOf(request)) !== (transaction_id === null)) refuse(request)
    const read = async () => (await findVehicles(database, vault, [request.params.id]))[0]
    const [sold, reserved] = await Promise.all([
      sale.submit({ vehicle_id: request.params.id, transaction_id }),
      transaction_id === null ? undefined : read(), // while it is reserved nobody changes what it is
    ])
    if (typeof sold === 'string') throw new Problem(sold)
    const vehicle = reserved ?? (await read())
    if (!vehicle) throw new Problem('vehicle_not_found')
    const updated_at = sold.sold_at && sold.sold_at > vehicle.updated_at ? sold.sold_at : vehicle.updated_at
    const seen = viewOf({ ...vehicle, ...sold, updated_at }, seesWhole(callerOf(request)))
    const pickup_code = await codes.open(sold)
    return pickup_code === null ? seen : { ...seen, pickup_code }
  }
