/** `/feeds/stock.json` */
import type { LoaderFunctionArgs } from 'react-router'
import { settingsOf } from '../../visit.server.ts'
import { allVehicles, KEPT } from './all-vehicles.server.ts'
import { feedRow } from './stock-feed.ts'

export async function loader(args: LoaderFunctionArgs) {
  const { publicOrigin, shop } = settingsOf(args.context)
  const vehicles = await allVehicles(args)
  const body = {
    seller: { name: shop.name, cnpj: shop.cnpj, city: shop.city },
    generated_at: new Date().toISOString(),
    vehicles: vehicles.map((vehicle) => feedRow(vehicle, publicOrigin)),
  }
  return Response.json(body, { headers: KEPT })
}
