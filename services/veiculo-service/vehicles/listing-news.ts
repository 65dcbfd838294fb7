/** Tells the other services what staff did to a vehicle, as the public may see it. */
import { vehicleListingChanged } from '#contracts'
import { outgoing, type Send } from '#messaging'
import type { Unidentified } from '../domain/vehicle.ts'

/** A vehicle in preparation is not announced yet. */
export function tellListing(send: Send, vehicle: Unidentified, news_id: string): void {
  if (vehicle.status !== 'preparation') send(listingChanged(vehicle, news_id))
}

/** For an available, withdrawn or hand-sold vehicle, or one that is back with its owner. There is no purchase, so `news_id` is the message's transaction. */
function listingChanged(vehicle: Unidentified, news_id: string) {
  const { id: vehicle_id, revision, brand, model, year, color, price_cents } = vehicle
  const status = statusOf(vehicle)
  return outgoing(vehicleListingChanged, news_id, {
    vehicle_id,
    revision,
    status,
    brand,
    model,
    year,
    color,
    price_cents,
  })
}

/** One that is back with its owner is on no list any more, like one that was withdrawn. */
function statusOf({ status }: Unidentified) {
  if (status === 'available' || status === 'withdrawn' || status === 'sold') return status
  if (status === 'returned_to_owner') return 'withdrawn'
  throw new Error(`a ${status} vehicle is no listing`)
}
