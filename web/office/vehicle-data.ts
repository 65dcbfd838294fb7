/** The data that the page of a vehicle and its editor show. */
import type { HistoryEntry, Vehicle, VehicleCosts } from '../../clients/typescript/operations.ts'
import type { Offered } from '../store/price-stair.ts'
import type { Values } from './vehicle-form.ts'

export interface VehicleData {
  readonly vehicle: Vehicle
  readonly values: Values
  /** The version that was read: a save over a newer one is refused. */
  readonly etag: string
  /** Absent where the role hides it. */
  readonly history: readonly HistoryEntry[] | undefined
  /** Absent where the role hides it. */
  readonly costs: VehicleCosts | undefined
  /** The latest first. */
  readonly prices: readonly Offered[]
  /** In São Paulo. */
  readonly today: string
  /** Of the form that enters an expense: sent twice, it enters once. */
  readonly key: string
  readonly done: string
  /** The price before the last save, where the save has changed it. */
  readonly priceBefore: number | undefined
  /** Of what was done to its photos without scripts. */
  readonly fault: string
}
