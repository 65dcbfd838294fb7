/** Takes a vehicle in, in the same way whether it is typed or comes from a file. */
import type { Author } from '#host'
import type { Send } from '#messaging'
import type { Tx } from '#platform/database/database'
import { recordAcquisition } from '../costs/record-costs.ts'
import { tellAccount } from '../costs/tell-account.ts'
import type { Acquisition } from '../domain/acquisition.ts'
import type { Details } from '../domain/vehicle.ts'
import { tellListing } from './listing-news.ts'
import { type RepricingParts, recordOffer } from './repricing.ts'
import { type Beginning, insertVehicle, type VehicleRow } from './vehicle-store.ts'

export interface Arrival {
  readonly details: Details
  readonly beginning: Beginning
  readonly acquisition: Acquisition | undefined
}

/** Throws as insertVehicle does. */
export async function takeIn(
  tx: Tx,
  send: Send,
  parts: RepricingParts,
  { details, beginning, acquisition }: Arrival,
  by: Author,
): Promise<VehicleRow> {
  const { vault, clock, ids } = parts
  const vehicle = await insertVehicle(tx, vault, details, clock.now(), beginning)
  tellListing(send, vehicle, ids.uuid())
  await recordOffer(tx, parts, vehicle, by)
  if (acquisition) await recordAcquisition(tx, send, parts, vehicle.id, acquisition, by)
  else await tellAccount(tx, send, ids, vehicle.id)
  return vehicle
}
