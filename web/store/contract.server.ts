/** The content of the contract of a completed purchase, as far as the reader may see it. */
import type { Client } from '../../clients/typescript/client.ts'
import { expected } from '../answers.server.ts'
import type { Shop } from '../settings.ts'
import { purchase } from '../texts/purchase.pt-br.ts'
import type { Contract } from './contract-sheet.tsx'
import { shortName } from './purchase-story.ts'

/** 404 before the purchase is complete: there is no contract yet. */
export async function contractOf(client: Client, shop: Shop, transaction_id: string): Promise<Contract> {
  const saga = expected(await client.getSagaState({ path: { transaction_id } }))
  if (saga.kind !== 'purchase' || saga.status !== 'COMPLETED') throw new Response(null, { status: 404 })
  const [vehicle, customer] = await Promise.all([
    client.getVehicle({ path: { id: saga.vehicle_id } }).then(expected),
    client.getCustomer({ path: { id: saga.customer_id } }).then(expected),
  ])
  const { year, model_year, mileage_km, color } = vehicle
  return {
    short: shortName(transaction_id),
    at: vehicle.sold_at ?? saga.updated_at,
    shop,
    buyer: { name: customer.name, document: covered(customer.document) },
    vehicle: {
      name: `${vehicle.brand} ${vehicle.model}`,
      year: model_year && model_year !== year ? `${year}/${model_year}` : String(year),
      ...(color && { color }),
      ...(mileage_km !== undefined && { mileage_km }),
      plate: covered(vehicle.plate ?? vehicle.license_plate ?? ''),
      chassi: covered(vehicle.chassi_number ?? ''),
      renavam: covered(vehicle.renavam ?? ''),
    },
    price: saga.amount,
    way: purchase.receipt.ways[saga.payment_type],
    isDistant: saga.context.channel !== 'counter',
  }
}

const covered = (text: string) => text.replaceAll('*', '•')
