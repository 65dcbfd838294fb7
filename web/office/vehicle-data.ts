/** The data that the page of a vehicle and its editor show. */
import type { HistoryEntry, Vehicle } from '../../clients/typescript/operations.ts'
import type { Values } from './vehicle-form.ts'

export interface VehicleData {
  readonly vehicle: Vehicle
  readonly values: Values
  /** The version that was read: a save over a newer one is refused. */
  readonly etag: string
  /** Absent where the role hides it. */
  readonly history: readonly HistoryEntry[] | undefined
  readonly done: string
}
