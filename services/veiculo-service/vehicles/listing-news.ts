/** Tells the other services what staff did to a vehicle, as the public may see it. */
import { vehicleListingChanged } from '#contracts'
import { outgoing } from '#messaging'
import type { Unidentified } from '../domain/vehicle.ts'

/** For an available, withdrawn or hand-sold vehicle. There is no purchase, so `news_id` is the message's transaction. */
export function listingChanged(vehicle: Unidentified, news_id: string) {
  const { id: vehicle_id, revision, status, brand, model, year, color, price_cents } = vehicle
  if (status === 'reserved' || status === 'picked_up') throw new Error(`a ${status} vehicle is no listing`)
  const facts = { vehicle_id, revision, status, brand, model, year, color, price_cents }
  return outgoing(vehicleListingChanged, news_id, facts)
}
