/** The data that the page of a vehicle and its editor show. */
import type { HistoryEntry, Vehicle, VehicleCosts } from '../../clients/typescript/operations.ts'
import type { Offered } from '../store/price-stair.ts'
import type { Values } from './vehicle-form.ts'

export interface VehicleData {
  readonly vehicle: Vehicle
  readonly values: Values
  /** The version that was read: a save over a newer one is refused. */
  readonly etag: string
  /** Undefined for roles that may not see it. */
  readonly history: readonly HistoryEntry[] | undefined
  /** Undefined for roles that may not see it. */
  readonly costs: VehicleCosts | undefined
  /** The prices, latest first. */
  readonly prices: readonly Offered[]
  /** The present day in São Paulo. */
  readonly today: string
  /** The idempotency key of the form that enters an expense: a form that is sent twice counts once. */
  readonly key: string
  readonly done: string
  /** The price before the last save, where the save has changed it. */
  readonly priceBefore: number | undefined
  /** What went wrong with a form of photos that was sent without scripts. */
  readonly fault: string
}
