/** `/feeds/stock.csv` */
import type { LoaderFunctionArgs } from 'react-router'
import { settingsOf } from '../../visit.server.ts'
import { allVehicles, KEPT } from './all-vehicles.server.ts'
import { csv, feedRow } from './stock-feed.ts'

export async function loader(args: LoaderFunctionArgs) {
  const { publicOrigin } = settingsOf(args.context)
  const vehicles = await allVehicles(args)
  return new Response(csv(vehicles.map((vehicle) => feedRow(vehicle, publicOrigin))), {
    headers: { 'content-type': 'text/csv; charset=utf-8', ...KEPT },
  })
}
